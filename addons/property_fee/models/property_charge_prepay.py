from odoo import fields, models


class PropertyCharge(models.Model):
    _inherit = "property.charge"

    prepay_discount = fields.Float(
        string="Prepay Discount (%)",
        digits=(5, 2),
        readonly=True,
        aggregator=None,
        help="Discount for paying in advance; the bill shows it on the line of the charge.",
    )

    def _prepare_bill_line(self, name):
        vals = super()._prepare_bill_line(name)
        if self.prepay_discount:
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
