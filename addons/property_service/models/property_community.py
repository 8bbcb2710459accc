from odoo import models


class PropertyCommunity(models.Model):
    """Each community may have a mail address; what is sent there becomes a ticket."""

    _name = "property.community"
    _inherit = ["property.community", "mail.alias.mixin.optional"]

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("property.ticket")
        if self.id:
            values["alias_defaults"] = {"community_id": self.id}
        return values
