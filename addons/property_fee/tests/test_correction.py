from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import OCTOBER, PropertyFeeCase

WIZARD = "property.charge.correct"


@freeze_time("2026-10-20")
@tagged("post_install", "-at_install")
class TestCorrection(PropertyFeeCase):
    """A wrong charge is taken back by a credit note; its days may be billed again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._assign(cls.homes[:2], cls.management + cls.garbage)
        cls._run()
        cls.bill = cls.env["account.move"].search(
            [("property_unit_id", "=", cls.home.id)]
        )
        cls.charge, cls.other = cls.bill.property_charge_ids.sorted(
            lambda charge: charge.item_id.sequence
        )

    def _wizard(self, records, user="accountant", **values):
        context = {"active_model": records._name, "active_ids": records.ids}
        return (
            self.env[WIZARD]
            .with_user(self.users[user])
            .with_context(**context)
            .create({"reason": "Wrong area", **values})
        )

    def _correct(self, records, **values):
        action = self._wizard(records, **values).action_correct()
        self.env.invalidate_all()
        return self.env["account.move"].search(action["domain"])

    def _notes(self):
        return self.bill.reversal_move_ids

    def _ledger(self):
        """Return charges, bill lines and ledger balance of the home: they agree."""
        charges = self.env["property.charge"].search([("unit_id", "=", self.home.id)])
        live = charges.filtered(lambda charge: charge.state == "billed")
        lines = self.env["account.move.line"].search(
            [
                ("move_id.property_unit_id", "=", self.home.id),
                ("parent_state", "=", "posted"),
                ("display_type", "=", "product"),
            ]
        )
        owed = sum(live.mapped("amount_net"))
        self.assertAlmostEqual(owed, -sum(lines.mapped("balance")))
        self.assertAlmostEqual(owed, sum(lines.move_id.mapped("amount_total_signed")))
        return owed

    # === CANCEL === #

    def test_cancel_one_line(self):
        moves = self._correct(self.charge)
        note = self._notes()
        self.assertEqual(moves, self.bill + note)
        self.assertRecordValues(
            note,
            [
                {
                    "state": "posted",
                    "amount_total": 223.75,
                    "amount_residual": 0,
                    "ref": "Wrong area",
                    "invoice_date": date(2026, 10, 20),
                    "property_period": OCTOBER,
                    "property_unit_id": self.home.id,
                }
            ],
        )
        self.assertEqual(note.invoice_line_ids.property_charge_id, self.charge)
        self.assertEqual(self.bill.amount_residual, 8)
        self.assertRecordValues(
            self.charge + self.other,
            [
                {"state": "cancelled", "amount_net": 0, "cancel_reason": "Wrong area"},
                {"state": "billed", "amount_net": 8, "cancel_reason": False},
            ],
        )
        self.assertEqual(self._ledger(), 8)

    def test_the_next_run_bills_it_again(self):
        self._correct(self.charge)
        run = self._run()
        self.assertEqual(run.charged_count, 1)
        self.assertEqual(run.amount_charged, 223.75)
        self.assertEqual(self._ledger(), 231.75)
        self.assertEqual(self._run().charged_count, 0)

    def test_bill_again_with_one_click(self):
        self._correct(self.charge)
        self.home.gross_area = 100
        action = self.charge.with_user(self.users["accountant"]).action_bill_again()
        bill = self.env["account.move"].browse(action["res_id"])
        self.assertRecordValues(
            bill,
            [
                {
                    "state": "posted",
                    "amount_total": 250,
                    "property_period": OCTOBER,
                    "property_run_id": self.bill.property_run_id.id,
                }
            ],
        )
        self.assertEqual(bill.property_charge_ids.replaces_id, self.charge)
        self.assertEqual(self._ledger(), 258)
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self.charge.action_bill_again()

    def test_the_whole_bill(self):
        self._correct(self.bill)
        self.assertEqual(self._notes().amount_total, 231.75)
        self.assertEqual(self.bill.payment_state, "reversed")
        self.assertEqual(set((self.charge + self.other).mapped("state")), {"cancelled"})
        self.assertEqual(self._ledger(), 0)

    def test_paid_bill_leaves_a_credit(self):
        self._register_payment(self.bill)
        self._correct(self.charge)
        self.assertEqual(self._notes().amount_residual, 223.75)
        self.assertEqual(self.home.amount_due, -223.75)
        self.assertEqual(self.bill.payment_state, "paid")
        self.assertEqual(self._ledger(), 8)

    def test_unbilled_charge(self):
        run = self._create_run(date(2026, 11, 1))
        plan = run._plan_units(self.home)[self.home]
        charges = self.env["property.charge"].sudo().create(plan.vals_list)
        self._correct(charges)
        self.assertEqual(set(charges.mapped("state")), {"cancelled"})
        self.assertFalse(self._notes())

    # === BILL AGAIN AND CHANGE === #

    def test_again_after_the_area_was_corrected(self):
        self.home.gross_area = 80
        self._correct(self.charge, mode="again")
        new = self.charge.replaced_by_ids
        self.assertRecordValues(
            new, [{"state": "billed", "amount": 200, "quantity": 80}]
        )
        self.assertEqual(self._ledger(), 208)

    def test_again_after_the_payer_changed(self):
        self.home.occupancy_ids.date_end = date(2026, 9, 30)
        self._occupy(self.home, self.tenant, start=date(2026, 10, 1))
        moves = self._correct(self.bill, mode="again")
        new = moves.filtered(lambda move: move.amount_residual)
        self.assertEqual(new.partner_id, self.tenant)
        self.assertEqual(new.amount_total, 231.75)

    def test_change_quantity_and_price(self):
        form = Form(
            self.env[WIZARD]
            .with_user(self.users["accountant"])
            .with_context(active_model="property.charge", active_ids=self.charge.ids)
        )
        form.mode = "change"
        form.reason = "Survey of October"
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.quantity, 89.5)
            line.quantity = 85.5
            line.unit_price = 2
            self.assertEqual(line.new_amount, 171)
        form.save().action_correct()
        new = self.charge.replaced_by_ids
        self.assertRecordValues(
            new,
            [
                {
                    "state": "billed",
                    "amount": 171,
                    "quantity": 85.5,
                    "unit_price": 2,
                    "date_from": self.charge.date_from,
                    "date_to": self.charge.date_to,
                    "partner_id": self.owner.id,
                }
            ],
        )
        self.assertFalse(new._get_wrong_amounts())
        self.assertIn("85.50", new.with_context(lang="en_US").explanation_text)
        self.assertEqual(self._ledger(), 179)

    def test_a_paid_bill_pays_what_replaces_it(self):
        self._register_payment(self.bill)
        self.home.gross_area = 100
        self._correct(self.charge, mode="again")
        new = self.charge.replaced_by_ids.move_id
        self.assertEqual(new.amount_total, 250)
        self.assertEqual(new.amount_residual, 26.25)
        self.assertEqual(self._notes().amount_residual, 0)

    def test_a_change_that_changes_nothing(self):
        with self.assertRaisesRegex(UserError, "neither quantity nor price"):
            self._wizard(self.charge, mode="change").action_correct()
        self.assertEqual(self.charge.state, "billed")
        self.assertFalse(self._notes())

    # === WHO AND WHEN === #

    def test_who_may(self):
        for role in ("frontdesk", "cashier"):
            with self.assertRaises(AccessError):
                self._wizard(self.charge, user=role)
            with self.assertRaises(AccessError):
                self.charge.with_user(self.users[role]).action_bill_again()
        self._wizard(self.charge, user="manager").action_correct()
        self.assertEqual(self.charge.state, "cancelled")

    def test_twice(self):
        wizard = self._wizard(self.charge)
        self._correct(self.charge)
        with self.assertRaisesRegex(UserError, "taken back already"):
            wizard.action_correct()
        with self.assertRaisesRegex(UserError, "None of these"):
            self._wizard(self.charge)

    def test_draft_bill(self):
        self.bill.button_draft()
        with self.assertRaisesRegex(UserError, "not on a posted bill"):
            self._wizard(self.charge).action_correct()

    def test_locked_period(self):
        """The bill of the locked month stays; the credit note is of the open one."""
        self.env.company.fiscalyear_lock_date = date(2026, 10, 15)
        self._correct(self.charge)
        self.assertEqual(self.bill.date, OCTOBER)
        self.assertEqual(self._notes().date, date(2026, 10, 20))

    def test_locked_today(self):
        self.env.company.fiscalyear_lock_date = date(2026, 10, 31)
        with freeze_time("2026-11-02"):
            self._correct(self.charge, date=date(2026, 10, 20))
        self.assertGreater(self._notes().date, date(2026, 10, 31))
        self.assertEqual(self.charge.state, "cancelled")

    # === ODOO'S OWN WAYS === #

    def _reverse(self, modify=False):
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=self.bill.ids)
            .create({"journal_id": self.bill.journal_id.id, "date": "2026-10-20"})
        )
        wizard.modify_moves() if modify else wizard.refund_moves()
        return wizard.new_move_ids

    def test_partial_credit_note(self):
        note = self._reverse()
        self.assertEqual(note.property_period, OCTOBER)
        self.assertEqual(self.charge.amount_credited, 0)
        line = note.invoice_line_ids.filtered(
            lambda line: line.property_charge_id == self.charge
        )
        (note.invoice_line_ids - line).unlink()
        line.price_unit = 23.75
        note.action_post()
        self.assertRecordValues(
            self.charge,
            [{"state": "billed", "amount_credited": 23.75, "amount_net": 200}],
        )
        self.assertEqual(self._ledger(), 208)
        note.button_draft()
        self.assertEqual(self.charge.amount_net, 223.75)
        note.button_cancel()
        self.assertEqual(self.charge.state, "billed")

    def test_full_credit_note(self):
        note = self._reverse()
        note.action_post()
        self.assertEqual(self.charge.state, "cancelled")
        self.assertEqual(self._ledger(), 0)
        note.button_draft()
        self.assertEqual(self.charge.state, "billed")
        note.unlink()
        self.assertEqual(self._ledger(), 231.75)

    def test_reverse_and_create_invoice(self):
        new = self._reverse(modify=True)
        self.assertEqual(self.charge.state, "cancelled")
        self.assertRecordValues(
            new,
            [
                {
                    "state": "draft",
                    "property_period": OCTOBER,
                    "property_run_id": self.bill.property_run_id.id,
                    "property_unit_id": self.home.id,
                }
            ],
        )
        charges = new.property_charge_ids
        self.assertEqual(charges.replaces_id, self.charge + self.other)
        self.assertEqual(set(charges.mapped("state")), {"draft"})
        self.assertEqual(self._run().charged_count, 0, "the draft holds the days")
        line = new.invoice_line_ids.filtered(
            lambda line: line.property_charge_id.item_id == self.management
        )
        line.price_unit = 200
        new.action_post()
        self.assertEqual(set(charges.mapped("state")), {"billed"})
        self.assertFalse(charges._get_wrong_amounts())
        self.assertEqual(self._ledger(), 208)

    def test_its_draft_is_given_up(self):
        new = self._reverse(modify=True)
        new.unlink()
        self.assertEqual(self._run().amount_charged, 231.75)

    def test_bill_changed_by_hand(self):
        self.bill.button_draft()
        line = self.bill.invoice_line_ids.filtered(
            lambda line: line.property_charge_id == self.charge
        )
        (self.bill.invoice_line_ids - line).unlink()
        line.price_unit = 99.5
        self.bill.partner_id = self.tenant
        self.bill.action_post()
        self.assertRecordValues(
            self.charge + self.other,
            [
                {"state": "billed", "amount": 99.5, "partner_id": self.tenant.id},
                {"state": "cancelled", "amount": 8, "partner_id": self.owner.id},
            ],
        )
        self.assertFalse(self.charge._get_wrong_amounts())
        self.assertEqual(
            self.charge.with_context(lang="en_US").explanation_text,
            "99.50 = 99.50 (entered by hand)",
        )
        self.assertEqual(self._ledger(), 99.5)

    def test_credited_charge_stays_cancelled(self):
        self._correct(self.charge)
        self.bill.button_draft()
        self.assertEqual(self.charge.state, "cancelled")
        self.assertEqual(self.other.state, "draft")
        self.bill.action_post()
        self.assertEqual(self.charge.state, "cancelled")
        self.assertEqual(self.other.state, "billed")
