from odoo import fields, models
from odoo.fields import Domain


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

    incident_count = fields.Integer(
        string="Current Incidents",
        compute="_compute_incident_count",
        groups="property_base.group_property_user",
        help="Cuts and failures that run or are announced.",
    )

    def _compute_incident_count(self):
        Incident = self.env["property.incident"]
        counts = dict(
            Incident._read_group(
                Domain("community_id", "in", self.ids) & Incident._get_current_domain(),
                ["community_id"],
                ["__count"],
            )
        )
        for community in self:
            community.incident_count = counts.get(community._origin, 0)

    def action_view_incidents(self):
        """Open the incidents of the community."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_service.property_incident_action"
        )
        action["domain"] = [("community_id", "=", self.id)]
        action["context"] = {
            "default_community_id": self.id,
            "search_default_current": 1,
        }
        return action

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("property.ticket")
        if self.id:
            values["alias_defaults"] = {"community_id": self.id}
        return values
