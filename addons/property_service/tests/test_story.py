from datetime import date, timedelta
from decimal import Decimal

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .story_common import StoryCase
from .test_sla import local

# Office hours 08:30-12:00 and 14:00-18:00 (7.5 a day). The 1st to 7th of October are free,
# Saturday the 10th is worked instead; emergencies count day and night.
#
# General: response 0.5, arrival 4, solution 15 hours, 5 after reopening; waiting for the
# owner or an appointment stops the clock. Emergency: 0.25, 0.5, 4; nothing stops it.
#
# ticket, target, round: due, reached, hours used, hours left, state
PROMISES = {
    # Reported on Monday at 17:40: 20 minutes are left on that day.
    ("tap", "response", 0): ("09-29 08:40", "09-29 08:35", 0.42, 0.08, "met"),
    ("tap", "arrival", 0): ("09-29 14:10", "09-29 10:00", 1.83, 2.17, "met"),
    # 2:20 until the owner is waited for; 12:40 are left on Wednesday at 14:00: 4 there,
    # 7:30 on the 8th, 1:10 on the 9th. Done three hours after work went on.
    ("tap", "resolution", 0): ("10-09 09:40", "09-30 17:00", 5.33, 9.67, "met"),
    # Reopened on Wednesday at 17:30: half an hour there, 4:30 on the 8th.
    ("tap", "resolution", 1): ("10-08 15:00", "10-08 15:30", 5.5, -0.5, "missed"),
    # Reported on the 3rd at 23:50.
    ("gas", "response", 0): ("10-04 00:05", "10-04 00:10", 0.33, -0.08, "missed"),
    ("gas", "arrival", 0): ("10-04 00:20", "10-04 00:18", 0.47, 0.03, "met"),
    ("gas", "resolution", 0): ("10-04 03:50", "10-04 02:30", 2.67, 1.33, "met"),
    # Reported on the 30th at 17:00; from 17:15 to the 8th at 10:00 the appointment.
    ("drain", "response", 0): ("09-30 17:30", "09-30 17:10", 0.17, 0.33, "met"),
    ("drain", "arrival", 0): ("10-08 15:45", "10-08 10:30", 0.75, 3.25, "met"),
    # 14:45 are left on the 8th at 10:00: 6 there, 7:30 on the 9th, 1:15 on the 10th.
    ("drain", "resolution", 0): ("10-10 09:45", "10-09 11:00", 8.75, 6.25, "met"),
    # Reported on the 8th at 08:30 and overlooked.
    ("lock", "response", 0): ("10-08 09:00", "10-08 10:30", 2.0, -1.5, "missed"),
    ("lock", "arrival", 0): ("10-08 14:30", "10-08 11:30", 3.0, 1.0, "met"),
    ("lock", "resolution", 0): ("10-09 18:00", "10-10 11:00", 17.5, -2.5, "missed"),
    # Reported on the Saturday that is worked, at 09:00; looked at on Sunday at 23:00.
    ("staff", "response", 0): ("10-10 09:30", "10-10 09:45", 0.75, -0.25, "missed"),
    ("staff", "arrival", 0): ("10-10 15:00", False, 7.0, -3.0, "running"),
    ("staff", "resolution", 0): ("10-13 09:00", False, 7.0, 8.0, "running"),
    # Reported on Sunday at 10:00.
    ("window", "response", 0): ("10-12 09:00", False, 0.0, 0.5, "running"),
    ("window", "arrival", 0): ("10-12 14:30", False, 0.0, 4.0, "running"),
    ("window", "resolution", 0): ("10-13 18:00", False, 0.0, 15.0, "running"),
}
# ticket: reason, from, until, hours around the clock
WAITS = {
    "tap": [("owner", "09-29 10:30", "09-30 14:00", 27.5)],
    "gas": [("third_party", "10-04 00:30", "10-04 02:00", 1.5)],
    "drain": [("appointment", "09-30 17:15", "10-08 10:00", 184.75)],
}
# when a step of a ladder was reached, ticket, target, what, who
ESCALATIONS = [
    ("10-04 00:05", "gas", "response", "message", "night"),
    ("10-04 01:50", "gas", "resolution", "activity", "night"),  # half of 4 hours
    ("10-08 09:00", "lock", "response", "activity", "manager"),
    ("10-08 12:00", "tap", "resolution", "activity", "second"),  # 4 of 5 hours
    ("10-08 15:00", "tap", "resolution", "message", "manager"),
    ("10-09 15:00", "lock", "resolution", "activity", "first"),  # 12 of 15 hours
    ("10-09 18:00", "lock", "resolution", "message", "manager"),
    ("10-10 09:30", "lock", "resolution", "reassign", "third"),  # an hour after
    ("10-10 09:30", "staff", "response", "activity", "manager"),
]
# Of tap, gas, drain, lock, staff, window; the one cancelled counts nowhere.
RATES = {
    "response": (2, 5),  # tap and drain of all but the window, which is not due yet
    "arrival": (4, 5),  # nobody has seen to the complaint
    "resolution": (
        2,
        4,
    ),  # gas and drain; the tap was late the second time, the lock once
    "promise": (1, 5),  # of the drain alone each one was kept
    "completion": (4, 6),
    "rework": (1, 5),  # the tap
    "complaint": (1, 6),
    "justified": (1, 1),
    "satisfaction": (1, 2),  # five stars for the gas, three for the tap
    "rated": (2, 4),
    "follow_up": (2, 4),
}


