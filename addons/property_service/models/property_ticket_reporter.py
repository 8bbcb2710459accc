from odoo import api, fields, models


class PropertyTicketReporter(models.Model):
    """Somebody else who reported the same matter: noted on the ticket that runs."""

    _name = "property.ticket.reporter"
    _description = "Further Reporter"
    _order = "reported_at, id"

    ticket_id = fields.Many2one(
        "property.ticket", required=True, index=True, ondelete="cascade"
    )
    community_id = fields.Many2one(
        related="ticket_id.community_id", store=True, index=True
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True)
    unit_id = fields.Many2one(
        "property.unit", index="btree_not_null", ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Person", index="btree_not_null", ondelete="restrict"
    )
    caller_name = fields.Char(string="Name")
    phone = fields.Char()
    channel = fields.Selection(
        selection=lambda self: (
            self.env["property.ticket"]
            ._fields["channel"]
            ._description_selection(self.env)
        ),
        required=True,
        default="phone",
    )
    note = fields.Text(help="What this caller added.")
    reported_at = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", string="Taken by", default=lambda self: self.env.user
    )

    @api.depends("partner_id.name", "caller_name", "unit_id.code")
    def _compute_display_name(self):
        for reporter in self:
            name = reporter.partner_id.name or reporter.caller_name or ""
            parts = (reporter.unit_id.code, name)
            reporter.display_name = " ".join(part for part in parts if part)

    @api.model
    def _get_confidential_copies(self):
        return {
            **super()._get_confidential_copies(),
            "phone": ("partner_id", "phone"),
        }
