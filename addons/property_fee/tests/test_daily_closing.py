import io
from datetime import date

import openpyxl
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .collect_common import CollectCase


@freeze_time("2026-11-23")
@tagged("post_install", "-at_install")
class TestDailyClosing(CollectCase):
    """A cashier's day is counted, signed, checked; then nothing of it changes."""

    def _close(self, user="cashier"):
        return self.env["property.daily.closing"].with_user(self.users[user]).create({})

    def _line(self, closing, journal):
        return closing.line_ids.filtered(lambda line: line.journal_id == journal)

    def setUp(self):
        super().setUp()
        self.first = self._take(self._october(), 231.75)
        self.second = self._take(self._november(), 231.75, journal_id=self.bank.id)
        self.voided = self._take(amount=50, unit=self.neighbour_home)
        self.voided.with_user(self.users["cashier"])._void("changed his mind")

    def test_counted_against_computed(self):
        closing = self._close()
        self.assertRecordValues(
            self._line(closing, self.cash) + self._line(closing, self.bank),
            [
                {
                    "journal_id": self.cash.id,
                    "computed": 231.75,
                    "receipt_count": 1,
                    "void_count": 1,
                },
                {
                    "journal_id": self.bank.id,
                    "computed": 231.75,
                    "receipt_count": 1,
                    "void_count": 0,
                },
            ],
        )
        closing.action_fill_counted()
        place = closing.line_ids.ids.index(self._line(closing, self.cash).id)
        with Form(closing) as form:
            with form.line_ids.edit(place) as line:
                line.counted = 230
                line.reason = "coin missing"
        self.assertEqual(closing.difference, -1.75)
        closing.action_sign()
        self.assertEqual(closing.state, "signed")
        self.assertEqual(
            closing.sudo().receipt_ids, self.first + self.second + self.voided
        )

    def test_difference_needs_a_reason(self):
        closing = self._close()
        closing.action_fill_counted()
        closing.line_ids[0].counted = 200
        with self.assertRaisesRegex(UserError, "200.00 was counted"):
            closing.action_sign()

    def test_signed_day_is_locked(self):
        closing = self._close()
        closing.action_fill_counted()
        closing.action_sign()
        user = self.users["cashier"]
        with self.assertRaises(UserError):
            self.first.with_user(user)._void("too late")
        with self.assertRaises(UserError):
            self._take(amount=10, unit=self.neighbour_home)
        with self.assertRaises(UserError):
            closing.line_ids[0].counted = 1
        with self.assertRaises(UserError):
            closing.unlink()
        with freeze_time("2026-11-24"):
            self.assertTrue(self._take(amount=10, unit=self.neighbour_home))
        with self.assertRaises(AccessError):
            closing.action_check()
        with self.assertRaises(AccessError):
            closing.action_send_back()
        accountant = closing.with_user(self.users["accountant"])
        accountant.action_check()
        self.assertEqual(closing.checked_by, self.users["accountant"])
        accountant.action_send_back()
        self.first.with_user(user)._void("corrected")
        closing.action_count()
        self.assertEqual(self._line(closing, self.cash).void_count, 2)

    def test_nobody_checks_himself(self):
        closing = self._close("accountant")
        closing.action_sign()
        with self.assertRaises(UserError):
            closing.action_check()

    def test_only_ones_own(self):
        closing = self._close("accountant")
        user = self.users["cashier"]
        self.assertFalse(closing.with_user(user).has_access("read"))
        with self.assertRaises(AccessError):
            self.env["property.daily.closing"].with_user(user).create(
                {"user_id": self.users["manager"].id}
            )
        with self.assertRaises(UserError):
            self._close().line_ids[0].computed = 1

    # === MONEY WITHOUT A RECEIPT === #

    def _deposit(self, amount, user="cashier", day="2026-11-23"):
        """Let a deposit come in, in cash."""
        if not hasattr(self, "liability"):
            self.liability = self.env["account.account"].create(
                {
                    "name": "Deposits",
                    "code": "224191",
                    "account_type": "liability_current",
                }
            )
            self.deposit_item = self._create_item(
                "RD", "Deposit", kind="deposit", agency_account_id=self.liability.id
            )
        deposit = (
            self.env["property.deposit"]
            .with_user(self.users[user])
            .create(
                {
                    "unit_id": self.home.id,
                    "item_id": self.deposit_item.id,
                    "amount": amount,
                }
            )
        )
        return self._move(deposit, "receive", amount, user, day)

    def _move(self, deposit, kind, amount, user="cashier", day="2026-11-23"):
        movement = (
            self.env["property.deposit.movement"]
            .with_user(self.users[user])
            .create(
                {
                    "deposit_id": deposit.id,
                    "kind": kind,
                    "amount": amount,
                    "date": day,
                    "journal_id": self.cash.id,
                }
            )
        )
        if kind == "refund":
            movement.action_approval_submit()
            movement.with_user(self.users["manager"]).action_approval_approve()
        movement.action_post()
        return movement

    def _refund_credit(self, unit):
        refund = (
            self.env["property.credit.refund"]
            .with_user(self.users["cashier"])
            .create(
                {
                    "unit_id": unit.id,
                    "reason": "Moves out",
                    "journal_id": self.cash.id,
                }
            )
        )
        refund.action_approval_submit()
        refund.with_user(self.users["manager"]).action_approval_approve()
        return refund

    def test_deposits_and_refunds_are_in_the_drawer(self):
        unit = self.neighbour_home
        self._take(self._october(unit) + self._november(unit), 563.5, unit=unit)
        received = self._deposit(2000)
        self._move(received.deposit_id, "refund", 500)
        self._deposit(70, user="accountant")  # is in another drawer
        refund = self._refund_credit(unit)
        self.assertEqual(refund.amount, 100)
        refund.action_pay()
        closing = self._close()
        self.assertRecordValues(
            self._line(closing, self.cash),
            [
                {
                    "receipt_count": 2,
                    "amount_receipts": 795.25,
                    "amount_deposits": 2000,
                    "amount_paid_out": 600,
                    "computed": 2195.25,
                }
            ],
        )
        sheet = openpyxl.load_workbook(io.BytesIO(closing._get_workbook())).worksheets[
            2
        ]
        self.assertEqual(
            [sheet.cell(row, 6).value for row in (4, 5, 6)], [2000, -500, -100]
        )
        page = self.env["ir.actions.report"]._render_qweb_html(
            "property_fee.report_daily_closing", closing.ids
        )[0]
        self.assertIn(refund.name, page.decode())

    def test_signed_day_takes_no_deposit(self):
        received = self._deposit(2000)
        closing = self._close()
        closing.action_fill_counted()
        closing.action_sign()
        with self.assertRaisesRegex(UserError, "Your day is closed"):
            self._deposit(10)
        # Written on the signed day, taken on the next: it is in the drawer of the next.
        with freeze_time("2026-11-24"):
            late = self._deposit(10)
            self.assertEqual(late.date, date(2026, 11, 24))
            self.assertEqual(late.payment_id.date, date(2026, 11, 24))
            self.assertEqual(self._line(self._close(), self.cash).computed, 10)
        accountant = received.with_user(self.users["accountant"])
        with self.assertRaisesRegex(UserError, "has closed and signed"):
            accountant.action_cancel()
        closing.with_user(self.users["accountant"]).action_send_back()
        accountant.action_cancel()
        closing.action_count()
        self.assertEqual(self._line(closing, self.cash).computed, 231.75)

    def test_signed_day_refunds_nothing(self):
        unit = self.neighbour_home
        self._take(self._october(unit) + self._november(unit), 563.5, unit=unit)
        refund = self._refund_credit(unit)
        closing = self._close()
        closing.action_fill_counted()
        closing.action_sign()
        with self.assertRaisesRegex(UserError, "Your day is closed"):
            refund.action_pay()

    def test_no_day_is_closed_ahead(self):
        with self.assertRaisesRegex(ValidationError, "has not come yet"):
            self.env["property.daily.closing"].with_user(self.users["cashier"]).create(
                {"date": "2026-11-24"}
            )

    def test_print_and_excel(self):
        self.first.sudo().payer_name = "=1+1"
        closing = self._close()
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        page = report._render_qweb_html(
            "property_fee.report_daily_closing", closing.ids
        )[0].decode()
        self.assertIn("231.75", page)
        self.assertIn(self.cash.name, page)
        self.assertIn(f"{self.first.name} - {self.voided.name}", page)
        book = openpyxl.load_workbook(io.BytesIO(closing._get_workbook()))
        methods, receipts, others = book.worksheets
        self.assertEqual(others.max_row, 3)
        last = methods.max_row
        self.assertEqual(methods.cell(last, 7).value, f"=SUM(G4:G{last - 1})")
        self.assertEqual(
            sum(methods.cell(row, 7).value for row in range(4, last)), 463.5
        )
        self.assertIn("0.00", methods.cell(4, 7).number_format)
        # A void receipt adds nothing to the sum and is told apart.
        self.assertEqual(
            [receipts.cell(row, 7).value for row in (4, 5, 6)], [231.75, 231.75, 0]
        )
        self.assertEqual(receipts.cell(6, 11).value, 50)
        payer = receipts.cell(4, 5)
        self.assertEqual((payer.value, payer.data_type), ("=1+1", "s"))
        action = closing.action_export()
        self.assertEqual(action["type"], "ir.actions.act_url")
