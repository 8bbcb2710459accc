from datetime import date, timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import OCTOBER
from .dunning_common import DUE, DunningCase

DAY_20 = DUE + timedelta(days=20)  # November 5


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestDunningCase(DunningCase):
    def setUp(self):
        super().setUp()
        self._sync()
        self.case = self._case()

    def _follow_up(self, day):
        with freeze_time(day), self.enter_registry_test_mode():
            self.env.ref(
                "property_fee.ir_cron_dunning_follow_up"
            ).method_direct_trigger()
        self.env.invalidate_all()

    # === AMOUNTS === #

    def test_what_is_owed(self):
        self.assertRecordValues(
            self.case,
            [
                {
                    "amount_due": 223.75,
                    "amount_overdue": 223.75,
                    "date_oldest": DUE,
                    "days_overdue": 20,
                    "months_owed": 1,
                    "state": "open",
                    "level_id": False,
                    "next_level_id": False,
                    "limitation_date": date(2029, 10, 16),
                }
            ],
        )
        self.case._plan_next()
        self.assertEqual(self.case.next_level_id, self.level)
        self.assertEqual(self.case.date_next, DAY_20)

    def test_whoever_pays_leaves_the_list_at_once(self):
        cases = self.env["property.dunning.case"]
        domain = [("state", "!=", "closed"), ("community_id", "=", self.community.id)]
        self.assertEqual(len(cases.search(domain)), 2)
        payment = self._register_payment(self._bill(self.home), amount=100)
        self.assertEqual(self.case.amount_overdue, 123.75)
        self.assertEqual(self.case.state, "open")
        self._register_payment(self._bill(self.home))
        self.assertEqual(self.case.state, "closed")
        self.assertEqual(
            cases.search(domain), self._case(self.neighbour_home, self.neighbour)
        )
        # A payment that bounces brings it back.
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(self.case.amount_overdue, 100)
        self.assertEqual(self.case.state, "open")

    def test_credit_note_counts_at_once(self):
        refund = self._bill(self.home)._reverse_moves([{"invoice_date": OCTOBER}])
        self.assertEqual(self.case.state, "open")
        refund.action_post()
        self.assertEqual(self.case.amount_overdue, 0)
        self.assertEqual(self.case.state, "closed")

    def test_a_payment_by_the_cashier(self):
        self.env["account.payment.register"].with_user(
            self.users["cashier"]
        ).with_context(
            active_model="account.move", active_ids=self._bill(self.home).ids
        ).create({})._create_payments()
        self.assertEqual(self.case.state, "closed")

    def test_by_item_and_month(self):
        self._assign(self.home, self.garbage)
        self._run(date(2026, 11, 1))
        november = self._bill(self.home, date(2026, 11, 1))
        self._register_payment(november, amount=115.88)
        owed = self.case._get_owed()[self.case]
        # Half of the bill of 231.75 is open, of each of its lines.
        self.assertEqual(
            owed,
            {
                ("Management Fee", OCTOBER): 223.75,
                ("Management Fee", date(2026, 11, 1)): 111.87,
                ("Garbage Fee", date(2026, 11, 1)): 4.0,
            },
        )
        self.assertIn("2026-11", self.case.owed_table)
        self.assertIn("339.62", self.case.owed_table)

    def test_open_for_days_is_searched(self):
        Case = self.env["property.dunning.case"]
        domain = [("community_id", "=", self.community.id)]
        self.assertEqual(len(Case.search([*domain, ("days_overdue", ">=", 20)])), 2)
        self.assertFalse(Case.search([*domain, ("days_overdue", ">", 20)]))

    # === PROMISE === #

    def _promise(self, amount=223.75, day="2026-11-12", user="frontdesk"):
        return (
            self.env["property.dunning.promise"]
            .with_user(self.users[user])
            .create({"case_id": self.case.id, "amount": amount, "date": day})
        )

    def test_promise_kept(self):
        promise = self._promise()
        self.assertEqual(self.case.state, "promised")
        self.assertEqual(self.case.date_next, date(2026, 11, 13))
        self.assertEqual(self._generate(20).unit_id, self.neighbour_home)
        self._register_payment(self._bill(self.home), amount=100)
        self.assertEqual(promise.sudo().amount_paid, 100)
        self._register_payment(self._bill(self.home))
        self.assertEqual(promise.sudo().state, "kept")
        self._follow_up("2026-11-13")
        self.assertEqual(promise.sudo().state, "kept")
        self.assertFalse(self.case.raised)

    def test_new_bills_do_not_break_it(self):
        promise = self._promise()
        self._run(date(2026, 11, 1))
        self._register_payment(self._bill(self.home, date(2026, 11, 1)))
        self.assertEqual(promise.sudo().amount_paid, 0)
        self._register_payment(self._bill(self.home))
        self.assertEqual(promise.sudo().state, "kept")

    def test_broken_promise_raises_the_level(self):
        self._generate(20)
        self._promise()
        self._follow_up("2026-11-12")
        self.assertEqual(self.case.promise_ids.state, "open")
        self._follow_up("2026-11-13")
        self.assertEqual(self.case.promise_ids.state, "broken")
        self.assertEqual(self.case.state, "open")
        self.assertEqual(self.case.level_id, self.second)
        self.assertTrue(self.case.raised)
        self.assertIn("Promise broken", "".join(self.case.message_ids.mapped("body")))
        # Of the next level, though it is not 45 days yet.
        letter = self._generate(28).filtered(lambda one: one.unit_id == self.home)
        self.assertEqual(letter.level_id, self.second)
        self.assertFalse(self.case.raised)

    def test_promise_of_too_much(self):
        with self.assertRaises(ValidationError):
            self._promise(amount=300)
        with self.assertRaises(ValidationError):
            self._promise(amount=0)

    def test_promise_taken_back(self):
        promise = self._promise()
        promise.action_cancel()
        self.assertEqual(promise.state, "cancelled")
        self.assertEqual(self.case.state, "open")

    # === INSTALMENTS === #

    def _plan(self):
        return (
            self.env["property.instalment.plan"]
            .with_user(self.users["cashier"])
            .create(
                {
                    "case_id": self.case.id,
                    "amount": 223.75,
                    "count": 3,
                    "date_first": "2026-11-30",
                }
            )
        )

    def test_instalments(self):
        plan = self._plan()
        self.assertRecordValues(
            plan.line_ids,
            [
                {"date": date(2026, 11, 30), "amount": 74.58},
                {"date": date(2026, 12, 30), "amount": 74.58},
                {"date": date(2027, 1, 30), "amount": 74.59},
            ],
        )
        self.assertEqual(plan.state, "draft")
        self.assertEqual(self.case.state, "open")
        plan.action_confirm()
        self.assertEqual(self.case.state, "instalment")
        self.assertFalse(
            self._generate(60).filtered(lambda one: one.unit_id == self.home)
        )
        self._register_payment(self._bill(self.home), amount=100)
        self.assertEqual(plan.line_ids.mapped("state"), ["paid", "open", "open"])
        self.assertEqual(plan.line_ids.mapped("amount_left"), [0.0, 49.16, 74.59])
        self.assertEqual(plan.date_next, date(2026, 12, 30))
        self._follow_up("2027-01-02")
        self.assertEqual(plan.state, "active")
        self._register_payment(self._bill(self.home))
        self.assertEqual(plan.state, "kept")
        self.assertEqual(self.case.state, "closed")

    def test_broken_agreement_raises_the_level(self):
        plan = self._plan()
        plan.action_confirm()
        with self.assertRaises(UserError):
            self._plan().action_confirm()
        self._follow_up("2026-12-03")
        self.assertEqual(plan.state, "active")
        self._follow_up("2026-12-04")  # more than three days late
        self.assertEqual(plan.state, "broken")
        self.assertEqual(self.case.level_id, self.level)
        self.assertTrue(self.case.raised)
        with self.assertRaises(UserError):
            plan.sudo().unlink()

    def test_schedule_adds_up(self):
        plan = self._plan()
        with self.assertRaises(ValidationError):
            plan.line_ids[0].amount = 10
            plan._check_lines()

    # === HOLD === #

    def test_hold_stops_reminders_and_late_fee(self):
        self.env["property.late.fee.policy"].create(
            {"name": "Contract", "date_start": "2025-01-01", "daily_rate": 0.05}
        )
        bill = self._bill(self.home)
        self.case.with_user(self.users["accountant"])._start_hold("Leak", "T-1")
        self.assertRecordValues(
            self.case,
            [
                {
                    "state": "held",
                    "hold_reason": "Leak",
                    "hold_reference": "T-1",
                    "hold_until": False,
                    "date_next": False,
                }
            ],
        )
        self.assertTrue(self.case._is_on_hold(date(2027, 1, 1)))
        self.assertEqual(self._generate(40).unit_id, self.neighbour_home)
        # 19 days to November 4 counted, none since.
        fees = bill._get_late_fees(date(2026, 11, 25))
        self.assertEqual(fees[bill].amount, 2.13)
        self.assertEqual(self.case._start_hold("Twice"), self.case.hold_ids.browse())
        with freeze_time("2026-11-25"):
            self.case._end_hold(reference="T-2")
            self.assertEqual(self.case.state, "held")
            self.case._end_hold(reference="T-1")
        self.assertEqual(self.case.hold_ids.date_to, date(2026, 11, 25))
        self._follow_up("2026-11-26")
        self.assertEqual(self.case.state, "open")
        self.assertEqual(bill._get_late_fees(date(2026, 11, 26))[bill].amount, 2.24)
        self.assertTrue(
            self._generate(41).filtered(lambda one: one.unit_id == self.home)
        )

    def test_a_hold_that_began_stays(self):
        hold = self.case._start_hold("Leak", date=date(2026, 11, 1))
        with self.assertRaises(UserError):
            hold.unlink()

    # === CONTACTS, LIMITATION === #

    def test_contact(self):
        contact = (
            self.env["property.dunning.contact"]
            .with_user(self.users["frontdesk"])
            .create({"case_id": self.case.id, "note": "Will see"})
        )
        self.assertEqual(contact.spoke_to, self.owner.name)
        self.assertEqual(self.case.contact_count, 1)
        with self.assertRaises(AccessError):
            contact.unlink()

    def test_limitation_begins_anew(self):
        letter = self._generate(20).filtered(lambda one: one.unit_id == self.home)
        self.assertEqual(self.case.limitation_date, date(2029, 10, 16))
        letter.action_deliver()
        self.assertEqual(self.case.limitation_date, date(2029, 11, 5))
        self.env["property.dunning.contact"].create(
            {
                "case_id": self.case.id,
                "date": "2026-12-24 03:00:00",
                "is_documented": True,
            }
        )
        self.assertEqual(self.case.limitation_date, date(2029, 12, 24))
        self._register_payment(
            self._bill(self.home), amount=10, payment_date=date(2027, 1, 31)
        )
        self.case.sudo()._compute_limitation_date()
        self.assertEqual(self.case.limitation_date, date(2030, 1, 31))

    def test_warning_before_it_lapses(self):
        self.community.manager_id = self.users["manager"]
        self._follow_up("2029-07-17")
        self.assertFalse(self.case.activity_ids)
        self._follow_up("2029-07-18")
        self._follow_up("2029-07-19")
        activity = self.case.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.users["manager"])
        self.assertEqual(activity.date_deadline, date(2029, 10, 16))
        self.env["property.dunning.contact"].create(
            {
                "case_id": self.case.id,
                "date": "2029-07-19 03:00:00",
                "is_documented": True,
            }
        )
        self._follow_up("2029-07-20")
        self.assertFalse(self.case.activity_ids)

    def test_remind_by_hand(self):
        case = self.case.with_user(self.users["cashier"])
        action = case.action_remind_now()
        letter = self.env["property.dunning.letter"].search(action["domain"])
        self.assertEqual(letter.unit_id, self.home)
        with self.assertRaisesRegex(UserError, "not to be reminded now: Reminded on"):
            case.action_remind_now()
        self.case.with_user(self.users["accountant"])._start_hold("Leaking wall", "")
        with self.assertRaisesRegex(UserError, "On hold: Leaking wall"):
            case.action_remind_now()

    def test_cockpit(self):
        home = self.home.with_user(self.users["frontdesk"])
        self.assertEqual(home.dunning_count, 1)
        self.assertEqual(home.action_view_dunning()["res_id"], self.case.id)
