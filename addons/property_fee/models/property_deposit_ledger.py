from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PropertyDeposit(models.Model):
    """The register of deposits against the accounts they are held on."""

    _inherit = "property.deposit"

    @api.model
    def action_check_ledger(self):
        """Tell whether the register agrees with the accounts, and where it does not."""
        today = fields.Date.context_today(self)
        differences = [row for row in self._get_ledger_check(today) if row["gap"]]
        if not differences:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": self.env._(
                        "The register equals the balances of the deposit accounts."
                    ),
                },
            }
        raise UserError(
            "\n".join(
                self.env._(
                    "%(account)s: the register holds %(register)s, the account"
                    " %(ledger)s. Look for entries made by hand.",
                    account=row["account"].display_name,
                    register=row["company"].currency_id.format(row["register"]),
                    ledger=row["company"].currency_id.format(row["ledger"]),
                )
                for row in differences
            )
        )

    @api.model
    def _get_register(self, date):
        """Return what was held on a day, from the movements.

        :return: dict (company, account) -> amount
        """
        Movement = self.env["property.deposit.movement"]
        known = Domain("date", "<=", date)
        live = Domain("state", "=", "posted") | (
            Domain("state", "=", "cancelled") & Domain("cancel_date", ">", date)
        )
        register = {}
        for company, account, kind, amount in Movement._read_group(
            known & live, ["company_id", "account_id", "kind"], ["amount:sum"]
        ):
            key = (company, account)
            sign = 1 if kind == "receive" else -1
            register[key] = register.get(key, 0.0) + sign * amount
        return register

    @api.model
    def _get_ledger_check(self, date):
        """Compare the register with the balances of its accounts on a day.

        :return: list of dicts: `company`, `account`, `register`, `ledger`, `gap`
        """
        # The whole register against the whole account, whatever part the user works in.
        register = self.sudo()._get_register(date)
        rows = []
        for (company, account), held in register.items():
            ((balance,),) = (
                # As above.
                self.env["account.move.line"]
                .sudo()
                ._read_group(
                    [
                        ("account_id", "=", account.id),
                        ("company_id", "=", company.id),
                        ("parent_state", "=", "posted"),
                        ("date", "<=", date),
                    ],
                    [],
                    ["balance:sum"],
                )
            )
            ledger = -balance
            rows.append(
                {
                    "company": company,
                    "account": account,
                    "register": held,
                    "ledger": ledger,
                    "gap": company.currency_id.round(ledger - held),
                }
            )
        return rows
