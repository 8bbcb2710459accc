from odoo import fields, models

from ..tools.settle import fen


class PropertyDebitLine(models.Model):
    _name = "property.debit.line"
    _description = "Direct Debit of a Household"
    _order = "batch_id desc, id"
    _rec_name = "reference"

    batch_id = fields.Many2one(
        "property.debit.batch", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="batch_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="batch_id.currency_id")
    reference = fields.Char(compute="_compute_reference")
    mandate_id = fields.Many2one(
        "property.debit.mandate", required=True, index=True, ondelete="restrict"
    )
    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="restrict"
    )
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True, precompute=True
    )
    move_ids = fields.Many2many(
        "account.move", "property_debit_line_move_rel", string="Bills"
    )
    amount = fields.Monetary(required=True)
    state = fields.Selection(
        [("pending", "With the Bank"), ("paid", "Collected"), ("failed", "Failed")],
        required=True,
        default="pending",
        index=True,
    )
    reason = fields.Char(string="Why It Failed")
    payment_ids = fields.Many2many(
        "account.payment", "property_debit_line_payment_rel", string="Payments"
    )

    def _compute_reference(self):
        for line in self:
            line.reference = f"DK{line.batch_id.id:05d}-{line.id:06d}"

    def _get_row(self):
        """Return the line as a row of the file for the bank."""
        self.ensure_one()
        mandate = self.mandate_id
        return [
            self.reference,
            mandate.agreement_no,
            mandate.holder,
            mandate.account,
            mandate.bank_name or "",
            self.amount,
            f"{self.unit_id.community_id.name} {self.unit_id.code}",
        ]

    def _book_paid(self):
        """Book what the bank collected: it pays the bills of the line that are still open."""
        self.ensure_one()
        # Who reads the bank's file in was checked; the books are kept by the system.
        line = self.sudo()
        Collection = line.env["property.collection"]
        Collection._lock_bills(line.move_ids)
        wanted = {
            bill: fen(bill.amount_residual)
            for bill in line.move_ids.sorted(
                lambda move: (move.invoice_date_due, move.id)
            )
            if bill.state == "posted" and bill.amount_residual > 0
        }
        settled = Collection._settle(
            line.unit_id,
            wanted,
            fen(line.amount),
            line.batch_id.journal_id,
            date=fields.Date.context_today(line),
            debtor=line.mandate_id.partner_id,
            payer_name=line.mandate_id.holder,
            memo=f"{line.reference} {line.unit_id.code}",
        )
        line.write({"state": "paid", "payment_ids": settled.payments.ids})
