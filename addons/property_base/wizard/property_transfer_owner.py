from odoo import fields, models


class PropertyTransferOwner(models.TransientModel):
    _name = "property.transfer.owner"
    _description = "New Owner"

    transfer_id = fields.Many2one(
        "property.transfer", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", string="Person", required=True)
    share = fields.Float(string="Share (%)", digits=(6, 3))
    is_resident = fields.Boolean(string="Will Live Here")
    phone_warning = fields.Selection(related="partner_id.phone_warning")
