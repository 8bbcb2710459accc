from decimal import Decimal

from odoo import api, fields, models


class PropertyCharge(models.Model):
    """Charges from a list: they belong to its row instead of an assignment."""

    _inherit = "property.charge"

    entry_line_id = fields.Many2one(
        "property.charge.entry.line",
        string="Row of a List",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    _entry_line_uniq = models.UniqueIndex(
        "(entry_line_id) WHERE (state != 'cancelled')",
        "A row of a list is charged once.",
    )

    @api.model
    def _render_explanation(self, data):
        if not data or data.get("basis") != "count" or "remark" not in data:
            return super()._render_explanation(data)
        price = self._format_price(Decimal(data["price"]))
        text = self.env._(
            "%(quantity)s x %(price)s = %(amount)s",
            quantity=f"{Decimal(data['quantity']):.2f}".rstrip("0").rstrip("."),
            price=price,
            amount=f"{Decimal(data['amount']):.2f}",
        )
        return f"{data['remark']}: {text}" if data.get("remark") else text
