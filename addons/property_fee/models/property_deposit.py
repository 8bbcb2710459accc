from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError

KINDS = [
    ("receive", "Received"),
    ("deduct", "Deducted"),
    ("refund", "Refunded"),
    ("forfeit", "Forfeited"),
]
# Once money has come in, these say whose it is and on which account it lies.
IDENTITY = {"unit_id", "partner_id", "item_id", "account_id"}
# What follows from the movements and the kind of deposit.
FIGURES = {
    "amount_received",
    "amount_deducted",
    "amount_refunded",
    "amount_forfeited",
    "balance",
    "state",
    "account_id",
}


class PropertyDeposit(models.Model):
    """Money of somebody else that is held for a unit: for a renovation, for keys, for passes.

    What has happened to it are its movements, each a posted journal entry on a liability
    account; amounts and state follow from them.
    """

    _name = "property.deposit"
    _description = "Deposit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_names_search = ["name", "unit_id.code", "partner_id.name", "reference"]
    _check_company_auto = True

    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default="/"
    )
    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="restrict", tracking=True
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
        string="Depositor",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        help="Who paid it and gets it back; it does not pass to a new owner of the unit.",
    )
    item_id = fields.Many2one(
        "property.fee.item",
        string="Kind of Deposit",
        required=True,
        index=True,
        domain="[('kind', '=', 'deposit')]",
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    account_id = fields.Many2one(
        "account.account",
        string="Liability Account",
        compute="_compute_account_id",
        store=True,
        precompute=True,
        ondelete="restrict",
        help="Taken from the kind of deposit until the money comes in.",
    )
    amount = fields.Monetary(string="Agreed Amount", required=True, tracking=True)
    date = fields.Date(
        string="Agreed On", required=True, default=fields.Date.context_today
    )
    date_return = fields.Date(
        string="Return Expected On",
        tracking=True,
        help="For instance the day on which the renovation will be accepted.",
    )
    reference = fields.Char(help="Renovation permit, contract or paper slip.")
    note = fields.Text()
    movement_ids = fields.One2many(
        "property.deposit.movement", "deposit_id", string="Movements"
    )

    # What has happened, from the posted movements
    amount_received = fields.Monetary(compute="_compute_amounts", store=True)
    amount_deducted = fields.Monetary(compute="_compute_amounts", store=True)
    amount_refunded = fields.Monetary(compute="_compute_amounts", store=True)
    amount_forfeited = fields.Monetary(compute="_compute_amounts", store=True)
    balance = fields.Monetary(
        string="Held",
        compute="_compute_amounts",
        store=True,
        help="Received less deducted, refunded and forfeited: what the liability account"
        " holds of this deposit.",
    )
    amount_pending = fields.Monetary(
        string="Under Way",
        compute="_compute_amount_pending",
        help="Deductions, refunds and forfeitures that are submitted or approved but not"
        " yet posted.",
    )
    state = fields.Selection(
        [("draft", "Not Received"), ("held", "Held"), ("closed", "Closed")],
        compute="_compute_amounts",
        store=True,
        index=True,
        tracking=True,
    )

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "The amount of a deposit is more than nothing."
    )
    _balance_positive = models.Constraint(
        "CHECK(balance >= 0)", "No more can leave a deposit than has come in."
    )

    # === COMPUTE METHODS === #

    @api.depends("unit_id")
    def _compute_partner_id(self):
        for deposit in self:
            if deposit.unit_id and not deposit.partner_id:
                deposit.partner_id = deposit.unit_id.owner_ids[:1]

    @api.depends("item_id.agency_account_id")
    def _compute_account_id(self):
        for deposit in self:
            if not any(line.state == "posted" for line in deposit.movement_ids):
                deposit.account_id = deposit.item_id.agency_account_id

    @api.depends("movement_ids.amount", "movement_ids.kind", "movement_ids.state")
    def _compute_amounts(self):
        for deposit in self:
            sums = dict.fromkeys(dict(KINDS), 0.0)
            for line in deposit.movement_ids:
                if line.state == "posted":
                    sums[line.kind] += line.amount
            deposit.amount_received = sums["receive"]
            deposit.amount_deducted = sums["deduct"]
            deposit.amount_refunded = sums["refund"]
            deposit.amount_forfeited = sums["forfeit"]
            balance = sums.pop("receive") - sum(sums.values())
            currency = deposit.currency_id or deposit.env.company.currency_id
            deposit.balance = currency.round(balance)
            if not deposit.amount_received:
                deposit.state = "draft"
            else:
                deposit.state = "held" if deposit.balance else "closed"

    @api.depends("movement_ids.state", "movement_ids.approval_state")
    def _compute_amount_pending(self):
        for deposit in self:
            deposit.amount_pending = sum(
                line.amount
                for line in deposit.movement_ids
                if line.state == "draft"
                and line.approval_state in ("submitted", "approved")
            )

    @api.depends("name", "unit_id.code", "item_id.name")
    def _compute_display_name(self):
        for deposit in self:
            parts = (deposit.name, deposit.unit_id.code, deposit.item_id.name)
            deposit.display_name = " ".join(part for part in parts if part)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        Sequence = self.env["ir.sequence"]
        if not self.env.su:
            # Left to be computed, whatever a form sends.
            vals_list = [
                {name: vals[name] for name in vals if name not in FIGURES}
                for vals in vals_list
            ]
        for vals in vals_list:
            vals["name"] = Sequence.next_by_code(self._name)
        return super().create(vals_list)

    def write(self, vals):
        if FIGURES & vals.keys() and not self.env.su:
            self._raise_figures()
        if IDENTITY & vals.keys() and not self.env.su:
            for deposit in self.filtered(lambda deposit: deposit.state != "draft"):
                raise UserError(
                    self.env._(
                        "The money of %(deposit)s has come in: whose it is, for which unit"
                        " and what for stays as it is. Refund it and begin a new one.",
                        deposit=deposit.display_name,
                    )
                )
        return super().write(vals)

    def _raise_figures(self):
        raise AccessError(
            self.env._("What is held of a deposit follows from its movements.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_moved(self):
        if any(deposit.movement_ids for deposit in self):
            raise UserError(
                self.env._("A deposit with movements is part of the books; it stays.")
            )

    # === ACTION METHODS === #

    def action_receive(self):
        """Open a receipt of what has not come in yet."""
        self.ensure_one()
        return self._open_new_movement(
            "receive", self.amount - self.amount_received, self.env._("Receive Deposit")
        )

    def action_deduct(self):
        """Open a deduction for damage or arrears."""
        self.ensure_one()
        return self._open_new_movement("deduct", 0.0, self.env._("Deduct from Deposit"))

    def action_refund(self):
        """Open a refund of all that is left."""
        self.ensure_one()
        return self._open_new_movement(
            "refund", self._get_available(), self.env._("Refund Deposit")
        )

    def action_forfeit(self):
        """Open a forfeiture of all that is left."""
        self.ensure_one()
        return self._open_new_movement(
            "forfeit", self._get_available(), self.env._("Forfeit Deposit")
        )

    def _open_new_movement(self, kind, amount, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "property.deposit.movement",
            "view_mode": "form",
            "target": "current",
            "context": {
                "default_deposit_id": self.id,
                "default_kind": kind,
                "default_amount": amount,
            },
        }

    def action_view_entries(self):
        """Open the journal items of the deposits."""
        moves = self.movement_ids.move_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Items"),
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [("move_id", "in", moves.ids)],
            "context": {"create": False},
        }

    # === BUSINESS METHODS === #

    @api.model
    def _create_from_bill_lines(self, lines):
        """Enter deposits that were billed: received by the bill, held once it is paid.

        :param lines: account.move.line of posted bills, of fee items of the kind deposit
        """
        deposits = self.create(
            [
                {
                    "unit_id": line.move_id.property_unit_id.id,
                    "partner_id": line.partner_id.id,
                    "item_id": line.property_charge_id.item_id.id,
                    "amount": line.price_total,
                    "date": line.date,
                    "reference": line.move_id.name,
                }
                for line in lines
            ]
        )
        self.env["property.deposit.movement"].create(
            [
                {
                    "deposit_id": deposit.id,
                    "kind": "receive",
                    "date": line.date,
                    "amount": line.price_total,
                    "move_id": line.move_id.id,
                    "account_id": line.account_id.id,
                    "state": "posted",
                }
                for deposit, line in zip(deposits, lines, strict=True)
            ]
        )
        return deposits

    def _get_unpaid(self):
        """Return what was billed of the deposit and has not been paid."""
        self.ensure_one()
        # Whoever returns a deposit need not read bills to learn that it was not paid.
        bills = self.sudo().movement_ids.filtered(
            lambda line: (
                line.kind == "receive"
                and line.state == "posted"
                and line.move_id.move_type == "out_invoice"
            )
        )
        return sum(min(bill.amount, bill.move_id.amount_residual) for bill in bills)

    def _get_available(self):
        """Return what is held, paid, and not about to leave already."""
        self.ensure_one()
        left = self.balance - self.amount_pending - self._get_unpaid()
        return max(0.0, self.currency_id.round(left))

    def _lock_balance(self):
        """Let one transaction at a time take from or add to the deposits.

        :raises UserError: when somebody else is doing it at this moment
        """
        try:
            # Who pays out need not be allowed to change what was agreed.
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on deposit %(deposits)s at this moment."
                    " Nothing was changed; please look at it again.",
                    deposits=", ".join(self.mapped("name")),
                )
            ) from error
        self.invalidate_recordset(["balance", "amount_received"])
