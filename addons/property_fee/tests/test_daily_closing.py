import io

import openpyxl
from odoo.exceptions import AccessError, UserError
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

    def test_print_and_excel(self):
        self.first.sudo().payer_name = "=1+1"
        closing = self._close()
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        page = report._render_qweb_html(
            "property_fee.report_daily_closing", closing.ids
        )[0].decode()
        self.assertIn("231.75", page)
        self.assertIn(self.cash.name, page)
        book = openpyxl.load_workbook(io.BytesIO(closing._get_workbook()))
        methods, receipts = book.worksheets
        self.assertEqual(methods.cell(methods.max_row, 4).value, 463.5)
        self.assertEqual(receipts.max_row, 4)
        cells = [cell for row in receipts.iter_rows() for cell in row]
        self.assertFalse([cell for cell in cells if cell.data_type == "f"])
        self.assertIn("=1+1", [cell.value for cell in cells])
        action = closing.action_export()
        self.assertEqual(action["type"], "ir.actions.act_url")
