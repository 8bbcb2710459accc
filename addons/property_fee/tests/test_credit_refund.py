from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .collect_common import CollectCase


@freeze_time("2026-11-23")
@tagged("post_install", "-at_install")
class TestCreditRefund(CollectCase):
    """Who moves out gets back what was paid too much, once and with approval."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Refund = cls.env["property.credit.refund"]

    def setUp(self):
        super().setUp()
        self._take(self._october() + self._november(), 563.5)

    def _refund(self, user="cashier", **values):
        return self.Refund.with_user(self.users[user]).create(
            {
                "unit_id": self.home.id,
                "reason": "Sold and moved out",
                "journal_id": self.cash.id,
                **values,
            }
        )

    def _approve(self, refund):
        refund.action_approval_submit()
        refund.with_user(self.users["manager"]).action_approval_approve()

    def test_all_is_refunded(self):
        refund = self._refund()
        self.assertEqual(
            (refund.partner_id, refund.credit, refund.amount), (self.owner, 100, 100)
        )
        with self.assertRaisesRegex(UserError, "approved first"):
            refund.action_pay()
        self._approve(refund)
        refund.action_pay()
        refund.action_pay()
        self.assertEqual((refund.state, refund.credit), ("paid", 0))
        payment = refund.payment_id
        self.assertEqual((payment.payment_type, payment.amount), ("outbound", 100))
        self.assertEqual(self.home._get_credit(), {})
        ledger = self.env["property.fee.figures"]._get_roll_forward(
            date(2026, 11, 1),
            date(2026, 11, 30),
            [("unit_id", "=", self.home.id)],
            None,
        )[None]
        self.assertEqual((ledger.refunded, ledger.closing), (100, 0))

    def test_a_part_is_refunded(self):
        refund = self._refund(amount=40)
        self._approve(refund)
        refund.action_pay()
        self.assertEqual(self.home._get_credit(), {self.home: 60})

    def test_no_more_than_there_is(self):
        with self.assertRaisesRegex(UserError, "credit of"):
            self._refund(amount=100.01).action_approval_submit()
        self._approve(self._refund(amount=70))
        with self.assertRaisesRegex(UserError, "30"):
            self._refund(amount=31).action_approval_submit()

    def test_used_meanwhile(self):
        refund = self._refund()
        self._approve(refund)
        self._run(date(2026, 12, 1))
        bill = self._bill(self.home, date(2026, 12, 1))
        self._take(bill, 0, use_credit=True) if bill.amount_residual else None
        with self.assertRaises(UserError):
            refund.action_pay()
        self.assertEqual(refund.state, "open")

    def test_not_while_something_is_owed(self):
        self._run(date(2026, 12, 1))
        if not self._bill(self.home, date(2026, 12, 1)).amount_residual:
            self.skipTest("credit is used when billing")
        with self.assertRaisesRegex(UserError, "still owes"):
            self._refund(amount=1).action_approval_submit()

    def test_neighbour_has_no_credit(self):
        with self.assertRaisesRegex(UserError, "credit of"):
            self._refund(
                unit_id=self.neighbour_home.id,
                partner_id=self.neighbour.id,
                amount=1,
            ).action_approval_submit()

    def test_facts_are_not_forged(self):
        refund = self._refund()
        payment = self.env["account.payment"].search([], limit=1)
        with self.assertRaises(AccessError):
            refund.payment_id = payment
        with self.assertRaises(AccessError):
            self._refund(payment_id=payment.id)
        self._approve(refund)
        with self.assertRaises(UserError):
            refund.amount = 1

    def test_payment_is_cancelled(self):
        refund = self._refund()
        self._approve(refund)
        refund.action_pay()
        refund.payment_id.action_draft()
        refund.payment_id.action_cancel()
        self.assertEqual((refund.state, refund.credit), ("open", 100))

    def test_slip(self):
        refund = self._refund(amount=40)
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("property_fee.report_credit_refund", refund.ids)[0]
            .decode()
        )
        self.assertIn("肆拾元整", html)
        self.assertIn(refund.name, html)
