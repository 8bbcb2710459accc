import base64

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import workbook
from .import_messages import problem_words, unreadable_text


class PropertyImportMixin(models.AbstractModel):
    """A file of rows that is imported in the background, chunk by chunk.

    draft -> queued -> running -> done, or failed with the reason. Each chunk is a transaction
    of its own, so that an import that was killed goes on after its last one.

    What an import defines, besides the class attributes below:

    * `_parse(rows)`: the sheet, an object with `rows`, from the cells of the file
    * `_column_label(column)`: the trade's name of a column
    * `_process_chunk(sheet, rows, worker)`: write some rows and what came of each
    * `_prepare_worker()`: what all chunks of a run share
    * `_summary(sheet)`: what is said in the chatter at the end
    * `_sentence_and_cure(code, column, value)`: the words of a problem, where rows have some
    """

    _name = "property.import.mixin"
    _description = "Import of a File"
    _inherit = ["mail.thread"]
    _order = "id desc"

    # xml id of the scheduled action that works off the queue
    _import_cron = None
    # rows of one transaction
    _import_chunk = 500
    # states from which an import may be started
    _import_startable = ("draft", "failed")
    # options of `tools.workbook.read_rows`
    _import_reading = {}

    user_id = fields.Many2one(
        "res.users",
        string="Imported By",
        readonly=True,
        default=lambda self: self.env.user,
    )
    file = fields.Binary(required=True, attachment=True, help="xlsx, xls or csv.")
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
    progress = fields.Float(
        compute="_compute_progress", string="Progress (%)", aggregator=None
    )
    error_file = fields.Binary(
        string="Rows to Correct", readonly=True, attachment=True, copy=False
    )
    error_filename = fields.Char(readonly=True, copy=False)
    failure = fields.Text(string="Why It Stopped", readonly=True, copy=False)

    @api.depends("row_count", "rows_done")
    def _compute_progress(self):
        for job in self:
            job.progress = (
                100.0 * job.rows_done / job.row_count if job.row_count else 0.0
            )

    # === CRUD METHODS === #

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

    # === READING === #

    def _read_rows(self, **options):
        """Return the cells of the file.

        :raises UnreadableWorkbook: when it cannot be read
        """
        self.ensure_one()
        content = base64.b64decode(self.with_context(bin_size=False).file)
        return workbook.read_rows(content, **options)

    def _read_sheet(self):
        """Return the file as `_parse` understands it.

        :raises UserError: when it cannot be read or has no header row
        """
        self.ensure_one()
        try:
            return self._parse(self._read_rows(**self._import_reading))
        except workbook.UnreadableWorkbook as error:
            raise UserError(
                unreadable_text(self.env, error.args[0], self.filename)
            ) from None
        except workbook.NoHeader as error:
            missing = ", ".join(self._column_label(column) for column in error.args[0])
            raise UserError(
                self.env._(
                    "No header row was found: the columns %(columns)s are missing."
                    " Name them in one row above the data and upload the file again.",
                    columns=missing,
                )
            ) from None

    # === STARTING === #

    def _enqueue(self, **values):
        """Check that the files can be read and hand them to the background.

        :param values: further values to keep on the imports
        :raises UserError: one was started, cannot be read or has no header row
        """
        self.check_access("write")
        for job in self:
            if job.state not in job._import_startable:
                raise UserError(
                    self.env._(
                        "The import %(name)s was already started.", name=job.name
                    )
                )
            job._check_scope()
            job.write(
                {
                    "state": "queued",
                    "row_count": len(job._read_sheet().rows),
                    "failure": False,
                    "error_file": False,
                    "user_id": self.env.uid,
                    **values,
                }
            )
        # The cron belongs to the system; starting it shows and changes nothing else.
        self.env.ref(self._import_cron).sudo()._trigger()
        return True

    def _check_scope(self):
        """Refuse what the user may not import into; by default nothing."""

    # === WORKING === #

    @api.model
    def _cron_process(self):
        """Work off the queued imports; a killed one goes on where its last commit was."""
        jobs = self.search([("state", "in", ("queued", "running"))], order="id")
        for job in jobs:
            if not job.try_lock_for_update():
                continue
            job = job.with_context(lang=job.user_id.lang, tz=job.user_id.tz)
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
        sheet = self._read_sheet()
        worker = self._prepare_worker()
        cron = self.env["ir.cron"]
        while self.rows_done < len(sheet.rows):
            done = self._process_next(sheet, worker)
            todo = len(sheet.rows) - self.rows_done
            if not cron._commit_progress(done, remaining=todo) and todo:
                return False
        self._finish(sheet)
        cron._commit_progress(0, remaining=0)
        return True

    def _process_next(self, sheet, worker):
        """Write the next chunk and count it as done.

        :return: number of rows
        """
        rows = sheet.rows[self.rows_done : self.rows_done + self._import_chunk]
        self._process_chunk(sheet, rows, worker)
        self.write({"state": "running", "rows_done": self.rows_done + len(rows)})
        return len(rows)

    def _process_all(self):
        """Import all rows in the current transaction, for demo data and tests."""
        self.ensure_one()
        sheet = self._read_sheet()
        worker = self._prepare_worker()
        self.row_count = len(sheet.rows)
        while self.rows_done < len(sheet.rows):
            self._process_next(sheet, worker)
        self._finish(sheet)

    def _prepare_worker(self):
        """Return what all chunks of a run share; by default nothing."""

    def _finish(self, sheet, state="done"):
        """Close the import: refused rows as a workbook, counts in the chatter.

        :param sheet: what `_parse` returned
        """
        self.ensure_one()
        job = self.with_context(lang=self.user_id.lang)
        values = {"state": state}
        if refused := self._refused_lines():
            name = job.env._(
                "%(name)s rows to correct.xlsx", name=self.name.replace("/", "-")
            )
            content = job._error_workbook(sheet, refused)
            values.update(error_file=base64.b64encode(content), error_filename=name)
        self.write(values)
        self.message_post(
            body=Markup("<p>%s</p>") % job._summary(sheet),
            author_id=self.env.ref("base.partner_root").id,
        )

    # === RESULTS === #

    def _shown_value(self, value):
        """Return the value of a problem as the table of problems shows it."""
        return value

    def _refused_lines(self):
        """Return the rows to correct; by default those of `line_ids` that were refused."""
        Line = self.env[self._fields["line_ids"].comodel_name]
        return Line.search([("import_id", "=", self.id), ("outcome", "=", "refused")])

    def _prepare_result(self, sheet, row, outcome):
        """Return the values that every result of a row has.

        :param row: a row of the sheet, with its `problems`
        """
        problems = [
            {
                **problem_words(self, problem, sheet),
                "severity": problem.severity,
            }
            for problem in row.problems
        ]
        return {
            "import_id": self.id,
            "row": row.number,
            "outcome": outcome,
            "has_warning": any(one["severity"] == "warning" for one in problems),
            "message": "\n".join(one["text"] for one in problems) or False,
            "problems": problems or False,
        }

    def _error_workbook(self, sheet, lines):
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
        env = self.env
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

    def action_view_lines(self):
        """Open the results, the refused rows first where there are any."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Results of %(name)s", name=self.name),
            "res_model": self._fields["line_ids"].comodel_name,
            "view_mode": "list",
            "domain": [("import_id", "=", self.id)],
            "context": {"search_default_refused": int(bool(self.refused_count))},
        }
