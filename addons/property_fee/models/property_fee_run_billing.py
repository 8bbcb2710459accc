import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from psycopg2.errors import ExclusionViolation

_logger = logging.getLogger(__name__)

CHUNK_SIZE = 200
PREPARE_SIZE = 1000
MAX_CHUNK_TRIES = 5


class PropertyFeeRun(models.Model):
    _inherit = "property.fee.run"

    # === PREPARATION === #

    def _domain_assignments(self):
        """Return the domain of the assignments in the scope of the run."""
        self.ensure_one()
        domain = self.env["property.fee.assignment"]._domain_due(self.period) & Domain(
            "community_id", "in", self.community_ids.ids
        )
        domain &= Domain("unit_id.active", "=", True) & Domain(
            "item_id.active", "=", True
        )
        if self.item_ids:
            domain &= Domain("item_id", "in", self.item_ids.ids)
        return domain

    def _prepare_lines(self):
        """Make one row per household with something due, with the amount to expect."""
        # Rows are written by the system alone; users read them.
        Line = self.env["property.fee.run.line"].sudo()
        for run in self:
            Line.search([("run_id", "=", run.id)]).unlink()
            groups = self.env["property.fee.assignment"]._read_group(
                run._domain_assignments(), ["unit_id"], order="unit_id"
            )
            unit_ids = [unit.id for (unit,) in groups]
            for start in range(0, len(unit_ids), PREPARE_SIZE):
                units = self.env["property.unit"].browse(
                    unit_ids[start : start + PREPARE_SIZE]
                )
                plans = run._plan_units(units)
                Line.create(
                    [
                        {"run_id": run.id, "unit_id": unit.id, **plans[unit].get_row()}
                        for unit in units
                        if plans[unit].is_due()
                    ]
                )

    def _plan_units(self, units):
        """Work out what the run owes to some units, without writing anything.

        :return: dict unit -> `UnitPlan`
        """
        self.ensure_one()
        assignments = self.env["property.fee.assignment"].search(
            self._domain_assignments() & Domain("unit_id", "in", units.ids)
        )
        plan = assignments._plan_charges(self.period)
        plans = {unit: UnitPlan(self.env) for unit in units}
        for vals in plan.vals_list:
            plans[units.browse(vals["unit_id"])].vals_list.append(vals)
        for assignment, reason in plan.problems.items():
            plans[assignment.unit_id].problems.append(reason)
        for assignment in plan.billed:
            plans[assignment.unit_id].billed += 1
        return plans

    # === PROCESSING === #

    @api.model
    def _cron_process_runs(self):
        """Work on the runs that wait, chunk by chunk, within the time the scheduler gives."""
        for run in self.search([("state", "in", ("queued", "running"))], order="id"):
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
            time_left = self.env["ir.cron"]._commit_progress(
                processed, remaining=remaining
            )
            if not processed or self.state not in ("queued", "running"):
                return bool(time_left)
            if not time_left:
                return False

    def _process_chunk(self):
        """Bill the next rows in one transaction and note the result on each.

        Rows that another worker holds are left to it.

        :return: number of rows that now have a result
        """
        self.ensure_one()
        run = self.with_company(self.company_id).with_context(lang=self.user_id.lang)
        Line = run.env["property.fee.run.line"]
        todo = Domain("run_id", "=", run.id) & Domain("status", "=", "todo")
        candidates = Line.search(todo, limit=CHUNK_SIZE * 5)
        lines = candidates.try_lock_for_update(limit=CHUNK_SIZE)
        if lines:
            if run.state == "queued":
                run.state = "running"
            run._bill_or_split(lines)
        if not Line.search_count(todo, limit=1):
            run._finish()
        return len(lines)

    def _bill_or_split(self, lines):
        """Bill rows together; when that fails, in halves, down to the row that is bad."""
        try:
            with self.env.cr.savepoint():
                lines._bill()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # one bad household must not stop the others
            if len(lines) > 1:
                half = len(lines) // 2
                self._bill_or_split(lines[:half])
                self._bill_or_split(lines[half:])
            else:
                self._note_failure(lines, error)

    def _note_failure(self, line, error):
        """Note on a row why it could not be billed."""
        if isinstance(error, ExclusionViolation):
            # Another run charged the same days between our look and our write.
            line.write({"status": "skipped", "reason": self.env._("Already billed.")})
            return
        if isinstance(error, UserError):
            reason = str(error)
        else:
            _logger.exception("Fee run %s: unit %s failed", self.id, line.unit_id.code)
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
                run._prepare_lines()
                run.state = "queued"
            while run._process_chunk():
                pass


class UnitPlan:
    """What a run owes to one unit.

    :ivar list vals_list: values of the charges to create
    :ivar list problems: why something of it cannot be charged
    :ivar int billed: number of assignments that were charged before
    """

    def __init__(self, env):
        self.env = env
        self.vals_list = []
        self.problems = []
        self.billed = 0

    def is_due(self):
        """Return whether the unit belongs in the run at all."""
        return bool(self.vals_list or self.problems or self.billed)

    def get_row(self):
        """Return the values of the row before billing.

        A household with a problem is not billed in part: its rest would need another bill.
        """
        if self.problems:
            return {"status": "failed", "reason": "\n".join(self.problems)}
        if not self.vals_list:
            reason = (
                self.env._("Already billed.")
                if self.billed
                else self.env._("Nothing due.")
            )
            return {"status": "skipped", "reason": reason}
        return {
            "status": "todo",
            "charge_count": len(self.vals_list),
            "amount_expected": sum(vals["amount"] for vals in self.vals_list),
        }
