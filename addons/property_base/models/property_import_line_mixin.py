from odoo import fields, models


class PropertyImportLineMixin(models.AbstractModel):
    """What came of one row of a file.

    The import it belongs to and its `outcome` are defined by each kind of result.
    """

    _name = "property.import.line.mixin"
    _description = "Result of an Imported Row"

    row = fields.Integer(string="Sheet Row", aggregator=None)
    unit_code = fields.Char(string="Unit in the Sheet")
    has_warning = fields.Boolean()
    message = fields.Text()
    problems = fields.Json(
        help="Column, value and cure of each problem, for the error workbook."
    )

    _row_import_uniq = models.Constraint(
        "UNIQUE(import_id, row)", "A row of a sheet has one result."
    )
