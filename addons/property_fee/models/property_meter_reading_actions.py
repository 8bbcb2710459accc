from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PropertyMeterReading(models.Model):
    """What is done with readings: confirm, clear, show."""

    _inherit = "property.meter.reading"

    def action_confirm(self):
        """Fix the values that have been entered, so that they can be billed.

        :raises UserError: one of them lies in the future
        """
        self.check_access("write")
        today = fields.Date.context_today(self)
        entered = self.filtered(lambda row: row.state == "draft")
        for reading in entered:
            if reading.date > today:
                raise UserError(
                    self.env._(
                        "%(reading)s: the day lies in the future. Correct it first.",
                        reading=reading.display_name,
                    )
                )
        entered._measure()
        # The state belongs to the system; the right to write was checked above.
        entered.sudo().write({"state": "confirmed"})
        return True

    def action_reopen(self):
        """Open confirmed readings that are not billed, to correct them."""
        self._check_not_billed()
        self.check_access("write")
        # The state belongs to the system; the right to write was checked above.
        self.sudo().filtered(lambda row: row.state == "confirmed").write(
            {"state": "draft"}
        )
        return True

    def action_same_as_before(self):
        """Enter the value of the last reading: nothing was used."""
        for reading in self.filtered(lambda row: row.state in ("todo", "draft")):
            reading.write({"value": reading.previous_value})
        return True

    def action_clear(self):
        """Ask why odd readings are right."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Clear Odd Readings"),
            "res_model": "property.reading.clear",
            "view_mode": "form",
            "target": "new",
            "context": {"default_reading_ids": self.filtered("is_held").ids},
        }

    def _clear(self, reason):
        """Note that odd readings have been looked at and are right.

        :param str reason: why, shown with the reading
        """
        self.check_access("write")
        # Who may clear is decided by the rights on the wizard.
        self.sudo().filtered("is_held").write(
            {
                "cleared_by_id": self.env.uid,
                "cleared_at": fields.Datetime.now(),
                "cleared_reason": reason,
            }
        )

    def _get_later(self):
        """Return the readings of the same meters that follow these ones."""
        if not self:
            return self
        first = min(self.mapped("date"))
        return self.search(
            Domain("meter_id", "in", self.meter_id.ids)
            & Domain("date", ">", first)
            & Domain("id", "not in", self.ids),
            order="date",
        )

    # === CHART === #

    def _get_chart(self, width=320, height=96):
        """Return the bars of a small chart of consumption by month.

        :return: dict `width`, `height`, `bars` (list of dict `x`, `y`, `width`, `height`,
            `label`, `text`, `estimated`); no bars without readings
        """
        months = {}
        for reading in self.sorted("date"):
            used, estimated = months.get(reading.period, (0.0, False))
            months[reading.period] = (
                used + max(reading.consumption, 0.0),
                estimated or reading.kind == "estimated",
            )
        if not months:
            return {"width": width, "height": height, "bars": []}
        top = max(used for used, _estimated in months.values()) or 1.0
        step = width / max(len(months), 6)
        room = height - 28
        return {
            "width": width,
            "height": height,
            "bars": [
                {
                    "x": round(index * step + step * 0.15, 1),
                    "y": round(14 + room * (1 - used / top), 1),
                    "width": round(step * 0.7, 1),
                    "height": round(room * used / top, 1),
                    "middle": round(index * step + step / 2, 1),
                    "label": f"{month:%m}",
                    "text": f"{used:g}",
                    "estimated": estimated,
                }
                for index, (month, (used, estimated)) in enumerate(months.items())
            ],
        }
