from odoo import fields, models


class PropertyReceiptLine(models.Model):
    _name = "property.receipt.line"
    _description = "Paid Fee"
    _order = "receipt_id desc, id"

    receipt_id = fields.Many2one(
        "property.receipt", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="receipt_id.company_id", store=True, precompute=True
    )
    community_id = fields.Many2one(
        related="receipt_id.community_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="receipt_id.currency_id")
    move_id = fields.Many2one(
        "account.move", string="Bill", required=True, index=True, ondelete="restrict"
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Bill Line",
        index="btree_not_null",
        ondelete="set null",
    )
    item_id = fields.Many2one(
        "property.fee.item",
        string="Fee Item",
        index="btree_not_null",
        ondelete="restrict",
    )
    name = fields.Char(string="Fee", required=True)
    days = fields.Char()
    amount = fields.Monetary(required=True)
    is_partial = fields.Boolean(string="Part", help="Only a part of the fee was paid.")
