from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command


class PropertyInstalmentPlan(models.Model):
    _name = "property.instalment.plan"
    _description = "Instalment Agreement"
    _inherit = ["property.dunning.commitment", "mail.thread"]
    _order = "date desc, id desc"

    move_ids = fields.Many2many(
        "account.move", "property_instalment_plan_move_rel", string="Bills"
    )
    date = fields.Date(
        string="Agreed On", required=True, default=fields.Date.context_today
    )
    count = fields.Integer(string="Instalments", required=True, default=3)
    date_first = fields.Date(
        string="First On",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), months=1),
    )
    tolerance_days = fields.Integer(
        default=3, help="Days after which an instalment that is not paid breaks it."
    )
    line_ids = fields.One2many(
        "property.instalment.line",
        "plan_id",
        string="Instalment Schedule",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    date_next = fields.Date(
        string="Next Instalment", compute="_compute_date_next", store=True
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Signed Agreement")
    is_broken = fields.Boolean(readonly=True)
    is_active = fields.Boolean(readonly=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("active", "Running"),
            ("kept", "Kept"),
            ("broken", "Broken"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )

    _count_positive = models.Constraint(
        "CHECK(count BETWEEN 1 AND 120)", "Between one and 120 instalments."
    )

    # === COMPUTE METHODS === #

    @api.depends("amount", "count", "date_first")
    def _compute_line_ids(self):
        for plan in self:
            if not (plan.amount and plan.count and plan.date_first):
                continue
            if plan.is_active or not 1 <= plan.count <= 120:
                continue
            currency = plan.currency_id or self.env.company.currency_id
            part = currency.round(plan.amount / plan.count)
            last = currency.round(plan.amount - part * (plan.count - 1))
            plan.line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "date": fields.Date.add(plan.date_first, months=number),
                        "amount": part if number < plan.count - 1 else last,
                    }
                )
                for number in range(plan.count)
            ]

    @api.depends("amount", "amount_paid", "is_broken", "is_active")
    def _compute_state(self):
        for plan in self:
            if plan.is_broken:
                plan.state = "broken"
            elif not plan.is_active:
                plan.state = "draft"
            elif plan.currency_id.compare_amounts(plan.amount_paid, plan.amount) >= 0:
                plan.state = "kept"
            else:
                plan.state = "active"

    @api.depends("line_ids.date", "line_ids.amount", "amount_paid")
    def _compute_date_next(self):
        for plan in self:
            owing = plan.line_ids.filtered(lambda line: line.amount_left > 0)
            plan.date_next = min(owing.mapped("date"), default=False)

    @api.depends("amount", "date")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = f"{plan.date} {plan.amount:.2f}"

    @api.constrains("line_ids", "amount")
    def _check_lines(self):
        for plan in self:
            total = sum(plan.line_ids.mapped("amount"))
            if plan.currency_id.compare_amounts(total, plan.amount) != 0:
                raise ValidationError(
                    self.env._(
                        "The instalments add up to %(total)s, not to %(amount)s.",
                        total=f"{total:.2f}",
                        amount=f"{plan.amount:.2f}",
                    )
                )

    # === ACTION METHODS === #

    def action_confirm(self):
        """Let the agreement run: nobody is reminded while it is kept."""
        for plan in self:
            if plan.is_active:
                continue
            if plan.case_id.plan_ids.filtered(lambda other: other.state == "active"):
                raise UserError(
                    self.env._(
                        "%(case)s already pays by instalments.",
                        case=plan.case_id.display_name,
                    )
                )
            plan.is_active = True
        self.case_id._plan_next()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(plan.is_active for plan in self):
            raise UserError(
                self.env._("An agreement that was made is evidence; it stays.")
            )

    @api.model
    def _break_overdue(self, date):
        """Note the agreements with an overdue instalment and raise their cases.

        :param date date: today
        """
        plans = self.search([("state", "=", "active"), ("date_next", "<", date)])
        plans = plans.filtered(
            lambda plan: plan.date_next + timedelta(days=plan.tolerance_days) < date
        )
        plans.is_broken = True
        for plan in plans:
            plan.case_id._raise_level(
                self.env._(
                    "Agreement broken: the instalment of %(date)s was not paid.",
                    date=plan.date_next,
                )
            )
