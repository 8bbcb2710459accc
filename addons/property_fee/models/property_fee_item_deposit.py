from odoo import api, fields, models
from odoo.exceptions import ValidationError

LIABILITIES = ("liability_current", "liability_non_current")


class PropertyFeeItem(models.Model):
    """Where the money of a deposit is kept, and where it goes when it is not returned."""

    _inherit = "property.fee.item"

    deposit_account_id = fields.Many2one(
        "account.account",
        domain=[("account_type", "in", LIABILITIES)],
        check_company=True,
        ondelete="restrict",
        help="Liability account that holds the deposits of this item until they are"
        " returned. An account of its own makes the register equal to its balance.",
    )
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

    @api.constrains("deposit_account_id")
    def _check_deposit_account(self):
        for item in self:
            account = item.deposit_account_id
            if account and account.account_type not in LIABILITIES:
                raise ValidationError(
                    self.env._(
                        "%(account)s is no liability account: a deposit remains the money"
                        " of whoever paid it.",
                        account=account.display_name,
                    )
                )
