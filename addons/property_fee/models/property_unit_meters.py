from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.meter import counted
from ..tools.period import month_start

# A reading this many days before or after a change of owners is close enough to split by.
TRANSFER_DAYS = 3
CHART_MONTHS = 13


class PropertyUnit(models.Model):
    """The meters of a household: cockpit, change of owners, portal."""

    _inherit = "property.unit"

    meter_ids = fields.One2many("property.meter", "unit_id")
    meter_count = fields.Integer(compute="_compute_meter_count")

    def _compute_meter_count(self):
        counts = dict(
            self.env["property.meter"]._read_group(
                [("unit_id", "in", self.ids), ("state", "=", "active")],
                ["unit_id"],
                ["__count"],
            )
        )
        for unit in self:
            unit.meter_count = counts.get(unit._origin, 0)

    def action_view_meters(self):
        """Open the meters of the unit, those of former times too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_meter_action"
        )
        action["domain"] = [("unit_id", "=", self.id)]
        action["context"] = {"default_unit_id": self.id}
        return action

    # === CHANGE OF OWNERS === #

    def _transfer_open_items(self, date):
        """Warn of meters that nobody has read around the day of the transfer."""
        items = super()._transfer_open_items(date)
        Meter = self.env["property.meter"]
        if not Meter.has_access("read"):
            return items
        meters = Meter.search([("unit_id", "in", self.ids), ("state", "=", "active")])
        read = self.env["property.meter.reading"].search_fetch(
            Domain("meter_id", "in", meters.ids)
            & Domain("state", "!=", "todo")
            & Domain("date", ">=", fields.Date.subtract(date, days=TRANSFER_DAYS))
            & Domain("date", "<=", fields.Date.add(date, days=TRANSFER_DAYS)),
            ["meter_id"],
        )
        unread = meters - read.meter_id
        if unread:
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "property_fee.property_meter_action"
            )
            action["domain"] = [("id", "in", unread.ids)]
            action["context"] = {}
            items.append(
                {
                    "model": Meter._name,
                    "label": self.env._(
                        "Meters not read at the hand-over: without a closing reading the"
                        " consumption cannot be divided"
                    ),
                    "count": len(unread),
                    "blocking": False,
                    "action": action,
                }
            )
        return items

    # === PORTAL === #

    def _get_portal_since(self, partner):
        """Return from which day on a person sees the readings of his home."""
        people = self._get_live_people().filtered(lambda one: one.partner_id == partner)
        return min(people.mapped("date_start"), default=fields.Date.today())

    def _get_portal_meters(self, partner):
        """Return the meters of a home as the portal shows them.

        Read with the rights of the portal user; what was used before he moved in stays
        with those who lived there.

        :return: list of dict `meter`, `label` (of what it counts), `readings` (the latest
            first), `chart` (see `_get_chart`), `may_report`
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        since = self._get_portal_since(partner)
        meters = self.env["property.meter"].search([("unit_id", "=", self.id)])
        readings = self.env["property.meter.reading"].search(
            [
                ("meter_id", "in", meters.ids),
                ("state", "!=", "todo"),
                ("date", ">=", since),
                ("date", ">", fields.Date.subtract(today, months=CHART_MONTHS)),
            ],
            order="date desc",
        )
        by_meter = readings.grouped("meter_id")
        labels = meters._get_measure_labels()
        kinds = self.community_id._get_self_read_kinds(today)
        return [
            {
                "meter": meter,
                "label": labels[meter.kind],
                "readings": by_meter.get(meter, readings.browse()),
                "chart": by_meter.get(meter, readings.browse())._get_chart(),
                "may_report": meter.state == "active" and meter.kind in kinds,
            }
            for meter in meters
            if meter.state == "active" or meter in by_meter
        ]

    def _report_reading(self, meter_id, value, photo=None):
        """Enter what a household reports; the office has to confirm it.

        :param int meter_id: meter of the unit
        :param float value: what the dial shows
        :param bytes photo: picture of the dial in base64, or None
        :return: property.meter.reading
        :raises UserError: the community does not allow it today, the month has a reading
            already, or the value cannot be right
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        meter = self.env["property.meter"].search(
            [("id", "=", meter_id), ("unit_id", "=", self.id), ("state", "=", "active")]
        )
        if not meter or meter.kind not in self.community_id._get_self_read_kinds(today):
            raise UserError(
                self.env._("Readings of this meter cannot be reported today.")
            )
        # The household may enter this one value and nothing else of a reading.
        Reading = self.env["property.meter.reading"].sudo()
        month = Reading.search(
            Domain("meter_id", "=", meter.id)
            & (Domain("period", "=", month_start(today)) | Domain("date", "=", today)),
            order="date desc",
        )
        fixed = month.filtered(
            lambda row: row.state != "todo" and row.kind != "self_reported"
        ) | month.filtered(lambda row: row.state in ("confirmed", "billed"))
        if fixed:
            raise UserError(
                self.env._(
                    "The meter has already been read on %(day)s.",
                    day=format_date(self.env, fixed[0].date),
                )
            )
        mine = month[:1]
        before = mine.previous_value if mine else meter.last_value
        if counted(before, value, digits=meter.digits).quantity < 0:
            raise UserError(
                self.env._(
                    "The last reading was %(value)s. Please check the figures on the dial.",
                    value=f"{before:g}",
                )
            )
        vals = {
            "value": value,
            "kind": "self_reported",
            "date": today,
            "photo": photo or False,
        }
        if mine:
            mine.write(vals)
            return mine
        return Reading.create({"meter_id": meter.id, **vals})
