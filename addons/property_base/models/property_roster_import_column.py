from odoo import fields, models

from .property_roster_header import roster_columns


class PropertyRosterImportColumn(models.Model):
    _name = "property.roster.import.column"
    _description = "Roster Import Column"
    _order = "import_id, position"
    _rec_name = "header"

    import_id = fields.Many2one(
        "property.roster.import", required=True, index=True, ondelete="cascade"
    )
    community_id = fields.Many2one(
        related="import_id.community_id", store=True, index=True
    )
    company_id = fields.Many2one(related="import_id.company_id", store=True, index=True)
    position = fields.Integer(readonly=True)
    header = fields.Char(string="Header in the Sheet", required=True, readonly=True)
    sample = fields.Char(string="First Value", readonly=True)
    column = fields.Selection(
        selection=lambda self: roster_columns(self),
        string="Means",
        help="What the column holds. The choice is remembered for the next sheet.",
    )
