import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from psycopg2.errors import ExclusionViolation

_logger = logging.getLogger(__name__)

CHUNK_SIZE = 200
MAX_CHUNK_TRIES = 5
AT_WORK = ("queued", "running", "undoing")


class PropertyFeeRun(models.Model):
    _inherit = "property.fee.run"

    # === PROCESSING === #

    @api.model
    def _cron_process_runs(self):
        """Work on the runs that wait, chunk by chunk, within the time the scheduler gives."""
        for run in self.search([("state", "in", AT_WORK)], order="id"):
            if not run._process_in_chunks():
                return

    def _process_in_chunks(self):
        """Bill chunk after chunk, each committed as a whole.

        Killed at any moment, the next call goes on with the rows that are still to do.

        :return: whether the scheduler has time left for another run
        """
        self.ensure_one()
        tries = 0
        while True:
            try:
                processed = self._process_chunk()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                tries += 1
                if tries == MAX_CHUNK_TRIES:
                    raise
                # Somebody changed the same rows; nothing of this chunk is kept.
                self.env.cr.rollback()
                self.env.transaction.reset()
                continue
            tries = 0
            remaining = self.env["property.fee.run.line"].search_count(
                [("status", "=", "todo"), ("run_id.state", "in", ("queued", "running"))]
            )
            remaining += self.env["property.fee.run.line"].search_count(
                [("status", "=", "charged"), ("run_id.state", "=", "undoing")]
            )
            time_left = self.env["ir.cron"]._commit_progress(
                processed, remaining=remaining
            )
            if not processed or self.state not in AT_WORK:
                return bool(time_left)
            if not time_left:
                return False

    def _process_chunk(self, rows=None):
        """Bill the next rows in one transaction and note the result on each.

        Rows that another worker holds are left to it.

        :param rows: property.fee.run.line to look at, None for the next ones
        :return: number of rows that now have a result
        """
        self.ensure_one()
        run = self.with_company(self.company_id).with_context(lang=self.user_id.lang)
        if run.state == "undoing":
            return run._undo_chunk(rows)
        Line = run.env["property.fee.run.line"]
        todo = Domain("run_id", "=", run.id) & Domain("status", "=", "todo")
        lines = run._take_rows(todo, rows, CHUNK_SIZE)
        if lines:
            if run.state == "queued":
                run.state = "running"
            if reason := run._get_obstacle():
                lines.write({"status": "failed", "reason": reason})
            else:
                run._bill_or_split(lines)
        count = len(lines)
        # What this chunk read is of no use to the next, and there may be thousands.
        self.env.invalidate_all()
        if not Line.search_count(todo, limit=1):
            run._finish()
        return count

    def _take_rows(self, domain, rows, size):
        """Return the next rows that no other worker holds, locked for this one.

        :param Domain domain: which rows are still to do
        :param rows: property.fee.run.line to choose from, None for all
        :param int size: how many at most
        """
        Line = self.env["property.fee.run.line"]
        if rows is not None:
            domain &= Domain("id", "in", rows.ids)
            size = max(size, len(rows))
        return Line.search(domain, limit=size * 5).try_lock_for_update(limit=size)

    def _get_obstacle(self):
        """Return why no bill of the run can be posted at all, None when bills can.

        Odoo would move bills of a locked period into the next open one, where nobody
        looks for them.
        """
        self.ensure_one()
        try:
            journal = self.env["property.charge"]._get_sale_journal(self.company_id)
        except UserError as error:
            return str(error)
        company = self.company_id
        locks = company._get_violated_lock_dates(self.invoice_date, True, journal)
        if not locks:
            return None
        return self.env._(
            "Bills of %(date)s cannot be posted, for the period is locked: %(locks)s."
            " Choose a later date of the bills on the run, then retry.",
            date=self.invoice_date.isoformat(),
            locks=company._format_lock_dates(locks),
        )

    def _bill_or_split(self, lines):
        """Bill rows together; when that fails, in halves, down to the row that is bad."""
        self._split(lines, lambda part: part._bill(), self._note_failure)

    def _split(self, lines, work, note):
        """Do something with rows together, or with fewer, until the bad ones are found.

        :param work: function of rows
        :param note: function of one row and the error that it met
        """
        try:
            with self.env.cr.savepoint():
                work(lines)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # one bad household must not stop the others
            if len(lines) > 1:
                half = len(lines) // 2
                self._split(lines[:half], work, note)
                self._split(lines[half:], work, note)
            else:
                note(lines, error)

    def _note_failure(self, line, error):
        """Note on a row why it could not be billed."""
        if isinstance(error, ExclusionViolation):
            # Another run charged the same days between our look and our write.
            line.write({"status": "skipped", "reason": self.env._("Already billed.")})
            return
        line.write({"status": "failed", "reason": self._describe_error(line, error)})

    def _describe_error(self, line, error):
        """Return an error as a row tells it; what nobody expected goes to the log too."""
        if isinstance(error, UserError):
            return str(error)
        _logger.error(
            "Fee run %s: unit %s failed", self.id, line.unit_id.code, exc_info=error
        )
        return self.env._(
            "Unexpected error: %(error)s", error=f"{type(error).__name__}: {error}"
        )

    def _finish(self):
        """Close the run when no row is left to do and tell what came of it."""
        self.ensure_one()
        if self.state not in ("queued", "running"):
            return
        self.invalidate_recordset()
        self.state = "failed" if self.failed_count else "done"
        self.message_post(
            body=self.env._(
                "%(charged)s households billed, %(skipped)s skipped, %(failed)s failed;"
                " total %(amount)s.",
                charged=self.charged_count,
                skipped=self.skipped_count,
                failed=self.failed_count,
                amount=f"{self.amount_charged:.2f}",
            )
        )

    def _process_all(self):
        """Bill all rows in the current transaction, for demo data and tests."""
        # As the scheduler does: what a run writes is not for users to write.
        for run in self.sudo():
            if run.state == "draft":
                run._check_sale_journal()
                run._prepare_rows()
                run.state = "queued"
            while run._process_chunk():
                pass
