from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    property_charge_id = fields.Many2one(
        "property.charge",
        string="Charge",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        help="Charge of the property management that this line bills.",
    )
