from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .collect_common import CollectCase
from .dunning_common import DunningCase


@freeze_time("2026-11-23")
@tagged("post_install", "-at_install")
class TestSafeMoney(CollectCase):
    """What the counter does not offer, asked for over RPC by its cashier."""

    def test_only_bills_are_paid(self):
        """A credit note has a residual, too; money that comes in does not pay it."""
        bill = self._october()
        self._take(bill, 231.75)
        note = bill._reverse_moves([{"invoice_date": bill.invoice_date}])
        note.action_post()
        self.assertGreater(note.amount_residual, 0)
        for amount in (note.amount_residual, 0.0):
            with self.assertRaisesRegex(UserError, "chosen bill is not one of"):
                self._counter().take_payment(
                    self.home.id, self._order(note, amount, use_credit=not amount)
                )
        receipts = self.env["property.receipt"].search([("unit_id", "=", self.home.id)])
        self.assertEqual(receipts.mapped("amount"), [231.75])

    def test_a_unit_that_is_not_there(self):
        for number in (0, -1, 2**31 - 1):
            for ask in (
                lambda counter, number=number: counter.load_household(number),
                lambda counter, number=number: counter.quote_prepay(
                    number, self.management.id, 1
                ),
                lambda counter, number=number: counter.take_payment(
                    number, self._order((), 5.0)
                ),
            ):
                with self.assertRaises(MissingError):
                    ask(self._counter())

    def test_the_steps_of_a_closing_are_its_buttons(self):
        """A cashier neither opens his signed day again nor checks it himself."""
        self._take(self._october(), 231.75)
        Closing = self.env["property.daily.closing"].with_user(self.users["cashier"])
        with self.assertRaises(AccessError):
            Closing.create({"state": "done"})
        wished = {"default_state": "done", "default_checked_by": self.env.uid}
        closing = Closing.with_context(**wished).create({})
        self.assertEqual((closing.state, closing.checked_by.id), ("draft", False))
        closing.action_fill_counted()
        closing.action_sign()
        for vals in (
            {"state": "draft"},
            {"state": "done", "checked_by": self.users["accountant"].id},
            {"signed_on": "2026-01-01 08:00:00"},
            {"checked_on": "2026-01-01 08:00:00"},
        ):
            with self.assertRaises(AccessError):
                closing.write(vals)
        self.assertEqual(closing.state, "signed")
        closing.with_user(self.users["accountant"]).action_check()
        self.assertEqual(closing.state, "done")

    def test_the_payment_of_a_receipt_goes_with_the_receipt_only(self):
        receipt = self._take(self._october(), 231.75)
        for role in ("cashier", "accountant"):
            payment = receipt.payment_ids.with_user(self.users[role])
            for do in (
                payment.action_draft,
                payment.action_cancel,
                payment.unlink,
                payment.move_id.button_draft,
                payment.move_id.button_cancel,
                lambda payment=payment: payment.write({"property_receipt_id": False}),
                lambda payment=payment: payment.write({"amount": 1}),
            ):
                with self.assertRaises(UserError):
                    do()
        self.assertEqual(self._october().payment_state, "paid")
        receipt.with_user(self.users["cashier"])._void("Wrong household")
        self.assertEqual(self._october().payment_state, "not_paid")

    def test_nothing_is_waived_without_approval(self):
        """What is marked as taken off lowers the bill, so only an approval marks it."""
        charge = self._october().property_charge_ids[:1]
        vals = {"charge_id": charge.id, "amount": 100, "is_deducted": True}
        waiver = (
            self.env["property.waiver"]
            .with_user(self.users["cashier"])
            .create(
                {
                    "unit_id": self.home.id,
                    "partner_id": charge.partner_id.id,
                    "reason_id": self.env["property.waiver.reason"]
                    .search([], limit=1)
                    .id,
                    "line_ids": [Command.create({**vals, "is_deducted": False})],
                }
            )
        )
        line = waiver.line_ids
        for do in (
            lambda: line.write({"is_deducted": True}),
            lambda: waiver.write({"line_ids": [Command.clear(), Command.create(vals)]}),
        ):
            with self.assertRaises(AccessError):
                do()
        loose = line.with_context(default_is_deducted=True).copy(
            {"charge_id": (self._november().property_charge_ids[:1]).id}
        )
        self.assertFalse(loose.is_deducted)
        self.assertFalse(charge._get_deducted_amounts())

    def test_who_approves_a_waiver_follows_from_its_lines(self):
        """Else a large one would come before whoever may approve small ones."""
        charge = self._october().property_charge_ids.sorted("amount")[-1]
        reason = self.env["property.waiver.reason"].search([], limit=1)
        vals = {
            "unit_id": self.home.id,
            "partner_id": charge.partner_id.id,
            "reason_id": reason.id,
            "line_ids": [Command.create({"charge_id": charge.id, "amount": 200})],
        }
        Waiver = self.env["property.waiver"].with_user(self.users["cashier"])
        other = self._create_community("Elsewhere", "ELSE")
        for name, value in (("amount", 1), ("community_id", other.id)):
            waiver = Waiver.create({**vals, name: value})
            right = (waiver.amount, waiver.community_id)
            self.assertEqual(right, (200, self.community))
            with self.assertRaises(AccessError):
                waiver.write({name: value})
        waiver = Waiver.with_context(
            default_amount=1, default_community_id=other.id
        ).create(vals)
        self.assertEqual((waiver.amount, waiver.community_id), (200, self.community))

    def test_what_follows_from_the_books_is_not_written(self):
        cashier = self.users["cashier"]
        item = self._create_item("DEP", "Deposit", kind="deposit")
        vals = {"unit_id": self.home.id, "item_id": item.id, "amount": 100}
        Deposit = self.env["property.deposit"].with_user(cashier)
        deposit = Deposit.create({**vals, "balance": 5000})
        self.assertEqual(deposit.balance, 0)
        self._take((), 50.0)
        refund = (
            self.env["property.credit.refund"]
            .with_user(cashier)
            .create({"unit_id": self.home.id, "reason": "Moved out", "amount": 50})
        )
        self.env["property.dunning.case"]._sync(self.community)
        case = self.env["property.dunning.case"].search(
            [("unit_id", "=", self.home.id)], limit=1
        )
        for record, name, value in (
            (deposit, "balance", 5000),
            (deposit, "amount_received", 5000),
            (deposit, "state", "held"),
            (refund, "state", "paid"),
            (case.with_user(cashier), "state", "closed"),
            (case.with_user(cashier), "amount_overdue", 0),
            (case.with_user(cashier), "partner_id", self.neighbour.id),
        ):
            self.assertTrue(record)
            with self.assertRaises(AccessError):
                record.write({name: value})

    def test_no_run_skips_its_approval(self):
        self.env.company.property_run_approval = True
        Run = self.env["property.fee.run"].with_user(self.users["accountant"])
        vals = {
            "period": "2026-12-01",
            "community_ids": [Command.set(self.community.ids)],
        }
        with self.assertRaises(AccessError):
            Run.create({**vals, "state": "queued"})
        run = Run.with_context(default_state="queued").create(vals)
        self.assertEqual(run.state, "draft")
        with self.assertRaises(AccessError):
            run.write({"state": "queued"})
        with self.assertRaises(UserError):
            run.action_start()
        self.env.company.property_run_approval = False
        run.action_start()
        self.assertEqual(run.state, "queued")

    def test_amounts_that_are_none(self):
        bill = self._october()
        for amount in ("NaN", "inf", -5, 1e12, 0.001, [1], float("nan")):
            with self.assertRaises(UserError):
                self._take(bill, amount)
            order = self._order(bill, 231.75)
            order["bills"][0]["amount"] = amount
            with self.assertRaises(UserError):
                self._counter().take_payment(self.home.id, order)
        self.assertEqual(bill.amount_residual, 231.75)


