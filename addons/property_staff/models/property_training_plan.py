from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import plan_rules

MANAGER_GROUP = "property_base.group_property_manager"
# What a submitted plan is about; to change it, the plan goes back to draft.
FIXED_FIELDS = {"year", "company_id", "community_id", "department_id", "manager_id"}
# What only the steps themselves write.
RECORDED_FIELDS = {"submitted_on", "submitted_by_id", "decided_on", "decided_by_id"}
ACTIVITY_APPROVE = "property_staff.mail_activity_approve_plan"


class PropertyTrainingPlan(models.Model):
    """Training of one year for a department, approved by somebody else than its author.

    Every change of `state` passes `write` and is checked there, so that no button,
    drag and drop or RPC call goes around the approval.
    """

    _name = "property.training.plan"
    _description = "Training Plan"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "year desc, company_id, id"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    year = fields.Integer(
        required=True,
        default=lambda self: fields.Date.context_today(self).year + 1,
        tracking=True,
        aggregator=None,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    community_id = fields.Many2one(
        "property.community",
        index="btree_not_null",
        check_company=True,
        help="Empty: for all communities of the company.",
    )
    department_id = fields.Many2one(
        "hr.department",
        index="btree_not_null",
        check_company=True,
        help="Empty: for all departments.",
    )
    manager_id = fields.Many2one(
        "res.users",
        string="Drawn Up By",
        required=True,
        default=lambda self: self.env.user,
        index=True,
        domain=[("share", "=", False)],
        tracking=True,
    )
    approver_id = fields.Many2one(
        "res.users",
        compute="_compute_approver_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        domain=[("share", "=", False)],
        tracking=True,
        help="Community manager who decides on the plan; never the one who drew it up.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("refused", "Refused"),
        ],
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    is_lawful = fields.Boolean(
        string="Checked Against the Law",
        copy=False,
        help="The plan breaks no law or regulation.",
    )
    due_date = fields.Date(
        string="Due Before",
        compute="_compute_due_date",
        store=True,
        help="15 December of the year before.",
    )
    is_late = fields.Boolean(string="Late", compute="_compute_is_late")
    submitted_on = fields.Date(readonly=True, copy=False)
    submitted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    decided_on = fields.Date(readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    refusal_reason = fields.Text(readonly=True, copy=False)
    line_ids = fields.One2many("property.training.plan.line", "plan_id", copy=True)
    line_count = fields.Integer(
        string="Trainings", compute="_compute_totals", store=True
    )
    hours_total = fields.Float(string="Hours", compute="_compute_totals", store=True)
    budget_total = fields.Monetary(
        string="Budget", compute="_compute_totals", store=True
    )
    cost_total = fields.Monetary(string="Cost", compute="_compute_totals", store=True)
    note = fields.Text()

    _year_range = models.Constraint(
        "CHECK(year BETWEEN 2000 AND 2100)", "The year has four digits, such as 2027."
    )
    _plan_uniq = models.UniqueIndex(
        "(company_id, year, COALESCE(community_id, 0), COALESCE(department_id, 0))"
        " WHERE state != 'refused'",
        "The department already has a training plan for this year.",
    )

    # === COMPUTE === #

    @api.depends("year", "department_id", "community_id")
    def _compute_name(self):
        for plan in self:
            parts = [
                self.env._("Training Plan %(year)s", year=plan.year),
                plan.community_id.name,
                plan.department_id.name,
            ]
            plan.name = " ".join(part for part in parts if part)

    @api.depends("community_id", "manager_id")
    def _compute_approver_id(self):
        for plan in self:
            approver = plan.community_id.manager_id or plan.approver_id
            plan.approver_id = approver if approver != plan.manager_id else False

    @api.depends("year")
    def _compute_due_date(self):
        for plan in self:
            plan.due_date = plan_rules.due_date(plan.year) if plan.year > 1 else False

    @api.depends("submitted_on", "year", "state")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for plan in self:
            day = plan.submitted_on or today
            plan.is_late = bool(plan.year > 1) and plan_rules.is_late(day, plan.year)

    @api.depends("line_ids.hours", "line_ids.budget", "line_ids.cost")
    def _compute_totals(self):
        for plan in self:
            plan.line_count = len(plan.line_ids)
            plan.hours_total = sum(plan.line_ids.mapped("hours"))
            plan.budget_total = sum(plan.line_ids.mapped("budget"))
            plan.cost_total = sum(plan.line_ids.mapped("cost"))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Create plans as drafts; a later state is reached by its own step only."""
        if not self.env.su:
            for vals in vals_list:
                if vals.get("state", "draft") != "draft":
                    raise UserError(self.env._("A training plan begins as a draft."))
        return super().create(vals_list)

    def write(self, vals):
        self._check_locked(vals)
        state = vals.get("state")
        if not state:
            return super().write(vals)
        moving = self.filtered(lambda plan: plan.state != state)
        for plan in moving:
            plan._check_step(state)
        return super().write({**vals, **moving._prepare_step_vals(state)})

    def copy_data(self, default=None):
        """Copy a plan as the draft for the year after, with the same trainings."""
        default = dict(default or {})
        vals_list = super().copy_data(default)
        for plan, vals in zip(self, vals_list, strict=True):
            if "year" not in default:
                vals["year"] = plan.year + 1
            if "name" not in default:
                vals.pop("name", None)
            if "manager_id" not in default:
                vals["manager_id"] = self.env.uid
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        for plan in self:
            if plan.state not in ("draft", "refused"):
                raise UserError(
                    self.env._(
                        "%(plan)s has been submitted and stays in the archive.",
                        plan=plan.name,
                    )
                )

    # === STEPS === #

    def _check_locked(self, vals):
        """Refuse to change what was submitted, or to write who decided when."""
        if RECORDED_FIELDS & vals.keys() and not self.env.su:
            raise UserError(
                self.env._("Who submitted and decided when is recorded by the steps.")
            )
        if not FIXED_FIELDS & vals.keys():
            return
        for plan in self:
            if plan.state in ("submitted", "approved"):
                raise UserError(
                    self.env._(
                        "%(plan)s is %(state)s; set it back to draft to change it.",
                        plan=plan.name,
                        state=plan._get_state_label(plan.state),
                    )
                )

    def _get_state_label(self, state):
        return dict(self._fields["state"]._description_selection(self.env))[state]

    def _check_step(self, state):
        """Refuse a step that the table does not know or whose conditions are not met."""
        self.ensure_one()
        if not plan_rules.is_allowed(self.state, state):
            raise UserError(
                self.env._(
                    "%(plan)s is %(old)s and cannot become %(new)s.",
                    plan=self.name,
                    old=self._get_state_label(self.state),
                    new=self._get_state_label(state),
                )
            )
        if state == "submitted":
            self._check_complete()
        if state in ("approved", "refused") or self.state == "approved":
            self._check_decider()

    def _check_complete(self):
        """Refuse a plan that does not say what the procedure asks for."""
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("%(plan)s has no training yet.", plan=self.name))
        problems = [line._describe_missing() for line in self.line_ids]
        if problems := [problem for problem in problems if problem]:
            raise UserError("\n".join(problems))
        if not self.is_lawful:
            raise UserError(
                self.env._(
                    "Check %(plan)s against laws and regulations, and tick that you"
                    " did, before you submit it.",
                    plan=self.name,
                )
            )
        self._check_approver()

    def _check_approver(self):
        """Refuse an approver who drew the plan up or is no manager."""
        self.ensure_one()
        if not self.approver_id:
            raise UserError(self.env._("Choose who approves %(plan)s.", plan=self.name))
        if self.approver_id == self.manager_id:
            raise UserError(
                self.env._(
                    "%(user)s drew up %(plan)s and cannot approve it.",
                    user=self.approver_id.name,
                    plan=self.name,
                )
            )
        if not self.approver_id.has_group(MANAGER_GROUP):
            raise UserError(
                self.env._(
                    "%(user)s is no community manager and cannot approve %(plan)s.",
                    user=self.approver_id.name,
                    plan=self.name,
                )
            )

    def _check_decider(self):
        """Refuse a decision by whoever drew up or submitted the plan, or no manager."""
        self.ensure_one()
        user = self.env.user
        if not user.has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._("Only a community manager decides on training plans.")
            )
        if user in (self.manager_id, self.submitted_by_id):
            raise UserError(
                self.env._(
                    "Nobody decides on his own plan: %(user)s drew up or submitted"
                    " %(plan)s.",
                    user=user.name,
                    plan=self.name,
                )
            )

    def _prepare_step_vals(self, state):
        """Return the dates and names that a step into a state records or clears."""
        today = fields.Date.context_today(self)
        if state == "submitted":
            return {
                "submitted_on": today,
                "submitted_by_id": self.env.uid,
                "refusal_reason": False,
            }
        if state in ("approved", "refused"):
            return {"decided_on": today, "decided_by_id": self.env.uid}
        return {
            "submitted_on": False,
            "submitted_by_id": False,
            "decided_on": False,
            "decided_by_id": False,
        }

    # === ACTIONS === #

    def action_submit(self):
        """Hand the plans in: the approver gets an activity, reminders are done."""
        self.write({"state": "submitted"})
        for plan in self:
            plan.activity_schedule(
                ACTIVITY_APPROVE, user_id=plan.approver_id.id, summary=plan.name
            )
        for (company, year), plans in self.grouped(
            lambda plan: (plan.company_id, plan.year)
        ).items():
            self.env["property.community"]._close_training_reminders(
                company, year, plans[0].name
            )

    def action_approve(self):
        """Approve the plans."""
        self.write({"state": "approved"})
        self.activity_feedback([ACTIVITY_APPROVE], feedback=self.env._("Approved"))

    def action_refuse(self):
        """Ask for the reason, then refuse the plans."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.training.refusal",
            "name": self.env._("Refuse"),
            "view_mode": "form",
            "target": "new",
            "context": {"default_plan_ids": self.ids},
        }

    def _refuse(self, reason):
        """Refuse the plans and say why.

        :param str reason: goes to the author and stays on the plan
        """
        self.write({"state": "refused", "refusal_reason": reason})
        self.activity_unlink([ACTIVITY_APPROVE])
        for plan in self:
            plan.message_post(
                body=reason,
                partner_ids=plan.manager_id.partner_id.ids,
                subtype_xmlid="mail.mt_comment",
            )

    def action_draft(self):
        """Take the plans back to change them; an approval is lost by it."""
        self.write({"state": "draft"})
        self.activity_unlink([ACTIVITY_APPROVE])