@tagged("post_install", "-at_install")
class TestStory(StoryCase):
    """Two weeks of a desk: a night, a weekend, the National Day holiday."""

    def test_story(self):
        self._tap_waits_for_the_owner()
        self._drain_by_appointment()
        self._tap_comes_back()
        self._gas_at_night()
        self._lock_is_overlooked()
        self._tap_is_mended_again()
        self._complaint_on_a_worked_saturday()
        self._sunday()
        with self._at("10-11 23:00"):
            self.env.flush_all()
            self.env.invalidate_all()
            self._check_promises()
            self._check_waits()
            self._check_escalations()
            self._check_people()
            self._check_rates()

    # === THE STORY === #

    def _tap_waits_for_the_owner(self):
        self._report("tap", "09-28 17:40")
        self._report("twice", "09-28 17:50")
        with self._at("09-29 08:32"):
            self.assertIn(self.tickets["tap"], self.tickets["twice"].duplicate_ids)
            self.tickets["twice"].action_same_matter()
        self._accept("tap", "09-29 08:35")
        self._send("tap", "09-29 08:40", "first")
        with self._at("09-29 09:00"):
            order = self._order("tap").with_user(self.crew["first"].user_id)
            order._return("Needs a second man")
            self.assertEqual(self.tickets["tap"].state, "accepted")
            self.assertEqual((order.state, order.return_count), ("open", 1))
        self._send("tap", "09-29 09:05", "second")
        self._do("tap", "09-29 10:00", "second", "accept", "arrive")
        self._wait("tap", "09-29 10:30", "second", "owner")

    def _drain_by_appointment(self):
        with self._at("09-30 14:00"):
            self.tickets["tap"].with_user(self.crew["second"].user_id).action_start()
        self._do("tap", "09-30 17:00", "second", "Washer replaced")
        self.assertEqual(self.tickets["tap"].state, "done")
        problem = self.env.ref("property_service.problem_home_water_drain")
        self._report(
            "drain",
            "09-30 17:00",
            unit_id=self.neighbour_unit.id,
            category_id=problem.id,
            subject="Drain blocked",
        )
        self._accept("drain", "09-30 17:10")
        with self._at("09-30 17:15"):
            self.tickets["drain"].write(
                {
                    "appointment_at": local("10-08 10:00"),
                    "state": "waiting",
                    "waiting_reason": "appointment",
                }
            )
            self.assertEqual(self.tickets["drain"].promise_state, "paused")

    def _tap_comes_back(self):
        with self._at("09-30 17:30"):
            tap = self.tickets["tap"]
            self.assertFalse(tap.with_user(self.wang).has_access("read"))
            self.assertEqual(tap.with_user(self.zhang).state, "done")
            tap.write({"state": "accepted"})  # Zhang calls: it drips again
            self.assertEqual(tap.reopened_count, 1)

    def _gas_at_night(self):
        self._report(
            "gas",
            "10-03 23:50",
            unit_id=self.neighbour_unit.id,
            category_id=self.emergency.id,
            subject="Smell of gas",
        )
        self._accept("gas", "10-04 00:10")
        with self._at("10-04 00:12"):
            suggested, _others = self.tickets["gas"]._ensure_orders()._get_suggestions()
            self.assertEqual(
                [one.candidate.key for one in suggested],
                self.crew["night"].ids,
                "whoever is off duty sleeps",
            )
        self._send("gas", "10-04 00:12", "night")
        self._do("gas", "10-04 00:18", "night", "accept", "arrive")
        self._wait("gas", "10-04 00:30", "night", "third_party")
        with self._at("10-04 02:00"):
            self.tickets["gas"].with_user(self.crew["night"].user_id).action_start()
        self._do("gas", "10-04 02:30", "night", "Valve closed by the gas company")
        with self._at("10-04 09:00"):
            self.tickets["gas"].with_user(self.wang)._rate(
                5, partner=self.wang.partner_id
            )

    def _lock_is_overlooked(self):
        problem = self.env.ref("property_service.problem_home_door_lock")
        self._report(
            "lock",
            "10-08 08:30",
            unit_id=self.empty_unit.id,
            category_id=problem.id,
            subject="Lock jams",
        )
        self._send("tap", "10-08 09:30", "second")
        self._send("drain", "10-08 10:00", "third")
        self._accept("lock", "10-08 10:30")
        self._do("drain", "10-08 10:30", "third", "accept", "arrive")
        self._send("lock", "10-08 10:40", "first")
        self._do("lock", "10-08 11:30", "first", "accept", "arrive")

    def _tap_is_mended_again(self):
        self._do("tap", "10-08 15:10", "second", "accept", "arrive")
        self._do("tap", "10-08 15:30", "second", "Tap replaced")
        with self._at("10-08 16:00"):
            tap = self.tickets["tap"].with_user(self.zhang)
            self.assertEqual(tap.result, "Washer replaced\nTap replaced")
            with self.assertRaises(AccessError):
                self.tickets["gas"].with_user(self.zhang).read(["subject"])
            tap._rate(3, partner=self.zhang.partner_id)
        with self._at("10-08 16:30"):
            self.tickets["tap"].action_confirm()
        self._do("drain", "10-09 11:00", "third", "Rodded")
        with self._at("10-09 12:00"):
            self.tickets["drain"].with_user(self.manager).action_close()

    def _complaint_on_a_worked_saturday(self):
        self._report(
            "staff",
            "10-10 09:00",
            kind="complaint",
            category_id=self.env.ref("property_service.problem_service_staff_slow").id,
            subject="Nobody answers the phone",
        )
        self._accept("staff", "10-10 09:45")
        self._do("lock", "10-10 11:00", "first", "Lock replaced")
        with self._at("10-10 14:00"):
            self.tickets["staff"].with_user(self.manager).write(
                {"is_justified": "yes", "justified_reason": "The desk was empty"}
            )

    def _sunday(self):
        problem = self.env.ref("property_service.problem_home_water_seepage")
        self._report(
            "window",
            "10-11 10:00",
            category_id=problem.id,
            subject="Water at the window",
        )

    # === THE TABLES === #

    def _text(self, moment):
        """Return a moment as the tables have it, in Shanghai."""
        return moment and (moment + timedelta(hours=8)).strftime("%m-%d %H:%M")

    def _check_promises(self):
        found = {
            (key, row.target, row.round): (
                self._text(row.due_at),
                self._text(row.reached_at),
                round(row.used_hours, 2),
                round(row.remaining_hours, 2),
                row.state,
            )
            for key, ticket in self.tickets.items()
            for row in ticket.sudo().sla_ids
            if row.state != "void"
        }
        self.assertEqual(found, PROMISES)
        late = {
            (key, row.target, row.round)
            for key, ticket in self.tickets.items()
            for row in ticket.sudo().sla_ids
            if row.is_late
        }
        self.assertEqual(
            late,
            {
                key
                for key, row in PROMISES.items()
                if row[-1] == "missed" or key == ("staff", "arrival", 0)
            },
        )
        self.assertEqual(
            {key: ticket.promise_state for key, ticket in self.tickets.items()},
            {
                "tap": "missed",
                "twice": "none",
                "gas": "missed",
                "drain": "met",
                "lock": "missed",
                "staff": "late",
                "window": "on_time",
            },
        )

    def _check_waits(self):
        found = {
            key: [
                (
                    wait.reason,
                    self._text(wait.started_at),
                    self._text(wait.ended_at),
                    wait.hours,
                )
                for wait in ticket.sudo().pause_ids
            ]
            for key, ticket in self.tickets.items()
            if ticket.sudo().pause_ids
        }
        self.assertEqual(found, WAITS)

    def _check_escalations(self):
        names = {ticket: key for key, ticket in self.tickets.items()}
        people = {self.manager: "manager"}
        people |= {engineer.user_id: name for name, engineer in self.crew.items()}
        tickets = self.env["property.ticket"].union(*self.tickets.values())
        events = self.env["property.escalation.event"].search(
            [("ticket_id", "in", tickets.ids)], order="planned_at, id"
        )
        self.assertEqual(
            [
                (
                    self._text(event.planned_at),
                    names[event.ticket_id],
                    event.target,
                    event.action,
                    ", ".join(people[user] for user in event.user_ids),
                )
                for event in events
            ],
            ESCALATIONS,
        )
        for event in events:
            self.assertLess((event.fired_at - event.planned_at).total_seconds(), 1801)

    def _check_people(self):
        """Who is responsible in the end, and what each is told to do."""
        self.assertEqual(
            {
                key: ticket.user_id
                for key, ticket in self.tickets.items()
                if ticket.user_id
            },
            {
                "tap": self.crew["second"].user_id,
                "gas": self.crew["night"].user_id,
                "drain": self.crew["third"].user_id,
                "lock": self.crew["third"].user_id,
            },
        )
        states = {key: ticket.state for key, ticket in self.tickets.items()}
        self.assertEqual(
            states,
            {
                "tap": "confirmed",
                "twice": "cancelled",
                "gas": "done",
                "drain": "closed",
                "lock": "done",
                "staff": "accepted",
                "window": "new",
            },
        )

    def _check_rates(self):
        figures = self.env["property.service.figures"].with_user(self.manager)
        figures = figures.with_company(self.company)
        [row] = figures._get_rates(
            date(2026, 9, 28),
            date(2026, 10, 11),
            domain=[("community_id", "=", self.community.id)],
        )
        self.assertEqual((row["tickets"], row["finished"]), (6, 4))
        self.assertEqual({code: tuple(row[code]) for code in RATES}, RATES)
        self.assertEqual(row["response"].percent, Decimal("40.00"))
        self.assertEqual(row["stars"], 4)
        first_week = figures._get_rates(
            date(2026, 9, 28),
            date(2026, 10, 4),
            domain=[("community_id", "=", self.community.id)],
        )
        self.assertEqual(tuple(first_week[0]["response"]), (2, 3))
