from odoo import models


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    def _create_payment_vals_from_wizard(self, batch_result):
        vals = super()._create_payment_vals_from_wizard(batch_result)
        return {**vals, **self._get_property_vals(batch_result)}

    def _create_payment_vals_from_batch(self, batch_result):
        vals = super()._create_payment_vals_from_batch(batch_result)
        return {**vals, **self._get_property_vals(batch_result)}

    def _get_property_vals(self, batch_result):
        """Return the household of the bills, so that what is too much is its credit."""
        units = batch_result["lines"].move_id.property_unit_id
        return {"property_unit_id": units.id} if len(units) == 1 else {}
