from odoo import api, fields, models


class PropertyTicketPause(models.Model):
    """Time for which a ticket waited, and for what; each reason is counted apart."""

    _name = "property.ticket.pause"
    _description = "Wait of a Ticket"
    _order = "ticket_id, started_at, id"

    ticket_id = fields.Many2one(
        "property.ticket", required=True, index=True, ondelete="cascade"
    )
    community_id = fields.Many2one(
        related="ticket_id.community_id", store=True, index=True, precompute=True
    )
    reason = fields.Selection(
        selection=lambda self: (
            self.env["property.ticket"]
            ._fields["waiting_reason"]
            ._description_selection(self.env)
        ),
        required=True,
    )
    started_at = fields.Datetime(required=True)
    ended_at = fields.Datetime(help="Empty while the ticket waits.")
    hours = fields.Float(compute="_compute_hours", store=True)

    _one_at_a_time = models.UniqueIndex(
        "(ticket_id) WHERE ended_at IS NULL", "The ticket is waiting already."
    )
    _order_of_dates = models.Constraint(
        "CHECK(ended_at IS NULL OR ended_at >= started_at)",
        "A wait cannot end before it begins.",
    )

    @api.depends("ticket_id.name", "reason")
    def _compute_display_name(self):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        for pause in self:
            pause.display_name = f"{pause.ticket_id.name} {reasons.get(pause.reason)}"

    @api.depends("started_at", "ended_at")
    def _compute_hours(self):
        for pause in self:
            pause.hours = (
                (pause.ended_at - pause.started_at).total_seconds() / 3600
                if pause.ended_at
                else 0.0
            )
