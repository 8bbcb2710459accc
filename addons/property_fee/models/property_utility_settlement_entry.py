from odoo import Command, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.period import month_start


class PropertyUtilitySettlement(models.Model):
    """Which charges are settled, and the entry that clears them."""

    _inherit = "property.utility.settlement"

    # === BUSINESS METHODS === #

    def _check_ready(self):
        self.check_access("write")
        for settlement in self:
            if not settlement.account_id:
                raise UserError(
                    self.env._(
                        "%(item)s has no liability account. Choose one on the fee item.",
                        item=settlement.item_id.name,
                    )
                )

    def _get_charges(self):
        """Return the charges that are settled, or would be."""
        self.ensure_one()
        Charge = self.env["property.charge"]
        if self.state == "confirmed":
            return Charge.search([("settlement_id", "=", self._origin.id)])
        if not (self.community_id and self.item_id and self.date_from and self.date_to):
            return Charge
        return Charge.search(
            Domain("community_id", "=", self.community_id.id)
            & Domain("item_id", "=", self.item_id.id)
            & Domain("period", ">=", month_start(self.date_from))
            & Domain("period", "<=", self.date_to)
            & Domain("state", "=", "billed")
            & Domain("settlement_id", "=", False)
        )

    def _get_agency_lines(self, charges):
        """Return the posted entries of charges on the liability account."""
        return self.env["account.move.line"].search(
            [
                ("property_charge_id", "in", charges.ids),
                ("account_id", "=", self.account_id.id),
                ("parent_state", "=", "posted"),
            ]
        )

    def _prepare_entry_lines(self, charges):
        """Return the lines that bring the liability of the charges to zero.

        What of the utility's bill stands on the liability account already counts; what
        stands elsewhere is moved there. The difference is the company's loss or gain.
        """
        self.ensure_one()
        currency = self.currency_id
        owed = -sum(self._get_agency_lines(charges).mapped("balance"))
        costs = self.bill_id.line_ids.filtered(
            lambda line: (
                line.account_id.account_type != "liability_payable" and line.balance
            )
        )
        balances = {}
        for line in costs:
            account = line.account_id
            balances[account] = balances.get(account, 0.0) - line.balance
        paid = -sum(balances.values())
        balances[self.account_id] = balances.get(self.account_id, 0.0) + owed
        loss = currency.round(paid - owed)
        if loss:
            if not self.loss_account_id:
                raise UserError(
                    self.env._(
                        "%(name)s: the utility asks for %(loss)s more than was billed"
                        " (less, when negative). Choose the account that bears it.",
                        name=self.name,
                        loss=f"{loss:.2f}",
                    )
                )
            account = self.loss_account_id
            balances[account] = balances.get(account, 0.0) + loss
        return [
            Command.create(
                {
                    "account_id": account.id,
                    "partner_id": self.partner_id.id,
                    "name": self.name,
                    "balance": currency.round(balance),
                }
            )
            for account, balance in balances.items()
            if not currency.is_zero(balance)
        ]

    def _prepare_entry(self, lines):
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.journal_id.id,
            "date": self.date,
            "ref": self.name,
            "line_ids": lines,
        }
