import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from psycopg2.errors import ExclusionViolation

from ..tools.period import month_start

_logger = logging.getLogger(__name__)

CHUNK_SIZE = 200
PREPARE_SIZE = 1000
MAX_CHUNK_TRIES = 5


class PropertyFeeRun(models.Model):
    _name = "property.fee.run"
    _description = "Fee Run"
    _inherit = ["mail.thread"]
    _order = "period desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Accountant",
        default=lambda self: self.env.user,
        readonly=True,
    )

    # Scope
    community_ids = fields.Many2many(
        "property.community", string="Communities", required=True, check_company=True
    )
    item_ids = fields.Many2many(
        "property.fee.item",
        string="Fee Items",
        check_company=True,
        help="Leave empty to bill all items.",
    )
    period = fields.Date(
        required=True,
        default=lambda self: month_start(fields.Date.context_today(self)),
        tracking=True,
        help="Month that is billed; any of its days will do.",
    )
    invoice_date = fields.Date(
        string="Date of the Bills", required=True, default=fields.Date.context_today
    )

    # Progress
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("queued", "Queued"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Done with Failures"),
        ],
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many(
        "property.fee.run.line", "run_id", string="Rows", copy=False
    )
    line_count = fields.Integer(string="Households", compute="_compute_totals")
    todo_count = fields.Integer(string="To Do", compute="_compute_totals")
    charged_count = fields.Integer(string="Charged", compute="_compute_totals")
    skipped_count = fields.Integer(string="Skipped", compute="_compute_totals")
    failed_count = fields.Integer(string="Failed", compute="_compute_totals")
    progress = fields.Float(compute="_compute_totals", aggregator=None)
    amount_expected = fields.Monetary(string="Expected", compute="_compute_totals")
    amount_charged = fields.Monetary(string="Charged Amount", compute="_compute_totals")
    move_ids = fields.One2many("account.move", "property_run_id", string="Bills")
    move_count = fields.Integer(string="Bill Count", compute="_compute_move_count")

    # === COMPUTE METHODS === #

    @api.depends("period", "community_ids.name")
    def _compute_name(self):
        for run in self:
            month = run.period and f"{run.period:%Y-%m}"
            parts = [month, *run.community_ids.mapped("name")]
            run.name = " ".join(part for part in parts if part) or self.env._("New Run")

    @api.depends("line_ids.status", "line_ids.amount", "line_ids.amount_expected")
    def _compute_totals(self):
        totals = {}
        for run, status, count, expected, amount in self.env[
            "property.fee.run.line"
        ]._read_group(
            [("run_id", "in", self.ids)],
            ["run_id", "status"],
            ["__count", "amount_expected:sum", "amount:sum"],
        ):
            totals.setdefault(run, {})[status] = (count, expected, amount)
        for run in self:
            rows = totals.get(run, {})
            counts = {status: row[0] for status, row in rows.items()}
            run.line_count = sum(counts.values())
            run.todo_count = counts.get("todo", 0)
            run.charged_count = counts.get("charged", 0)
            run.skipped_count = counts.get("skipped", 0)
            run.failed_count = counts.get("failed", 0)
            done = run.line_count - run.todo_count
            run.progress = 100.0 * done / run.line_count if run.line_count else 0.0
            run.amount_expected = sum(row[1] for row in rows.values())
            run.amount_charged = sum(row[2] for row in rows.values())

    @api.depends("move_ids")
    def _compute_move_count(self):
        counts = dict(
            self.env["account.move"]._read_group(
                [("property_run_id", "in", self.ids)], ["property_run_id"], ["__count"]
            )
        )
        for run in self:
            run.move_count = counts.get(run, 0)

    @api.constrains("community_ids", "company_id")
    def _check_communities(self):
        for run in self:
            if not run.community_ids:
                raise ValidationError(
                    self.env._("Say which communities the run is for.")
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._normalise_period(vals)
        return super().create(vals_list)

    def write(self, vals):
        vals = dict(vals)
        self._normalise_period(vals)
        scope = {"community_ids", "item_ids", "period", "invoice_date", "company_id"}
        if scope & vals.keys() and any(run.state != "draft" for run in self):
            raise UserError(
                self.env._("The scope of a run that has started cannot be changed.")
            )
        return super().write(vals)

    @api.model
    def _normalise_period(self, vals):
        """Turn any day of the period into the first of its month."""
        if vals.get("period"):
            vals["period"] = month_start(fields.Date.to_date(vals["period"]))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(run.state != "draft" for run in self):
            raise UserError(self.env._("A run that has started cannot be deleted."))

    # === ACTION METHODS === #

    def action_preview(self):
        """List the households with what each would be billed; nothing is posted."""
        self._check_draft()
        self._prepare_lines()
        return True

    def action_start(self):
        """Bill in the background. A run that has been started already goes on as it is."""
        runs = self.filtered(lambda run: run.state == "draft")
        if not runs:
            return True
        runs.lock_for_update()
        runs._check_sale_journal()
        runs._prepare_lines()
        runs.state = "queued"
        self.env.ref("property_fee.ir_cron_fee_run")._trigger()
        return True

    def action_retry_failed(self):
        """Put the failed rows back to be done and go on in the background."""
        runs = self.filtered(lambda run: run.state == "failed")
        # Rows are written by the system alone; the right to run is checked on the run.
        runs.check_access("write")
        runs.sudo().line_ids.filtered(lambda line: line.status == "failed").write(
            {"status": "todo", "reason": False}
        )
        runs.state = "queued"
        self.env.ref("property_fee.ir_cron_fee_run")._trigger()
        return True

    def action_view_moves(self):
        """Open the bills of the run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_bill_action"
        )
        action["domain"] = [("property_run_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    def action_view_lines(self):
        """Open the rows of the run, those that failed first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_fee_run_line_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        if self.failed_count:
            action["context"] = {"search_default_failed": 1}
        return action

    def _check_draft(self):
        if any(run.state != "draft" for run in self):
            raise UserError(self.env._("The run has already been started."))

    def _check_sale_journal(self):
        """Refuse to start without what every bill needs.

        :raises UserError: the company has no sales journal
        """
        for run in self:
            self.env["property.charge"]._get_sale_journal(run.company_id)

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
