from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .deposit_common import DepositCase

OCTOBER_31 = date(2026, 10, 31)


@freeze_time("2026-11-25")
@tagged("post_install", "-at_install")
class TestLocks(DepositCase):
    """Odoo's lock dates and secured journals hold for all that this module books."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._assign(cls.homes[:2], start=date(2026, 10, 1))
        cls._run()
        cls.bill, cls.neighbour_bill = (
            cls.env["account.move"].search([("property_unit_id", "=", home.id)])
            for home in cls.homes[:2]
        )
        cls.reason = cls.env.ref("property_fee.waiver_reason_service")
        cls.accountant = cls.users["accountant"]

    def _lock(self, field="hard_lock_date"):
        self.env.company[field] = OCTOBER_31

    def _secure(self, kind):
        journals = self.env["account.journal"].search(
            [("type", "in", kind), ("company_id", "=", self.env.company.id)]
        )
        journals.restrict_mode_hash_table = True

    def _pay(self, bill, amount=None):
        wizard = (
            self.env["account.payment.register"]
            .with_user(self.users["cashier"])
            .with_context(active_model="account.move", active_ids=bill.ids)
            .create({"payment_date": date(2026, 11, 25)})
        )
        if amount:
            wizard.amount = amount
        return wizard._create_payments()

    def _waive(self, bill, amount):
        charge = bill.property_charge_ids
        waiver = (
            self.env["property.waiver"]
            .with_user(self.users["cashier"])
            .create(
                {
                    "unit_id": bill.property_unit_id.id,
                    "partner_id": bill.partner_id.id,
                    "reason_id": self.reason.id,
                    "line_ids": [
                        Command.create({"charge_id": charge.id, "amount": amount})
                    ],
                }
            )
        )
        waiver.action_approval_submit()
        waiver.with_user(self.accountant).action_approval_approve()
        return waiver

    # === LOCK DATES === #

    def test_locked_bill_stays_as_it_is(self):
        for field in ("sale_lock_date", "fiscalyear_lock_date", "hard_lock_date"):
            self._lock(field)
            with self.assertRaises(UserError):
                self.bill.with_user(self.accountant).button_draft()
            self.assertEqual(self.bill.property_charge_ids.state, "billed")

    def test_locked_bill_is_paid_waived_and_credited(self):
        self._lock()
        payment = self._pay(self.bill, 100)
        self.assertGreater(payment.date, OCTOBER_31)
        waiver = self._waive(self.bill, 50)
        self.assertGreater(waiver.credit_note_ids.date, OCTOBER_31)
        self.assertEqual(self.bill.amount_residual, 73.75)
        note = self.neighbour_bill._reverse_moves(cancel=True)
        self.assertGreater(note.date, OCTOBER_31)
        self.assertEqual(self.neighbour_bill.property_charge_ids.state, "cancelled")

    def test_run_into_a_locked_month(self):
        """The run says that the month is closed; with a later date it bills."""
        self._assign(self.home, self.garbage, start=date(2026, 10, 1))
        self._lock()
        run = self._run()
        failed = run.line_ids.filtered(lambda line: line.status == "failed")
        self.assertRegex(failed.reason, "locked")
        self.assertEqual(len(self._bill(self.home)), 1)
        self._run(invoice_date=date(2026, 11, 2))
        bill = self._bill(self.home) - self.bill
        self.assertEqual((bill.amount_total, bill.date), (8, date(2026, 11, 2)))
        check = self.env["property.fee.figures"]._get_ledger_check(
            OCTOBER_31, self.env.company
        )
        self.assertEqual(check["households"], 447.5, "a closed month does not change")

    def test_late_fee_of_a_locked_bill(self):
        self.env["property.late.fee.policy"].create(
            {"name": "Contract", "date_start": date(2026, 1, 1), "daily_rate": 0.05}
        )
        self._lock()
        late = self.bill._create_late_fee_bills(date(2026, 11, 25))
        self.assertTrue(late)
        for bill in late:
            self.assertGreater(bill.date, OCTOBER_31)

    def test_deposit_is_not_booked_into_a_locked_month(self):
        deposit = self._create_deposit(date=date(2026, 10, 5))
        self._lock()
        movement = self._move(deposit, "receive", 2000, date=date(2026, 10, 5))
        movement.action_post()
        self.assertGreater(movement.move_id.date, OCTOBER_31)
        self.assertEqual(movement.date, movement.move_id.date)
        (row,) = self.env["property.deposit"]._get_ledger_check(OCTOBER_31) or [
            {"gap": 0}
        ]
        self.assertEqual(row["gap"], 0)

    def test_locked_deposit_is_not_cancelled(self):
        deposit = self._create_deposit(date=date(2026, 10, 5))
        movement = self._receive(deposit, date=date(2026, 10, 5))
        self._lock()
        with self.assertRaises(UserError):
            movement.with_user(self.accountant).action_cancel()
        self.assertEqual((movement.state, self._ledger()), ("posted", 2000))
        self._take(deposit, "refund", 2000)
        self.assertEqual(self._ledger(), 0)

    # === SECURED JOURNALS === #

    def test_secured_bills(self):
        self._secure(("sale",))
        self._run(date(2026, 11, 1))
        bill = self._bill(self.home, date(2026, 11, 1))
        self.assertTrue(bill.inalterable_hash)
        with self.assertRaises(UserError):
            bill.button_draft()
        self._pay(bill, 100)
        self._waive(bill, 50)
        self.assertEqual(bill.amount_residual, 73.75)
        self.assertTrue(bill.inalterable_hash)
        self.assertFalse(
            self.env.company._check_hash_integrity()["results"][0].get("corrupted")
        )
        note = self._bill(self.neighbour_home, date(2026, 11, 1))._reverse_moves(
            cancel=True
        )
        self.assertTrue(note.inalterable_hash)

    def test_secured_deposits(self):
        self._secure(("general", "cash"))
        deposit = self._create_deposit()
        receipt = self._receive(deposit)
        self.assertTrue(receipt.move_id.inalterable_hash)
        deduction = self._take(deposit, "deduct", 300)
        self.assertTrue(deduction.move_id.inalterable_hash)
        deduction.with_user(self.accountant).action_cancel()
        self.assertEqual(deduction.state, "cancelled", "by an entry that reverses it")
        with self.assertRaises(UserError):
            receipt.with_user(self.accountant).action_cancel()
        self.assertEqual((deposit.balance, self._ledger()), (2000, 2000))
        self._take(deposit, "refund", 2000)
        self.assertEqual(self._ledger(), 0)


@freeze_time("2026-11-25")
@tagged("post_install", "-at_install")
class TestCompanies(DepositCase):
    """Two companies, each with an estate, books and people of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        data = cls.setup_other_company(name="Hillside Property Company")
        cls.other = data["company"]
        cls.env.user.company_ids += cls.other
        there = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.other.ids)
        )
        cls.hill = there["property.community"].create(
            {"name": "Hillside", "code": "HILL", "company_id": cls.other.id}
        )
        cls.villa = there["property.unit"].create(
            {
                "community_id": cls.hill.id,
                "name": "V1",
                "gross_area": 100,
                "handover_date": date(2025, 1, 1),
            }
        )
        cls.villager = there["res.partner"].create({"name": "Villager"})
        there["property.occupancy"].create(
            {
                "unit_id": cls.villa.id,
                "partner_id": cls.villager.id,
                "role": "owner",
                "share": 100,
                "date_start": date(2025, 1, 1),
            }
        )
        item = there["property.fee.item"].create(
            {"code": "PM", "name": "Villa Fee", "company_id": cls.other.id}
        )
        there["property.fee.rate"].create(
            {"item_id": item.id, "date_start": date(2025, 1, 1), "price": 3}
        )
        there["property.fee.assignment"].create(
            {
                "unit_id": cls.villa.id,
                "item_id": item.id,
                "date_start": date(2026, 10, 1),
            }
        )
        run = there["property.fee.run"].create(
            {
                "community_ids": cls.hill.ids,
                "company_id": cls.other.id,
                "period": date(2026, 10, 1),
                "invoice_date": date(2026, 10, 1),
            }
        )
        run._process_all()
        cls._assign(cls.homes[:2], start=date(2026, 10, 1))
        cls._run()
        cls.there = there
        cls.bill = there["account.move"].search(
            [("property_unit_id", "=", cls.villa.id)]
        )

    def test_each_bills_in_its_own_books(self):
        self.assertEqual(self.bill.amount_total, 300)
        self.assertEqual(self.bill.company_id, self.other)
        self.assertEqual(self.bill.journal_id.company_id, self.other)
        self.assertEqual(self._bill(self.home).journal_id.company_id, self.env.company)

    def test_figures_are_by_company(self):
        figures = self.env["property.fee.figures"]
        for company, expected in ((self.env.company, 447.5), (self.other, 300)):
            check = figures.with_company(company)._get_ledger_check(
                date(2026, 11, 30), company
            )
            self.assertEqual(check["households"], expected)
            self.assertAlmostEqual(
                check["households"] + check["without_unit"], check["ledger"]
            )

    def test_nobody_reads_the_other_company(self):
        user = self.users["accountant"]
        for record in (
            self.bill,
            self.bill.property_charge_ids,
            self.villa,
            self.env["property.fee.report.detail"].search(
                [("unit_id", "=", self.villa.id)]
            ),
            self.env["property.fee.report.ledger"].search(
                [("unit_id", "=", self.villa.id)]
            ),
        ):
            self.assertTrue(record)
            there = record.with_user(user).with_context(
                allowed_company_ids=user.company_ids.ids
            )
            self.assertFalse(there.has_access("read"), record._name)
        with self.assertRaises(AccessError):
            self.env["property.clearance.certificate"].with_user(
                self.users["cashier"]
            ).create({"unit_id": self.villa.id, "partner_id": self.villager.id})

    def test_deposit_of_another_company_is_refused(self):
        with self.assertRaises(UserError):
            self.env["property.deposit"].create(
                {
                    "unit_id": self.villa.id,
                    "item_id": self.renovation.id,
                    "amount": 100,
                }
            )

    def test_locks_are_by_company(self):
        self.env.company.hard_lock_date = date(2026, 10, 31)
        self.bill.button_draft()
        self.bill.action_post()
        self.assertEqual(self.bill.date, date(2026, 10, 1))
        with self.assertRaises(UserError):
            self._bill(self.home).button_draft()
