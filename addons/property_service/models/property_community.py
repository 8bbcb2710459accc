from odoo import fields, models


class PropertyCommunity(models.Model):
    """Office hours of a community, and a mail address: what is sent there is a ticket."""

    _name = "property.community"
    _inherit = ["property.community", "mail.alias.mixin.optional"]
    _check_company_auto = True

    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Calendar",
        check_company=True,
        help="Hours in which the community's office is manned. They count for promises that"
        " are made to all communities on office hours; empty: the promise's own hours count.",
    )

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("property.ticket")
        if self.id:
            values["alias_defaults"] = {"community_id": self.id}
        return values
