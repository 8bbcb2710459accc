from datetime import date

from odoo.tests import freeze_time, tagged

from .common import OCTOBER, PropertyFeeCase


@freeze_time("2026-11-23")
@tagged("post_install", "-at_install")
class TestPayment(PropertyFeeCase):
    """Odoo's own payment wizard pays a bill; what the unit owes follows at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._assign(cls.homes[:2])
        cls._run()
        cls._run(date(2026, 11, 1))

    def _pay(self, bills, amount=None, user="cashier"):
        wizard = (
            self.env["account.payment.register"]
            .with_user(self.users[user])
            .with_context(active_model="account.move", active_ids=bills.ids)
            .create(
                {
                    "payment_date": date(2026, 11, 23),
                    **({"amount": amount} if amount else {}),
                }
            )
        )
        wizard.action_create_payments()
        self.env.invalidate_all()

    def _overdue(self):
        action = self.env.ref("property_fee.property_bill_overdue_action")
        view = action.search_view_id
        self.assertIn("overdue", view.arch)
        return self.env["account.move"].search(
            [
                ("property_unit_id", "in", self.homes.ids),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
                ("invoice_date_due", "<", "today"),
            ]
        )

    def test_pay_one(self):
        bill = self._bill(self.home)
        self.assertIn(bill, self._overdue())
        self._pay(bill)
        self.assertEqual(bill.payment_state, "paid")
        self.assertEqual(self._charges(self.home)[0].payment_state, "paid")
        self.assertNotIn(bill, self._overdue())

    def test_pay_in_part(self):
        bill = self._bill(self.home)
        self._pay(bill, 100)
        self.assertEqual(bill.payment_state, "partial")
        self.assertEqual(bill.amount_residual, 123.75)
        self.assertIn(bill, self._overdue())

    def test_unit_shows_what_is_open(self):
        self.assertRecordValues(
            self.home,
            [{"bill_count": 2, "amount_due": 447.5, "amount_overdue": 447.5}],
        )
        self._pay(self._bill(self.home), 100)
        self.assertRecordValues(
            self.home,
            [{"amount_due": 347.5, "amount_overdue": 347.5, "has_arrears": True}],
        )
        self._pay(self._bill(self.home) + self._bill(self.home, date(2026, 11, 1)))
        self.assertRecordValues(
            self.home,
            [{"amount_due": 0, "amount_overdue": 0, "has_arrears": False}],
        )

    def test_not_yet_due_is_no_arrears(self):
        with freeze_time("2026-11-10"):
            self.assertEqual(self.home.amount_due, 447.5)
            self.assertEqual(self.home.amount_overdue, 223.75)

    def test_find_units_in_arrears(self):
        Unit = self.env["property.unit"].with_user(self.users["frontdesk"])
        ours = [("id", "in", self.homes.ids)]
        self.assertEqual(
            Unit.search([*ours, ("has_arrears", "=", True)]), self.homes[:2]
        )
        self.assertEqual(
            Unit.search([*ours, ("has_arrears", "=", False)]), self.homes[2:]
        )

    def test_credit_note_counts(self):
        bill = self._bill(self.home, OCTOBER)
        refund = bill._reverse_moves([{"invoice_date": date(2026, 11, 1)}])
        refund.invoice_line_ids.price_unit = 23.75
        refund.action_post()
        self.env.invalidate_all()
        self.assertEqual(self.home.amount_due, 423.75)

    def test_buttons(self):
        bills = self.env["account.move"].search(self.home.action_view_bills()["domain"])
        self.assertEqual(len(bills), 2)
        charges = self.env["property.charge"].search(
            self.home.action_view_charges()["domain"]
        )
        self.assertEqual(charges, self._charges(self.home))
        self.assertEqual(charges[0].action_view_bill()["res_id"], charges[0].move_id.id)
