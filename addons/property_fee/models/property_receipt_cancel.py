from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class PropertyReceipt(models.Model):
    """How a receipt becomes void; it keeps its number."""

    _inherit = "property.receipt"

    def _check_may_void(self):
        """Check that the user may void the receipts.

        :raises AccessError: a cashier voids only what he wrote himself
        :raises UserError: it is void already, or its day is closed
        """
        user = self.env.user
        if not user.has_group("property_base.group_property_cashier"):
            raise AccessError(self.env._("Receipts are voided by cashiers only."))
        self.check_access("read")
        accountant = user.has_group("property_base.group_property_accountant")
        for receipt in self:
            if not accountant and receipt.user_id != user:
                raise AccessError(
                    self.env._(
                        "%(name)s was written by %(user)s. Only the cashier who wrote a"
                        " receipt, or a fee accountant, may void it.",
                        name=receipt.name,
                        user=receipt.user_id.name,
                    )
                )
            if receipt.state == "void":
                raise UserError(self.env._("%(name)s is void.", name=receipt.name))
            if receipt.closing_id:
                raise UserError(
                    self.env._(
                        "%(name)s belongs to the closing %(closing)s, which is signed. A fee"
                        " accountant has to send the closing back first.",
                        name=receipt.name,
                        # The cashier reads his own closings only.
                        closing=receipt.closing_id.sudo().display_name,
                    )
                )

    def _check_not_at_bank(self):
        """Check that no bank line has confirmed the payments of the receipts.

        :raises UserError: one has; its settlement has to be undone first
        """
        for receipt in self:
            lines = receipt.payment_ids.move_id.line_ids.filtered(
                lambda line: line.account_type != "asset_receivable"
            )
            confirmed = lines.matched_credit_ids.credit_move_id.statement_line_id
            if confirmed:
                raise UserError(
                    self.env._(
                        "The bank has confirmed %(name)s (%(line)s). Undo that bank line"
                        " first.",
                        name=receipt.name,
                        line=confirmed[:1].payment_ref,
                    )
                )

    def _void(self, reason):
        """Take the payments of the receipts back; the receipts keep their numbers.

        What was billed in advance with them is credited, so that its months can be billed
        again.

        :param str reason: why
        :raises UserError: no reason is given, or a receipt cannot be voided
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the receipt is void."))
        self._check_may_void()
        self.lock_for_update()
        today = fields.Date.context_today(self)
        for receipt in self:
            # Rights were checked; the books are kept by the system.
            own = receipt.sudo()
            own._check_not_at_bank()
            # The money of a bank's line stays where it is: the paper alone is void.
            if moves := own.payment_ids.move_id:
                moves._reverse_moves(
                    [
                        {"date": max(today, move.date), "ref": f"{own.name} {reason}"}
                        for move in moves
                    ],
                    cancel=True,
                )
            own.payment_ids.write({"state": "canceled"})
            # Months that were free were free for the money that is gone now.
            unpaid = own.prepaid_move_ids.filtered(
                lambda bill: (
                    bill.state == "posted"
                    and (
                        bill.payment_state == "not_paid"
                        or bill.currency_id.is_zero(bill.amount_total)
                    )
                )
            )
            if unpaid:
                unpaid._reverse_moves(
                    [{"invoice_date": today, "ref": own.name} for _bill in unpaid],
                    cancel=True,
                )
            own._note_void(reason)

    def _note_void(self, reason):
        """Mark the receipts as void; what became of the money is settled elsewhere.

        :param str reason: why
        """
        self.write(
            {
                "state": "void",
                "void_reason": reason,
                "void_date": fields.Date.context_today(self),
                "void_user_id": self.env.uid,
            }
        )

    def action_void(self):
        """Ask for the reason and void the receipt."""
        self._check_may_void()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Void Receipt"),
            "res_model": "property.receipt.void",
            "view_mode": "form",
            "target": "new",
            "context": {"default_receipt_ids": self.ids},
        }
