from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Domain

FACTS = {"name", "payment_id", "state"}


class PropertyCreditRefund(models.Model):
    """Money that a household has paid too much or ahead goes back, when it moves out."""

    _name = "property.credit.refund"
    _description = "Refund of Credit"
    _inherit = ["property.approval.mixin"]
    _order = "date desc, id desc"
    _rec_names_search = ["name", "unit_id.code", "partner_id.name"]
    _check_company_auto = True
    _approval_amount_field = "amount"
    _approval_reopen = True
    _approval_locked_fields = ("unit_id", "partner_id", "reason")

    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default="/"
    )
    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="restrict"
    )
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Refund To",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
        help="Whose money it is.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today, copy=False)
    credit = fields.Monetary(
        string="Credit Now",
        compute="_compute_credit",
        help="What the person has paid for the unit, or was credited, and no bill has used.",
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    reason = fields.Text(required=True)
    journal_id = fields.Many2one(
        "account.journal",
        string="Method",
        domain=[("type", "in", ("bank", "cash"))],
        check_company=True,
        ondelete="restrict",
        help="Cash box or bank account from which it is paid.",
    )
    payment_id = fields.Many2one(
        "account.payment", readonly=True, copy=False, index="btree_not_null"
    )
    state = fields.Selection(
        [("open", "Not Paid"), ("paid", "Paid")],
        string="Status",
        compute="_compute_state",
        store=True,
        index=True,
    )

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "The amount of a refund is more than nothing."
    )

    # === COMPUTE METHODS === #

    @api.depends("unit_id")
    def _compute_partner_id(self):
        for refund in self:
            if not refund.unit_id or refund.partner_id:
                continue
            owners = [partner for _unit, partner in refund._read_credit_lines()]
            refund.partner_id = owners[0] if owners else refund.unit_id.owner_ids[:1]

    @api.depends("unit_id", "partner_id", "state")
    def _compute_credit(self):
        for refund in self:
            refund.credit = refund._get_credit_now()

    @api.depends("unit_id", "partner_id")
    def _compute_amount(self):
        for refund in self:
            if not refund.amount:
                refund.amount = refund._get_credit_now()

    @api.depends("payment_id.state")
    def _compute_state(self):
        for refund in self:
            paid = refund.payment_id.state in ("in_process", "paid")
            refund.state = "paid" if paid else "open"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(
            {"payment_id", "state"} & vals.keys() for vals in vals_list
        ):
            self._raise_facts()
        Sequence = self.env["ir.sequence"]
        for vals in vals_list:
            vals["name"] = Sequence.next_by_code(self._name)
        return super().create(vals_list)

    def write(self, vals):
        if FACTS & vals.keys() and not self.env.su:
            self._raise_facts()
        return super().write(vals)

    def _raise_facts(self):
        raise AccessError(
            self.env._("What was paid is written by paying it out, never directly.")
        )

    # === APPROVAL === #

    def _approval_may_submit(self):
        unpaid = self.filtered(lambda refund: refund.state == "open")
        return super(PropertyCreditRefund, unpaid)._approval_may_submit()

    def _approval_may_reset(self):
        unpaid = self.filtered(lambda refund: refund.state == "open")
        return super()._approval_may_reset() & unpaid

    def _approval_check_submit(self):
        for refund in self:
            refund._check_covered(refund._get_pending())
            refund._check_nothing_owed()
        return super()._approval_check_submit()

    # === ACTION METHODS === #

    def action_pay(self):
        """Pay out refunds that were approved.

        :raise UserError: when one was not approved, or the credit has been used meanwhile
        """
        for refund in self.filtered(lambda refund: refund.state == "open"):
            if refund.approval_state != "approved":
                raise UserError(
                    self.env._(
                        "%(refund)s has to be approved first.", refund=refund.name
                    )
                )
            if not refund.journal_id:
                raise UserError(
                    self.env._(
                        "%(refund)s: choose the method, cash or a bank account.",
                        refund=refund.name,
                    )
                )
            refund._pay()

    def action_print(self):
        """Print the slips of the refunds."""
        return self.env.ref("property_fee.property_credit_refund_report").report_action(
            self
        )

    # === BUSINESS METHODS === #

    def _read_credit_lines(self):
        """Return the entries of unused money of the unit, by unit and person."""
        # What a household is owed is no secret to who may ask for its refund.
        return self.unit_id._origin.sudo()._get_credit_lines()

    def _get_credit_lines(self):
        """Return the entries of the person's unused money for the unit, the oldest first.

        :rtype: account.move.line
        """
        self.ensure_one()
        lines = self._read_credit_lines()
        mine = lines.get((self.unit_id._origin, self.partner_id._origin))
        return (mine or self.env["account.move.line"]).with_env(self.env)

    def _get_credit_now(self):
        """Return what the person has paid for the unit and no bill has used."""
        # As above.
        return -sum(self._get_credit_lines().sudo().mapped("amount_residual"))

    def _get_pending(self):
        """Return what other refunds, submitted or approved, are about to take."""
        self.ensure_one()
        others = self.search(
            Domain("unit_id", "=", self.unit_id.id)
            & Domain("partner_id", "=", self.partner_id.id)
            & Domain("approval_state", "in", ("submitted", "approved"))
            & Domain("state", "=", "open")
            & Domain("id", "!=", self.id)
        )
        return sum(others.mapped("amount"))

    def _check_covered(self, pending=0.0):
        """Raise UserError when there is less credit than is to be refunded."""
        self.ensure_one()
        left = self._get_credit_now() - pending
        if self.currency_id.compare_amounts(self.amount, left) > 0:
            raise UserError(
                self.env._(
                    "%(person)s has a credit of %(credit)s for %(unit)s; %(amount)s cannot"
                    " be refunded.",
                    person=self.partner_id.name,
                    credit=self.currency_id.format(max(left, 0.0)),
                    unit=self.unit_id.code,
                    amount=self.currency_id.format(self.amount),
                )
            )

    def _check_nothing_owed(self):
        """Raise UserError while the person has bills open: the credit pays these first."""
        self.ensure_one()
        # As above.
        owed = (
            self.env["account.move"]
            .sudo()
            .search_count(
                [
                    ("property_unit_id", "=", self.unit_id.id),
                    ("partner_id", "=", self.partner_id.id),
                    ("move_type", "=", "out_invoice"),
                    ("state", "=", "posted"),
                    ("payment_state", "in", ("not_paid", "partial")),
                ]
            )
        )
        if owed:
            raise UserError(
                self.env._(
                    "%(person)s still owes %(count)s bills for %(unit)s. Use the credit for"
                    " them first; what is left can be refunded.",
                    person=self.partner_id.name,
                    count=owed,
                    unit=self.unit_id.code,
                )
            )

    def _pay(self):
        """Post the payment of a refund and set it against the credit."""
        self.ensure_one()
        lines = self._get_credit_lines()
        try:
            # Two refunds, or a refund and a bill, must not use the same money.
            lines.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody is using the credit of %(person)s at this moment. Nothing"
                    " was changed; please try again.",
                    person=self.partner_id.name,
                )
            ) from error
        lines.invalidate_recordset()
        self._check_covered()
        self._check_nothing_owed()
        self.env["property.daily.closing"]._check_open(self.company_id)
        payment = self.env["account.payment"].create(self._prepare_payment(lines))
        payment.action_post()
        account = payment.destination_account_id
        paid = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == account
        )
        (paid + lines.filtered(lambda line: line.account_id == account)).reconcile()
        # Facts are written by this method only.
        self.sudo().payment_id = payment

    def _prepare_payment(self, lines):
        """Return the values of the payment of a refund.

        :param lines: account.move.line of the credit
        """
        self.ensure_one()
        return {
            "payment_type": "outbound",
            "partner_type": "customer",
            "partner_id": self.partner_id.id,
            "amount": self.amount,
            "currency_id": self.currency_id.id,
            "date": fields.Date.context_today(self),
            "journal_id": self.journal_id.id,
            "memo": " ".join(
                part
                for part in (self.name, self.community_id.code, self.unit_id.code)
                if part
            ),
            "destination_account_id": lines[0].account_id.id,
            "property_unit_id": self.unit_id.id,
        }
