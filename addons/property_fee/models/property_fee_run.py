from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.period import month_start

# What may not change once rows have been approved or billed.
SCOPE_FIELDS = (
    "community_ids",
    "building_ids",
    "item_ids",
    "period",
    "invoice_date",
    "company_id",
)


class PropertyFeeRun(models.Model):
    _name = "property.fee.run"
    _description = "Fee Run"
    _inherit = ["property.background.run.mixin", "property.approval.mixin"]
    _order = "period desc, id desc"
    _check_company_auto = True
    _run_cron = "property_fee.ir_cron_fee_run"
    _run_lines_action = "property_fee.property_fee_run_line_action"
    _run_scope = SCOPE_FIELDS
    _run_amounts = ("amount_expected", "amount")
    _approval_amount_field = "amount_expected"
    _approval_locked_fields = SCOPE_FIELDS
    _approval_reopen = True

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    user_id = fields.Many2one(string="Accountant")
    schedule_id = fields.Many2one(
        "property.fee.schedule",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )

    # Scope
    community_ids = fields.Many2many(
        "property.community", string="Communities", required=True, check_company=True
    )
    building_ids = fields.Many2many(
        "property.building",
        string="Buildings",
        domain="[('community_id', 'in', community_ids)]",
        help="Leave empty to bill all buildings of the communities.",
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
    line_ids = fields.One2many(
        "property.fee.run.line", "run_id", string="Rows", copy=False
    )
    charged_count = fields.Integer(string="Charged", compute="_compute_totals")
    undone_count = fields.Integer(string="Taken Back", compute="_compute_totals")
    amount_expected = fields.Monetary(string="Expected", compute="_compute_totals")
    amount_charged = fields.Monetary(string="Charged Amount", compute="_compute_totals")
    move_ids = fields.One2many("account.move", "property_run_id", string="Bills")
    move_count = fields.Integer(string="Bill Count", compute="_compute_move_count")

    # Approval
    needs_approval = fields.Boolean(related="company_id.property_run_approval")
    can_start = fields.Boolean(compute="_compute_can_start")

    # === COMPUTE METHODS === #

    @api.depends("period", "community_ids.name")
    def _compute_name(self):
        for run in self:
            month = run.period and f"{run.period:%Y-%m}"
            parts = [month, *run.community_ids.mapped("name")]
            run.name = " ".join(part for part in parts if part) or self.env._("New Run")

    def _set_amounts(self, rows):
        self.amount_expected = sum(row[1] for row in rows.values())
        self.amount_charged = sum(row[2] for row in rows.values())

    @api.depends("move_ids")
    def _compute_move_count(self):
        counts = dict(
            self.env["account.move"]._read_group(
                [("property_run_id", "in", self.ids)], ["property_run_id"], ["__count"]
            )
        )
        for run in self:
            run.move_count = counts.get(run, 0)

    @api.depends("state", "needs_approval", "approval_state")
    def _compute_can_start(self):
        for run in self:
            approved = not run.needs_approval or run.approval_state == "approved"
            run.can_start = run.state == "draft" and approved

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
        return super().write(vals)

    def _may_change(self, names):
        # Of bills that could not be posted, the date may be the reason.
        is_date = names == {"invoice_date"} and self.state == "failed"
        return is_date or super()._may_change(names)

    @api.model
    def _normalise_period(self, vals):
        """Turn any day of the period into the first of its month."""
        if vals.get("period"):
            vals["period"] = month_start(fields.Date.to_date(vals["period"]))

    # === ACTION METHODS === #

    def action_preview(self):
        """List the households with what each would be billed; nothing is posted."""
        self._check_draft()
        if any(run.needs_approval and run.approval_state != "draft" for run in self):
            raise UserError(
                self.env._(
                    "The run has been submitted: what is being approved stays as it is."
                    " Take it back to draft to preview it again."
                )
            )
        self._prepare_preview()
        return True

    def _check_start(self):
        """Refuse to bill what has to be approved first, or without a sales journal."""
        if waiting := self.filtered(lambda run: not run.can_start):
            raise UserError(
                self.env._(
                    "%(run)s has to be approved before it can be billed.",
                    run=waiting[0].name,
                )
            )
        for run in self:
            self.env["property.charge"]._get_sale_journal(run.company_id)

    def _is_prepared(self):
        # What has been approved is billed, no more and no less.
        return self.needs_approval

    def action_view_moves(self):
        """Open the bills of the run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_bill_action"
        )
        action["domain"] = [("property_run_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    # === APPROVAL === #

    def _approval_subject(self):
        amount, company, _community = super()._approval_subject()
        single = self.community_ids if len(self.community_ids) == 1 else False
        return amount, company, single or self.env["property.community"]

    def _approval_may_submit(self):
        runs = super()._approval_may_submit()
        return runs.filtered(lambda run: run.needs_approval and run.state == "draft")

    def _approval_may_reset(self):
        return super()._approval_may_reset().filtered(lambda run: run.state == "draft")

    def _approval_check_submit(self):
        for run in self:
            if not run.line_count:
                raise UserError(
                    self.env._(
                        "Preview the run first: the approver has to see what will be billed."
                    )
                )
        return super()._approval_check_submit()

    @api.model
    def _approval_extend_form(self, arch):
        # Where a company wants no approval, its form says nothing of one.
        result = super()._approval_extend_form(arch)
        for node in arch.xpath("//header/field[@name='approval_state']"):
            node.set("invisible", "not needs_approval")
        return result
