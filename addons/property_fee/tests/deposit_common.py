import base64
from datetime import date

from .common import PropertyFeeCase

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
NOVEMBER = date(2026, 11, 10)


class DepositCase(PropertyFeeCase):
    """A renovation deposit on a liability account of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.liability, cls.damages = cls.env["account.account"].create(
            [
                {
                    "name": "Renovation Deposits",
                    "code": "224190",
                    "account_type": "liability_current",
                },
                {
                    "name": "Compensation",
                    "code": "630190",
                    "account_type": "income_other",
                },
            ]
        )
        cls.renovation = cls._create_item(
            "RD",
            "Renovation Deposit",
            kind="deposit",
            agency_account_id=cls.liability.id,
            deposit_income_account_id=cls.damages.id,
        )
        cls.cash = cls.company_data["default_journal_cash"]

    @classmethod
    def _create_deposit(cls, amount=2000, unit=None, user="cashier", **values):
        return (
            cls.env["property.deposit"]
            .with_user(cls.users[user])
            .create(
                {
                    "unit_id": (unit or cls.home).id,
                    "item_id": cls.renovation.id,
                    "amount": amount,
                    "date": NOVEMBER,
                    **values,
                }
            )
        )

    def _move(self, deposit, kind, amount, user="cashier", **values):
        """Enter a movement that is neither submitted nor posted."""
        if kind in ("receive", "refund"):
            values.setdefault("journal_id", self.cash.id)
        else:
            values.setdefault("reason", "Lift panel scratched")
        return (
            self.env["property.deposit.movement"]
            .with_user(self.users[user])
            .create(
                {
                    "deposit_id": deposit.id,
                    "kind": kind,
                    "amount": amount,
                    "date": NOVEMBER,
                    **values,
                }
            )
        )

    def _receive(self, deposit, amount=None, **values):
        movement = self._move(deposit, "receive", amount or deposit.amount, **values)
        movement.action_post()
        return movement

    def _photo(self, user="cashier"):
        return (
            self.env["ir.attachment"]
            .with_user(self.users[user])
            .create({"name": "scratch.png", "raw": base64.b64decode(PIXEL)})
        )

    def _take(self, deposit, kind, amount, **values):
        """Let an amount leave the deposit, approved by the manager."""
        if kind == "deduct":
            values.setdefault("photo_ids", self._photo().ids)
        movement = self._move(deposit, kind, amount, **values)
        movement.action_approval_submit()
        movement.with_user(self.users["manager"]).action_approval_approve()
        if kind == "refund":
            movement.action_post()
        return movement

    def _ledger(self, account=None):
        """Return what the liability account holds, a credit being positive."""
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", (account or self.liability).id),
                ("parent_state", "=", "posted"),
            ]
        )
        return -sum(lines.mapped("balance"))
