from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import OCTOBER, PropertyFeeCase


@freeze_time("2026-10-20")
@tagged("post_install", "-at_install")
class TestWaiver(PropertyFeeCase):
    """Approved within the limits of each role, a waiver takes effect at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._assign(cls.homes[:2], cls.management + cls.garbage)
        cls._run()
        cls.reason = cls.env.ref("property_fee.waiver_reason_service")
        cls.cashier, cls.accountant, cls.manager, cls.hq = (
            cls.users[role] for role in ("cashier", "accountant", "manager", "hq")
        )

    def _charge(self, item=None, unit=None):
        item = item or self.management
        return self._charges(unit or self.home).filtered(
            lambda charge: charge.item_id == item
        )

    def _waiver(self, amounts, user=None, **values):
        """Return a draft that waives an amount of each charge."""
        charge = next(iter(amounts))
        return (
            self.env["property.waiver"]
            .with_user(user or self.cashier)
            .create(
                {
                    "unit_id": charge.unit_id.id,
                    "partner_id": charge.partner_id.id,
                    "reason_id": self.reason.id,
                    "line_ids": [
                        Command.create({"charge_id": charge.id, "amount": amount})
                        for charge, amount in amounts.items()
                    ],
                    **values,
                }
            )
        )

    def _approved(self, amounts, user=None):
        waiver = self._waiver(amounts)
        waiver.action_approval_submit()
        waiver.with_user(user or self.hq).action_approval_approve()
        self.env.invalidate_all()
        return waiver

    # === WHO MAY === #

    def test_limits_of_the_roles(self):
        charge = self._charge()
        small = self._waiver({charge: 150})
        small.action_approval_submit()
        for user in (self.cashier, self.users["frontdesk"]):
            with self.assertRaises(AccessError):
                small.with_user(user).action_approval_approve()
        small.with_user(self.accountant).action_approval_approve()
        self.assertEqual(small.approval_state, "approved")
        charge = self._charge(unit=self.neighbour_home)
        big = self._waiver({charge: 200.01})
        big.action_approval_submit()
        with self.assertRaises(AccessError):
            big.with_user(self.accountant).action_approval_approve()
        big.with_user(self.manager).action_approval_approve()
        self.assertEqual(big.approval_state, "approved")

    def test_headquarters_above_the_managers_limit(self):
        parking = self._create_item("PK", "Parking Fee")
        self._create_rate(parking, price=2685, basis="fixed")
        self._assign(self.home, parking)
        self._run()
        charge = self._charge(parking)
        waiver = self._waiver({charge: 2685})
        waiver.action_approval_submit()
        waiver.with_user(self.manager).action_approval_approve()
        self.assertEqual(waiver.approval_state, "submitted")
        self.assertEqual(charge.state, "billed")
        waiver.with_user(self.hq).action_approval_approve()
        self.assertEqual(waiver.approval_state, "approved")
        self.assertEqual(charge.state, "waived")

    def test_nobody_approves_his_own(self):
        waiver = self._waiver({self._charge(): 10}, user=self.accountant)
        waiver.action_approval_submit()
        with self.assertRaises(AccessError):
            waiver.action_approval_approve()

    def test_the_front_desk_asks(self):
        waiver = self._waiver({self._charge(): 10}, user=self.users["frontdesk"])
        waiver.action_approval_submit()
        self.assertEqual(waiver.line_ids.amount_open, 223.75)
        with self.assertRaises(AccessError):
            self.env["property.waiver"].with_user(self.users["engineer"]).search([])

    def test_a_submitted_waiver_stays_as_it_is(self):
        waiver = self._waiver({self._charge(): 10})
        waiver.action_approval_submit()
        for change in (
            lambda: waiver.write({"note": "More"}),
            lambda: waiver.line_ids.write({"amount": 100}),
            lambda: waiver.line_ids.unlink(),
            lambda: waiver.line_ids.create(
                {
                    "waiver_id": waiver.id,
                    "charge_id": self._charge(self.garbage).id,
                }
            ),
            waiver.action_fill,
        ):
            with self.assertRaises(UserError):
                change()

    # === EFFECT === #

    def test_part_of_a_billed_charge(self):
        bill, charge = self._bill(self.home), self._charge()
        waiver = self._approved({charge: 100})
        note = waiver.credit_note_ids
        self.assertRecordValues(
            note,
            [
                {
                    "move_type": "out_refund",
                    "state": "posted",
                    "amount_total": 100,
                    "amount_residual": 0,
                    "partner_id": self.owner.id,
                    "property_unit_id": self.home.id,
                    "property_community_id": self.community.id,
                    "property_period": OCTOBER,
                    "reversed_entry_id": bill.id,
                    "ref": f"Waiver {waiver.name}: {self.reason.name}",
                }
            ],
        )
        self.assertEqual(bill.amount_residual, 131.75)
        self.assertEqual(
            note.invoice_line_ids.account_id,
            bill.invoice_line_ids.account_id,
        )
        self.assertRecordValues(
            charge,
            [
                {
                    "state": "billed",
                    "amount": 223.75,
                    "amount_waived": 100,
                    "amount_credited": 0,
                    "amount_net": 123.75,
                }
            ],
        )
        self.assertFalse(charge._get_wrong_amounts())
        self.assertIn(note.name, bill.message_ids[0].body)
        self.assertEqual(waiver.credit_note_count, 1)

    def test_the_whole_charge(self):
        charge = self._charge()
        bill = charge.move_id
        self._approved({charge: 223.75})
        self.assertEqual(charge.state, "waived")
        self.assertEqual(self._charge(self.garbage).state, "billed")
        self.assertEqual(bill.amount_residual, 8)
        self.assertEqual(self._run().charged_count, 0, "the days stay taken")

    def test_several_bills(self):
        self._run(date(2026, 11, 1))
        charges = self._charge()
        waiver = self._approved({charge: 50 for charge in charges})
        self.assertEqual(len(waiver.credit_note_ids), 2)
        self.assertEqual(waiver.credit_note_ids.reversed_entry_id, charges.move_id)
        self.assertEqual(self.home.amount_due, 2 * 231.75 - 100)

    def test_taxes_are_waived_with_the_price(self):
        for include, total in (("tax_included", 223.75), ("tax_excluded", 237.18)):
            with self.subTest(include):
                tax = self.env["account.tax"].create(
                    {
                        "name": f"VAT {include}",
                        "amount": 6,
                        "price_include_override": include,
                    }
                )
                self.management.product_id.taxes_id = tax
                period = date(2026, 11 + (include == "tax_excluded"), 1)
                self._run(period, item_ids=self.management.ids)
                charge = self._charge().filtered(
                    lambda charge, period=period: charge.period == period
                )
                bill = charge.move_id
                self.assertEqual(bill.amount_total, total)
                self.assertEqual(charge._get_open_amounts()[charge], 223.75)
                self._approved({charge: 223.75})
                self.assertEqual(bill.amount_residual, 0)
                self.assertEqual(charge.state, "waived")

    def test_not_billed_yet(self):
        run = self._create_run(date(2026, 11, 1))
        plan = run._plan_units(self.home)[self.home]
        management, garbage = (
            self.env["property.charge"].sudo().create(plan.vals_list)
        ).sorted(lambda charge: charge.item_id.sequence)
        self._approved({management: 23.75, garbage: 8})
        self.assertRecordValues(
            management + garbage,
            [
                {"state": "draft", "amount_net": 200, "amount_waived": 23.75},
                {"state": "waived", "amount_net": 0, "amount_waived": 8},
            ],
        )
        bill = management._create_bills(date(2026, 11, 1))
        self.assertEqual(bill.amount_total, 200)
        self.assertEqual(management._get_open_amounts()[management], 200)

    # === NOT MORE THAN IS OPEN === #

    def test_more_than_the_charge(self):
        waiver = self._waiver({self._charge(): 223.76})
        with self.assertRaisesRegex(UserError, "only.*223.75.*is open"):
            waiver.action_approval_submit()

    def test_nothing(self):
        waiver = self._waiver({self._charge(): 0})
        with self.assertRaisesRegex(UserError, "enter the amount"):
            waiver.action_approval_submit()
        waiver.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "says nothing to waive"):
            waiver.action_approval_submit()

    def test_more_than_a_part_paid_bill_has_open(self):
        self._register_payment(self._bill(self.home), amount=200)
        waiver = self._waiver({self._charge(): 40})
        with self.assertRaisesRegex(UserError, "only.*31.75"):
            waiver.action_approval_submit()
        waiver = self._waiver({self._charge(): 31, self._charge(self.garbage): 8})
        with self.assertRaisesRegex(UserError, "takes.*39.00.*only.*31.75"):
            waiver.action_approval_submit()

    def test_paid_while_it_waits(self):
        bill = self._bill(self.home)
        waiver = self._waiver({self._charge(): 100})
        waiver.action_approval_submit()
        self._register_payment(bill)
        with self.assertRaisesRegex(UserError, "only.*0.00.*is open"):
            waiver.with_user(self.manager).action_approval_approve()
        self.assertEqual(bill.payment_state, "paid")

    def test_two_waivers_of_the_same(self):
        charge = self._charge()
        first, second = (self._waiver({charge: 150}) for _times in range(2))
        (first + second).action_approval_submit()
        first.with_user(self.manager).action_approval_approve()
        with self.assertRaisesRegex(UserError, "only.*73.75.*is open"):
            second.with_user(self.manager).action_approval_approve()

    def test_a_reason_in_own_words(self):
        waiver = self._waiver(
            {self._charge(): 10},
            reason_id=self.env.ref("property_fee.waiver_reason_other").id,
        )
        with self.assertRaisesRegex(UserError, "needs an explanation"):
            waiver.action_approval_submit()
        waiver.note = "Promised by the manager"
        waiver.action_approval_submit()

    def test_somebody_else_s_charge(self):
        with self.assertRaises(UserError):
            self._waiver(
                {self._charge(unit=self.neighbour_home): 10}, unit_id=self.home.id
            )

    # === FORM === #

    def test_fill(self):
        waiver = (
            self.env["property.waiver"]
            .with_user(self.cashier)
            .create(
                {"unit_id": self.home.id, "reason_id": self.reason.id, "percent": 20}
            )
        )
        self.assertEqual(waiver.partner_id, self.owner)
        waiver.action_fill()
        self.assertEqual(sorted(waiver.line_ids.mapped("amount")), [1.6, 44.75])
        waiver.action_fill()
        self.assertEqual(len(waiver.line_ids), 2)
        waiver.line_ids[0].percent = 100
        self.assertEqual(waiver.line_ids[0].amount, waiver.line_ids[0].amount_open)
        self.assertEqual(waiver.amount, sum(waiver.line_ids.mapped("amount")))

    def test_from_charges_and_bills(self):
        bill = self._bill(self.home).with_user(self.cashier)
        for action in (
            bill.action_property_waive(),
            bill.property_charge_ids.action_waive(),
        ):
            waiver = (
                self.env["property.waiver"]
                .with_user(self.cashier)
                .with_context(**action["context"])
                .create({"reason_id": self.reason.id})
            )
            self.assertEqual(waiver.amount, 231.75)
            self.assertEqual(waiver.partner_id, self.owner)
        with self.assertRaisesRegex(UserError, "one household"):
            (self._charge() + self._charge(unit=self.neighbour_home)).action_waive()
        self._register_payment(self._bill(self.home))
        with self.assertRaisesRegex(UserError, "nothing to waive"):
            self._charge().action_waive()

    def test_print(self):
        waiver = self._approved({self._charge(): 100})
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "property_fee.report_property_waiver", waiver.ids
        )
        text = html.decode()
        for expected in (waiver.name, self.home.code, self.owner.name, "223.75"):
            self.assertIn(expected, text)

    # === AFTERWARDS === #

    def test_the_credit_note_is_taken_back(self):
        charge = self._charge()
        waiver = self._approved({charge: 223.75})
        note = waiver.with_env(self.env).credit_note_ids
        note.button_draft()
        self.assertRecordValues(
            charge, [{"state": "billed", "amount_waived": 0, "amount_net": 223.75}]
        )
        note.action_post()
        self.assertEqual(charge.state, "waived")

    def test_communities_and_companies(self):
        waiver = self._waiver({self._charge(): 10})
        other = self._create_community("Hillside", "HILL")
        self.accountant.property_community_ids = [Command.set(other.ids)]
        records = waiver.with_user(self.accountant)
        self.assertFalse(records.has_access("read"))
        self.assertFalse(records.line_ids.with_user(self.accountant).has_access("read"))
