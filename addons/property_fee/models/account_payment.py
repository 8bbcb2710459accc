from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.settle import yuan

# What a receipt says of its payments.
RECEIVED = {"property_receipt_id", "property_unit_id", "amount", "partner_id"}


class AccountPayment(models.Model):
    _inherit = "account.payment"

    property_unit_id = fields.Many2one(
        "property.unit",
        string="Unit",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        help="Unit that the payment is for.",
    )
    property_payer_name = fields.Char(
        string="Paid By",
        copy=False,
        help="Who handed over the money, where it was not the debtor.",
    )
    property_receipt_id = fields.Many2one(
        "property.receipt",
        string="Receipt",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
    )

    # === A RECEIPT STANDS OR FALLS WITH ITS PAYMENTS === #

    def _check_no_receipt(self):
        """Refuse to take back a payment for which a household holds a valid receipt.

        :raises UserError: the receipt has to be voided, which takes the payment back
        """
        if self.env.su:
            return
        # The number is no secret to whoever may take the payment back.
        receipts = self.sudo().property_receipt_id
        if valid := receipts.filtered(lambda receipt: receipt.state != "void"):
            raise UserError(
                self.env._(
                    "The receipt %(name)s was given for this payment. Void the receipt"
                    " instead: that takes the payment back, too.",
                    name=valid[0].name,
                )
            )

    def write(self, vals):
        if RECEIVED & vals.keys():
            self._check_no_receipt()
        return super().write(vals)

    def unlink(self):
        self._check_no_receipt()
        return super().unlink()

    def action_draft(self):
        self._check_no_receipt()
        return super().action_draft()

    def action_cancel(self):
        self._check_no_receipt()
        return super().action_cancel()

    # === ENTRIES === #

    def _prepare_move_line_default_vals(
        self, write_off_line_vals=None, force_balance=None
    ):
        """Let money for a household that is not used yet count as its credit."""
        vals_list = super()._prepare_move_line_default_vals(
            write_off_line_vals, force_balance
        )
        if self.property_unit_id and self.payment_type == "inbound":
            vals_list[1]["property_credit_unit_id"] = self.property_unit_id.id
        return vals_list

    def _get_household_account(self):
        """Return the account that money taken at the counter is booked on."""
        self.ensure_one()
        return (
            self.payment_method_line_id.payment_account_id
            or (self.journal_id.property_direct and self.journal_id.default_account_id)
            or self._get_outstanding_account("inbound")
        )

    def _prepare_household_lines(self, shares, rest):
        """Return the entry of a payment with one line for each bill that it pays.

        :param list shares: (bill's entry line, fen)
        :param int rest: fen that no bill uses
        """
        self.ensure_one()
        currency = self.currency_id

        def line(name, account, fen, partner, **values):
            return {
                "name": name,
                "account_id": account.id,
                "partner_id": partner.id,
                "currency_id": currency.id,
                "amount_currency": yuan(fen),
                "balance": yuan(fen),
                "date_maturity": self.date,
                **values,
            }

        total = sum(fen for _line, fen in shares) + rest
        vals_list = [
            line(self.memo, self.outstanding_account_id, total, self.partner_id)
        ]
        credit = {"property_credit_unit_id": self.property_unit_id.id}
        vals_list += [
            line(owed.move_id.name, owed.account_id, -fen, owed.partner_id, **credit)
            for owed, fen in shares
        ]
        if rest:
            account = self.destination_account_id
            name = self.env._("Paid in advance")
            vals_list.append(line(name, account, -rest, self.partner_id, **credit))
        return [Command.create(vals) for vals in vals_list]
