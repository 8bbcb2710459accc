from odoo import fields, models
from odoo.fields import Domain


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    property_credit_unit_id = fields.Many2one(
        "property.unit",
        string="Paid for Unit",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        help="Unit that money was received for. What of the line is not used yet is the"
        " household's credit.",
    )

    def _domain_open_credit(self):
        """Return the domain of the money that households have paid and not used."""
        return (
            Domain("property_credit_unit_id", "!=", False)
            & Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False)
            & Domain("account_type", "=", "asset_receivable")
            & Domain("amount_residual", "<", 0)
        )

    def _domain_open_refund(self):
        """Return the domain of the credit notes of households that are not used."""
        return (
            Domain("move_id.property_unit_id", "!=", False)
            & Domain("move_id.move_type", "=", "out_refund")
            & Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False)
            & Domain("account_type", "=", "asset_receivable")
            & Domain("amount_residual", "<", 0)
        )
