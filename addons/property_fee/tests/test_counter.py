from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .collect_common import CollectCase


@freeze_time("2026-11-23")
@tagged("post_install", "-at_install")
class TestCounter(CollectCase):
    """A cashier takes money: what is paid, what stays, what the receipt says."""

    def test_household_at_the_counter(self):
        shown = self._counter().load_household(self.home.id)
        self.assertEqual(shown["unit"]["code"], "1-1-101")
        self.assertEqual(shown["payer"], "张三")
        self.assertEqual((shown["due"], shown["credit"]), (463.5, 0))
        self.assertEqual(
            [(bill["period"], bill["residual"]) for bill in shown["bills"]],
            [("2026-10", 231.75), ("2026-11", 231.75)],
        )
        self.assertEqual(
            [(item["name"], item["amount"]) for item in shown["bills"][0]["items"]],
            [("Management Fee", 223.75), ("Garbage Fee", 8.0)],
        )
        self.assertNotIn("13912345678", str(shown), "phones are masked")

    def test_queries_do_not_grow_with_the_bills(self):
        counter = self._counter()

        def queries(unit):
            for _warm_up in range(2):
                counter.load_household(unit.id)
                self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            counter.load_household(unit.id)
            return self.env.cr.sql_log_count - before

        for month in (8, 9):
            self._run(date(2026, month, 1))
        few = queries(self.home)
        for month in (5, 6, 7):
            self._run(date(2026, month, 1))
        self.assertEqual(len(counter.load_household(self.home.id)["bills"]), 7)
        self.assertLessEqual(queries(self.home), few)

    def test_pay_all(self):
        bills = self._october() + self._november()
        receipt = self._take(bills, 463.5)
        self.assertEqual(set(bills.mapped("payment_state")), {"paid"})
        self.assertRecordValues(
            receipt,
            [
                {
                    "state": "posted",
                    "amount": 463.5,
                    "amount_credit_left": 0,
                    "payer_name": "张三",
                    "user_id": self.users["cashier"].id,
                    "journal_id": self.cash.id,
                    "amount_capitals": "肆佰陆拾叁元伍角",
                }
            ],
        )
        self.assertEqual(
            [(line.name, line.days[:7], line.amount) for line in receipt.line_ids],
            [
                ("Management Fee", "2026-10", 223.75),
                ("Garbage Fee", "2026-10", 8.0),
                ("Management Fee", "2026-11", 223.75),
                ("Garbage Fee", "2026-11", 8.0),
            ],
        )
        payment = receipt.payment_ids
        self.assertEqual(payment.state, "paid")
        self.assertEqual(payment.property_unit_id, self.home)
        self.assertEqual(payment.create_uid, self.users["cashier"])
        # Cash is in the drawer at once.
        cash = payment.move_id.line_ids.filtered("debit")
        self.assertEqual(cash.account_id, self.cash.default_account_id)

    def test_part_pays_the_oldest_first(self):
        bills = self._october() + self._november()
        receipt = self._take(bills, 300)
        self.assertEqual(bills.mapped("amount_residual"), [0, 163.5])
        self.assertEqual(
            [(line.name, line.amount, line.is_partial) for line in receipt.line_ids],
            [
                ("Management Fee", 223.75, False),
                ("Garbage Fee", 8.0, False),
                ("Management Fee", 68.25, True),
            ],
        )
        second = self._take(self._november(), 163.5)
        self.assertEqual(
            [(line.name, line.amount) for line in second.line_ids],
            [("Management Fee", 155.5), ("Garbage Fee", 8.0)],
        )

    def test_part_of_one_bill_and_all_of_another(self):
        october, november = self._october(), self._november()
        order = self._order(october + november, 281.75)
        order["bills"][0]["amount"] = 50
        self._counter().take_payment(self.home.id, order)
        self.env.invalidate_all()
        self.assertEqual(october.amount_residual, 181.75)
        self.assertEqual(november.amount_residual, 0)

    def test_somebody_else_pays(self):
        receipt = self._take(self._october(), 231.75, payer_name="王五")
        self.assertEqual(receipt.payer_name, "王五")
        self.assertEqual(receipt.payment_ids.partner_id, self.owner)
        self.assertEqual(receipt.payment_ids.property_payer_name, "王五")

    def test_overpayment_is_credit_and_is_used(self):
        receipt = self._take(self._october(), 300)
        self.assertEqual(receipt.amount_credit_left, 68.25)
        self.assertEqual(self.home._get_credit(), {self.home: 68.25})
        self.assertEqual(
            self.home._get_credit_by_debtor(), {(self.home, self.owner): 68.25}
        )
        self.assertEqual(self.home.with_user(self.users["frontdesk"]).credit, 68.25)
        self.assertEqual(self._counter().load_household(self.home.id)["credit"], 68.25)
        second = self._take(self._november(), 163.5, use_credit=True)
        self.assertEqual(self._november().payment_state, "paid")
        self.assertEqual(second.amount_credit_used, 68.25)
        self.assertEqual(
            sum(second.line_ids.mapped("amount")),
            second.amount + second.amount_credit_used,
        )
        self.assertFalse(self.home._get_credit())

    def test_credit_alone_writes_no_receipt(self):
        self._take(amount=500)
        answer = self._counter().take_payment(
            self.home.id, self._order(self._october(), use_credit=True)
        )
        self.env.invalidate_all()
        self.assertFalse(answer["receipt_id"])
        self.assertEqual((answer["paid"], answer["credit_used"]), (231.75, 231.75))
        self.assertEqual(self._october().payment_state, "paid")
        self.assertEqual(self.home._get_credit(), {self.home: 268.25})

    def test_credit_is_used_when_billing(self):
        self._take(amount=500)
        self._take(amount=500, unit=self.neighbour_home)
        self.home.auto_credit = "yes"
        self._run(date(2026, 12, 1))
        bill = self._bill(self.home, date(2026, 12, 1))
        self.assertEqual(bill.payment_state, "paid")
        self.assertEqual(self.home._get_credit(), {self.home: 268.25})
        other = self._bill(self.neighbour_home, date(2026, 12, 1))
        self.assertEqual(other.payment_state, "not_paid")
        self.env.company.property_auto_credit = True
        self._run(date(2027, 1, 1))
        other = self._bill(self.neighbour_home, date(2027, 1, 1))
        self.assertEqual(other.payment_state, "paid")

    def test_late_fee_as_of_today(self):
        self.env["property.late.fee.policy"].create(
            {
                "name": "Contract",
                "date_start": date(2025, 1, 1),
                "daily_rate": 0.05,
                "item_ids": [Command.set(self.management.ids)],
            }
        )
        shown = self._counter().load_household(self.home.id)
        # 223.75 at 0.05 % for 38 days from 16 October, and for 7 from 16 November
        self.assertEqual([bill["late_fee"] for bill in shown["bills"]], [4.25, 0.78])
        self.assertTrue(shown["bills"][0]["late_fee_text"])
        bills = self._october() + self._november()
        receipt = self._take(bills, 463.5 + 5.03, with_late_fee=True)
        self.assertFalse(receipt.amount_credit_left)
        self.assertAlmostEqual(sum(receipt.line_ids.mapped("amount")), 468.53)
        self.assertFalse(self.home.amount_due)
        shown = self._counter().load_household(self.home.id)
        self.assertEqual((shown["due"], shown["late_fee"]), (0, 0))

    def test_late_fee_later(self):
        """A cashier who takes the fees alone waives nothing: the late fee stays owed."""
        self.env["property.late.fee.policy"].create(
            {"name": "Contract", "date_start": date(2025, 1, 1), "daily_rate": 0.05}
        )
        self._take(self._october(), 231.75)
        late = self._october()._get_late_fees(date(2026, 12, 31))
        self.assertEqual(late[self._october()].amount, 4.4)

    def test_payment_of_an_accountant(self):
        """Odoo's own wizard makes household credit too."""
        wizard = (
            self.env["account.payment.register"]
            .with_user(self.users["accountant"])
            .with_context(active_model="account.move", active_ids=self._october().ids)
            .create({"amount": 300})
        )
        payment = wizard._create_payments()
        self.env.invalidate_all()
        self.assertEqual(payment.property_unit_id, self.home)
        self.assertEqual(self.home._get_credit(), {self.home: 68.25})

    # === WHAT IS REFUSED === #

    def test_double_click(self):
        order = self._order(self._october(), 231.75)
        first = self._counter().take_payment(self.home.id, order)
        again = self._counter().take_payment(self.home.id, order)
        self.assertEqual(again["receipt_id"], first["receipt_id"])
        self.assertTrue(again["is_repeated"])
        self.assertEqual(
            self.env["account.payment"].search_count(
                [("property_unit_id", "=", self.home.id)]
            ),
            1,
        )
        with self.assertRaises(UserError):
            self._counter("accountant").take_payment(self.home.id, order)

    def test_stale_screen(self):
        stale = self._order(self._october(), 231.75)
        self._take(self._october(), 231.75)
        with self.assertRaisesRegex(
            UserError, "0.00 is open, the screen showed 231.75"
        ):
            self._counter().take_payment(self.home.id, stale)

    def test_bad_orders(self):
        neighbour = self._october(self.neighbour_home)
        too_much = self._order(self._october(), 500)
        too_much["bills"][0]["amount"] = 500
        for order in (
            self._order(neighbour, 231.75),
            self._order(self._october(), -5),
            self._order(self._october(), "many"),
            self._order(self._october(), 0.001),
            self._order(self._october(), 0),
            self._order(self._october(), 231.75, journal_id=False),
            self._order(self._october(), 231.75, token=""),
            too_much,
        ):
            with self.subTest(order=order), self.assertRaises(UserError):
                self._counter().take_payment(self.home.id, order)
        self.assertFalse(self.env["property.receipt"].search([]))

    def test_who_may_take_money(self):
        for role in ("reader", "frontdesk", "engineer", "security"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._take(self._october(), 231.75, user=role)
            with self.subTest(role), self.assertRaises(AccessError):
                self._counter(role).load_household(self.home.id)
        portal = self.env["property.counter"].with_user(self.portal_user)
        with self.assertRaises(AccessError):
            portal.load_household(self.home.id)
        with self.assertRaises(AccessError):
            portal.take_payment(self.home.id, self._order(self._october(), 231.75))

    def test_communities_of_the_cashier(self):
        other = self._create_community("Hillside", "HILL")
        self.users["cashier"].property_community_ids = [Command.set(other.ids)]
        for method, *arguments in (
            ("load_household", self.home.id),
            ("take_payment", self.home.id, self._order(self._october(), 231.75)),
            ("quote_prepay", self.home.id, self.management.id, 3),
        ):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(self._counter(), method)(*arguments)

    def test_cashier_cannot_touch_what_decides_amounts(self):
        user = self.users["cashier"]
        for records in (
            self.management_rate,
            self.management,
            self.env["property.prepay.discount"],
            self._october(),
        ):
            for operation in ("write", "unlink"):
                self.assertFalse(
                    records.with_user(user).has_access(operation), records._name
                )
        receipt = self._take(self._october(), 231.75)
        for operation in ("write", "create", "unlink"):
            self.assertFalse(receipt.with_user(user).has_access(operation))
        owner = self.owner.with_user(user)
        self.assertNotEqual(owner.read(["phone"])[0]["phone"], "13912345678")
        with self.assertRaises(AccessError):
            owner.read(["identity_number"])
