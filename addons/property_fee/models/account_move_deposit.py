from odoo import fields, models


class AccountMove(models.Model):
    """Movements of deposits follow their entries, whoever changes these."""

    _inherit = "account.move"

    property_deposit_movement_ids = fields.One2many(
        "property.deposit.movement", "move_id", string="Deposit Movements"
    )

    def _get_deposit_movements(self, state):
        """Return the movements of the entries that are in a state, as superuser."""
        # Whoever may post or cancel an entry moves its deposit along with it.
        Movement = self.env["property.deposit.movement"].sudo()
        if not self.ids:
            return Movement
        return Movement.search([("move_id", "in", self.ids), ("state", "=", state)])

    def _on_posted(self):
        posted = super()._on_posted()
        self._get_deposit_movements("draft").write({"state": "posted"})
        self._register_billed_deposits()
        for reversal in self.filtered("reversed_entry_id"):
            reversal._cancel_reversed_deposits()
        return posted

    def _register_billed_deposits(self):
        """Enter deposits that were billed into the register; they are held once paid."""
        lines = self.filtered(
            lambda move: move.move_type == "out_invoice" and move.property_unit_id
        ).invoice_line_ids.filtered(
            lambda line: line.property_charge_id.item_id.kind == "deposit"
        )
        known = lines.move_id._get_deposit_movements("posted").move_id
        lines = lines.filtered(lambda line: line.move_id not in known)
        if lines:
            # Bills are posted by runs; the register follows.
            self.env["property.deposit"].sudo()._create_from_bill_lines(lines)

    def _cancel_reversed_deposits(self):
        """Cancel the movements that the entry reverses on the liability account."""
        self.ensure_one()
        back = {}
        for line in self.line_ids:
            back[line.account_id] = back.get(line.account_id, 0.0) + line.balance
        for movement in self.reversed_entry_id._get_deposit_movements("posted"):
            sign = 1 if movement.kind == "receive" else -1
            left = sign * back.get(movement.account_id, 0.0)
            if self.company_currency_id.compare_amounts(left, movement.amount) >= 0:
                movement.write({"state": "cancelled", "cancel_date": self.date})
                back[movement.account_id] -= sign * movement.amount

    def button_draft(self):
        result = super().button_draft()
        self._get_deposit_movements("posted").write({"state": "draft"})
        return result

    def button_cancel(self):
        self._cancel_deposit_movements()
        return super().button_cancel()

    def unlink(self):
        self._cancel_deposit_movements()
        return super().unlink()

    def _cancel_deposit_movements(self):
        """Cancel the movements of entries that go; these never were in the accounts."""
        for state in ("draft", "posted"):
            self._get_deposit_movements(state).write({"state": "cancelled"})
