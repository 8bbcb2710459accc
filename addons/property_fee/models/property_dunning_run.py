from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.workdays import next_working_day
from .property_dunning_level import PAPER


class PropertyDunningRun(models.Model):
    _name = "property.dunning.run"
    _description = "Dunning Run"
    _inherit = ["property.background.run.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _run_cron = "property_fee.ir_cron_dunning_run"
    _run_lines_action = "property_fee.property_dunning_run_line_action"
    _run_chunk = 500
    _run_scope = ("community_ids", "level_ids", "date", "company_id")
    _run_amounts = ("amount",)

    name = fields.Char(
        compute="_compute_name", store=True, readonly=False, precompute=True
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
    line_ids = fields.One2many(
        "property.dunning.run.line", "run_id", string="Rows", copy=False
    )
    letter_ids = fields.One2many(
        "property.dunning.letter", "run_id", string="Reminders", copy=False
    )
    sent_count = fields.Integer(string="Reminded", compute="_compute_totals")
    paper_count = fields.Integer(string="Letters", compute="_compute_paper_count")
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

    def _set_amounts(self, rows):
        self.amount = sum(
            rows[status][1] for status in ("todo", "sent") if status in rows
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

    # === ACTION METHODS === #

    def action_preview(self):
        """List who would be reminded of what, and who not and why; nothing goes out."""
        self._check_draft()
        for run in self:
            run._prepare_rows()
        return True

    def _check_start(self):
        """Refuse to remind on a quiet day."""
        for run in self:
            if run.quiet_warning:
                raise UserError(run.quiet_warning)

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
