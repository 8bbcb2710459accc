from odoo import api, fields, models


class PropertyIncident(models.Model):
    """The tickets that hang on an incident, and those that might."""

    _inherit = "property.incident"

    ticket_ids = fields.One2many(
        "property.ticket", "incident_id", string="Tickets", groups="base.group_user"
    )
    ticket_count = fields.Integer(compute="_compute_ticket_counts")
    open_ticket_count = fields.Integer(
        string="Open Tickets", compute="_compute_ticket_counts"
    )
    proposed_count = fields.Integer(
        string="Tickets to Link",
        compute="_compute_proposed_count",
        help="Open tickets about it that are not linked yet.",
    )

    @api.depends("ticket_ids.is_open")
    def _compute_ticket_counts(self):
        totals, opened = {}, {}
        for incident, is_open, count in self.env["property.ticket"]._read_group(
            [("incident_id", "in", self.ids)], ["incident_id", "is_open"], ["__count"]
        ):
            totals[incident] = totals.get(incident, 0) + count
            if is_open:
                opened[incident] = count
        for incident in self:
            incident.ticket_count = totals.get(incident._origin, 0)
            incident.open_ticket_count = opened.get(incident._origin, 0)

    @api.depends("category_ids", "building_ids", "unit_ids", "state", "ticket_ids")
    def _compute_proposed_count(self):
        for incident in self:
            incident.proposed_count = len(incident._find_candidates())

    def _find_candidates(self):
        """Return the open tickets since its beginning that are about the incident."""
        self.ensure_one()
        Ticket = self.env["property.ticket"]
        if self.state != "running" or not self._origin or not self.category_ids:
            return Ticket
        found = Ticket.search(self._domain_candidates(), limit=500)
        return found.filtered(lambda ticket: self._covers(ticket))

    def action_view_tickets(self):
        """Open the tickets of the incidents."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_service.property_ticket_action"
        )
        action["domain"] = [("incident_id", "in", self.ids)]
        action["context"] = {}
        return action

    def action_link_tickets(self):
        """Link the open tickets that are about the incident."""
        for incident in self:
            incident._find_candidates().write({"incident_id": incident.id})
