from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .test_late_fee import LateFeeCase

NOVEMBER_15 = date(2026, 11, 15)


@freeze_time("2026-11-15")
@tagged("post_install", "-at_install")
class TestLateFeeWaiver(LateFeeCase):
    """Late fees are waived within limits before they are billed; 3.36 has accrued."""

    def _waiver(self, amount=None, **values):
        waiver = (
            self.env["property.waiver"]
            .with_user(self.users["frontdesk"])
            .create(
                {
                    "kind": "late_fee",
                    "unit_id": self.home.id,
                    "partner_id": self.owner.id,
                    "reason_id": self.env.ref("property_fee.waiver_reason_service").id,
                    **values,
                }
            )
        )
        waiver.action_fill_late_fees()
        if amount:
            waiver.line_ids.amount = amount
        waiver.action_approval_submit()
        return waiver

    def _approve(self, waiver, user="accountant"):
        waiver.with_user(self.users[user]).action_approval_approve()
        self.env.invalidate_all()

    def test_all_of_it(self):
        waiver = self._waiver()
        self.assertEqual(waiver.amount, 3.36)
        self.assertEqual(waiver.line_ids.bill_name, self.bill.name)
        self._approve(waiver)
        self.assertEqual(self._fee(NOVEMBER_15), 0.0)
        self.assertFalse(self.bill._create_late_fee_bills(NOVEMBER_15))
        # The days after are owed.
        self.assertEqual(self._fee(date(2026, 12, 15)), 3.35)

    def test_a_part(self):
        self._approve(self._waiver(2))
        self.assertEqual(self._fee(NOVEMBER_15), 1.36)
        charge = self.env["property.charge"].search(
            [("late_fee_move_id", "=", self.bill.id)]
        )
        self.assertRecordValues(charge, [{"state": "waived", "amount": 2.0}])
        self.assertFalse(charge._get_wrong_amounts())
        bill = self.bill._create_late_fee_bills(NOVEMBER_15)
        self.assertEqual(bill.amount_total, 1.36)
        self.assertFalse(bill.property_charge_ids._get_wrong_amounts())

    def test_never_more_than_accrued(self):
        with self.assertRaises(UserError):
            self._waiver(3.37)

    def test_billed_meanwhile(self):
        waiver = self._waiver(3)
        self.bill._create_late_fee_bills(NOVEMBER_15)
        with self.assertRaises(UserError):
            self._approve(waiver)

    def test_limits(self):
        self.policy.daily_rate = 1  # in November 67.13 and by 2027 more than 200
        waiver = self._waiver(date=date(2027, 2, 1))
        self.assertGreater(waiver.amount, 200)
        for user in ("frontdesk", "cashier", "accountant"):
            with self.assertRaises(AccessError):
                self._approve(waiver, user)
        self._approve(waiver, "manager")
        self.assertEqual(waiver.approval_state, "approved")

    def test_nothing_to_waive(self):
        self.policy.daily_rate = 0
        with self.assertRaises(UserError):
            self._waiver()
