from odoo import fields, models


class PropertyWorkOrderReturn(models.TransientModel):
    """Ask why an order is given back."""

    _name = "property.work.order.return"
    _description = "Give Back an Order"

    order_ids = fields.Many2many("property.work.order", required=True)
    reason = fields.Char(required=True)

    def action_apply(self):
        """Give the orders back."""
        self.order_ids._return(self.reason)
        return {"type": "ir.actions.act_window_close"}
