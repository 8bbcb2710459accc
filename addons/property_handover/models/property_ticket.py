from odoo import fields, models


class PropertyTicket(models.Model):
    _inherit = "property.ticket"

    takeover_project_id = fields.Many2one(
        "property.takeover.project",
        string="Take-over",
        index="btree_not_null",
        ondelete="restrict",
        help="Take-over in which the defect or missing paper was found.",
    )
