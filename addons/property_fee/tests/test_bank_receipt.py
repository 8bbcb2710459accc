from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .collect_common import TODAY
from .test_bank_import import BankFileCase


@freeze_time("2026-11-23")
@tagged("post_install", "-at_install")
class TestBankLateFee(BankFileCase):
    """Money of the bank pays late fee to date as money at the counter does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late_policy = cls.env["property.late.fee.policy"].create(
            {
                "name": "Contract",
                "date_start": date(2025, 1, 1),
                "daily_rate": 0.05,
                "item_ids": cls.management.ids,
            }
        )
        # 223.75 at 0.05 % from 16 October to 5 November: 20 days
        cls.fee = 2.24

    def _late(self, unit=None):
        return self.env["account.move"].search(
            [
                ("property_unit_id", "=", (unit or self.home).id),
                (
                    "invoice_line_ids.property_charge_id.late_fee_move_id",
                    "!=",
                    False,
                ),
            ]
        )

    def test_all_with_late_fee(self):
        """The fee counts up to the day of the money, not to that of the import."""
        job = self._import([self._line("1-1-101", 463.5 + self.fee)])
        self.assertEqual(job.line_ids.state, "settled")
        self.assertRecordValues(
            self._late(),
            [
                {
                    "amount_total": self.fee,
                    "payment_state": "paid",
                    "invoice_date": date(2026, 11, 5),
                }
            ],
        )
        self.assertFalse(self.home.amount_due)
        self.assertFalse(self.home._get_credit())
        # The night finds nothing more to bill, and nothing is owed for later days.
        self.env["property.late.fee.policy"]._bill_chunk(
            self._october(), TODAY, "payment"
        )
        self.assertEqual(len(self._late()), 1)
        later = self._october()._get_late_fees(date(2026, 12, 31))[self._october()]
        self.assertEqual((later.accrued, later.amount), (self.fee, 0))

    def test_as_at_the_counter(self):
        """Bank and counter bill the same fee for the same day."""
        self._import([self._line("1-1-101", 463.5 + 5.03, day="20261123")])
        neighbour = self.neighbour_home
        self._take(
            self._october(neighbour) + self._november(neighbour),
            463.5 + 5.03,
            unit=neighbour,
            with_late_fee=True,
        )
        by_bank, at_counter = self._late(), self._late(neighbour)
        self.assertEqual(by_bank.amount_total, 5.03)
        self.assertEqual(at_counter.amount_total, 5.03)
        self.assertEqual(by_bank.payment_state, at_counter.payment_state)
        self.assertFalse(by_bank.amount_residual)

    def test_one_bill_with_its_late_fee(self):
        """An amount that is a bill and its fee to the cent pays both, not the next bill."""
        job = self._import([self._line("", 231.75 + self.fee, "张三")])
        line = job.line_ids
        self.assertIn("with late fee", line.reason)
        if line.state != "settled":
            line.with_user(self.users["accountant"]).action_settle()
        self.assertEqual(self._october().payment_state, "paid")
        self.assertEqual(self._late().payment_state, "paid")
        self.assertEqual(self.home.amount_due, 231.75)

    def test_more_than_all_is_credit_after_the_fee(self):
        self._import([self._line("1-1-101", 500)])
        self.assertFalse(self._late().amount_residual)
        self.assertEqual(
            self.home._get_credit(), {self.home: round(500 - 463.5 - self.fee, 2)}
        )

    def test_principal_alone_leaves_the_fee_to_the_night(self):
        self._import([self._line("1-1-101", 231.75)])
        self.assertEqual(self._october().payment_state, "paid")
        self.assertFalse(self._late())
        owed = self._october()._get_late_fees(TODAY)[self._october()]
        self.assertEqual(owed.amount, self.fee)

    def test_other_ways_to_bill_it_stay(self):
        self.late_policy.invoicing = "month_end"
        self._import([self._line("1-1-101", 500)])
        self.assertFalse(self._late())
        self.assertEqual(self.home._get_credit(), {self.home: 36.5})


@freeze_time("2026-11-23")
@tagged("post_install", "-at_install")
class TestBankReceipt(BankFileCase):
    """Who paid by transfer and asks for a receipt gets one, once."""

    def _settled(self, *args, **cells):
        job = self._import([self._line(*args, **cells)])
        self.assertEqual(job.line_ids.state, "settled")
        return job.line_ids.with_user(self.users["accountant"])

    def test_receipt(self):
        line = self._settled("1-1-101", 300, "张三的姐姐")
        action = line.action_receipt()
        receipt = line.receipt_id
        self.assertEqual(action["context"]["active_ids"], receipt.ids)
        self.assertRecordValues(
            receipt,
            [
                {
                    "unit_id": self.home.id,
                    "payer_name": "张三的姐姐",
                    "amount": 300.0,
                    "amount_credit_left": 0.0,
                    "journal_id": self.bank.id,
                    "user_id": self.users["accountant"].id,
                    "date": TODAY,
                    "state": "posted",
                }
            ],
        )
        self.assertEqual(
            [(row.move_id, row.amount, row.is_partial) for row in receipt.line_ids],
            [
                (self._october(), 223.75, False),
                (self._october(), 8.0, False),
                (self._november(), 68.25, True),
            ],
        )
        line.action_receipt()
        self.assertEqual(line.receipt_id, receipt)
        self.assertEqual(
            self.env["property.receipt"].search_count([("unit_id", "=", self.home.id)]),
            1,
        )

    def test_what_was_paid_before_and_after_is_not_on_it(self):
        self._take(self._october(), 100)
        line = self._settled("1-1-101", 131.75)
        self._take(self._november(), 50)
        line.action_receipt()
        self.assertEqual(
            [(row.name, row.amount) for row in line.receipt_id.line_ids],
            [(self.management.name, 123.75), (self.garbage.name, 8.0)],
        )

    def test_credit_is_named(self):
        line = self._settled("1-1-101", 500)
        line.action_receipt()
        self.assertEqual(line.receipt_id.amount_credit_left, 36.5)

    def test_no_cashier_answers_for_it(self):
        """It is no money of a drawer: neither closing nor signed day knows it."""
        line = self._settled("1-1-101", 231.75)
        line.action_receipt()
        closing = (
            self.env["property.daily.closing"]
            .with_user(self.users["accountant"])
            .create({"date": TODAY})
        )
        self.assertFalse(closing.line_ids)
        closing.action_sign()
        self.assertFalse(line.receipt_id.closing_id)

    def test_receipt_of_the_counter_is_the_one(self):
        receipt = self._take(self._october(), 231.75, journal_id=self.bank.id)
        line = self._settled("1-1-101", 231.75, day="20261124")
        line.action_receipt()
        self.assertEqual(line.receipt_id, receipt)
        line.action_undo()
        self.assertEqual(receipt.state, "posted")

    def test_undo_makes_it_void(self):
        line = self._settled("1-1-101", 231.75)
        line.action_receipt()
        first = line.receipt_id
        line.action_undo()
        self.assertEqual((first.state, bool(first.void_reason)), ("void", True))
        self.assertFalse(line.receipt_id)
        line.action_match_again()
        self.env.invalidate_all()
        line.action_receipt()
        self.assertEqual(line.receipt_id.state, "posted")
        self.assertNotEqual(line.receipt_id.name, first.name)

    def test_void_paper_leaves_the_money(self):
        line = self._settled("1-1-101", 231.75)
        line.action_receipt()
        first = line.receipt_id
        first.with_user(self.users["accountant"])._void("Wrong payer")
        self.assertEqual(self._october().payment_state, "paid")
        line.action_receipt()
        self.assertNotEqual(line.receipt_id, first)

    def test_refused(self):
        job = self._import([self._line("", 77, "路人甲")])
        line = job.line_ids.with_user(self.users["accountant"])
        with self.assertRaisesRegex(UserError, "settle it first"):
            line.action_receipt()
        with self.assertRaises(AccessError):
            line.with_user(self.users["cashier"]).action_receipt()
