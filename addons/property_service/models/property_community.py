from odoo import fields, models


class PropertyCommunity(models.Model):
    _inherit = "property.community"
    _check_company_auto = True

    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Calendar",
        check_company=True,
        help="Hours in which the community's office is manned. They count for promises that"
        " are made to all communities on office hours; empty: the promise's own hours count.",
    )
