from odoo import fields, models


class PropertyTransferItem(models.TransientModel):
    _name = "property.transfer.item"
    _description = "Open Before a Transfer"
    _order = "blocking desc, id"

    transfer_id = fields.Many2one(
        "property.transfer", required=True, ondelete="cascade"
    )
    model = fields.Char()
    label = fields.Char(string="What Is Open")
    count = fields.Integer(string="Number")
    blocking = fields.Boolean(
        string="Must Be Settled", help="The transfer has to wait for it."
    )
    action = fields.Json()

    def action_open(self):
        """Open the records that are still open."""
        self.ensure_one()
        return self.action or False
