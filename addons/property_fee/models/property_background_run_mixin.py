import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from psycopg2.errors import ExclusionViolation

from odoo.addons.property_base.tools.background import in_chunks

_logger = logging.getLogger(__name__)


class PropertyBackgroundRunMixin(models.AbstractModel):
    """Something done for many households in the background, chunk by chunk.

    draft -> queued -> running -> done, or failed when a row did. Each chunk is a transaction
    of its own, so that a run that was killed goes on after its last one. What came of a
    household stands on its row in `line_ids`, which has `run_id`, `unit_id`, `status` and
    `reason`.

    What a run defines, besides the class attributes below:

    * `<status>_count`: a field for each status of its rows
    * `_prepare_rows()`: make the rows
    * `_work_off(rows)`: do some rows, and note on each what came of it
    * `_describe_done()`: why a row is skipped that another run has done meanwhile
    * `_describe_result()`: what is said in the chatter at the end
    """

    _name = "property.background.run.mixin"
    _description = "Run in the Background"
    _inherit = ["mail.thread"]

    # xml ids of the scheduled action that works on the runs, and of the list of their rows
    _run_cron = None
    _run_lines_action = None
    # rows of one transaction
    _run_chunk = 200
    # states in which there is work to do -> status of the rows that wait for it
    _run_waiting = {"queued": "todo", "running": "todo"}
    # fields that stay as they are once a run has started
    _run_scope = ()
    # amounts of the rows that are summed up
    _run_amounts = ()

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Started By",
        default=lambda self: self.env.user,
        readonly=True,
    )
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
    line_count = fields.Integer(string="Households", compute="_compute_totals")
    todo_count = fields.Integer(string="To Do", compute="_compute_totals")
    skipped_count = fields.Integer(string="Skipped", compute="_compute_totals")
    failed_count = fields.Integer(string="Failed", compute="_compute_totals")
    progress = fields.Float(compute="_compute_totals", aggregator=None)

    # === COMPUTE METHODS === #

    @api.depends(
        lambda self: [f"line_ids.{name}" for name in ("status", *self._run_amounts)]
    )
    def _compute_totals(self):
        totals = {}
        for run, status, count, *amounts in self._get_lines()._read_group(
            [("run_id", "in", self.ids)],
            ["run_id", "status"],
            ["__count", *(f"{name}:sum" for name in self._run_amounts)],
        ):
            totals.setdefault(run, {})[status] = (count, *amounts)
        for run in self:
            rows = totals.get(run._origin, {})
            run._set_counts(rows)
            run._set_amounts(rows)

    def _set_counts(self, rows):
        """Fill in how many rows a run has, and how far it has come.

        :param dict rows: status -> (number of rows, sum of each of the amounts)
        """
        self.ensure_one()
        counts = {status: row[0] for status, row in rows.items()}
        self.line_count = sum(counts.values())
        for status in self._get_lines()._fields["status"].get_values(self.env):
            self[f"{status}_count"] = counts.get(status, 0)
        done = self.line_count - counts.get(self._get_waiting_status(), 0)
        self.progress = 100.0 * done / self.line_count if self.line_count else 0.0

    def _set_amounts(self, rows):
        """Fill in what the amounts of the rows come to; by default nothing.

        :param dict rows: see `_set_counts`
        """

    @api.model
    def _get_lines(self):
        """Return no row of no run: the model of the rows."""
        return self.env[self._fields["line_ids"].comodel_name]

    def _get_waiting_status(self):
        """Return the status of the rows that are still to do."""
        self.ensure_one()
        return self._run_waiting.get(self.state, "todo")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Let every run start as a draft: what has to be approved cannot skip it."""
        if not self.env.su:
            if any(vals.get("state", "draft") != "draft" for vals in vals_list):
                self._raise_state()
            # Said explicitly, for a default in the context would say otherwise.
            vals_list = [{**vals, "state": "draft"} for vals in vals_list]
        return super().create(vals_list)

    def _raise_state(self):
        raise AccessError(
            self.env._("The state of a run is changed by its buttons, never directly.")
        )

    def write(self, vals):
        if "state" in vals and not self.env.su:
            self._raise_state()
        names = set(self._run_scope) & vals.keys()
        if names and not all(run._may_change(names) for run in self):
            raise UserError(
                self.env._("The scope of a run that has started cannot be changed.")
            )
        return super().write(vals)

    def _may_change(self, names):
        """Return whether some fields of the scope may still be changed.

        :param set names: fields
        """
        self.ensure_one()
        return self.state == "draft"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(run.state != "draft" for run in self):
            raise UserError(self.env._("A run that has started cannot be deleted."))

    # === ACTION METHODS === #

    def action_start(self):
        """Do it in the background. A run that has been started already goes on as it is.

        :raises UserError: something speaks against it, see `_check_start`
        """
        runs = self.filtered(lambda run: run.state == "draft")
        if not runs:
            return True
        runs.lock_for_update()
        runs._check_start()
        for run in runs:
            if not run._is_prepared():
                run._prepare_rows()
        runs.check_access("write")
        # The state is written by the methods only.
        runs.sudo().state = "queued"
        runs._wake()
        return True

    def action_retry_failed(self):
        """Put the failed rows back to be done and go on in the background."""
        runs = self.filtered(lambda run: run.state == "failed")
        runs.check_access("write")
        # Rows are written by the system alone; the right to run was checked on the run.
        runs.sudo().line_ids.filtered(lambda line: line.status == "failed").write(
            {"status": "todo", "reason": False}
        )
        # As above.
        runs.sudo().state = "queued"
        runs._wake()
        return True

    def action_view_lines(self):
        """Open the rows of the run, those that failed first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(self._run_lines_action)
        action["domain"] = [("run_id", "=", self.id)]
        if self.failed_count:
            action["context"] = {"search_default_failed": 1}
        return action

    def _check_draft(self):
        if any(run.state != "draft" for run in self):
            raise UserError(self.env._("The run has already been started."))

    def _check_start(self):
        """Refuse to start what cannot come to a good end.

        :raises UserError: why
        """

    def _is_prepared(self):
        """Return whether a run starts with the rows that it has; by default none has."""
        return False

    def _wake(self):
        """Have the scheduler work on the runs as soon as this transaction ends."""
        if self:
            # Whoever may run has no right on scheduled actions.
            self.env.ref(self._run_cron).sudo()._trigger()

    # === PROCESSING === #

    @api.model
    def _cron_process_runs(self):
        """Work on the runs that wait, chunk by chunk, within the time the scheduler gives."""
        for run in self.search([("state", "in", [*self._run_waiting])], order="id"):
            if not run._process_in_chunks():
                return

    def _process_in_chunks(self):
        """Do chunk after chunk, each committed as a whole.

        Killed at any moment, the next call goes on with the rows that are still to do.

        :return: whether the scheduler has time left for another run
        """
        self.ensure_one()
        return in_chunks(
            self.env,
            self._process_chunk,
            self._count_waiting,
            is_over=lambda: self.state not in self._run_waiting,
        )

    @api.model
    def _count_waiting(self):
        """Return how many rows of all runs are still to do."""
        return self._get_lines().search_count(
            Domain.OR(
                Domain("status", "=", status) & Domain("run_id.state", "=", state)
                for state, status in self._run_waiting.items()
            )
        )

    def _process_chunk(self, rows=None):
        """Do the next rows in one transaction.

        Rows that another worker holds are left to it.

        :param rows: rows to look at, None for the next ones
        :return: number of rows that now have a result
        """
        self.ensure_one()
        # The run was started by somebody who may; what it writes is the system's.
        run = self.sudo().with_company(self.company_id)
        run = run.with_context(lang=self.user_id.lang)
        waiting = Domain("run_id", "=", run.id) & Domain(
            "status", "=", run._get_waiting_status()
        )
        lines = run._take_rows(waiting, rows)
        done = 0
        if lines:
            if run.state == "queued":
                run.state = "running"
            run._work_off(lines)
            left = waiting & Domain("id", "in", lines.ids)
            done = len(lines) - lines.search_count(left)
        # What this chunk read is of no use to the next, and there may be thousands.
        self.env.invalidate_all()
        if not lines.search_count(waiting, limit=1):
            run._finish()
        return done

    def _take_rows(self, waiting, rows):
        """Return the next rows that no other worker holds, locked for this one.

        :param Domain waiting: which rows are still to do
        :param rows: rows to choose from, None for all
        """
        size = self._get_chunk_size()
        if rows is not None:
            waiting &= Domain("id", "in", rows.ids)
            size = max(size, len(rows))
        lines = self._get_lines().search(waiting, limit=size * 5)
        return lines.try_lock_for_update(limit=size)

    def _get_chunk_size(self):
        """Return how many rows are done in one transaction."""
        return self._run_chunk

    def _note_failure(self, line, error):
        """Note on a row why it could not be done."""
        if isinstance(error, ExclusionViolation):
            # Another run did it between our look and our write.
            line.write({"status": "skipped", "reason": self._describe_done()})
            return
        line.write({"status": "failed", "reason": self._describe_error(line, error)})

    def _describe_error(self, line, error):
        """Return an error as a row tells it; what nobody expected goes to the log too."""
        if isinstance(error, UserError):
            return str(error)
        _logger.error(
            "%s %s: unit %s failed",
            self._description,
            self.id,
            line.unit_id.code,
            exc_info=error,
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
        self.message_post(body=self._describe_result())

    def _process_all(self):
        """Do all rows in the current transaction, for demo data and tests."""
        # As the scheduler does: what a run writes is not for users to write.
        for run in self.sudo():
            if run.state == "draft":
                run._prepare_rows()
                run.state = "queued"
            while run._process_chunk():
                pass
