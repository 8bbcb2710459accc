import uuid
from datetime import date

from .common import OCTOBER, PropertyFeeCase

NOVEMBER = date(2026, 11, 1)
TODAY = date(2026, 11, 23)


class CollectCase(PropertyFeeCase):
    """Two homes with bills of October and November: 223.75 and 8.00 each month.

    Money is taken by the cashier through the methods that the counter calls.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._assign(cls.homes[:2], cls.management + cls.garbage)
        cls._run()
        cls._run(NOVEMBER)
        cls.cash = cls.env["account.journal"].search(
            [("type", "=", "cash"), ("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.env.company.id)], limit=1
        )

    def _counter(self, user="cashier"):
        return self.env["property.counter"].with_user(self.users[user])

    def _order(self, bills=(), amount=0.0, **values):
        """Return what the screen sends to pay bills in full."""
        return {
            "token": uuid.uuid4().hex,
            "bills": [
                {
                    "id": bill.id,
                    "amount": bill.amount_residual,
                    "residual": bill.amount_residual,
                }
                for bill in bills
            ],
            "amount": amount,
            "journal_id": self.cash.id,
            "payer_name": "张三",
            **values,
        }

    def _take(self, bills=(), amount=0.0, unit=None, user="cashier", **values):
        """Take money and return the receipt."""
        answer = self._counter(user).take_payment(
            (unit or self.home).id, self._order(bills, amount, **values)
        )
        self.env.invalidate_all()
        return self.env["property.receipt"].browse(answer["receipt_id"])

    def _october(self, unit=None):
        return self._bill(unit or self.home, OCTOBER)

    def _november(self, unit=None):
        return self._bill(unit or self.home, NOVEMBER)
