from odoo import api, models

from .confidential import MASKS


class MailTrackingValue(models.Model):
    _inherit = "mail.tracking.value"

    @api.model
    def _create_tracking_values(
        self, initial_value, new_value, col_name, col_info, record
    ):
        """Keep the history of a confidential number masked: the chatter is read by all."""
        if (
            record._name == "res.partner"
            and col_name in MASKS
            and record._linked_to_units()
        ):
            initial_value = MASKS[col_name](initial_value or "")
            new_value = MASKS[col_name](new_value or "")
        return super()._create_tracking_values(
            initial_value, new_value, col_name, col_info, record
        )
