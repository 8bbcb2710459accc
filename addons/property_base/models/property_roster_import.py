import base64

import psycopg2
from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import roster, workbook
from .roster_messages import column_label, problem_text, unreadable_text
from .roster_writer import REFUSED, RosterWriter

CHUNK = 300


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
            ("done", "Done"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        copy=False,
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

    # === ACTIONS === #

    def action_start(self):
        """Check that the file is a roster and hand it to the background.

        :raises UserError: when the file cannot be read or holds no roster
        """
        for job in self:
            if job.state not in ("draft", "failed"):
                raise UserError(
                    self.env._(
                        "The import %(name)s was already started.", name=job.name
                    )
                )
            job.community_id.check_access("read")
            sheet = job._read_roster()
            job.write(
                {
                    "state": "queued",
                    "row_count": len(sheet.rows),
                    "failure": False,
                    "user_id": self.env.uid,
                }
            )
        # The cron belongs to the system; starting it shows and changes nothing else.
        self.env.ref("property_base.ir_cron_roster_import").sudo()._trigger()

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
                base64.b64decode(self.with_context(bin_size=False).file)
            )
            return roster.read_roster(rows)
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

    # === BACKGROUND === #

    @api.model
    def _cron_process(self):
        """Work off the queued imports; a killed one goes on where its last commit was."""
        jobs = self.search([("state", "in", ("queued", "running"))], order="id")
        for job in jobs:
            if not job.try_lock_for_update():
                continue
            try:
                if not job._run():
                    return
            except UserError as error:
                self.env.cr.rollback()
                job.write({"state": "failed", "failure": str(error)})
                self.env["ir.cron"]._commit_progress(1)

    def _run(self):
        """Import the rows that are still to do, a chunk per transaction.

        :return: False when the time of the scheduled action is over before the work is
        """
        self.ensure_one()
        sheet = self._read_roster()
        cron = self.env["ir.cron"]
        while todo := sheet.rows[self.rows_done : self.rows_done + CHUNK]:
            self._process_chunk(sheet, todo)
            self.write({"state": "running", "rows_done": self.rows_done + len(todo)})
            left = cron._commit_progress(
                len(todo), remaining=len(sheet.rows) - self.rows_done
            )
            if not left and self.rows_done < len(sheet.rows):
                return False
        self._finish(sheet)
        cron._commit_progress(0, remaining=0)
        return True

    def _writer(self):
        # Rights were checked when the import was started; who may file an identity number
        # may not be allowed to read it, and units are created by nobody else at the desk.
        community = self.community_id.sudo().with_context(
            lang=self.user_id.lang,
            tz=self.user_id.tz,
            tracking_disable=True,
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
        )
        return RosterWriter(community.with_company(self.company_id), self.as_of)

    def _process_chunk(self, sheet, rows):
        """Write a chunk; when the database refuses it, each row by itself."""
        try:
            with self.env.cr.savepoint():
                outcomes = self._writer().write_rows(rows)
        except (psycopg2.IntegrityError, psycopg2.DataError, UserError):
            self.env.invalidate_all(flush=False)
            outcomes = [outcome for row in rows for outcome in self._write_one(row)]
        self._store_results(sheet, outcomes)

    def _write_one(self, row):
        row.problems = [
            problem
            for problem in row.problems
            if problem.code not in roster.DATABASE_CODES
        ]
        try:
            with self.env.cr.savepoint():
                return self._writer().write_rows([row])
        except (psycopg2.IntegrityError, psycopg2.DataError, UserError) as error:
            self.env.invalidate_all(flush=False)
            reason = (
                str(error)
                if isinstance(error, UserError)
                else self._database_message(error)
            )
            row.problems.append(roster.Problem("room", "database", reason))
            return [(row, REFUSED, self.env["property.unit"])]

    def _database_message(self, error):
        """Return the message of the constraint that an error names."""
        for model in ("property.unit", "property.occupancy", "property.building"):
            if self.env[model]._table == error.diag.table_name:
                return self.env[model]._sql_error_to_message(error)
        return self._sql_error_to_message(error)

    def _store_results(self, sheet, outcomes):
        env = self.with_context(lang=self.user_id.lang).env
        values = []
        for row, outcome, unit in outcomes:
            problems = [
                dict(problem_text(env, problem, sheet), severity=problem.severity)
                for problem in row.problems
            ]
            values.append(
                {
                    "import_id": self.id,
                    "row": row.number,
                    "unit_id": unit.id,
                    "unit_code": unit.code or "-".join(filter(None, row.key)),
                    "outcome": outcome,
                    "has_warning": any(
                        problem["severity"] == "warning" for problem in problems
                    ),
                    "message": "\n".join(problem["text"] for problem in problems)
                    or False,
                    "problems": problems or False,
                }
            )
        self.env["property.roster.import.line"].create(values)

    def _finish(self, sheet):
        env = self.with_context(lang=self.user_id.lang).env
        refused = self.line_ids.filtered(lambda line: line.outcome == "refused")
        values = {"state": "done"}
        if refused:
            values.update(
                error_file=base64.b64encode(self._error_workbook(env, sheet, refused)),
                error_filename=env._(
                    "%(name)s rows to correct.xlsx", name=self.name.replace("/", "-")
                ),
            )
        self.write(values)
        counts = {
            "created": self.created_count,
            "updated": self.updated_count,
            "unchanged": self.unchanged_count,
            "refused": self.refused_count,
        }
        if counts["unchanged"] == len(sheet.rows):
            body = env._(
                "Nothing changed: all %(count)s rows were already on file.",
                count=len(sheet.rows),
            )
        else:
            body = env._(
                "%(created)s units created, %(updated)s updated, %(unchanged)s unchanged,"
                " %(refused)s rows refused.",
                **counts,
            )
        self.message_post(
            body=Markup("<p>%s</p>") % body,
            author_id=self.env.ref("base.partner_root").id,
        )

    def _error_workbook(self, env, sheet, lines):
        """Return a workbook with the refused rows, to correct and to import again."""
        width = max(sheet.columns.values()) + 1
        header = [str(cell or "") for cell in sheet.header[:width]]
        rows, details = [], []
        for line in lines:
            cells = list(sheet.raw[line.row - 1][:width])
            cells += [None] * (width - len(cells))
            rows.append([*cells, line.row, line.message])
            details += [
                [
                    line.row,
                    f"{problem['cell']}{line.row}",
                    problem["column"],
                    problem["value"],
                    problem["what"],
                    problem["cure"],
                ]
                for problem in line.problems
            ]
        return workbook.write_workbook(
            [
                {
                    "name": env._("Correct Here"),
                    "header": [
                        *header,
                        env._("Row in Your Sheet"),
                        env._("What Is Wrong"),
                    ],
                    "rows": rows,
                    "widths": [12] * width + [10, 70],
                },
                {
                    "name": env._("Problems"),
                    "header": [
                        env._("Row"),
                        env._("Cell"),
                        env._("Column"),
                        env._("Value"),
                        env._("Problem"),
                        env._("Cure"),
                    ],
                    "rows": details,
                    "widths": [8, 8, 16, 24, 60, 60],
                },
            ]
        )
