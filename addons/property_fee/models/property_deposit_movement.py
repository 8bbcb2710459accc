from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .property_deposit import KINDS

# Written by posting and cancelling only.
FACTS = {"state", "move_id", "payment_id", "cancel_date", "account_id"}


class PropertyDepositMovement(models.Model):
    """One movement of a deposit: received, deducted, refunded or forfeited.

    A receipt is posted by whoever takes the money. What leaves the deposit is approved
    first; a deduction or forfeiture is posted by the approval, a refund by who pays it out.
    """

    _name = "property.deposit.movement"
    _description = "Deposit Movement"
    _inherit = ["property.approval.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _approval_amount_field = "amount"
    _approval_reopen = True
    _approval_locked_fields = (
        "deposit_id",
        "kind",
        "reason",
        "photo_ids",
        "counterpart_account_id",
    )

    deposit_id = fields.Many2one(
        "property.deposit", required=True, index=True, ondelete="restrict"
    )
    unit_id = fields.Many2one(
        related="deposit_id.unit_id", store=True, index=True, precompute=True
    )
    community_id = fields.Many2one(
        related="deposit_id.community_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="deposit_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(related="deposit_id.partner_id", store=True)
    item_id = fields.Many2one(related="deposit_id.item_id", store=True)
    kind = fields.Selection(KINDS, string="Movement", required=True, index=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    amount = fields.Monetary(required=True)
    amount_signed = fields.Monetary(
        string="Change of the Deposit",
        compute="_compute_amount_signed",
        store=True,
        help="What the posted movement adds to the deposit, or takes from it.",
    )
    reason = fields.Text()
    photo_ids = fields.Many2many(
        "ir.attachment",
        string="Photos and Papers",
        help="What proves the damage or the agreement.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Method",
        domain=[("type", "in", ("bank", "cash"))],
        check_company=True,
        ondelete="restrict",
        help="Cash box or bank account through which the money comes or goes.",
    )
    counterpart_account_id = fields.Many2one(
        "account.account",
        string="Goes To",
        compute="_compute_counterpart_account_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain=[
            (
                "account_type",
                "in",
                ("income", "income_other", "expense", "expense_direct_cost"),
            )
        ],
        ondelete="restrict",
    )

    # Facts
    state = fields.Selection(
        [("draft", "Not Posted"), ("posted", "Posted"), ("cancelled", "Cancelled")],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    account_id = fields.Many2one(
        "account.account", string="Liability Account", readonly=True, copy=False
    )
    payment_id = fields.Many2one(
        "account.payment", readonly=True, copy=False, index="btree_not_null"
    )
    move_id = fields.Many2one(
        "account.move",
        string="Journal Entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    cancel_date = fields.Date(
        string="Reversed On",
        readonly=True,
        copy=False,
        help="Day of the entry that reverses this one.",
    )

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "The amount of a movement is more than nothing."
    )
    _posted_has_entry = models.Constraint(
        "CHECK(state != 'posted' OR move_id IS NOT NULL)",
        "A posted movement has a journal entry.",
    )

    # === COMPUTE METHODS === #

    @api.depends("amount", "kind", "state")
    def _compute_amount_signed(self):
        for line in self:
            sign = 1 if line.kind == "receive" else -1
            line.amount_signed = sign * line.amount if line.state == "posted" else 0.0

    @api.depends("deposit_id", "kind")
    def _compute_counterpart_account_id(self):
        for line in self:
            if line.kind not in ("deduct", "forfeit"):
                line.counterpart_account_id = False
            elif not line.counterpart_account_id:
                item = line.item_id or line.deposit_id.item_id
                # Whoever asks for a deduction need not read products.
                product = item.sudo().product_id.product_tmpl_id
                line.counterpart_account_id = (
                    item.deposit_income_account_id
                    or product.with_company(line.company_id).get_product_accounts()[
                        "income"
                    ]
                )

    @api.depends("deposit_id.name", "deposit_id.unit_id.code", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for line in self:
            deposit = line.deposit_id
            parts = (deposit.name, deposit.unit_id.code, kinds.get(line.kind))
            line.display_name = " ".join(part for part in parts if part)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(
            vals.get("state", "draft") != "draft" or (FACTS - {"state"}) & vals.keys()
            for vals in vals_list
        ):
            self._raise_facts()
        if not self.env.su:
            # Said explicitly, for a default in the context would say otherwise.
            vals_list = [{**vals, "state": "draft"} for vals in vals_list]
        lines = super().create(vals_list)
        lines._adopt_photos()
        return lines

    def write(self, vals):
        if not self.env.su:
            if FACTS & vals.keys():
                self._raise_facts()
            content = {"amount", "date", "journal_id", "kind", "deposit_id"}
            if content & vals.keys() and any(line.state != "draft" for line in self):
                raise UserError(
                    self.env._("A posted movement is part of the books; cancel it.")
                )
        result = super().write(vals)
        if "photo_ids" in vals:
            self._adopt_photos()
        return result

    def _raise_facts(self):
        raise AccessError(
            self.env._(
                "What has been posted is changed by posting and cancelling, never"
                " directly."
            )
        )

    def _adopt_photos(self):
        """Give uploads to their movement, so that whoever reads it sees them."""
        for line in self:
            line.photo_ids.filtered(lambda photo: not photo.res_id).write(
                {"res_model": self._name, "res_id": line.id}
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if any(line.move_id or line.state != "draft" for line in self):
            raise UserError(
                self.env._("A posted movement is part of the books; cancel it.")
            )

    # === APPROVAL === #

    def _approval_may_submit(self):
        leaving = self.filtered(
            lambda line: line.kind != "receive" and line.state == "draft"
        )
        return super(PropertyDepositMovement, leaving)._approval_may_submit()

    def _approval_may_reset(self):
        return (
            super()._approval_may_reset().filtered(lambda line: line.state == "draft")
        )

    def _approval_check_submit(self):
        for line in self:
            if line.kind in ("deduct", "forfeit") and not (line.reason or "").strip():
                raise UserError(
                    self.env._(
                        "%(movement)s: say why the money is not returned.",
                        movement=line.display_name,
                    )
                )
            if line.kind == "deduct" and not line.photo_ids:
                raise UserError(
                    self.env._(
                        "%(movement)s: add a photo or a paper that proves the deduction.",
                        movement=line.display_name,
                    )
                )
            available = line.deposit_id._get_available()
            if line.currency_id.compare_amounts(line.amount, available) > 0:
                line._raise_uncovered(available)
        return super()._approval_check_submit()

    def _approval_done(self):
        result = super()._approval_done()
        at_once = self.filtered(lambda line: line.kind in ("deduct", "forfeit"))
        # Who approves need not have the right to make entries.
        at_once.sudo()._post()
        return result

    def _approval_extend_form(self, arch):
        result = super()._approval_extend_form(arch)
        for node in arch.xpath("//header/field[@name='approval_state']"):
            condition = node.get("invisible")
            receipt = "kind == 'receive'"
            node.set(
                "invisible", f"({condition}) or {receipt}" if condition else receipt
            )
        return result

    # === ACTION METHODS === #

    def action_post(self):
        """Post a receipt, or pay out a refund that was approved."""
        for line in self:
            if line.kind == "receive":
                continue
            if line.approval_state != "approved":
                raise UserError(
                    self.env._(
                        "%(movement)s has to be approved first.",
                        movement=line.display_name,
                    )
                )
        self._post()

    def action_cancel(self):
        """Take back a posted movement: its payment is cancelled, its entry reversed.

        :raise UserError: by Odoo, when the entry is locked; or when a receipt is needed
            for what has left the deposit since
        """
        self.check_access("write")
        if not self.env.user.has_group("property_base.group_property_accountant"):
            raise AccessError(
                self.env._("A posted movement is cancelled by the fee accountant.")
            )
        self.deposit_id._lock_balance()
        for line in self.filtered(lambda line: line.state == "posted"):
            if line.kind == "receive" and line.deposit_id.balance < line.amount:
                raise UserError(
                    self.env._(
                        "Part of %(deposit)s has been paid out or deducted already; its"
                        " receipt cannot be cancelled.",
                        deposit=line.deposit_id.display_name,
                    )
                )
            if line.payment_id:
                # Who entered it is no secret to whoever takes it back.
                cashier = line.payment_id.sudo().create_uid
                self.env["property.daily.closing"]._check_open(
                    line.company_id, cashier, line.date
                )
                # Not by way of a draft: its entry would have to be the last of its journal.
                line.payment_id.action_cancel()
            else:
                line.move_id._reverse_moves(
                    [
                        {
                            "date": fields.Date.context_today(self),
                            "ref": self.env._(
                                "Reversal of: %(entry)s", entry=line.move_id.name
                            ),
                        }
                    ],
                    cancel=True,
                )

    def action_print(self):
        """Print the slips of the movements."""
        return self.env.ref("property_fee.property_deposit_slip_report").report_action(
            self
        )
