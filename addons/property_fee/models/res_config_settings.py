from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    property_auto_credit = fields.Boolean(
        related="company_id.property_auto_credit", readonly=False
    )
    property_match_score = fields.Float(
        related="company_id.property_match_score", readonly=False
    )

    def action_create_counter_journals(self):
        """Create the journals of the counter where they are missing."""
        self.company_id._create_counter_journals()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The counter takes cash, WeChat, Alipay and cards."
                ),
            },
        }
