import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import roster, workbook
from ..tools.packed_rows import PackedRows
from .roster_messages import column_label, unreadable_text


class PropertyRosterImport(models.Model):
    _name = "property.roster.import"
    _description = "Roster Import"
    _inherit = ["mail.thread"]
    _order = "id desc"

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
    user_id = fields.Many2one(
        "res.users",
        string="Imported By",
        readonly=True,
        default=lambda self: self.env.user,
    )
    as_of = fields.Date(
        string="True On",
        required=True,
        default=fields.Date.context_today,
        help="The day for which the roster is true; people without a hand-over date start on it.",
    )
    file = fields.Binary(
        string="Roster", required=True, attachment=True, help="xlsx, xls or csv."
    )
    filename = fields.Char()
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("queued", "Queued"),
            ("running", "Running"),
            ("checked", "Checked"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("undone", "Undone"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        copy=False,
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
    row_count = fields.Integer(string="Rows", readonly=True, copy=False)
    rows_done = fields.Integer(readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress", string="Progress (%)")
    line_ids = fields.One2many(
        "property.roster.import.line", "import_id", string="Results", copy=False
    )
    created_count = fields.Integer(string="Created", compute="_compute_outcomes")
    updated_count = fields.Integer(string="Updated", compute="_compute_outcomes")
    unchanged_count = fields.Integer(string="Unchanged", compute="_compute_outcomes")
    refused_count = fields.Integer(string="Refused", compute="_compute_outcomes")
    warning_count = fields.Integer(string="With Remarks", compute="_compute_outcomes")
    error_file = fields.Binary(
        string="Rows to Correct", readonly=True, attachment=True, copy=False
    )
    error_filename = fields.Char(readonly=True, copy=False)
    failure = fields.Text(string="Why It Stopped", readonly=True, copy=False)

    @api.depends("row_count", "rows_done", "state")
    def _compute_progress(self):
        for job in self:
            job.progress = (
                100.0 * job.rows_done / job.row_count if job.row_count else 0.0
            )

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

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_large(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_large(vals)
        return super().write(vals)

    @api.model
    def _refuse_large(self, vals):
        """Refuse a file that would not be read anyway, before it is kept.

        :raises UserError: when it is larger than `tools.workbook.MAX_BYTES`
        """
        # in base64, four characters are three bytes
        if len(vals.get("file") or "") // 4 * 3 > workbook.MAX_BYTES + 3:
            raise UserError(
                unreadable_text(self.env, "too_large", vals.get("filename"))
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

    def _enqueue(self, is_trial):
        for job in self:
            if job.state not in ("draft", "checked", "failed"):
                raise UserError(
                    self.env._(
                        "The import %(name)s was already started.", name=job.name
                    )
                )
            job.community_id.check_access("read")
            sheet = job._read_roster()
            # Results belong to the system; those of a trial make room for the real ones.
            if job.is_trial or is_trial:
                job.sudo().line_ids.unlink()  # nobody else may delete results
                job.rows_done = 0
            job.write(
                {
                    "state": "queued",
                    "is_trial": is_trial,
                    "row_count": len(sheet.rows),
                    "failure": False,
                    "error_file": False,
                    "user_id": self.env.uid,
                }
            )
        # The cron belongs to the system; starting it shows and changes nothing else.
        self.env.ref("property_base.ir_cron_roster_import").sudo()._trigger()

    def action_template(self):
        """Download an empty roster with the columns that are understood."""
        return {
            "type": "ir.actions.act_url",
            "url": "/property/roster/template",
            "target": "download",
        }

    def action_view_lines(self):
        """Open the results, the refused rows first where there are any."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Results of %(name)s", name=self.name),
            "res_model": "property.roster.import.line",
            "view_mode": "list",
            "domain": [("import_id", "=", self.id)],
            "context": {"search_default_refused": int(bool(self.refused_count))},
        }

    # === READING === #

    def _read_roster(self):
        """Return the sheet as `tools.roster.Roster`.

        :raises UserError: when the file cannot be read or holds no roster
        """
        self.ensure_one()
        try:
            rows = workbook.read_rows(
                base64.b64decode(self.with_context(bin_size=False).file),
                into=PackedRows,
            )
            return roster.read_roster(rows, self._mapping())
        except workbook.UnreadableWorkbook as error:
            raise UserError(
                unreadable_text(self.env, error.args[0], self.filename)
            ) from None
        except roster.NoHeader as error:
            missing = ", ".join(
                column_label(self.env, column) for column in error.args[0]
            )
            raise UserError(
                self.env._(
                    "No header row was found: the columns %(columns)s are missing."
                    " Name them in one row above the data and upload the file again.",
                    columns=missing,
                )
            ) from None
