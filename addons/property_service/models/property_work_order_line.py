from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PropertyWorkOrderLine(models.Model):
    """Material or labour of a work order."""

    _name = "property.work.order.line"
    _description = "Material or Labour"
    _order = "order_id, id"

    order_id = fields.Many2one(
        "property.work.order", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="order_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    price_id = fields.Many2one(
        "property.service.price",
        string="Price List",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
    )
    name = fields.Char(
        compute="_compute_from_price",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    quantity = fields.Float(default=1.0, required=True, digits=(12, 2))
    unit = fields.Char(
        compute="_compute_from_price", store=True, readonly=False, precompute=True
    )
    price = fields.Monetary(
        compute="_compute_from_price", store=True, readonly=False, precompute=True
    )
    amount = fields.Monetary(compute="_compute_amount", store=True)

    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "A quantity must be more than nothing."
    )
    _price_positive = models.Constraint(
        "CHECK(price >= 0)", "A price cannot be negative."
    )

    @api.depends("price_id")
    def _compute_from_price(self):
        for line in self:
            line.name = line.price_id.name or line.name
            line.unit = line.price_id.unit or line.unit
            line.price = line.price_id.price if line.price_id else line.price

    @api.depends("quantity", "price")
    def _compute_amount(self):
        for line in self:
            # One that is just being entered is of no work order yet.
            currency = line.currency_id or self.env.company.currency_id
            line.amount = currency.round(line.quantity * line.price)

    def write(self, vals):
        self._check_signed()
        return super().write(vals)

    @api.constrains("order_id", "price_id", "quantity", "price")
    @api.ondelete(at_uninstall=False)
    def _check_signed(self):
        for line in self:
            if line.order_id.signed_at:
                raise ValidationError(
                    self.env._(
                        "The household has signed %(order)s; what it signed for stays.",
                        order=line.order_id.name,
                    )
                )
