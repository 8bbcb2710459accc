from collections import Counter
from datetime import timedelta

from freezegun import freeze_time
from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import PropertyServiceCase


class WorkOrderCase(PropertyServiceCase):
    """Three plumbers, an electrician and a contractor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plumbing = cls.env.ref("property_service.skill_plumbing")
        cls.electric = cls.env.ref("property_service.skill_electric")
        cls.plumbers = [
            cls.engineer,
            *(
                new_test_user(
                    cls.env,
                    login=f"svc_plumber_{number}",
                    groups="property_base.group_property_engineer",
                    lang="en_US",
                    company_id=cls.company.id,
                    company_ids=[Command.set(cls.company.ids)],
                )
                for number in (2, 3)
            ),
        ]
        Engineer = cls.env["property.engineer"]
        cls.crew = Engineer.create(
            [
                {
                    "user_id": user.id,
                    "company_id": cls.company.id,
                    "skill_ids": [Command.set(cls.plumbing.ids)],
                }
                for user in cls.plumbers
            ]
        )
        cls.first, cls.second, cls.third = cls.crew
        cls.contractor = Engineer.create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "Lift Ltd"}).id,
                "company_id": cls.company.id,
                "skill_ids": [Command.set(cls.electric.ids)],
            }
        )
        cls.price = cls.env["property.service.price"].create(
            {
                "name": "Tap",
                "kind": "material",
                "unit": "piece",
                "price": 35.5,
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def _order(cls, ticket=None, **vals):
        ticket = ticket or cls._create_ticket()
        if ticket.state == "new":
            ticket.action_accept()
        return (
            cls.env["property.work.order"]
            .with_user(cls.frontdesk)
            .create({"ticket_id": ticket.id, **vals})
        )

    @classmethod
    def _given(cls, engineer=None, **vals):
        order = cls._order(**vals)
        order._give({order: engineer or cls.first})
        return order

    def _proposed(self, order):
        suggested, _others = order._get_suggestions()
        return self.env["property.engineer"].browse(
            one.candidate.key for one in suggested
        )


@tagged("post_install", "-at_install")
class TestWorkOrder(WorkOrderCase):
    def test_nobody_gives_back_what_a_colleague_has(self):
        order = self._given(self.second)
        for user in (self.engineer, self.cashier, self.security):
            with self.assertRaises(AccessError):
                order.with_user(user)._return("Not mine")
        self.assertEqual(order.engineer_id, self.second)
        order.with_user(self.frontdesk)._return("He is ill")
        self.assertFalse(order.engineer_id)

    def test_trade_of_the_problem(self):
        order = self._order()
        self.assertEqual(order.skill_id, self.plumbing)
        self.assertEqual(self._proposed(order), self.crew)

    def test_numbers_of_a_ticket(self):
        ticket = self._create_ticket()
        numbers = [self._order(ticket).name for _index in range(3)]
        self.assertEqual(numbers, [f"{ticket.name}-{n}" for n in (1, 2, 3)])

    def test_from_dispatch_to_done(self):
        order = self._given()
        ticket = order.ticket_id
        self.assertEqual((ticket.state, ticket.user_id), ("dispatched", self.engineer))
        mine = order.with_user(self.engineer)
        mine.action_accept()
        mine.action_arrive()
        self.assertEqual(ticket.state, "in_progress")
        with self.assertRaisesRegex(UserError, "say what was found"):
            mine.write({"state": "done"})
        with self.assertRaisesRegex(UserError, "say what was found"):
            mine.action_done()
        mine.result = "Washer replaced"
        mine.action_done()
        self.assertEqual((ticket.state, ticket.result), ("done", "Washer replaced"))
        self.assertTrue(order.accepted_at and order.arrived_at and order.done_at)

    def test_a_ticket_waits_for_all_its_visits(self):
        order = self._given()
        other = self._order(order.ticket_id, skill_id=self.electric.id)
        other._give({other: self.contractor})
        for visit in (order, other):
            visit.action_accept()
            visit.action_arrive()
        order.result = "Pipe mended"
        order.action_done()
        self.assertEqual(order.ticket_id.state, "in_progress")
        other.result = "Socket dried"
        other.action_done()
        self.assertEqual(order.ticket_id.state, "done")
        self.assertEqual(order.ticket_id.result, "Pipe mended\nSocket dried")

    def test_an_engineer_finishes_though_somebody_else_is_responsible(self):
        order = self._given()
        order.ticket_id.user_id = self.plumbers[1]
        mine = order.with_user(self.engineer)
        mine.action_accept()
        mine.action_arrive()
        mine.result = "Washer replaced"
        mine.action_done()
        self.assertEqual(order.ticket_id.state, "done")

    def test_of_a_contractor_the_desk_takes_care(self):
        order = self._order(skill_id=self.electric.id)
        order._give({order: self.contractor})
        self.assertEqual(order.ticket_id.user_id, self.frontdesk)

    def test_no_step_is_skipped(self):
        order = self._given()
        order.result = "Done on the phone"
        with self.assertRaisesRegex(UserError, "cannot become"):
            order.action_done()
        order.action_cancel()
        with self.assertRaisesRegex(UserError, "cannot become"):
            order.action_accept()

    def test_given_back_with_a_reason(self):
        order = self._given()
        mine = order.with_user(self.engineer)
        with self.assertRaisesRegex(UserError, "Say why"):
            mine._return("  ")
        mine._return("Needs a second man")
        self.assertEqual((order.state, order.return_count), ("open", 1))
        self.assertFalse(order.engineer_id)
        self.assertEqual(order.ticket_id.state, "accepted")
        self.assertIn("Needs a second man", order.message_ids[0].body)

    def test_transfer(self):
        order = self._given()
        order.action_accept()
        order._give({order: self.second})
        self.assertEqual((order.state, order.engineer_id), ("given", self.second))
        self.assertEqual(order.ticket_id.user_id, self.plumbers[1])

    def test_grab(self):
        order = self._order()
        order.with_user(self.plumbers[1]).action_grab()
        self.assertEqual((order.state, order.engineer_id), ("accepted", self.second))
        with self.assertRaisesRegex(UserError, "was taken by"):
            order.with_user(self.plumbers[2]).action_grab()
        other = self._order(skill_id=self.electric.id)
        with self.assertRaisesRegex(UserError, "not yours"):
            other.with_user(self.plumbers[2]).action_grab()
        with self.assertRaises(AccessError):
            other.with_user(self.security).action_grab()

    def test_colleagues_do_not_touch_each_others_orders(self):
        order = self._given()
        with self.assertRaises(AccessError):
            order.with_user(self.plumbers[1]).action_accept()
        with self.assertRaises(AccessError):
            order.with_user(self.plumbers[1]).write({"result": "Mine"})
        with self.assertRaises(AccessError):
            order.with_user(self.zhang).read(["result"])

    def test_cancelling_the_ticket_cancels_the_visit(self):
        order = self._given()
        self._walk(order.ticket_id, "cancelled")
        self.assertEqual(order.state, "cancelled")

    def test_rework(self):
        with freeze_time("2026-09-01 02:00:00"):
            order = self._given()
            order.action_accept()
            order.action_arrive()
            order.result = "Washer replaced"
            order.action_done()
        with freeze_time("2026-09-20 02:00:00"):
            again = self._order()
        with freeze_time("2026-11-20 02:00:00"):
            later = self._order()
        self.assertEqual(again.rework_of_id, order)
        self.assertTrue(again.ticket_id.is_rework)
        self.assertFalse(later.is_rework)

    def test_what_was_signed_for_stays(self):
        order = self._given().with_user(self.engineer)
        order.action_accept()
        with self.assertRaisesRegex(UserError, "cannot be signed"):
            order._sign("Zhang", b"x")
        order.action_arrive()
        line = self.env["property.work.order.line"].with_user(self.engineer)
        line = line.create(
            {"order_id": order.id, "price_id": self.price.id, "quantity": 2}
        )
        self.assertEqual((line.name, order.amount), ("Tap", 71.0))
        pixel = (
            b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
            b"awAAAABJRU5ErkJggg=="
        )
        with self.assertRaisesRegex(UserError, "both needed"):
            order._sign("", pixel)
        order._sign("Zhang", pixel)
        with self.assertRaisesRegex(UserError, "cannot be signed"):
            order._sign("Zhang", pixel)
        with self.assertRaises(ValidationError):
            line.quantity = 3


@tagged("post_install", "-at_install")
class TestDispatch(WorkOrderCase):
    def _shift(self, user, start_hours, end_hours, communities=None):
        now = fields.Datetime.now()
        return self.env["property.duty.shift"].create(
            {
                "user_id": user.id,
                "company_id": self.company.id,
                "community_ids": [Command.set((communities or self.community).ids)],
                "start": now + timedelta(hours=start_hours),
                "end": now + timedelta(hours=end_hours),
            }
        )

    def test_whoever_is_off_duty_stays_at_home(self):
        self._shift(self.plumbers[1], -2, 6)
        self._shift(self.plumbers[2], 6, 14)
        order = self._order()
        self.assertEqual(self._proposed(order), self.second)
        _suggested, others = order._get_suggestions()
        reasons = {candidate.key: why for candidate, why in others}
        self.assertEqual(reasons[self.first.id], ("off_duty",))
        self.assertEqual(reasons[self.contractor.id], ("unqualified",))

    def test_area_and_limit(self):
        self.first.community_ids = self.second_community
        self.second.max_load = 2
        self._given(self.second)
        self.assertEqual(self._proposed(self._order()), self.third)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_community = cls.env["property.community"].create(
            {"name": "Far Away", "code": "FA", "company_id": cls.company.id}
        )

    def test_two_hundred_tickets_spread_evenly(self):
        tickets = self.env["property.ticket"].create(
            [
                {
                    "unit_id": self.unit.id,
                    "category_id": self.problem.id,
                    "subject": f"Number {number}",
                }
                for number in range(200)
            ]
        )
        tickets.action_accept()
        orders = tickets._ensure_orders()
        self.assertFalse(orders._spread())
        counts = Counter(order.engineer_id for order in orders)
        self.assertEqual(set(counts), set(self.crew))
        self.assertLessEqual(max(counts.values()) - min(counts.values()), 1)
        self.assertEqual(set(tickets.mapped("state")), {"dispatched"})

    def test_some_problems_are_given_out_at_once(self):
        self.problem.auto_dispatch = True
        ticket = self._create_ticket()
        self.assertEqual(ticket.state, "dispatched")
        self.assertIn(ticket.user_id, self.env["res.users"].union(*self.plumbers))
        self.crew.active = False
        waiting = self._create_ticket()
        self.assertEqual((waiting.state, waiting.order_ids.state), ("accepted", "open"))
        self.crew.active = True
        self.env["property.work.order"]._cron_spread()
        self.assertEqual(waiting.state, "dispatched")

    def test_the_dialog_says_why(self):
        ticket = self._create_ticket()
        ticket.action_accept()
        action = ticket.action_dispatch()
        dialog = self.env["property.dispatch"].with_user(self.frontdesk)
        dialog = dialog.browse(action["res_id"])
        self.assertEqual(dialog.line_ids.mapped("can_go"), [True] * 3 + [False])
        self.assertIn("has the trade", dialog.line_ids[0].reason)
        self.assertIn("lacks the trade", dialog.line_ids[3].reason)
        dialog.line_ids[1].action_give()
        self.assertEqual(ticket.order_ids.engineer_id, dialog.line_ids[1].engineer_id)
