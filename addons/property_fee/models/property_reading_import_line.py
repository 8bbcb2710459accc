from odoo import fields, models


class PropertyReadingImportLine(models.Model):
    _name = "property.reading.import.line"
    _description = "Reading Import Result"
    _order = "import_id desc, row, id"
    _rec_name = "serial"

    import_id = fields.Many2one(
        "property.reading.import", required=True, index=True, ondelete="cascade"
    )
    community_id = fields.Many2one(
        related="import_id.community_id", store=True, index=True
    )
    company_id = fields.Many2one(related="import_id.company_id", store=True, index=True)
    row = fields.Integer(string="Sheet Row", aggregator=None)
    unit_code = fields.Char(string="Unit in the Sheet")
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
    has_warning = fields.Boolean()
    message = fields.Text()
    problems = fields.Json(
        help="Column, value and cure of each problem, for the error workbook."
    )

    _row_import_uniq = models.Constraint(
        "UNIQUE(import_id, row)", "A row of a sheet has one result."
    )
