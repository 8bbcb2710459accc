from odoo import fields, models
from odoo.exceptions import UserError


class PropertyAnonymise(models.TransientModel):
    _name = "property.anonymise"
    _description = "Anonymise a Former Resident"

    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, readonly=True
    )
    reason = fields.Char(
        required=True, help="Who asked for it, when, and how he proved who he is."
    )
    is_understood = fields.Boolean(string="I know that this cannot be undone")

    def action_anonymise(self):
        """Anonymise the person for good."""
        self.ensure_one()
        if not self.is_understood:
            raise UserError(self.env._("Tick that you know it cannot be undone."))
        self.partner_id._anonymise(self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
