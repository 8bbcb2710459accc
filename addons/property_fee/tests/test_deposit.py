from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .deposit_common import NOVEMBER, DepositCase


@freeze_time("2026-11-25")
@tagged("post_install", "-at_install")
class TestDeposit(DepositCase):
    """What happens to a deposit, and that the register equals the account."""

    def test_life_of_a_deposit(self):
        deposit = self._create_deposit()
        self.assertEqual(deposit.state, "draft")
        self.assertEqual(deposit.partner_id, self.owner)
        self.assertRegex(deposit.name, r"^DP/2026/\d{5}$")
        receipt = self._receive(deposit)
        self.assertEqual((deposit.state, deposit.balance), ("held", 2000))
        self.assertEqual(receipt.payment_id.state, "in_process")
        self.assertEqual(self._ledger(), 2000)
        self._take(deposit, "deduct", 300)
        self.assertEqual((deposit.state, deposit.balance), ("held", 1700))
        self.assertEqual(self._ledger(self.damages), 300)
        self._take(deposit, "refund", 1000)
        self._take(deposit, "forfeit", 700)
        self.assertRecordValues(
            deposit,
            [
                {
                    "state": "closed",
                    "amount_received": 2000,
                    "amount_deducted": 300,
                    "amount_refunded": 1000,
                    "amount_forfeited": 700,
                    "balance": 0,
                }
            ],
        )
        self.assertEqual(self._ledger(), 0)
        self.assertEqual(self._ledger(self.damages), 1000)
        self.assertEqual(set(deposit.movement_ids.move_id.mapped("state")), {"posted"})
        self.assertEqual(deposit.movement_ids.move_id.line_ids.partner_id, self.owner)

    def test_forms_lead_through(self):
        deposit = self._create_deposit().with_user(self.users["cashier"])
        action = deposit.action_receive()
        Movement = self.env["property.deposit.movement"].with_user(
            self.users["cashier"]
        )
        with Form(Movement.with_context(**action["context"])) as form:
            self.assertEqual(form.amount, 2000)
            form.journal_id = self.cash
        form.record.action_post()
        self.assertEqual(deposit.balance, 2000)
        action = deposit.action_refund()
        self.assertEqual(action["context"]["default_amount"], 2000)

    def test_no_more_leaves_than_is_there(self):
        deposit = self._create_deposit(500)
        self._receive(deposit)
        first = self._move(deposit, "refund", 400)
        first.action_approval_submit()
        self.assertEqual(deposit.amount_pending, 400)
        with self.assertRaisesRegex(UserError, "more than"):
            self._move(deposit, "refund", 200).action_approval_submit()
        first.with_user(self.users["manager"]).action_approval_approve()
        first.action_post()
        first.action_post()
        self.assertEqual(deposit.balance, 100, "paying out twice pays once")

    def test_no_more_comes_in_than_agreed(self):
        deposit = self._create_deposit(500)
        self._receive(deposit, 200)
        with self.assertRaisesRegex(UserError, "300"):
            self._receive(deposit, 301)
        self._receive(deposit, 300)
        self.assertEqual(deposit.balance, 500)

    def test_deduction_needs_reason_photo_and_approval(self):
        deposit = self._create_deposit()
        self._receive(deposit)
        bare = self._move(deposit, "deduct", 100, reason=False)
        with self.assertRaisesRegex(UserError, "say why"):
            bare.action_approval_submit()
        bare.reason = "Lift panel scratched"
        with self.assertRaisesRegex(UserError, "photo"):
            bare.action_approval_submit()
        bare.photo_ids = self._photo()
        with self.assertRaisesRegex(UserError, "approved first"):
            bare.action_post()
        bare.action_approval_submit()
        with self.assertRaises(AccessError):
            bare.action_approval_approve()
        self.assertEqual(bare.state, "draft")
        bare.with_user(self.users["manager"]).action_approval_approve()
        self.assertEqual(bare.state, "posted")
        photo = bare.photo_ids.with_user(self.users["frontdesk"])
        self.assertTrue(photo.name, "who reads the movement sees its photo")

    def test_refused_and_reworked(self):
        deposit = self._create_deposit()
        self._receive(deposit)
        refund = self._move(deposit, "refund", 2000)
        refund.action_approval_submit()
        manager = refund.with_user(self.users["manager"])
        manager._approval_refuse("Inspect first")
        self.assertEqual((deposit.amount_pending, deposit.balance), (0, 2000))
        refund.action_approval_draft()
        refund.amount = 1500
        refund.action_approval_submit()
        manager.action_approval_approve()
        manager.action_approval_draft()
        self.assertEqual(refund.approval_state, "draft", "approved by mistake")

    def test_cancelled_movements(self):
        deposit = self._create_deposit()
        receipt = self._receive(deposit)
        deduction = self._take(deposit, "deduct", 300)
        accountant = self.users["accountant"]
        with self.assertRaisesRegex(UserError, "cannot be cancelled"):
            receipt.with_user(accountant).action_cancel()
        deduction.with_user(accountant).action_cancel()
        self.assertEqual(deduction.state, "cancelled")
        self.assertEqual((deposit.balance, self._ledger()), (2000, 2000))
        with self.assertRaises(AccessError):
            receipt.action_cancel()
        receipt.with_user(accountant).action_cancel()
        self.assertEqual((deposit.state, self._ledger()), ("draft", 0))
        self.assertEqual(receipt.payment_id.state, "canceled")

    def test_entries_changed_by_the_accountant(self):
        """Odoo's own buttons on the entry count, too."""
        deposit = self._create_deposit()
        self._receive(deposit)
        deduction = self._take(deposit, "deduct", 300)
        deduction.move_id.button_draft()
        self.assertEqual((deposit.balance, self._ledger()), (2000, 2000))
        deduction.move_id.action_post()
        self.assertEqual((deposit.balance, self._ledger()), (1700, 1700))
        reversal = deduction.move_id._reverse_moves([{"date": date(2026, 11, 20)}])
        self.assertEqual(deposit.balance, 1700, "a draft changes nothing")
        reversal.action_post()
        self.assertEqual((deposit.balance, self._ledger()), (2000, 2000))
        self.assertEqual(deduction.cancel_date, date(2026, 11, 20))

    def test_register_equals_the_account_on_any_day(self):
        Deposit = self.env["property.deposit"]
        first, second = self._create_deposit(), self._create_deposit(800)
        self._receive(first, date=date(2026, 9, 1))
        self._receive(second, date=date(2026, 10, 1))
        lost = self._take(first, "deduct", 50, date=date(2026, 10, 5))
        self._take(second, "refund", 800, date=date(2026, 11, 1))
        lost.with_user(self.users["accountant"]).action_cancel()
        expected = {
            date(2026, 9, 30): 2000,
            date(2026, 10, 4): 2800,
            date(2026, 10, 31): 2750,
            date(2026, 11, 24): 1950,
            date(2026, 11, 25): 2000,
        }
        for day, amount in expected.items():
            with self.subTest(day):
                (row,) = [
                    row
                    for row in Deposit._get_ledger_check(day)
                    if row["account"] == self.liability
                ]
                self.assertEqual(
                    (row["register"], row["ledger"], row["gap"]), (amount, amount, 0)
                )
        self.assertEqual(Deposit.action_check_ledger()["params"]["type"], "success")
        self.env["account.move"].create(
            {
                "date": NOVEMBER,
                "line_ids": [
                    Command.create({"account_id": self.liability.id, "balance": -7}),
                    Command.create({"account_id": self.damages.id, "balance": 7}),
                ],
            }
        ).action_post()
        with self.assertRaisesRegex(UserError, "Renovation Deposits.*2,000.*2,007"):
            Deposit.action_check_ledger()

    def test_billed_deposit(self):
        """A deposit that a run bills is in the register, and returned only when paid."""
        self._create_rate(self.renovation, price=600, basis="fixed")
        self._assign(self.home, self.renovation, start=date(2026, 10, 1))
        self._run()
        deposit = self.env["property.deposit"].search([("unit_id", "=", self.home.id)])
        self.assertEqual((deposit.state, deposit.balance), ("held", 600))
        self.assertEqual(self._ledger(), 600)
        with self.assertRaisesRegex(UserError, "more than"):
            self._move(deposit, "refund", 600).action_approval_submit()
        bill = self._bill(self.home)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        ).create({})._create_payments()
        self._take(deposit, "refund", 600)
        self.assertEqual((deposit.state, self._ledger()), ("closed", 0))

    def test_billed_deposit_is_credited(self):
        self._create_rate(self.renovation, price=600, basis="fixed")
        self._assign(self.home, self.renovation, start=date(2026, 10, 1))
        self._run()
        deposit = self.env["property.deposit"].search([("unit_id", "=", self.home.id)])
        self._bill(self.home)._reverse_moves(cancel=True)
        self.assertEqual((deposit.balance, self._ledger()), (0, 0))

    def test_what_is_missing_is_said(self):
        deposit = self._create_deposit()
        with self.assertRaisesRegex(UserError, "choose the method"):
            self._move(deposit, "receive", 100, journal_id=False).action_post()
        self.renovation.agency_account_id = False
        with self.assertRaisesRegex(UserError, "liability account"):
            self._receive(deposit)
        self._create_deposit(1, user="accountant").unlink()
        self._move(deposit, "receive", 100)
        with self.assertRaisesRegex(UserError, "stays"):
            deposit.with_user(self.users["accountant"]).unlink()

    def test_facts_are_not_forged(self):
        deposit = self._create_deposit()
        movement = self._move(deposit, "receive", 100)
        with self.assertRaises(AccessError):
            movement.state = "posted"
        with self.assertRaises(AccessError):
            self._move(deposit, "refund", 10, state="posted")
        Movement = self.env["property.deposit.movement"].with_user(
            self.users["cashier"]
        )
        sneaky = Movement.with_context(default_state="posted").create(
            {"deposit_id": deposit.id, "kind": "receive", "amount": 5}
        )
        self.assertEqual(sneaky.state, "draft")
        self._receive(deposit)
        with self.assertRaisesRegex(UserError, "come in"):
            deposit.partner_id = self.tenant
        with self.assertRaisesRegex(UserError, "part of the books"):
            deposit.movement_ids.filtered("move_id").amount = 1

    def test_transfer_lists_deposits(self):
        self._receive(self._create_deposit())
        items = self.home.with_user(self.users["manager"])._transfer_open_items(
            self.today
        )
        (item,) = [item for item in items if item["model"] == "property.deposit"]
        self.assertEqual((item["count"], item["blocking"]), (1, False))
        self.assertEqual(self.home.deposit_balance, 2000)
        self.assertEqual(self.neighbour_home.deposit_balance, 0)

    def test_slip(self):
        deposit = self._create_deposit(1234.5, reference="RP-7")
        receipt = self._move(deposit, "receive", 1234.5)
        report = self.env["ir.actions.report"]
        name = "property_fee.report_deposit_slip"
        with self.assertRaisesRegex(UserError, "before"):
            report._render_qweb_html(name, receipt.ids)
        receipt.action_post()
        html = report._render_qweb_html(name, receipt.ids)[0].decode()
        self.assertIn("壹仟贰佰叁拾肆元伍角", html)
        self.assertIn(deposit.name, html)
        self.assertIn("RP-7", html)

    def test_other_communities_are_closed(self):
        deposit = self._create_deposit()
        movement = self._receive(deposit)
        other = self._create_community("Hillside", "HILL")
        user = self.users["cashier"]
        user.property_community_ids = [Command.set(other.ids)]
        for record in (deposit, movement):
            self.assertFalse(record.with_user(user).has_access("read"))
            self.assertFalse(record.with_user(self.portal_user).has_access("read"))
