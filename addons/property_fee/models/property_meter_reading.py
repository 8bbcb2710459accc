from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.meter import ANOMALIES
from ..tools.period import month_start
from .property_meter import KINDS
from .property_unit import FEE_GROUPS

# What somebody enters; all else follows from it and is written by the system alone.
ENTERED = {
    "meter_id",
    "date",
    "period",
    "value",
    "kind",
    "photo",
    "note",
    "user_id",
    "round_id",
    "import_id",
}
# What a consumption follows from; fixed once it has been billed.
MEASURED_FROM = {"meter_id", "date", "period", "value", "kind"}


class PropertyMeterReading(models.Model):
    _name = "property.meter.reading"
    _description = "Meter Reading"
    _order = "period desc, community_id, sequence, date desc, id"
    _rec_name = "meter_id"

    meter_id = fields.Many2one(
        "property.meter", required=True, index=True, ondelete="restrict"
    )
    serial = fields.Char(related="meter_id.serial", string="Meter No.")
    meter_kind = fields.Selection(
        KINDS,
        string="Counts",
        compute="_compute_place",
        store=True,
        precompute=True,
        index=True,
    )
    unit_id = fields.Many2one(
        "property.unit", compute="_compute_place", store=True, precompute=True,
        index="btree_not_null",
    )  # fmt: skip
    building_id = fields.Many2one(
        "property.building", compute="_compute_place", store=True, precompute=True
    )
    community_id = fields.Many2one(
        "property.community",
        compute="_compute_place",
        store=True,
        precompute=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_place", store=True, precompute=True, index=True
    )
    sequence = fields.Integer(compute="_compute_place", store=True, precompute=True)
    place = fields.Char(related="meter_id.place")

    # What was read
    date = fields.Date(
        string="Read On", required=True, default=fields.Date.context_today
    )
    period = fields.Date(
        string="Billing Month",
        compute="_compute_period",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        help="Month with which the reading is billed; any of its days will do.",
    )
    value = fields.Float(string="Reading", digits=(14, 3), aggregator=None)
    kind = fields.Selection(
        [
            ("read", "Read"),
            ("estimated", "Estimated"),
            ("self_reported", "Reported by the Household"),
            ("replacement", "Last Before Replacement"),
            ("opening", "At Moving In"),
            ("closing", "At Moving Out"),
        ],
        string="How",
        required=True,
        default="read",
        help="At moving out: what was used until then is billed to whoever leaves.",
    )
    photo = fields.Image(max_width=1600, max_height=1600)
    note = fields.Char(groups="base.group_user")
    user_id = fields.Many2one("res.users", string="Reader", readonly=True)
    round_id = fields.Many2one(
        "property.reading.round",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    import_id = fields.Many2one(
        "property.reading.import",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    # What follows from it
    previous_value = fields.Float(
        string="Last Reading", digits=(14, 3), readonly=True, aggregator=None
    )
    previous_date = fields.Date(string="Last Read On", readonly=True)
    average = fields.Float(
        string="Usual", digits=(14, 2), readonly=True, aggregator="avg"
    )
    consumption = fields.Float(
        string="Used",
        digits=(14, 3),
        readonly=True,
        help="Counted since the last reading.",
    )
    carried = fields.Float(
        string="Brought Forward",
        digits=(14, 3),
        readonly=True,
        help="Billed too much by an earlier estimate, taken off here.",
    )
    quantity = fields.Float(string="To Bill", digits=(14, 3), readonly=True)
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(
        string="Until", readonly=True, help="Last day that the consumption belongs to."
    )

    # What is odd about it
    is_negative = fields.Boolean(string="Went Back", readonly=True)
    is_rollover = fields.Boolean(string="Rolled Over", readonly=True)
    is_jump = fields.Boolean(string="Far Above the Usual", readonly=True)
    is_zero = fields.Boolean(string="Nothing for Long", readonly=True)
    anomaly_text = fields.Char(string="Odd", compute="_compute_anomaly_text")
    is_held = fields.Boolean(
        string="On Hold",
        compute="_compute_is_held",
        store=True,
        precompute=True,
        help="Something is odd and nobody has cleared it: it is not billed.",
    )
    cleared_by_id = fields.Many2one("res.users", readonly=True)
    cleared_at = fields.Datetime(readonly=True)
    cleared_reason = fields.Char(
        string="Why It Is Right", readonly=True, groups="base.group_user"
    )

    # Where it went
    state = fields.Selection(
        [
            ("todo", "To Read"),
            ("draft", "Entered"),
            ("confirmed", "Confirmed"),
            ("billed", "Billed"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        copy=False,
    )
    charge_id = fields.Many2one(
        "property.charge",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=FEE_GROUPS,
    )

    _meter_date_uniq = models.Constraint(
        "UNIQUE(meter_id, date)", "The meter has already been read on that day."
    )
    _value_positive = models.Constraint(
        "CHECK(value >= 0)", "A meter never shows less than zero."
    )

    # === COMPUTE METHODS === #

    @api.depends("meter_id", "meter_id.unit_id", "meter_id.sequence")
    def _compute_place(self):
        for reading in self:
            meter = reading.meter_id
            reading.meter_kind = meter.kind
            # A billed reading stays with the household that it was billed to.
            if reading.state != "billed" or not reading.community_id:
                reading.unit_id = meter.unit_id
                reading.building_id = meter.building_id
                reading.community_id = meter.community_id
                reading.company_id = meter.company_id
            reading.sequence = meter.sequence

    @api.depends("date")
    def _compute_period(self):
        for reading in self:
            reading.period = reading.period or (
                reading.date and month_start(reading.date)
            )

    @api.depends("is_negative", "is_rollover", "is_jump", "is_zero")
    @api.depends_context("lang")
    def _compute_anomaly_text(self):
        labels = {
            "negative": self.env._("went back"),
            "rollover": self.env._("rolled over"),
            "jump": self.env._("far above the usual"),
            "zero": self.env._("nothing for long"),
        }
        for reading in self:
            reading.anomaly_text = ", ".join(
                labels[flag] for flag in ANOMALIES if reading[f"is_{flag}"]
            )

    @api.depends("is_negative", "is_rollover", "is_jump", "is_zero", "cleared_at")
    def _compute_is_held(self):
        for reading in self:
            reading.is_held = not reading.cleared_at and any(
                reading[f"is_{flag}"] for flag in ANOMALIES
            )

    @api.depends("meter_id.serial", "unit_id.code", "date")
    def _compute_display_name(self):
        for reading in self:
            day = fields.Date.to_string(reading.date) if reading.date else ""
            reading.display_name = f"{reading.meter_id.display_name} {day}"

    # === CONSTRAINT METHODS === #

    @api.constrains("meter_id", "date", "value")
    def _check_meter(self):
        for reading in self:
            meter = reading.meter_id
            if reading.date <= meter.initial_date:
                raise ValidationError(
                    self.env._(
                        "%(meter)s counts from %(first)s on; a reading has to be of a"
                        " later day than %(day)s. Correct the day of the reading.",
                        meter=meter.display_name,
                        first=fields.Date.to_string(meter.initial_date),
                        day=fields.Date.to_string(reading.date),
                    )
                )
            if meter.date_removed and reading.date > meter.date_removed:
                raise ValidationError(
                    self.env._(
                        "%(meter)s was taken out on %(day)s and cannot be read later.",
                        meter=meter.display_name,
                        day=fields.Date.to_string(meter.date_removed),
                    )
                )
            if reading.value >= 10**meter.digits:
                raise ValidationError(
                    self.env._(
                        "%(meter)s has %(digits)s figures and cannot show %(value)s."
                        " Correct the reading, or the figures of the meter.",
                        meter=meter.display_name,
                        digits=meter.digits,
                        value=f"{reading.value:g}",
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        prepared = []
        for vals in vals_list:
            vals = self._normalise(vals)
            self._check_entered(vals)
            # A row of the route waits for its value.
            vals["state"] = "draft" if "value" in vals else "todo"
            if "value" in vals:
                vals.setdefault("user_id", self.env.uid)
            prepared.append(vals)
        readings = super().create(prepared)
        readings._measure()
        return readings

    def write(self, vals):
        vals = self._normalise(vals)
        if not self.env.su:
            self._check_entered(vals)
        if not MEASURED_FROM & vals.keys():
            return super().write(vals)
        self._check_not_billed()
        result = super().write(vals)
        if "value" in vals:
            self._set_entered()
        self._measure()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._check_not_billed()

    def unlink(self):
        later = self._get_later()
        later._check_not_billed()
        result = super().unlink()
        later.exists()._measure()
        return result

    @api.model
    def _normalise(self, vals):
        vals = dict(vals)
        if vals.get("period"):
            vals["period"] = month_start(fields.Date.to_date(vals["period"]))
        return vals

    def _check_entered(self, vals):
        """Refuse to write what only the system may find out.

        :raises AccessError: a value that follows from the reading is to be written
        """
        if not self.env.su and (names := vals.keys() - ENTERED - {"state"}):
            raise AccessError(
                self.env._(
                    "%(names)s of a reading follow from it and cannot be written.",
                    names=", ".join(sorted(names)),
                )
            )
        if not self.env.su and "state" in vals:
            raise AccessError(
                self.env._("The state of a reading changes by its buttons alone.")
            )

    def _check_not_billed(self):
        """Refuse to change readings that a charge was computed from.

        :raises UserError: one of them has been billed
        """
        for reading in self:
            if reading.state == "billed":
                raise UserError(
                    self.env._(
                        "The reading of %(meter)s on %(day)s has been billed. Enter the"
                        " right value with the next reading, which trues it up, or cancel"
                        " the charge first.",
                        meter=reading.meter_id.display_name,
                        day=fields.Date.to_string(reading.date),
                    )
                )

    def _set_entered(self):
        """Note that a value has arrived; a confirmed reading has to be confirmed anew."""
        # The state belongs to the system; who may enter the value was checked before.
        self.sudo().filtered(lambda row: row.state in ("todo", "confirmed")).write(
            {"state": "draft", "user_id": self.env.uid}
        )
