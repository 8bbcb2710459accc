from odoo import fields, models

from .property_roster_header import roster_columns


class PropertyRosterImportColumn(models.Model):
    _name = "property.roster.import.column"
    _description = "Roster Import Column"
    _inherit = ["property.import.column.mixin"]

    import_id = fields.Many2one(
        "property.roster.import", required=True, index=True, ondelete="cascade"
    )
    community_id = fields.Many2one(
        related="import_id.community_id", store=True, index=True
    )
    company_id = fields.Many2one(related="import_id.company_id", store=True, index=True)
    column = fields.Selection(
        selection=lambda self: roster_columns(self),
        string="Means",
        help="What the column holds. The choice is remembered for the next sheet.",
    )
