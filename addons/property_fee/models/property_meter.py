from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools.meter import AVERAGE_OVER
from .property_unit import FEE_GROUPS

KINDS = [
    ("water", "Water"),
    ("hot_water", "Hot Water"),
    ("electricity", "Electricity"),
    ("gas", "Gas"),
    ("heating", "Heating"),
]


class PropertyMeter(models.Model):
    _name = "property.meter"
    _description = "Meter"
    _inherit = ["mail.thread"]
    _order = "community_id, sequence, kind, serial, id"
    _rec_name = "serial"
    _rec_names_search = ["serial", "unit_id.code"]
    _check_company_auto = True

    serial = fields.Char(
        string="Meter No.", required=True, index="trigram", tracking=True, copy=False
    )
    kind = fields.Selection(KINDS, required=True, default="water", index=True)
    active = fields.Boolean(default=True)

    # Place
    community_id = fields.Many2one(
        "property.community",
        compute="_compute_community_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="community_id.company_id", store=True, index=True, precompute=True
    )
    building_id = fields.Many2one(
        "property.building",
        compute="_compute_building_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('community_id', '=', community_id)]",
    )
    unit_id = fields.Many2one(
        "property.unit",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('community_id', '=?', community_id)]",
        tracking=True,
        help="Household that the meter counts for; empty for a common meter.",
    )
    is_common = fields.Boolean(
        string="Common Meter", compute="_compute_is_common", store=True, precompute=True
    )
    place = fields.Char(help="Where it hangs, such as the shaft of the second floor.")
    sequence = fields.Integer(
        compute="_compute_sequence",
        store=True,
        precompute=True,
        help="Order of the route: building, floor, room.",
    )
    parent_id = fields.Many2one(
        "property.meter",
        string="Main Meter",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('community_id', '=', community_id), ('kind', '=', kind)]",
        help="Meter through which flows what this one counts.",
    )
    child_ids = fields.One2many("property.meter", "parent_id", string="Sub-Meters")
    child_count = fields.Integer(compute="_compute_child_count")

    # Dial
    digits = fields.Integer(
        default=5,
        required=True,
        help="Figures of the dial before the point. After the last one it begins again"
        " with zero, and the reading is known to have rolled over.",
    )
    multiplier = fields.Float(
        digits=(12, 4),
        default=1.0,
        required=True,
        tracking=True,
        help="What one step of the dial stands for; more than one with current"
        " transformers.",
    )
    initial_value = fields.Float(string="First Reading", digits=(14, 3), tracking=True)
    initial_date = fields.Date(
        string="Counts From",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="Day of the first reading; what is counted after it is billed.",
    )

    # Facts that the state follows from
    date_removed = fields.Date(string="Removed On", tracking=True, copy=False)
    replaced_by_id = fields.Many2one(
        "property.meter", readonly=True, copy=False, index="btree_not_null"
    )
    predecessor_ids = fields.One2many(
        "property.meter", "replaced_by_id", string="Took the Place Of"
    )
    state = fields.Selection(
        [("active", "In Use"), ("replaced", "Replaced"), ("removed", "Removed")],
        compute="_compute_state",
        store=True,
        precompute=True,
        index=True,
    )

    # Billing
    item_id = fields.Many2one(
        "property.fee.item",
        string="Fee Item",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('kind', '=', 'metered')]",
        groups=FEE_GROUPS,
        help="Fee item under which the household is billed what the meter counts.",
    )
    utility_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        groups=FEE_GROUPS,
        help="Who supplies what the meter counts.",
    )
    note = fields.Text()

    reading_ids = fields.One2many("property.meter.reading", "meter_id")
    last_value = fields.Float(
        string="Last Reading", digits=(14, 3), compute="_compute_last"
    )
    last_date = fields.Date(string="Last Read On", compute="_compute_last")
    average = fields.Float(
        string="Usual Consumption",
        digits=(14, 2),
        compute="_compute_last",
        help="Mean of the last readings.",
    )

    _serial_uniq = models.Constraint(
        "UNIQUE(company_id, kind, serial)",
        "Another meter of this kind already has this number.",
    )
    _multiplier_positive = models.Constraint(
        "CHECK(multiplier > 0)", "The multiplier of a meter is greater than zero."
    )
    _digits_range = models.Constraint(
        "CHECK(digits BETWEEN 2 AND 10)",
        "A dial has between 2 and 10 figures before the point.",
    )
    _initial_positive = models.Constraint(
        "CHECK(initial_value >= 0)", "The first reading cannot be negative."
    )
    _removed_order = models.Constraint(
        "CHECK(date_removed IS NULL OR date_removed >= initial_date)",
        "A meter cannot be removed before its first reading.",
    )

    # === COMPUTE METHODS === #

    @api.depends("unit_id")
    def _compute_community_id(self):
        for meter in self:
            meter.community_id = meter.unit_id.community_id or meter.community_id

    @api.depends("unit_id")
    def _compute_building_id(self):
        for meter in self:
            meter.building_id = meter.unit_id.building_id or meter.building_id

    @api.depends("unit_id")
    def _compute_is_common(self):
        for meter in self:
            meter.is_common = not meter.unit_id

    @api.depends("unit_id.sequence", "building_id.sequence")
    def _compute_sequence(self):
        # A common meter is read before the first door of its building.
        for meter in self:
            meter.sequence = (
                meter.unit_id.sequence
                or (meter.building_id.sequence % 1000) * 1_000_000
            )

    @api.depends("date_removed", "replaced_by_id")
    def _compute_state(self):
        for meter in self:
            if meter.replaced_by_id:
                meter.state = "replaced"
            else:
                meter.state = "removed" if meter.date_removed else "active"

    @api.depends("serial", "unit_id.code", "place")
    def _compute_display_name(self):
        for meter in self:
            place = meter.unit_id.code or meter.place
            meter.display_name = f"{meter.serial} ({place})" if place else meter.serial

    @api.depends("child_ids")
    def _compute_child_count(self):
        counts = dict(
            self.env["property.meter"]._read_group(
                [("parent_id", "in", self.ids)], ["parent_id"], ["__count"]
            )
        )
        for meter in self:
            meter.child_count = counts.get(meter, 0)

    @api.depends(
        "initial_value", "initial_date", "reading_ids.value", "reading_ids.state"
    )
    def _compute_last(self):
        last = self._get_last_readings()
        for meter in self:
            rows = last.get(meter._origin.id)
            meter.last_value = rows[0][1] if rows else meter.initial_value
            meter.last_date = rows[0][0] if rows else meter.initial_date
            used = [row[2] for row in rows or ()]
            meter.average = sum(used) / len(used) if used else 0.0

    def _get_last_readings(self, before=None):
        """Return the latest readings of the meters, in one query.

        :param date before: only readings before that day
        :return: dict meter id -> list of (date, value, consumption), the latest first
        """
        if not self._origin.ids:
            return {}
        Reading = self.env["property.meter.reading"]
        Reading.flush_model(["meter_id", "date", "value", "consumption", "state"])
        rows = self.env.execute_query(
            SQL(
                "SELECT m.id, r.date, r.value, r.consumption FROM property_meter m"
                " JOIN LATERAL (SELECT date, value, consumption"
                " FROM property_meter_reading WHERE meter_id = m.id AND state != 'todo'"
                " AND (%(before)s::date IS NULL OR date < %(before)s)"
                " ORDER BY date DESC LIMIT %(limit)s) r ON TRUE WHERE m.id IN %(ids)s"
                " ORDER BY m.id, r.date DESC",
                before=before,
                limit=AVERAGE_OVER,
                ids=tuple(self._origin.ids),
            )
        )
        last = {}
        for meter_id, day, value, consumption in rows:
            last.setdefault(meter_id, []).append((day, value or 0.0, consumption or 0))
        return last

    # === CONSTRAINT METHODS === #

    @api.constrains("parent_id", "kind", "community_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._(
                    "A meter cannot be a sub-meter of itself or of its sub-meters."
                )
            )
        for meter in self.filtered("parent_id") | self.child_ids:
            main = meter.parent_id
            if (main.kind, main.community_id) != (meter.kind, meter.community_id):
                raise ValidationError(
                    self.env._(
                        "%(meter)s and its main meter %(main)s must be of the same kind"
                        " and community.",
                        meter=meter.display_name,
                        main=main.display_name,
                    )
                )

    @api.constrains("unit_id", "community_id", "building_id")
    def _check_place(self):
        for meter in self:
            unit, building = meter.unit_id, meter.building_id
            if (unit and unit.community_id != meter.community_id) or (
                building and building.community_id != meter.community_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(meter)s: the unit and the building must belong to the"
                        " community of the meter.",
                        meter=meter.serial,
                    )
                )

    @api.constrains("item_id")
    def _check_item(self):
        # Engineers put in meters without seeing fee items; the check looks for them.
        for meter in self.sudo():
            if meter.item_id and meter.item_id.kind != "metered":
                raise ValidationError(
                    self.env._(
                        "%(meter)s: %(item)s is not billed by meter. Choose an item of"
                        " the kind Metered.",
                        meter=meter.serial,
                        item=meter.item_id.name,
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        frozen = {"multiplier", "initial_value", "initial_date", "unit_id", "kind"}
        if frozen & vals.keys():
            self._check_not_billed(frozen & vals.keys(), vals)
        result = super().write(vals)
        if {"multiplier", "initial_value", "initial_date", "digits"} & vals.keys():
            self.reading_ids.filtered(lambda row: row.state != "billed")._measure()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_read(self):
        if self.env["property.meter.reading"].search_count(
            [("meter_id", "in", self.ids), ("state", "!=", "todo")], limit=1
        ):
            raise UserError(
                self.env._(
                    "A meter that has been read cannot be deleted. Remove it with the day"
                    " on which it was taken out, or archive it."
                )
            )

    def _check_not_billed(self, names, vals):
        """Refuse to change what billed readings were computed with."""
        changed = self.filtered(
            lambda meter: any(
                meter._fields[name].convert_to_cache(vals[name], meter)
                != meter._fields[name].convert_to_cache(meter[name], meter)
                for name in names
            )
        )
        billed = self.env["property.meter.reading"].search(
            [("meter_id", "in", changed.ids), ("state", "=", "billed")], limit=1
        )
        if billed:
            raise UserError(
                self.env._(
                    "%(meter)s has been billed; what its readings were computed with stays."
                    " Replace the meter from the day on which something changed.",
                    meter=billed.meter_id.display_name,
                )
            )

    # === ACTION METHODS === #

    def action_view_readings(self):
        """Open the readings of the meters."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_meter_reading_action"
        )
        action["domain"] = [("meter_id", "in", self.ids)]
        action["context"] = {"default_meter_id": self[:1].id}
        return action

    def action_view_children(self):
        """Open the meters behind this one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_meter_action"
        )
        action["domain"] = [("parent_id", "=", self.id)]
        action["context"] = {"default_parent_id": self.id}
        return action

    # === BUSINESS METHODS === #

    @api.model
    def _get_measure_labels(self):
        """Return the unit in which each kind of meter counts (dict kind -> text)."""
        tons, energy = self.env._("tons"), self.env._("kWh")
        return {
            "water": tons,
            "hot_water": tons,
            "electricity": energy,
            "gas": self.env._("m³"),
            "heating": energy,
        }
