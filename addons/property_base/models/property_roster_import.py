from odoo import api, fields, models

from ..tools import roster
from ..tools.packed_rows import PackedRows
from .roster_messages import column_label, sentence_and_cure


class PropertyRosterImport(models.Model):
    _name = "property.roster.import"
    _description = "Roster Import"
    _inherit = ["property.import.mapping.mixin", "property.import.results.mixin"]

    _import_cron = "property_base.ir_cron_roster_import"
    _import_startable = ("draft", "checked", "failed")
    _import_reading = {"into": PackedRows}
    _import_header = "property.roster.header"
    _import_confidential = ("identity_number", "phone", "phone2", "tenant_phone")

    name = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env["ir.sequence"].next_by_code(
            "property.roster.import"
        ),
    )
    community_id = fields.Many2one(
        "property.community", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="community_id.company_id", store=True, index=True
    )
    as_of = fields.Date(
        string="True On",
        required=True,
        default=fields.Date.context_today,
        help="The day for which the roster is true; people without a hand-over date start on it.",
    )
    file = fields.Binary(string="Roster")
    state = fields.Selection(
        selection_add=[
            ("checked", "Checked"),
            ("done",),
            ("failed",),
            ("undone", "Undone"),
        ],
        ondelete={"checked": "set default", "undone": "set default"},
    )
    is_trial = fields.Boolean(
        readonly=True, copy=False, help="The rows are tried and nothing is kept."
    )
    column_ids = fields.One2many(
        "property.roster.import.column", "import_id", string="Columns", copy=False
    )
    created_ids = fields.Json(
        string="Created Besides Units",
        readonly=True,
        copy=False,
        help="First and last id of records by model, for the undo.",
    )
    line_ids = fields.One2many(
        "property.roster.import.line", "import_id", string="Results", copy=False
    )
    created_count = fields.Integer(string="Created", compute="_compute_outcomes")
    updated_count = fields.Integer(string="Updated", compute="_compute_outcomes")
    unchanged_count = fields.Integer(string="Unchanged", compute="_compute_outcomes")
    refused_count = fields.Integer(string="Refused", compute="_compute_outcomes")
    warning_count = fields.Integer(string="With Remarks", compute="_compute_outcomes")

    @api.depends("line_ids.outcome", "line_ids.has_warning")
    def _compute_outcomes(self):
        groups = self.env["property.roster.import.line"]._read_group(
            [("import_id", "in", self.ids)],
            ["import_id", "outcome", "has_warning"],
            ["__count"],
        )
        for job in self:
            mine = [group for group in groups if group[0] == job]
            for outcome in ("created", "updated", "unchanged", "refused"):
                job[f"{outcome}_count"] = sum(
                    group[3] for group in mine if group[1] == outcome
                )
            job.warning_count = sum(
                group[3] for group in mine if group[2] and group[1] != "refused"
            )

    # === ACTIONS === #

    def action_check(self):
        """Try the rows in the background: the results are shown and nothing is kept.

        :raises UserError: when the file cannot be read or holds no roster
        """
        self._enqueue(is_trial=True)

    def action_start(self):
        """Check that the file is a roster and hand it to the background.

        :raises UserError: when the file cannot be read or holds no roster
        """
        self._enqueue(is_trial=False)
        self._remember_columns()

    def _enqueue(self, **values):
        again = self if values["is_trial"] else self.filtered("is_trial")
        started = super()._enqueue(**values)
        # Results belong to the system; those of a trial make room for the real ones.
        again.sudo().line_ids.unlink()
        again.rows_done = 0
        return started

    def _check_scope(self):
        self.community_id.check_access("read")

    def action_template(self):
        """Download an empty roster with the columns that are understood."""
        return {
            "type": "ir.actions.act_url",
            "url": "/property/roster/template",
            "target": "download",
        }

    # === READING === #

    def _parse(self, rows):
        return roster.read_roster(rows, self._mapping())

    def _guess_header(self, rows, remembered):
        return roster.guess_header(rows, remembered)

    def _known_header(self, header):
        return roster.known_header(header)

    def _column_label(self, column):
        return column_label(self.env, column)

    def _sentence_and_cure(self, code, column, value):
        return sentence_and_cure(self.env, code, column, value)
