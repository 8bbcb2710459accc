from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    property_no_notices = fields.Boolean(
        string="Wants No Messages about Tickets",
        help="Nothing is sent by itself about the steps of this person's tickets.",
    )
