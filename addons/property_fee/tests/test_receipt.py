from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .collect_common import CollectCase


@freeze_time("2026-11-23")
@tagged("post_install", "-at_install")
class TestReceipt(CollectCase):
    """Receipts: numbers without gaps, prints, voids."""

    def _html(self, receipt):
        # Receipts are written in the language of the company.
        self.env.company.partner_id.lang = "en_US"
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        return report._render_qweb_html("property_fee.report_receipt", receipt.ids)[
            0
        ].decode()

    def test_numbers_have_no_gap(self):
        first = self._take(self._october(), 231.75)
        # A payment that fails takes no number with it.
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._take(self._october(), 231.75, token="")
        second = self._take(self._november(), 231.75)
        self.assertRegex(first.name, r"^SJ2026-\d{6}$")
        self.assertEqual(int(second.name[-6:]), int(first.name[-6:]) + 1)
        with self.assertRaises(UserError):
            first.unlink()

    def test_print_and_reprint(self):
        receipt = self._take(self._october(), 231.75, payer_name="王五")
        page = self._html(receipt)
        for text in (
            receipt.name,
            "1-1-101",
            "王五",
            "贰佰叁拾壹元柒角伍分",
            "Lakeside",
        ):
            self.assertIn(text, page)
        self.assertNotIn("Reprint", page)
        page = self._html(receipt)
        self.assertIn("Reprint", page)
        self.assertEqual(receipt.print_count, 2)

    def test_paper_is_short(self):
        """The months of an item are one line on the paper, a part is a line of its own."""
        receipt = self._take(self._october() + self._november(), 300)
        self.assertEqual(
            [
                (line["name"], line["days"], line["amount"], line["is_partial"])
                for line in receipt._get_print_lines()
            ],
            [
                ("Management Fee", "2026-10", 223.75, False),
                ("Garbage Fee", "2026-10", 8.0, False),
                ("Management Fee", "2026-11", 68.25, True),
            ],
        )
        whole = self._take(
            self._october(self.neighbour_home) + self._november(self.neighbour_home),
            463.5,
            unit=self.neighbour_home,
        )
        self.assertEqual(
            [(line["days"], line["amount"]) for line in whole._get_print_lines()],
            [("2026-10 - 2026-11", 447.5), ("2026-10 - 2026-11", 16.0)],
        )

    def test_void_keeps_the_number(self):
        receipt = self._take(self._october(), 300)
        user = self.users["cashier"]
        action = receipt.with_user(user).action_void()
        wizard = (
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**action["context"])
            .create({"reason": "wrong household"})
        )
        wizard.action_void()
        self.env.invalidate_all()
        self.assertRecordValues(
            receipt,
            [
                {
                    "state": "void",
                    "void_reason": "wrong household",
                    "void_user_id": user.id,
                    "amount": 300,
                }
            ],
        )
        self.assertEqual(self._october().payment_state, "not_paid")
        self.assertEqual(self._october().amount_residual, 231.75)
        self.assertFalse(self.home._get_credit())
        self.assertEqual(receipt.payment_ids.state, "canceled")
        # The books: what came in went out again.
        account = self.cash.default_account_id
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        self.assertEqual(sum(lines.mapped("balance")), 0)
        self.assertIn("(Void)", self._html(receipt))
        self.assertEqual(
            self._take(self._october(), 231.75).amount, 231.75, "it can be paid again"
        )
        with self.assertRaises(UserError):
            receipt.with_user(user)._void("once more")

    def test_void_credit_that_was_used(self):
        receipt = self._take(amount=231.75)
        self._counter().take_payment(
            self.home.id, self._order(self._october(), use_credit=True)
        )
        receipt.with_user(self.users["cashier"])._void("bad note")
        self.env.invalidate_all()
        self.assertEqual(self._october().payment_state, "not_paid")

    def test_who_may_void(self):
        receipt = self._take(self._october(), 231.75, user="manager")
        for role in ("cashier", "frontdesk", "reader"):
            with self.subTest(role), self.assertRaises(AccessError):
                receipt.with_user(self.users[role])._void("no")
        with self.assertRaises(UserError):
            receipt.with_user(self.users["accountant"])._void("  ")
        receipt.with_user(self.users["accountant"])._void("wrong person")
        self.assertEqual(receipt.state, "void")
