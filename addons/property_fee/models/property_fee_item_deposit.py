from odoo import fields, models


class PropertyFeeItem(models.Model):
    """Where the money of a deposit goes when it is not returned."""

    _inherit = "property.fee.item"

    deposit_income_account_id = fields.Many2one(
        "account.account",
        string="Account of Deductions",
        domain=[
            (
                "account_type",
                "in",
                ("income", "income_other", "expense", "expense_direct_cost"),
            )
        ],
        check_company=True,
        ondelete="restrict",
        help="Where deducted and forfeited money goes: other income, or the expenses that"
        " the damage has caused. Left empty, the income account of the item's product.",
    )
