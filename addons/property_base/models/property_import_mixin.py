import base64

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import workbook
from .import_messages import unreadable_text


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
        content = self.with_context(bin_size=False).file
        if not content:
            raise workbook.UnreadableWorkbook("empty")
        content = base64.b64decode(content)
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
        self = self._as_starter()
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

    def _as_starter(self):
        """Return the import in the language and time zone of whoever started it."""
        self.ensure_one()
        return self.with_context(lang=self.user_id.lang, tz=self.user_id.tz)

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
        self = self._as_starter()
        sheet = self._read_sheet()
        worker = self._prepare_worker()
        self.row_count = len(sheet.rows)
        while self.rows_done < len(sheet.rows):
            self._process_next(sheet, worker)
        self._finish(sheet)

    def _prepare_worker(self):
        """Return what all chunks of a run share; by default nothing."""

    def _finish(self, sheet, state="done"):
        """Close the import and say in the chatter what came of it.

        :param sheet: what `_parse` returned
        """
        self.ensure_one()
        self.write({"state": state})
        self.message_post(
            body=Markup("<p>%s</p>") % self._summary(sheet),
            author_id=self.env.ref("base.partner_root").id,
        )
