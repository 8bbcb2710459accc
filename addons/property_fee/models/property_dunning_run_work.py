import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from psycopg2.errors import ExclusionViolation

_logger = logging.getLogger(__name__)

CHUNK_SIZE = 500
PREPARE_SIZE = 2000
MAX_CHUNK_TRIES = 5
MAX_IDLE_ROUNDS = 3


class PropertyDunningRun(models.Model):
    _inherit = "property.dunning.run"

    # === PREPARATION === #

    def _prepare_lines(self):
        """Make one row per debtor who owes, with what he would get, or why nothing."""
        # Rows are written by the system alone; users read them.
        Line = self.env["property.dunning.run.line"].sudo()
        for run in self:
            Line.search([("run_id", "=", run.id)]).unlink()
            cases = self.env["property.dunning.case"]._sync(run.community_ids, run.date)
            cases = cases._in_delivery_order()
            for start in range(0, len(cases), PREPARE_SIZE):
                chunk = cases[start : start + PREPARE_SIZE]
                verdicts = self.env["property.dunning.letter"]._judge(chunk, run.date)
                Line.create(
                    [
                        {
                            "run_id": run.id,
                            "company_id": run.company_id.id,
                            "case_id": case.id,
                            "unit_id": case.unit_id.id,
                            "partner_id": case.partner_id.id,
                            "community_id": case.community_id.id,
                            **Line._prepare_result(verdict),
                        }
                        for case, verdict in verdicts.items()
                        if not run.level_ids or verdict.level in run.level_ids
                    ]
                )

    # === PROCESSING === #

    @api.model
    def _cron_process_runs(self):
        """Work on the runs that wait, chunk by chunk, within the time the scheduler gives."""
        for run in self.search([("state", "in", ("queued", "running"))], order="id"):
            if not run._process_in_chunks():
                return

    @api.model
    def _cron_start_runs(self):
        """Start the runs of the policies that run by themselves, unless the day is quiet."""
        today = fields.Date.context_today(self)
        for company in self.env["res.company"].search([("active", "=", True)]):
            communities = self.env["property.community"].search(
                [("company_id", "=", company.id)]
            )
            policies = self.env["property.dunning.policy"]._get_by_community(
                communities
            )
            run = self.new({"company_id": company.id, "date": today})
            run.community_ids = communities.filtered(
                lambda community, policies=policies: policies[community].auto_run
            )
            due = run.community_ids._origin - run._get_quiet_communities()
            there = self.search_count(
                [("company_id", "=", company.id), ("date", "=", today)], limit=1
            )
            if due and not there:
                self.create(
                    {
                        "company_id": company.id,
                        "date": today,
                        "community_ids": due.ids,
                    }
                ).action_start()

    def _process_in_chunks(self):
        """Remind chunk after chunk, each committed as a whole.

        Killed at any moment, the next call goes on with the rows that are still to do; what
        was queued in a chunk that is lost was not sent either.

        :return: whether the scheduler has time left for another run
        """
        self.ensure_one()
        tries = idle = 0
        while True:
            try:
                processed = self._process_chunk()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                tries += 1
                if tries == MAX_CHUNK_TRIES:
                    raise
                # Somebody paid meanwhile; nothing of this chunk is kept.
                self.env.cr.rollback()
                self.env.transaction.reset()
                continue
            tries = 0
            remaining = self.env["property.dunning.run.line"].search_count(
                [("status", "=", "todo"), ("run_id.state", "in", ("queued", "running"))]
            )
            time_left = self.env["ir.cron"]._commit_progress(
                processed, remaining=remaining
            )
            if self.state not in ("queued", "running"):
                return bool(time_left)
            idle = 0 if processed else idle + 1
            if not time_left or idle >= MAX_IDLE_ROUNDS:
                return False

    def _process_chunk(self):
        """Remind the next households in one transaction and note the result on each row.

        Rows that another worker holds, and bills that are being paid, are left for later.

        :return: number of rows that now have a result
        """
        self.ensure_one()
        # The run was started by somebody who may; what it writes is the system's.
        run = self.sudo().with_company(self.company_id)
        run = run.with_context(lang=self.user_id.lang)
        Line = run.env["property.dunning.run.line"]
        todo = Domain("run_id", "=", run.id) & Domain("status", "=", "todo")
        candidates = Line.search(todo, limit=CHUNK_SIZE * 5)
        lines = candidates.try_lock_for_update(limit=CHUNK_SIZE)
        done = 0
        if lines:
            if run.state == "queued":
                run.state = "running"
            done = run._remind_or_split(lines)
        if not Line.search_count(todo, limit=1):
            run._finish()
        return done

    def _remind_or_split(self, lines):
        """Remind rows together; when that fails, in halves, down to the row that is bad.

        :return: number of rows with a result
        """
        try:
            with self.env.cr.savepoint():
                return len(lines._remind())
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # one bad household must not stop the others
            if len(lines) > 1:
                half = len(lines) // 2
                return self._remind_or_split(lines[:half]) + self._remind_or_split(
                    lines[half:]
                )
            self._note_failure(lines, error)
            return 1

    def _note_failure(self, line, error):
        """Note on a row why the household could not be reminded."""
        if isinstance(error, ExclusionViolation):
            # Another run reminded it between our look and our write.
            reason = self.env._("Reminded by another run.")
            line.write({"status": "skipped", "reason": reason})
            return
        if isinstance(error, UserError):
            reason = str(error)
        else:
            _logger.exception(
                "Dunning run %s: unit %s failed", self.id, line.unit_id.code
            )
            reason = self.env._(
                "Unexpected error: %(error)s", error=f"{type(error).__name__}: {error}"
            )
        line.write({"status": "failed", "reason": reason})

    def _finish(self):
        """Close the run when no row is left to do and tell what came of it."""
        self.ensure_one()
        if self.state not in ("queued", "running"):
            return
        self.invalidate_recordset()
        self.state = "failed" if self.failed_count else "done"
        self.message_post(
            body=self.env._(
                "%(sent)s households reminded of %(amount)s, %(skipped)s skipped,"
                " %(failed)s failed.",
                sent=self.sent_count,
                amount=f"{self.amount:.2f}",
                skipped=self.skipped_count,
                failed=self.failed_count,
            )
        )

    def _process_all(self):
        """Remind all rows in the current transaction, for demo data and tests."""
        for run in self:
            if run.state == "draft":
                run._prepare_lines()
                run.state = "queued"
            while run._process_chunk():
                pass
