from datetime import timedelta

from freezegun import freeze_time
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .test_sla import SlaCase, local


@tagged("post_install", "-at_install")
class TestEscalation(SlaCase):
    """Who is told when, whoever looks and however often."""

    def _escalate(self, moment):
        """Run the scheduled action at a moment; return the steps it took."""
        Event = self.env["property.escalation.event"]
        known = Event.search([])
        with freeze_time(local(moment)):
            while Event._escalate_chunk():
                pass
        return Event.search([], order="id") - known

    def _create_at(self, moment, **vals):
        with freeze_time(local(moment)):
            return self._create_ticket(**vals)

    def test_each_rung_once_in_its_order(self):
        self._ladder(
            self.general,
            ("resolution", -20, 0, "responsible", "activity"),
            ("resolution", 0, 0, "manager", "activity"),
            ("resolution", 0, 60, "manager", "message"),
        )
        ticket = self._create_at("09-28 08:30")
        with freeze_time(local("09-28 08:40")):
            self._walk(ticket, "accepted", "dispatched")
        self.assertFalse(self._escalate("09-29 14:59"))  # 12 of 15 hours: at 15:00
        early = self._escalate("09-29 15:01")
        self.assertEqual(early.user_ids, self.engineer)
        self.assertEqual(early.planned_at, local("09-29 15:00"))
        self.assertFalse(self._escalate("09-29 15:01"))
        late = self._escalate("09-30 12:00")
        self.assertEqual(
            late.mapped("planned_at"), [local("09-29 18:00"), local("09-30 09:30")]
        )
        self.assertEqual(late.user_ids, self.manager)
        self.assertFalse(self._escalate("10-30 12:00"))
        self.assertEqual(ticket.escalation_count, 3)
        self.assertEqual(
            ticket.activity_ids.mapped("user_id"), self.engineer | self.manager
        )

    def test_looking_often_or_once_is_the_same(self):
        self._ladder(
            self.general,
            ("response", 0, 0, "manager", "activity"),
            ("resolution", -50, 0, "manager", "activity"),
            ("resolution", 0, 0, "manager", "activity"),
        )
        often, once = self._create_at("09-28 08:30"), self._create_at("09-28 08:30")
        once.sudo().sla_ids.next_rung_at = False
        for hour in range(0, 60, 3):
            moment = local("09-28 08:30") + timedelta(hours=hour + 8)
            self._escalate(moment.strftime("%m-%d %H:%M"))
        once.sudo().sla_ids._set_clocks()
        self._escalate("09-30 20:29")
        planned = [
            ticket.sudo().escalation_ids.sorted("planned_at").mapped("planned_at")
            for ticket in (often, once)
        ]
        self.assertEqual(planned[0], planned[1])
        self.assertEqual(len(planned[0]), 3)

    def test_quiet_hours_but_not_for_emergencies(self):
        for policy in (self.general, self.urgent):
            policy.calendar_id = False
            policy.response_hours = 0.5
            self._ladder(policy, ("response", 0, 0, "manager", "message"))
        general = self._create_at("09-28 23:00")
        urgent = self._create_at("09-28 23:00", category_id=self.emergency.id)
        first = self._escalate("09-28 23:31")
        self.assertEqual(first.ticket_id, urgent)
        self.assertFalse(self._escalate("09-29 06:59"))
        second = self._escalate("09-29 07:00")
        self.assertEqual(second.ticket_id, general)
        self.assertEqual(second.planned_at, local("09-29 07:00"))

    def test_a_pause_stops_the_ladder(self):
        self._ladder(self.general, ("resolution", 0, 0, "manager", "activity"))
        ticket = self._create_at("09-28 08:30")
        with freeze_time(local("09-28 09:30")):
            ticket.write({"state": "accepted"})
            ticket.write({"state": "waiting", "waiting_reason": "owner"})
        self.assertFalse(self._escalate("10-20 12:00"))
        with freeze_time(local("10-20 14:00")):
            ticket.action_start()
        self.assertFalse(self._escalate("10-22 10:59"))
        # 14 hours were left: 4 on the 20th, 7.5 on the 21st, 2.5 on the 22nd
        self.assertEqual(self._escalate("10-22 12:00").planned_at, local("10-22 11:00"))

    def test_whoever_is_on_duty(self):
        night = new_test_user(
            self.env,
            login="svc_night",
            groups="property_base.group_property_engineer",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.env["property.duty.shift"].create(
            {
                "user_id": night.id,
                "company_id": self.company.id,
                "community_ids": [(6, 0, self.community.ids)],
                "start": local("09-28 20:00"),
                "end": local("09-29 08:00"),
            }
        )
        self._ladder(self.urgent, ("response", 0, 0, "on_duty", "reassign"))
        ticket = self._create_at("09-28 23:00", category_id=self.emergency.id)
        day = self._create_at("09-29 12:00", category_id=self.emergency.id)
        self.assertEqual(self._escalate("09-28 23:15").user_ids, night)
        self.assertEqual(ticket.user_id, night)
        # nobody is on the roster at noon: the manager it is
        self.assertEqual(self._escalate("09-29 12:15").user_ids, self.manager)
        self.assertEqual(day.user_id, self.manager)

    def test_a_raised_urgency_is_promised_anew(self):
        self._ladder(self.general, ("response", 0, 0, "manager", "urgency"))
        ticket = self._create_at("09-28 08:30")
        self._escalate("09-28 09:00")
        self.assertEqual(ticket.urgency, "emergency")
        running = ticket.sudo().sla_ids.filtered(lambda row: row.state == "running")
        self.assertEqual(running.policy_id, self.urgent)

    def test_the_log_is_for_colleagues(self):
        self._ladder(self.general, ("response", 0, 0, "manager", "message"))
        ticket = self._create_at("09-28 08:30")
        self._escalate("09-28 09:00")
        message = ticket.message_ids.filtered(
            lambda message: self.manager.partner_id in message.notified_partner_ids
        )
        self.assertEqual(len(message), 1)
        self.assertTrue(message.subtype_id.internal)
        self.assertIn(self.manager.name, message.body)

    @mute_logger("odoo.sql_db")
    def test_the_database_keeps_a_rung_from_firing_twice(self):
        self._ladder(self.general, ("response", 0, 0, "manager", "activity"))
        self._create_at("09-28 08:30")
        event = self._escalate("09-28 09:00")
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            event.copy()

    @mute_logger("odoo.sql_db")
    def test_nobody_has_two_shifts_at_once(self):
        shift = {
            "user_id": self.engineer.id,
            "company_id": self.company.id,
            "start": local("09-28 08:00"),
            "end": local("09-28 20:00"),
        }
        Shift = self.env["property.duty.shift"].with_user(self.frontdesk)
        Shift.create(shift)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            Shift.create(
                {**shift, "start": local("09-28 19:59"), "end": local("09-29 08:00")}
            )

    def test_scheduled_action(self):
        self._ladder(self.general, ("response", 0, 0, "manager", "activity"))
        tickets = self.env["property.ticket"].union(
            *[self._create_at("09-28 08:30") for _index in range(3)]
        )
        with (
            freeze_time(local("09-28 09:30")),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("property_service.ir_cron_escalate").method_direct_trigger()
        self.assertEqual(tickets.mapped("escalation_count"), [1, 1, 1])
