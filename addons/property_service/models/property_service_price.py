from odoo import fields, models


class PropertyServicePrice(models.Model):
    """Published price of a material or of labour."""

    _name = "property.service.price"
    _description = "Service Price"
    _order = "kind, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [("labour", "Labour"), ("material", "Material")],
        required=True,
        default="labour",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    skill_id = fields.Many2one("property.service.skill", string="Trade")
    unit = fields.Char(
        required=True, translate=True, help="What is counted: piece, hour, metre."
    )
    price = fields.Monetary(
        help="Price of one unit, tax included; 0 is free of charge."
    )

    _price_positive = models.Constraint(
        "CHECK(price >= 0)", "A price cannot be negative."
    )
