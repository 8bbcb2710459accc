from odoo import fields, models


class PropertyCommunity(models.Model):
    _inherit = "property.community"

    commitment_text = fields.Html(
        string="Commitment Letter",
        translate=True,
        help="What owners commit themselves to, as the company words it; empty: our text.",
    )
