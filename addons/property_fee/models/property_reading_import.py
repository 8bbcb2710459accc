from odoo import api, fields, models

from ..tools import reading_sheet
from ..tools.period import month_start
from .property_meter import KINDS
from .reading_messages import column_label, sentence_and_cure


class PropertyReadingImport(models.Model):
    _name = "property.reading.import"
    _description = "Reading Import"
    _inherit = ["property.import.results.mixin"]
    _check_company_auto = True

    _import_cron = "property_fee.ir_cron_reading_import"
    _import_chunk = 300

    name = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env["ir.sequence"].next_by_code(
            "property.reading.import"
        ),
    )
    community_id = fields.Many2one(
        "property.community", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="community_id.company_id", store=True, index=True
    )
    kind = fields.Selection(KINDS, required=True, default="water")
    period = fields.Date(
        string="Billing Month",
        required=True,
        default=lambda self: month_start(fields.Date.context_today(self)),
        help="Month with which the readings are billed; any of its days will do.",
    )
    auto_confirm = fields.Boolean(
        string="Confirm the Readings",
        default=True,
        help="Readings are confirmed as they arrive; odd ones are held all the same.",
    )
    create_meters = fields.Boolean(
        string="Put In New Meters",
        help="A meter that is not on file is put in at its unit and counts from the last"
        " reading in the sheet.",
    )
    initial_date = fields.Date(
        string="New Meters Count From",
        compute="_compute_initial_date",
        store=True,
        readonly=False,
        precompute=True,
        help="Day of the last reading in the sheet.",
    )
    digits = fields.Integer(string="Figures of New Meters", default=5)
    item_id = fields.Many2one(
        "property.fee.item",
        string="Fee Item of New Meters",
        check_company=True,
        domain="[('kind', '=', 'metered')]",
        ondelete="set null",
    )
    file = fields.Binary(string="Sheet")
    line_ids = fields.One2many(
        "property.reading.import.line", "import_id", string="Results", copy=False
    )
    reading_ids = fields.One2many("property.meter.reading", "import_id")
    created_count = fields.Integer(string="Created", compute="_compute_outcomes")
    updated_count = fields.Integer(string="Updated", compute="_compute_outcomes")
    unchanged_count = fields.Integer(string="Unchanged", compute="_compute_outcomes")
    unread_count = fields.Integer(string="Not Read", compute="_compute_outcomes")
    refused_count = fields.Integer(string="Refused", compute="_compute_outcomes")
    warning_count = fields.Integer(string="With Remarks", compute="_compute_outcomes")

    # === COMPUTE METHODS === #

    @api.depends("period")
    def _compute_initial_date(self):
        for job in self:
            job.initial_date = job.period and fields.Date.subtract(
                month_start(job.period), days=1
            )

    @api.depends("line_ids.outcome", "line_ids.has_warning")
    def _compute_outcomes(self):
        groups = self.env["property.reading.import.line"]._read_group(
            [("import_id", "in", self.ids)],
            ["import_id", "outcome", "has_warning"],
            ["__count"],
        )
        for job in self:
            mine = [group for group in groups if group[0] == job]
            for outcome in ("created", "updated", "unchanged", "unread", "refused"):
                job[f"{outcome}_count"] = sum(
                    group[3] for group in mine if group[1] == outcome
                )
            job.warning_count = sum(
                group[3] for group in mine if group[2] and group[1] != "refused"
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._normalise(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._normalise(vals))

    @api.model
    def _normalise(self, vals):
        vals = dict(vals)
        if vals.get("period"):
            vals["period"] = month_start(fields.Date.to_date(vals["period"]))
        return vals

    # === ACTION METHODS === #

    def action_start(self):
        """Check that the file holds readings and hand it to the background.

        :raises UserError: when the file cannot be read or holds no readings
        """
        self._enqueue()

    def _check_scope(self):
        self.community_id.check_access("read")

    def action_view_readings(self):
        """Open the readings that arrived, the odd ones first where there are any."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_meter_reading_action"
        )
        action["domain"] = [("import_id", "=", self.id)]
        held = any(self.reading_ids.mapped("is_held"))
        action["context"] = {"search_default_held": int(held)}
        return action

    # === READING === #

    def _parse(self, rows):
        return reading_sheet.read_sheet(rows)

    def _column_label(self, column):
        return column_label(self.env, column)

    def _sentence_and_cure(self, code, column, value):
        return sentence_and_cure(self.env, code, column, value)

    def _shown_value(self, value):
        return value.partition("|")[0]
