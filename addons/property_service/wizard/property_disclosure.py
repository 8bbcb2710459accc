from odoo import api, fields, models


class PropertyDisclosure(models.TransientModel):
    _inherit = "property.disclosure"

    ticket_id = fields.Many2one("property.ticket", readonly=True)
    ticket_phone = fields.Char(
        string="Phone on the Ticket", compute="_compute_ticket_phone"
    )

    @api.depends("log_id", "ticket_id")
    def _compute_ticket_phone(self):
        for wizard in self:
            ticket = wizard.ticket_id
            logged = "phone" in wizard._get_logged_names()
            # just logged for this user and this person
            number = ticket.partner_id == wizard.partner_id and ticket.sudo().phone
            wizard.ticket_phone = logged and number
