from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _compute_amount(self):
        # The one place through which every payment, credit note and correction passes: the
        # household leaves the list of those who owe in the same transaction.
        result = super()._compute_amount()
        bills = self.filtered(
            lambda move: move._origin == move and move.property_unit_id
        )
        if bills:
            self.env["property.dunning.case"]._touch(bills)
        return result

    def _get_late_fee_holds(self, bills):
        """While a case is on hold, the clock of the late fee stands still."""
        units = {bill.unit for bill in bills}
        # The clock stops for everybody who looks at the bill.
        holds = (
            self.env["property.dunning.hold"]
            .sudo()
            .search([("case_id.unit_id", "in", list(units))])
        )
        result = super()._get_late_fee_holds(bills)
        for hold in holds:
            key = (hold.case_id.unit_id.id, hold.case_id.partner_id.id)
            result.setdefault(key, []).append((hold.date_from, hold.date_to or None))
        return result
