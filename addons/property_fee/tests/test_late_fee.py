from datetime import date
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OCTOBER, START, PropertyFeeCase

# Bills of October are due on the 16th: Friday, so nothing moves.
DUE = date(2026, 10, 16)
NOVEMBER_15 = date(2026, 11, 15)


class LateFeeCase(PropertyFeeCase):
    """Two homes with a bill of 231.75 for October: 223.75 management, 8.00 garbage.

    The policy asks 0.05 % a day for management alone.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner.lang = "en_US"  # in which the lines of his bills are written
        cls.policy = cls._create_policy(item_ids=cls.management.ids)
        cls._assign(cls.homes[:2], cls.management + cls.garbage)
        cls._run()
        cls.bill = cls.env["account.move"].search(
            [("property_unit_id", "=", cls.home.id)]
        )

    @classmethod
    def _create_policy(cls, **values):
        return cls.env["property.late.fee.policy"].create(
            {"name": "Contract", "date_start": START, "daily_rate": 0.05, **values}
        )

    def _fee(self, as_of, bill=None):
        fees = (bill or self.bill)._get_late_fees(as_of)
        return fees[bill or self.bill].amount if fees else 0.0

    def _pay(self, amount, day, bill=None):
        return self._register_payment(
            bill or self.bill, amount=amount, payment_date=day
        )


@tagged("post_install", "-at_install")
class TestLateFee(LateFeeCase):
    def test_story(self):
        self.assertEqual(self._fee(DUE), 0.0)
        self.assertEqual(self._fee(date(2026, 10, 17)), 0.11)
        # 30 days of 223.75 at 0.05 %
        self.assertEqual(self._fee(NOVEMBER_15), 3.36)
        # Of 115.875, half the bill, half is paid on day 10: 10 x 223.75 + 20 x 111.875
        self._pay(115.88, date(2026, 10, 26))
        self.assertEqual(self._fee(date(2026, 10, 26)), 1.12)
        self.assertEqual(self._fee(NOVEMBER_15), 2.24)
        self._pay(115.87, NOVEMBER_15)
        self.assertEqual(
            self.bill.payment_state, self.bill._get_invoice_in_payment_state()
        )
        self.assertEqual(self._fee(date(2026, 12, 31)), 2.24)

    def test_explanation(self):
        fee = self.bill._get_late_fees(NOVEMBER_15)[self.bill]
        self.assertEqual(fee.explanation, "(223.75 x 30 days) x 0.05% = 3.36")
        self.policy.cap_percent = 1
        fee = self.bill._get_late_fees(NOVEMBER_15)[self.bill]
        self.assertEqual(
            fee.explanation,
            "(223.75 x 30 days) x 0.05% = 2.23, at most 1% of 223.75",
        )

    @freeze_time("2026-11-15")
    def test_on_the_bill(self):
        bill = self.bill.with_user(self.users["cashier"])
        self.assertEqual(bill.property_late_fee, 3.36)
        self.assertIn("30 days", bill.property_late_fee_text)

    def test_credit_note_corrects(self):
        refund = self.bill._reverse_moves([{"invoice_date": date(2026, 11, 1)}])
        refund.invoice_line_ids.filtered(
            lambda line: line.price_unit == 8
        ).price_unit = 0
        line = refund.invoice_line_ids.filtered("price_unit")
        line.price_unit = 115.88
        refund.action_post()
        (self.bill + refund).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual(self.bill.amount_residual, 115.87)
        # Half of 223.75, from the first day.
        self.assertEqual(self._fee(NOVEMBER_15), 1.68)
        self.policy.credit_rule = "date"
        # 16 x 223.75 + 14 x half of it
        self.assertEqual(self._fee(NOVEMBER_15), 2.57)

    def test_bill_of_the_fee(self):
        bill = self.bill._create_late_fee_bills(NOVEMBER_15)
        self.assertRecordValues(
            bill,
            [
                {
                    "state": "posted",
                    "move_type": "out_invoice",
                    "partner_id": self.owner.id,
                    "property_unit_id": self.home.id,
                    "amount_total": 3.36,
                    "invoice_date": NOVEMBER_15,
                }
            ],
        )
        charge = bill.property_charge_ids
        self.assertRecordValues(
            charge,
            [
                {
                    "state": "billed",
                    "item_id": self.policy.fee_item_id.id,
                    "late_fee_move_id": self.bill.id,
                    "date_from": date(2026, 10, 17),
                    "date_to": NOVEMBER_15,
                    "quantity": 30,
                }
            ],
        )
        self.assertFalse(charge._get_wrong_amounts())
        # Nothing again for the same days, and the rest later.
        self.assertFalse(self.bill._create_late_fee_bills(NOVEMBER_15))
        self.assertEqual(self._fee(NOVEMBER_15), 0.0)
        later = self.bill._create_late_fee_bills(date(2026, 12, 15))
        self.assertEqual(later.amount_total, 3.35)  # 6.7125 in all, rounded once
        self.assertFalse(later.property_charge_ids._get_wrong_amounts())
        self.assertEqual(later.property_charge_ids.date_from, date(2026, 11, 16))
        self.assertIn("less 3.36 before = 3.35", later.invoice_line_ids.name)

    def test_never_on_late_fee(self):
        bill = self.bill._create_late_fee_bills(NOVEMBER_15)
        self.assertLess(bill.invoice_date_due, date(2027, 12, 31))
        self.assertFalse(bill._get_late_fees(date(2027, 12, 31)))
        # Not even by a policy for all items.
        self.policy.item_ids = False
        self.assertFalse(bill._get_late_fees(date(2027, 12, 31)))
        with self.assertRaises(ValidationError):
            self.policy.item_ids = self.policy.fee_item_id

    def test_cancelled_fee_is_owed_again(self):
        bill = self.bill._create_late_fee_bills(NOVEMBER_15)
        bill._reverse_moves([{"invoice_date": NOVEMBER_15}], cancel=True)
        self.assertEqual(bill.property_charge_ids.state, "cancelled")
        self.assertEqual(self._fee(NOVEMBER_15), 3.36)

    def test_waived_fee_is_not_owed_again(self):
        bill = self.bill._create_late_fee_bills(NOVEMBER_15)
        bill.property_charge_ids.sudo().state = "waived"
        self.assertEqual(self._fee(NOVEMBER_15), 0.0)
        # The days after are.
        self.assertEqual(self._fee(date(2026, 12, 15)), 3.35)

    def test_never_twice_in_the_database(self):
        bill = self.bill._create_late_fee_bills(NOVEMBER_15)
        with (
            self.assertRaises(psycopg2.errors.ExclusionViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            bill.property_charge_ids.sudo().copy(
                {"date_from": NOVEMBER_15, "date_to": date(2026, 11, 20)}
            )

    def test_which_policy(self):
        everywhere = self._create_policy(name="All items", daily_rate=0.1)
        self.assertEqual(self._fee(NOVEMBER_15), 3.60)  # 3.36 + 30 x 8 x 0.1 %
        here = self._create_policy(
            name="Here", community_id=self.community.id, daily_rate=0.02
        )
        self.assertEqual(self._fee(NOVEMBER_15), 1.39)  # 30 x 231.75 x 0.02 %
        here.date_end = date(2026, 10, 15)
        self.assertEqual(self._fee(NOVEMBER_15), 3.60)
        everywhere.date_start = date(2026, 10, 17)
        self.assertEqual(self._fee(NOVEMBER_15), 3.36)
        with self.assertRaises(ValidationError):
            self._create_policy(name="Collides", item_ids=self.management.ids)
        self._create_policy(name="Other item", item_ids=self.garbage.ids)

    def test_two_policies_are_two_lines(self):
        self._create_policy(name="Rest", daily_rate=0.1)
        bill = self.bill._create_late_fee_bills(NOVEMBER_15)
        self.assertEqual(bill.invoice_line_ids.mapped("price_unit"), [3.36, 0.24])

    def test_days_off_of_a_company(self):
        self.policy.calendar = "working"
        # Working days from 10-17 to 10-23, a week that begins with a weekend.
        self.assertEqual(self._fee(date(2026, 10, 23)), 0.56)
        day = self.env["property.quiet.day"].create(
            {"name": "Fair", "date_from": date(2026, 10, 20)}
        )
        self.assertEqual(self._fee(date(2026, 10, 23)), 0.56)
        day.is_day_off = True
        self.assertEqual(self._fee(date(2026, 10, 23)), 0.45)

    def test_readers_see_their_communities_only(self):
        elsewhere = self._create_community("Hillside", "HILL")
        self.users["cashier"].property_community_ids = elsewhere
        bill = self.bill.with_user(self.users["cashier"])
        self.assertFalse(bill._get_late_fees(NOVEMBER_15))

    def test_queries_do_not_grow(self):
        few = self._create_homes(3, prefix="8")
        many = self._create_homes(30, prefix="9")
        self._assign(few + many)
        self._run(date(2026, 11, 1))
        bills = self.env["account.move"].search(
            [("property_unit_id", "in", (few + many).ids)]
        )
        for bill in bills[::3]:
            self._pay(50, date(2026, 11, 20), bill)
        counts = []
        for units in (few, few, many):
            own = bills.filtered(
                lambda bill, units=units: bill.property_unit_id in units
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(len(own._get_late_fees(date(2027, 1, 31))), len(units))
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])


@tagged("post_install", "-at_install")
class TestLateFeeBilling(LateFeeCase):
    """When a fee becomes a bill."""

    def _cron(self, day):
        with freeze_time(day), self.enter_registry_test_mode():
            self.env.ref("property_fee.ir_cron_late_fee").method_direct_trigger()
        return self.env["account.move"].search(
            [("property_charge_ids.late_fee_move_id", "=", self.bill.id)]
        )

    def test_at_month_end(self):
        self.policy.invoicing = "month_end"
        bills = self._cron("2026-11-01")
        self.assertEqual(bills.mapped("amount_total"), [1.68])  # 15 days of October
        self.assertEqual(bills.invoice_date, date(2026, 10, 31))
        self.assertEqual(self._cron("2026-11-02"), bills)
        self._pay(231.75, date(2026, 11, 10))
        bills = self._cron("2026-12-01") - bills
        self.assertEqual(bills.mapped("amount_total"), [1.12])  # 25 days in all: 2.80
        self.assertEqual(bills.property_charge_ids.date_to, date(2026, 11, 10))

    def test_at_payment(self):
        self.assertFalse(self._cron("2026-11-01"))
        self._pay(100, date(2026, 11, 5))
        self.assertFalse(self._cron("2026-11-06"))
        self._pay(131.75, date(2026, 11, 15))
        bills = self._cron("2026-11-15")
        # 20 days of 223.75, 10 of the same part of 131.75
        self.assertEqual(bills.amount_total, 2.87)
        self.assertEqual(self._cron("2026-11-16"), bills)

    def test_never(self):
        self.policy.invoicing = "never"
        self._pay(231.75, date(2026, 11, 10))
        self.assertFalse(self._cron("2026-12-01"))
        with freeze_time("2026-11-20"):
            action = self.bill.with_user(
                self.users["accountant"]
            ).action_bill_late_fees()
        bills = self.env["account.move"].search(action["domain"])
        self.assertEqual(bills.amount_total, 2.80)
        with self.assertRaises(UserError):
            self.bill.action_bill_late_fees()

    def test_cashier_does_not_bill_by_the_button(self):
        with self.assertRaises(AccessError):
            self.bill.with_user(self.users["cashier"]).action_bill_late_fees()

    def test_one_bad_bill_does_not_stop_the_others(self):
        self.policy.invoicing = "month_end"
        Move = type(self.env["account.move"])
        original = Move._prepare_late_fee_charge

        def broken(move, part, as_of):
            if move.property_unit_id == self.home:
                raise ValueError("broken")
            return original(move, part, as_of)

        with (
            patch.object(Move, "_prepare_late_fee_charge", broken),
            self.assertLogs("odoo.addons.property_fee", "ERROR") as logs,
        ):
            self.assertFalse(self._cron("2026-11-01"))
        self.assertIn(self.bill.name, logs.output[0])
        others = self.env["property.charge"].search(
            [("late_fee_move_id.property_unit_id", "=", self.neighbour_home.id)]
        )
        self.assertEqual(others.amount, 1.68)
        self.assertTrue(self._cron("2026-11-02"))

    def test_two_debtors_two_bills(self):
        bills = self.env["account.move"].search(
            [("property_unit_id", "in", self.homes[:2].ids)]
        )
        made = bills._create_late_fee_bills(NOVEMBER_15)
        self.assertEqual(made.partner_id, self.owner + self.neighbour)
        self.assertEqual(made.mapped("property_period"), [date(2026, 11, 1)] * 2)
        self.assertEqual(self.bill.property_period, OCTOBER)
