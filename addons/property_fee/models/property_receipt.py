from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..tools.capitals import amount_in_capitals
from ..tools.settle import fen, spread, yuan

SEQUENCE = "property.receipt"


class PropertyReceipt(models.Model):
    _name = "property.receipt"
    _description = "Receipt"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", required=True, readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, readonly=True, index=True)
    state = fields.Selection(
        [("posted", "Valid"), ("void", "Void")],
        required=True,
        readonly=True,
        default="posted",
        index=True,
        tracking=True,
        copy=False,
    )
    unit_id = fields.Many2one(
        "property.unit", required=True, readonly=True, index=True, ondelete="restrict"
    )
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True, precompute=True
    )

    # Who and how
    payer_name = fields.Char(string="Payer", required=True, readonly=True)
    debtor_id = fields.Many2one(
        "res.partner", string="Household", readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", string="Cashier", required=True, readonly=True, index=True
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Payment Method",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    note = fields.Char(readonly=True)

    # How much
    amount = fields.Monetary(string="Amount Received", required=True, readonly=True)
    amount_credit_used = fields.Monetary(
        string="From Credit",
        readonly=True,
        help="What the household had paid before and used for these bills.",
    )
    amount_credit_left = fields.Monetary(
        string="Kept as Credit",
        readonly=True,
        help="What no bill used: it pays the next bills.",
    )
    amount_capitals = fields.Char(
        string="In Capitals", compute="_compute_amount_capitals"
    )
    line_ids = fields.One2many(
        "property.receipt.line", "receipt_id", string="Paid", readonly=True
    )
    payment_ids = fields.One2many(
        "account.payment", "property_receipt_id", string="Payments", readonly=True
    )
    prepaid_move_ids = fields.Many2many(
        "account.move",
        "property_receipt_prepaid_rel",
        string="Billed in Advance",
        readonly=True,
        copy=False,
    )

    # What became of it
    print_count = fields.Integer(string="Printed", readonly=True, copy=False)
    void_reason = fields.Char(readonly=True, copy=False, tracking=True)
    void_date = fields.Date(readonly=True, copy=False)
    void_user_id = fields.Many2one(
        "res.users", string="Voided By", readonly=True, copy=False
    )
    closing_id = fields.Many2one(
        "property.daily.closing",
        string="Daily Closing",
        readonly=True,
        index="btree_not_null",
        copy=False,
        ondelete="set null",
    )
    token = fields.Char(
        readonly=True, copy=False, help="Tells a second click from a second payment."
    )
    statement_line_id = fields.Many2one(
        "account.bank.statement.line",
        string="Bank Entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Of a receipt that was asked for after the bank's line had paid the bills.",
    )

    _name_company_uniq = models.Constraint(
        "UNIQUE(company_id, name)", "A receipt number is given once."
    )
    _token_uniq = models.UniqueIndex(
        "(token) WHERE token IS NOT NULL", "This payment was already taken."
    )

    @api.depends("amount")
    def _compute_amount_capitals(self):
        for receipt in self:
            receipt.amount_capitals = amount_in_capitals(receipt.amount)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_numbered(self):
        raise UserError(
            self.env._("A receipt is never deleted; void it, and it keeps its number.")
        )

    # === ISSUE === #

    @api.model
    def _next_number(self, company, day):
        """Return the next number of a company's receipts; none is ever left out.

        The row of the sequence stays locked until the transaction ends, so this comes last.
        """
        # Whoever may take money draws a number; sequences are for administrators.
        Sequence = self.env["ir.sequence"].sudo()
        sequence = Sequence.search(
            [("code", "=", SEQUENCE), ("company_id", "=", company.id)], limit=1
        )
        if not sequence:
            sequence = Sequence.create(
                {
                    "name": self.env._("Receipts of %(company)s", company=company.name),
                    "code": SEQUENCE,
                    "company_id": company.id,
                    "implementation": "no_gap",
                    "prefix": "SJ%(range_year)s-",
                    "padding": 6,
                    "use_date_range": True,
                }
            )
        return sequence.next_by_id(sequence_date=day)

    @api.model
    def _issue(self, unit, settled, **values):
        """Write the receipt for money that was taken.

        To be called with the rights of the system, after those of the user were checked.

        :param property.unit unit: the household
        :param Settled settled: what the money did
        :param values: further fields of the receipt
        :return: property.receipt
        """
        receipt = self.create(
            {
                **values,
                "name": self._next_number(unit.company_id, values["date"]),
                "company_id": unit.company_id.id,
                "unit_id": unit.id,
                "debtor_id": settled.payments[:1].partner_id.id,
                "amount": sum(settled.payments.mapped("amount")),
                "amount_credit_used": yuan(sum(settled.by_credit.values())),
                "amount_credit_left": yuan(settled.rest),
                "line_ids": [
                    Command.create(vals) for vals in self._prepare_lines(settled.paid)
                ],
            }
        )
        settled.payments.property_receipt_id = receipt
        settled.payments.memo = f"{receipt.name} {unit.code}"
        return receipt

    @api.model
    def _prepare_lines(self, paid_by_bill, paid_before=None):
        """Return what was paid, line by line of the bills.

        :param dict paid_by_bill: bill -> fen
        :param dict paid_before: bill -> fen that it had been paid earlier; without it the
            money came a moment ago, and all else that was paid came before
        """
        vals_list = []
        for bill, paid in paid_by_bill.items():
            is_free = not fen(bill.amount_total)
            if not paid and not is_free:
                continue
            lines = bill.invoice_line_ids.filtered(
                lambda line: line.display_type == "product"
            ).sorted(lambda line: (line.sequence, line.id))
            before = fen(bill.amount_total) - fen(bill.amount_residual) - paid
            if paid_before is not None:
                before = paid_before.get(bill, 0)
            shares = spread([fen(line.price_total) for line in lines], before, paid)
            for line, share in zip(lines, shares, strict=True):
                # A month that is free is one of those that were paid for.
                if share or is_free:
                    vals_list.append(self._prepare_line(bill, line, share))
        return vals_list

    @api.model
    def _prepare_line(self, bill, line, share):
        charge = line.property_charge_id
        return {
            "move_id": bill.id,
            "move_line_id": line.id,
            "item_id": charge.item_id.id,
            "name": charge.item_id.name or line.product_id.name or line.name,
            "days": charge.period_label
            or (bill.property_period and f"{bill.property_period:%Y-%m}"),
            "amount": yuan(share),
            "is_partial": share < fen(line.price_total),
        }

    # === PRINT === #

    def action_print(self):
        """Print the receipts; each print is counted and a second one says that it is one."""
        return self.env.ref("property_fee.property_receipt_report").report_action(self)

    def _count_print(self):
        """Count a print.

        :return: dict receipt -> how often it was printed before
        """
        self.check_access("read")
        before = {receipt: receipt.print_count for receipt in self}
        for receipt in self:
            # Who may print does not thereby may change a receipt.
            receipt.sudo().print_count += 1
        return before

    def _get_print_lines(self):
        """Return what was paid as the paper shows it: an item's whole fees in one line.

        :return: list of dict `name`, `days` (from the first to the last), `bills`, `amount`,
            `is_partial`
        """
        self.ensure_one()
        lines = []
        for (name, is_partial), own in self.line_ids.grouped(
            lambda line: (line.name, line.is_partial)
        ).items():
            days = [day for day in own.sorted("id").mapped("days") if day]
            bills = own.move_id.mapped("name")
            lines.append(
                {
                    "name": name,
                    "days": " - ".join(dict.fromkeys([days[0], days[-1]]))
                    if days
                    else "",
                    "bills": bills[0]
                    if len(bills) == 1
                    else self.env._("%(count)s bills", count=len(bills)),
                    "amount": sum(own.mapped("amount")),
                    "is_partial": is_partial,
                }
            )
        return lines

    def _get_prepay_discount(self):
        """Return what the household is spared for what it paid in advance."""
        self.ensure_one()
        # The receipt tells it anyway.
        charges = self.sudo().prepaid_move_ids.property_charge_ids
        return sum(charge._get_prepay_discount() for charge in charges)

    def _get_reprint_text(self, before):
        """Return what marks a further print, in the language of the context."""
        return self.env._("(Reprint No. %(count)s)", count=before)

    # === ACTION METHODS === #

    def action_view_payments(self):
        """Open the payments that the receipt confirms."""
        return self.payment_ids._get_records_action(name=self.env._("Payments"))

    def action_view_bills(self):
        """Open the bills that the receipt pays."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_bill_action"
        )
        return {
            **action,
            "domain": list(Domain("id", "in", self.line_ids.move_id.ids)),
            "context": {"create": False},
        }
