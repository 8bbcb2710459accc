from odoo import fields, models


class PropertyReceiptVoid(models.TransientModel):
    _name = "property.receipt.void"
    _description = "Void Receipt"

    receipt_ids = fields.Many2many("property.receipt", string="Receipts", required=True)
    reason = fields.Char(required=True)

    def action_void(self):
        """Void the receipts for the reason given."""
        self.receipt_ids._void(self.reason)
        return {"type": "ir.actions.act_window_close"}