@tagged("post_install", "-at_install")
class TestSafeLetter(DunningCase):
    """What a reminder says is written by the system; it is shown as it is stored."""

    def test_nobody_words_a_reminder_himself(self):
        letter = self._generate(20)[:1]
        before = letter.text
        for role in ("frontdesk", "cashier", "accountant"):
            own = letter.with_user(self.users[role])
            for name, value in (
                ("text", "<img src=x onerror=alert(1)>"),
                ("subject", "Pay to account 1"),
                ("short_text", "Pay to account 1"),
                ("partner_id", self.neighbour.id),
                ("case_id", False),
            ):
                with self.subTest(f"{role} {name}"), self.assertRaises(AccessError):
                    own.write({name: value})
        with self.assertRaises(AccessError):
            letter.with_user(self.users["cashier"]).create(
                {
                    "unit_id": self.home.id,
                    "partner_id": self.owner.id,
                    "level_id": self.second.id,
                    "date_next": "2027-01-01",
                    "text": "<img src=x onerror=alert(1)>",
                }
            )
        self.assertEqual(letter.text, before)
        letter.with_user(self.users["cashier"]).action_print()
        self.assertEqual(letter.state, "printed")

    def test_what_a_reminder_lists_is_not_written_by_hand(self):
        letter = self._generate(20)[:1]
        line = letter.line_ids[:1].with_user(self.users["cashier"])
        for do in (
            lambda: line.write({"amount_open": 9999}),
            lambda: letter.with_user(self.users["cashier"]).write(
                {"line_ids": [Command.update(line.id, {"amount_open": 9999})]}
            ),
        ):
            with self.assertRaises(AccessError):
                do()
        self.assertEqual(letter.amount, 223.75)
