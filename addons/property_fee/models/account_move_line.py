from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    property_charge_id = fields.Many2one(
        "property.charge",
        string="Charge",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        help="Charge of the property management that this line bills.",
    )

    def _copy_data_extend_business_fields(self, values):
        """Let the lines of a reversal name the charges that they take back."""
        result = super()._copy_data_extend_business_fields(values)
        values["property_charge_id"] = self.property_charge_id.id
        return result
