from odoo import fields, models

from .property_bank_header import bank_columns


class PropertyBankImportColumn(models.Model):
    _name = "property.bank.import.column"
    _description = "Bank File Column"
    _inherit = ["property.import.column.mixin"]

    import_id = fields.Many2one(
        "property.bank.import", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="import_id.company_id", store=True, index=True)
    column = fields.Selection(
        selection=lambda self: bank_columns(self),
        string="Means",
        help="What the column holds. The choice is remembered for the next file.",
    )
