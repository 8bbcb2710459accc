from odoo import api, fields, models


class PropertyCharge(models.Model):
    _inherit = "property.charge"

    prepay_discount = fields.Float(
        string="Prepay Discount (%)",
        digits=(5, 2),
        readonly=True,
        aggregator=None,
        help="Discount for paying in advance; the bill shows it on the line of the charge.",
    )

    @api.depends("prepay_discount")
    def _compute_amount_net(self):
        """What was never asked for can neither be waived nor credited."""
        result = super()._compute_amount_net()
        for charge in self.filtered("prepay_discount"):
            charge.amount_net -= charge._get_prepay_discount()
        return result

    def _get_prepay_discount(self):
        """Return what the household is spared for paying in advance."""
        self.ensure_one()
        currency = self.currency_id or self.env.company.currency_id
        rest = currency.round(self.amount * (1 - self.prepay_discount / 100))
        return currency.round(self.amount - rest)

    def _prepare_bill_line(self, name):
        vals = super()._prepare_bill_line(name)
        if self.prepay_discount:
            # The bill shows price and discount.
            vals["price_unit"] += self._get_prepay_discount()
            vals["discount"] = self.prepay_discount
        return vals

    def _create_bills(self, invoice_date):
        """Let households whose credit is to be used pay their new bills at once."""
        moves = super()._create_bills(invoice_date)
        # A prepayment brings its own money.
        billed = moves.filtered(lambda move: move.property_run_id)
        users = billed.property_unit_id._uses_credit() if billed else billed
        if users:
            due = billed.filtered(lambda move: move.property_unit_id in users)
            # Money that came in before: who bills need not be a cashier.
            self.env["property.collection"].sudo()._apply_credit(due.sudo())
        return moves
