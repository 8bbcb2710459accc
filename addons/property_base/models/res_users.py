from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    property_community_ids = fields.Many2many(
        "property.community",
        string="Communities",
        help="Communities in which the user works. Empty: all communities of his companies.",
    )

    def write(self, vals):
        """Let the record rules see at once where the user now works."""
        result = super().write(vals)
        if "property_community_ids" in vals:
            self.env.registry.clear_cache()
        return result
