from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class PropertyTicket(models.Model):
    """A ticket that is one of many about the same incident."""

    _inherit = "property.ticket"

    incident_id = fields.Many2one(
        "property.incident",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        domain="[('community_id', '=', community_id)]",
        tracking=True,
        help="Its end finishes the ticket.",
    )
    incident_proposal_ids = fields.Many2many(
        "property.incident",
        string="Maybe Because of",
        compute="_compute_incident_proposal_ids",
        help="What runs now and concerns this problem at this place.",
    )

    @api.depends("category_id", "unit_id", "building_id", "is_open", "incident_id")
    def _compute_incident_proposal_ids(self):
        asking = self.filtered(
            lambda one: one.is_open and one.category_id and not one.incident_id
        )
        Incident = self.env["property.incident"]
        current = Incident
        if asking and Incident.has_access("read"):
            current = Incident.search(
                Domain("community_id", "in", asking.community_id.ids)
                & Domain("state", "=", "running")
            )
        for ticket in self:
            ticket.incident_proposal_ids = (
                current.filtered(lambda one, ticket=ticket: one._covers(ticket))
                if ticket in asking
                else False
            )

    @api.constrains("incident_id", "community_id")
    def _check_incident(self):
        for ticket in self:
            # The system's own check: a portal user may not see every incident.
            incident = ticket.sudo().incident_id
            if incident and incident.community_id != ticket.community_id:
                raise ValidationError(
                    self.env._(
                        "Ticket %(ticket)s: incident %(incident)s happens in another"
                        " community.",
                        ticket=ticket.name,
                        incident=incident.name,
                    )
                )

    def action_link_incident(self):
        """Link the tickets to what runs at their place."""
        for ticket in self:
            if proposal := ticket.incident_proposal_ids[:1]:
                ticket.incident_id = proposal
