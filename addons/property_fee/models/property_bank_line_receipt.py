from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from ..tools.settle import fen, yuan


class PropertyBankLine(models.Model):
    """A receipt for money that came by the bank, for whoever asks for one."""

    _inherit = "property.bank.line"

    receipt_id = fields.Many2one(
        "property.receipt",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def action_receipt(self):
        """Print the receipts of settled lines; the first time, each is written.

        Of money that the counter took before, it is the receipt that was written there.

        :raises UserError: a line has paid no household
        """
        self._check_may_settle()
        for line in self:
            if line.state != "settled" or not line.unit_id or line.amount <= 0:
                raise UserError(
                    self.env._(
                        "%(memo)s (%(amount)s) has not been settled for one household:"
                        " settle it first, then write the receipt.",
                        memo=line.memo or line.payer_name or line.row,
                        amount=f"{line.amount:.2f}",
                    )
                )
        self.lock_for_update()
        # Rights were checked: receipts are the system's.
        for line in self.sudo():
            if not line.receipt_id or line.receipt_id.state == "void":
                line.receipt_id = line._find_counter_receipt() or line._write_receipt()
        return self.receipt_id.with_env(self.env).action_print()

    def _find_counter_receipt(self):
        """Return the valid receipt of the payment that the line confirms, if it does."""
        self.ensure_one()
        entries = self.statement_line_id.line_ids
        payments = entries.matched_debit_ids.debit_move_id.move_id.origin_payment_id
        return payments.property_receipt_id.filtered(
            lambda receipt: receipt.state == "posted"
        )[:1]

    def _write_receipt(self):
        """Write the receipt of a line, on what it has paid up to now."""
        self.ensure_one()
        Receipt = self.env["property.receipt"]
        paid, before = self._get_paid()
        today = fields.Date.context_today(self)
        company = self.company_id
        return Receipt.create(
            {
                "name": Receipt._next_number(company, today),
                "company_id": company.id,
                "date": today,
                "unit_id": self.unit_id.id,
                "debtor_id": self.statement_line_id.partner_id.id,
                "payer_name": self.payer_name
                or self.statement_line_id.partner_id.name
                or self.unit_id.code,
                "user_id": self.env.uid,
                "journal_id": self.journal_id.id,
                "statement_line_id": self.statement_line_id.id,
                "amount": self.amount,
                "amount_credit_left": yuan(fen(self.amount) - sum(paid.values())),
                "note": self.env._(
                    "Received by the bank on %(date)s.",
                    date=format_date(self.env, self.date),
                ),
                "line_ids": [
                    Command.create(vals)
                    for vals in Receipt._prepare_lines(paid, before)
                ],
            }
        )

    def _get_paid(self):
        """Return what the line has paid.

        :return: (dict bill -> fen, dict bill -> fen that had been paid of it before)
        """
        self.ensure_one()
        paid, before = defaultdict(int), defaultdict(int)
        for partial in self.statement_line_id.line_ids.matched_debit_ids.sorted("id"):
            owed = partial.debit_move_id
            paid[owed.move_id] += fen(partial.amount)
            before[owed.move_id] += sum(
                fen(other.amount)
                for other in owed.matched_credit_ids
                if other.id < partial.id
                and other.credit_move_id.move_id != self.statement_line_id.move_id
            )
        return dict(paid), dict(before)

    def _reopen(self):
        for receipt in self.receipt_id:
            # The receipt of the counter stands: its payment does.
            if receipt.statement_line_id and receipt.state == "posted":
                receipt._note_void(
                    self.env._("The settlement of the bank line was undone.")
                )
        self.receipt_id = False
        return super()._reopen()
