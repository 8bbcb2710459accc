from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.workdays import next_working_day
from .property_dunning_level import PAPER


class PropertyDunningRun(models.Model):
    _name = "property.dunning.run"
    _description = "Dunning Run"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name", store=True, readonly=False, precompute=True
    )
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
    community_ids = fields.Many2many(
        "property.community",
        string="Communities",
        required=True,
        check_company=True,
        default=lambda self: self.env["property.community"].search([]),
    )
    level_ids = fields.Many2many(
        "property.dunning.level",
        string="Levels",
        check_company=True,
        help="Leave empty to remind of every level.",
    )
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="Day of the reminders; days overdue and intervals are counted up to it.",
    )
    quiet_warning = fields.Char(compute="_compute_quiet_warning")
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
        "property.dunning.run.line", "run_id", string="Rows", copy=False
    )
    letter_ids = fields.One2many(
        "property.dunning.letter", "run_id", string="Reminders", copy=False
    )
    line_count = fields.Integer(string="Households", compute="_compute_totals")
    todo_count = fields.Integer(string="To Do", compute="_compute_totals")
    sent_count = fields.Integer(string="Reminded", compute="_compute_totals")
    skipped_count = fields.Integer(string="Skipped", compute="_compute_totals")
    failed_count = fields.Integer(string="Failed", compute="_compute_totals")
    paper_count = fields.Integer(string="Letters", compute="_compute_paper_count")
    progress = fields.Float(compute="_compute_totals", aggregator=None)
    amount = fields.Monetary(string="Reminded Of", compute="_compute_totals")

    # === COMPUTE METHODS === #

    @api.depends("date", "community_ids.name")
    def _compute_name(self):
        for run in self:
            names = run.community_ids.mapped("name")
            if len(names) > 3:
                names = [*names[:3], "..."]
            parts = [fields.Date.to_string(run.date) or "", *names]
            run.name = " ".join(part for part in parts if part)

    @api.depends("line_ids.status", "line_ids.amount")
    def _compute_totals(self):
        totals = {}
        for run, status, count, amount in self.env[
            "property.dunning.run.line"
        ]._read_group(
            [("run_id", "in", self.ids)],
            ["run_id", "status"],
            ["__count", "amount:sum"],
        ):
            totals.setdefault(run, {})[status] = (count, amount)
        for run in self:
            rows = totals.get(run._origin, {})
            counts = {status: row[0] for status, row in rows.items()}
            run.line_count = sum(counts.values())
            run.todo_count = counts.get("todo", 0)
            run.sent_count = counts.get("sent", 0)
            run.skipped_count = counts.get("skipped", 0)
            run.failed_count = counts.get("failed", 0)
            done = run.line_count - run.todo_count
            run.progress = 100.0 * done / run.line_count if run.line_count else 0.0
            run.amount = sum(
                amount
                for status, (_count, amount) in rows.items()
                if status in ("todo", "sent")
            )

    @api.depends("letter_ids.state")
    def _compute_paper_count(self):
        counts = dict(
            self.env["property.dunning.letter"]._read_group(
                [
                    ("run_id", "in", self.ids),
                    ("channel", "in", PAPER),
                    ("state", "!=", "cancelled"),
                ],
                ["run_id"],
                ["__count"],
            )
        )
        for run in self:
            run.paper_count = counts.get(run._origin, 0)

    @api.depends("date", "community_ids")
    @api.depends_context("lang")
    def _compute_quiet_warning(self):
        for run in self:
            quiet = run._get_quiet_communities()
            run.quiet_warning = False
            if quiet:
                run.quiet_warning = self.env._(
                    "%(date)s is a quiet day in %(communities)s; the next working day is"
                    " %(next)s.",
                    date=format_date(self.env, run.date),
                    communities=", ".join(quiet.mapped("name")),
                    next=format_date(
                        self.env, next_working_day(run.date + timedelta(days=1))
                    ),
                )

    def _get_quiet_communities(self):
        """Return the communities of the run in which nobody is reminded on its day."""
        self.ensure_one()
        communities = self.community_ids._origin
        if not self.date:
            return communities.browse()
        Case = self.env["property.dunning.case"]
        policies = self.env["property.dunning.policy"]._get_by_community(communities)
        return communities.filtered(
            lambda community: Case._is_quiet(community, self.date, policies[community])
        )

    # === CRUD METHODS === #

    def write(self, vals):
        scope = {"community_ids", "level_ids", "date", "company_id"}
        if scope & vals.keys() and any(run.state != "draft" for run in self):
            raise UserError(
                self.env._("The scope of a run that has started cannot be changed.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(run.state != "draft" for run in self):
            raise UserError(self.env._("A run that has started cannot be deleted."))

    # === ACTION METHODS === #

    def action_preview(self):
        """List who would be reminded of what, and who not and why; nothing goes out."""
        if any(run.state != "draft" for run in self):
            raise UserError(self.env._("The run has already been started."))
        self._prepare_lines()
        return True

    def action_start(self):
        """Remind in the background. A run that has been started already goes on as it is."""
        runs = self.filtered(lambda run: run.state == "draft")
        for run in runs:
            if run.quiet_warning:
                raise UserError(run.quiet_warning)
        runs.lock_for_update()
        runs._prepare_lines()
        runs.state = "queued"
        if runs:
            # Whoever may run has no right on scheduled actions.
            self.env.ref("property_fee.ir_cron_dunning_run").sudo()._trigger()
        return True

    def action_retry_failed(self):
        """Put the failed rows back to be done and go on in the background."""
        runs = self.filtered(lambda run: run.state == "failed")
        runs.check_access("write")
        # Rows are written by the system alone; the right to run was checked on the run.
        runs.sudo().line_ids.filtered(lambda line: line.status == "failed").write(
            {"status": "todo", "reason": False}
        )
        runs.state = "queued"
        # Whoever may run has no right on scheduled actions.
        self.env.ref("property_fee.ir_cron_dunning_run").sudo()._trigger()
        return True

    def action_view_lines(self):
        """Open the rows of the run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_dunning_run_line_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        return action

    def action_view_letters(self):
        """Open the reminders of the run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_dunning_letter_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    def action_print_letters(self):
        """Print all letters of the run as one document in the order of delivery."""
        return self.letter_ids.filtered(
            lambda letter: letter.channel in PAPER and letter.state != "cancelled"
        ).action_print()

    def action_print_list(self):
        """Print the list for whoever carries the letters."""
        if not self._get_delivery_list():
            raise UserError(self.env._("The run has no letters to carry."))
        return self.env.ref("property_fee.property_dunning_list_report").report_action(
            self
        )

    def action_deliver_letters(self):
        """Note that all letters of the run have been delivered today."""
        self.letter_ids.filtered(
            lambda letter: (
                letter.channel in PAPER and letter.state in ("draft", "printed")
            )
        ).action_deliver()
        return True

    def _get_delivery_list(self):
        """Return the letters that are to be carried, in the order of the way."""
        return self.letter_ids.filtered(
            lambda letter: letter.channel in PAPER and letter.state != "cancelled"
        )._in_delivery_order()
