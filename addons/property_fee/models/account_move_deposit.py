from odoo import fields, models


class AccountMove(models.Model):
    """Movements of deposits follow their entries, whoever changes these."""

    _inherit = "account.move"

    property_deposit_movement_ids = fields.One2many(
        "property.deposit.movement", "move_id", string="Deposit Movements"
    )

    def _set_deposit_state(self, state, from_state, **values):
        """Let the movements of the entries change from one state to another."""
        if not self.ids:
            return
        # Whoever may post or cancel an entry moves its deposit along with it.
        self.env["property.deposit.movement"].sudo().search(
            [("move_id", "in", self.ids), ("state", "=", from_state)]
        ).write({"state": state, **values})

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        entries = posted.filtered(lambda move: move.move_type == "entry")
        entries._set_deposit_state("posted", "draft")
        for date, reversals in (
            entries.filtered("reversed_entry_id").grouped("date").items()
        ):
            reversals.reversed_entry_id._set_deposit_state(
                "cancelled", "posted", cancel_date=date
            )
        return posted

    def button_draft(self):
        result = super().button_draft()
        self._set_deposit_state("draft", "posted")
        return result

    def button_cancel(self):
        today = fields.Date.context_today(self)
        for state in ("draft", "posted"):
            self._set_deposit_state("cancelled", state, cancel_date=today)
        return super().button_cancel()
