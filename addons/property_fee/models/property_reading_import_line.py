from odoo import fields, models


class PropertyReadingImportLine(models.Model):
    _name = "property.reading.import.line"
    _description = "Reading Import Result"
    _inherit = ["property.import.line.mixin"]
    _order = "import_id desc, row, id"
    _rec_name = "serial"

    import_id = fields.Many2one(
        "property.reading.import", required=True, index=True, ondelete="cascade"
    )
    community_id = fields.Many2one(
        related="import_id.community_id", store=True, index=True
    )
    company_id = fields.Many2one(related="import_id.company_id", store=True, index=True)
    serial = fields.Char(string="Meter No.")
    reading_id = fields.Many2one(
        "property.meter.reading", index="btree_not_null", ondelete="set null"
    )
    outcome = fields.Selection(
        [
            ("created", "Created"),
            ("updated", "Updated"),
            ("unchanged", "Unchanged"),
            ("unread", "Not Read"),
            ("refused", "Refused"),
        ],
        required=True,
        index=True,
    )
