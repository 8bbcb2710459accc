from odoo import fields, models


class PropertyRosterImportLine(models.Model):
    _name = "property.roster.import.line"
    _description = "Roster Import Result"
    _inherit = ["property.import.line.mixin"]
    _order = "import_id, row, id"
    _rec_name = "unit_code"

    import_id = fields.Many2one(
        "property.roster.import", required=True, index=True, ondelete="cascade"
    )
    # Results are read through their import; every index costs each row of a roster.
    community_id = fields.Many2one(related="import_id.community_id", store=True)
    company_id = fields.Many2one(related="import_id.company_id", store=True)
    unit_id = fields.Many2one(
        "property.unit", index="btree_not_null", ondelete="set null"
    )
    outcome = fields.Selection(
        [
            ("created", "Created"),
            ("updated", "Updated"),
            ("unchanged", "Unchanged"),
            ("refused", "Refused"),
        ],
        required=True,
    )
