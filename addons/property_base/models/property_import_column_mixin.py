from odoo import fields, models


class PropertyImportColumnMixin(models.AbstractModel):
    """A column of an uploaded file, and what it seems to hold.

    Its import, and `column`, the choices, are defined by each kind of file.
    """

    _name = "property.import.column.mixin"
    _description = "Column of an Imported File"
    _order = "import_id, position"
    _rec_name = "header"

    position = fields.Integer(readonly=True)
    header = fields.Char(string="Header in the Sheet", required=True, readonly=True)
    sample = fields.Char(string="First Value", readonly=True)
