from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    property_community_ids = fields.Many2many(
        "property.community",
        string="Communities",
        help="Communities in which the user works. Empty: all communities of his companies.",
    )
