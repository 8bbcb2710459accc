from datetime import datetime, timedelta

from freezegun import freeze_time
from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged, users

from .common import PropertyServiceCase


def local(text):
    """Return a moment of Shanghai, such as "09-30 17:00" in 2026, in UTC."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M") - timedelta(hours=8)


class SlaCase(PropertyServiceCase):
    """The promises of the company: general ones on office hours, emergencies always."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.community.manager_id = cls.manager
        cls.env["property.duty.day"].search([]).unlink()
        cls.env["property.duty.day"]._load_public_days(2026)
        cls.office = cls.env.ref("property_service.duty_calendar_office")
        cls.env["property.sla.policy"].search([]).active = False
        Policy = cls.env["property.sla.policy"].with_context(active_test=True)
        cls.general, cls.urgent = Policy.create(
            [
                {
                    "name": "General",
                    "calendar_id": cls.office.id,
                    "response_hours": 0.5,
                    "arrival_hours": 4,
                    "resolution_hours": 15,
                    "reopened_hours": 5,
                    "pause_owner": True,
                    "pause_parts": False,
                    "pause_third_party": False,
                    "pause_appointment": True,
                    "promise": "Two working days",
                },
                {
                    "name": "Emergency",
                    "urgency": "emergency",
                    "response_hours": 0.25,
                    "arrival_hours": 0.5,
                    "resolution_hours": 4,
                    "pause_owner": False,
                    "pause_appointment": False,
                },
            ]
        )

    @classmethod
    def _ladder(cls, policy, *rungs):
        """Give a policy a ladder of (target, percent, minutes, recipient, action)."""
        policy.rung_ids = [Command.clear()] + [
            Command.create(
                {
                    "target": target,
                    "offset_percent": percent,
                    "offset_minutes": minutes,
                    "recipient": recipient,
                    "action": action,
                }
            )
            for target, percent, minutes, recipient, action in rungs
        ]

    def _rows(self, ticket):
        """Return the promises as {(target, round): (due, reached, state)}, local time."""

        def text(moment):
            return moment and (moment + timedelta(hours=8)).strftime("%m-%d %H:%M")

        return {
            (row.target, row.round): (text(row.due_at), text(row.reached_at), row.state)
            for row in ticket.sudo().sla_ids
            if row.state != "void"
        }


@tagged("post_install", "-at_install")
class TestSla(SlaCase):
    def test_promises_across_the_national_holiday(self):
        """Reported on the last evening before seven days off."""
        with freeze_time(local("09-30 17:00")):
            ticket = self._create_ticket()
        self.assertEqual(
            self._rows(ticket),
            {
                ("response", 0): ("09-30 17:30", False, "running"),
                # an hour is left on that day; three more on the 8th
                ("arrival", 0): ("10-08 11:30", False, "running"),
                # 1 hour, then 7.5 on the 8th and 6.5 on the 9th
                ("resolution", 0): ("10-09 17:00", False, "running"),
            },
        )
        self.assertEqual(ticket.promised_at, local("09-30 17:30"))
        self.assertEqual(ticket.promise_text, "Two working days")

    def _calendar(self, hour_from, hour_to):
        """Return a calendar of every day of the week, lunch included."""
        return self.env["resource.calendar"].create(
            {
                "name": f"{hour_from}-{hour_to}",
                "tz": "Asia/Shanghai",
                "company_id": self.company.id,
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "hour_from": hour_from,
                            "hour_to": hour_to,
                            "day_period": "full_day",
                        }
                    )
                    for day in range(7)
                ],
            }
        )

    def _due(self, when, **vals):
        with freeze_time(local(when)):
            ticket = self._create_ticket(**vals)
        return {key[0]: row[0] for key, row in self._rows(ticket).items()}

    def test_the_communitys_own_calendar(self):
        """An office that is manned until ten at night answers at night."""
        # A Monday after hours; the office opens on Tuesday at half past eight.
        self.assertEqual(self._due("09-14 19:00")["response"], "09-15 09:00")
        self.community.calendar_id = self._calendar(8, 22)
        self.assertEqual(
            self._due("09-14 19:00"),
            {
                "response": "09-14 19:30",
                "arrival": "09-15 09:00",
                # three hours on Monday, twelve on Tuesday
                "resolution": "09-15 20:00",
            },
        )
        self.assertEqual(
            self._due("09-14 23:00", category_id=self.emergency.id)["response"],
            "09-14 23:15",
            "day and night stays day and night",
        )

    def test_a_promise_to_one_community_keeps_its_hours(self):
        self.community.calendar_id = self._calendar(8, 22)
        self.general.copy(
            {
                "community_id": self.community.id,
                "company_id": self.company.id,
                "calendar_id": self._calendar(10, 12).id,
            }
        )
        self.assertEqual(self._due("09-14 19:00")["response"], "09-15 10:30")

    def test_a_changed_calendar_leaves_promises_as_made(self):
        with freeze_time(local("09-14 19:00")):
            ticket = self._create_ticket()
        self.community.calendar_id = self._calendar(8, 22)
        self.assertEqual(ticket.sudo().sla_ids.calendar_id, self.office)

    def test_calendar_of_another_company(self):
        calendar = self._calendar(8, 22)
        with self.assertRaises(UserError):
            self.foreign.calendar_id = calendar

    def test_an_emergency_counts_day_and_night(self):
        with freeze_time(local("10-01 23:00")):
            ticket = self._create_ticket(category_id=self.emergency.id)
        self.assertEqual(
            {key[0]: row[0] for key, row in self._rows(ticket).items()},
            {
                "response": "10-01 23:15",
                "arrival": "10-01 23:30",
                "resolution": "10-02 03:00",
            },
        )

    def test_steps_keep_or_miss_promises(self):
        with freeze_time(local("09-28 09:00")):
            ticket = self._create_ticket()
        with freeze_time(local("09-28 09:20")):
            ticket.action_accept()
        with freeze_time(local("09-28 15:01")):  # four hours on duty were up at 15:00
            self._walk(ticket, "dispatched", "in_progress")
        with freeze_time(local("09-29 12:00")):
            self._walk(ticket, "done")
        rows = self._rows(ticket)
        self.assertEqual(rows["response", 0], ("09-28 09:30", "09-28 09:20", "met"))
        self.assertEqual(rows["arrival", 0], ("09-28 15:00", "09-28 15:01", "missed"))
        self.assertEqual(rows["resolution", 0], ("09-30 09:00", "09-29 12:00", "met"))
        self.assertEqual(ticket.promise_state, "missed")

    def test_only_some_waits_stop_the_clock(self):
        with freeze_time(local("09-28 08:30")):
            ticket = self._create_ticket()
            ticket.action_accept()
        with freeze_time(local("09-28 10:00")):
            self._walk(ticket, "in_progress")
            ticket.write({"state": "waiting", "waiting_reason": "owner"})
            self.assertEqual(ticket.promise_state, "paused")
            self.assertFalse(ticket.promised_at)
        with freeze_time(local("09-29 10:00")):  # a whole day on duty later
            ticket.action_start()
            self.assertEqual(
                self._rows(ticket)["resolution", 0], ("09-30 18:00", False, "running")
            )
            ticket.write({"state": "waiting", "waiting_reason": "parts"})
        with freeze_time(local("09-29 11:00")):
            self.assertEqual(
                self._rows(ticket)["resolution", 0], ("09-30 18:00", False, "running")
            )
            ticket.action_start()
        waits = ticket.sudo().pause_ids.sorted("started_at")
        self.assertEqual(waits.mapped("reason"), ["owner", "parts"])
        self.assertEqual(waits.mapped("hours"), [24.0, 1.0])

    def test_the_reason_of_a_wait_may_change(self):
        with freeze_time(local("09-28 08:30")):
            ticket = self._create_ticket()
            ticket.action_accept()
            ticket.write({"state": "waiting", "waiting_reason": "parts"})
        with freeze_time(local("09-28 09:30")):
            ticket.write({"state": "waiting", "waiting_reason": "owner"})
            self.assertEqual(ticket.promise_state, "paused")
        self.assertEqual(
            ticket.sudo().pause_ids.sorted("started_at").mapped("ended_at"),
            [local("09-28 09:30"), False],
        )

    def test_a_reopened_ticket_gets_a_shorter_clock(self):
        with freeze_time(local("09-28 08:30")):
            ticket = self._create_ticket()
            self._walk(ticket, "accepted", "in_progress", "done")
        with freeze_time(local("09-29 16:00")):
            ticket.write({"state": "accepted"})
        rows = self._rows(ticket)
        self.assertEqual(rows["resolution", 0][2], "met")
        # 2 hours on the 29th, 3 on the 30th
        self.assertEqual(rows["resolution", 1], ("09-30 11:30", False, "running"))

    def test_a_raised_urgency_promises_anew(self):
        with freeze_time(local("09-28 09:00")):
            ticket = self._create_ticket()
        with freeze_time(local("09-28 09:10")):
            ticket.action_accept()
            ticket.urgency = "emergency"
        rows = self._rows(ticket)
        self.assertEqual(rows["response", 0][1:], ("09-28 09:10", "met"))
        self.assertEqual(rows["resolution", 0][0], "09-28 13:00")
        self.assertEqual(
            ticket.sudo()
            .sla_ids.filtered(lambda row: row.state == "running")
            .policy_id,
            self.urgent,
        )

    def test_a_cancelled_ticket_promises_nothing(self):
        with freeze_time(local("09-28 09:00")):
            ticket = self._create_ticket()
            self._walk(ticket, "cancelled")
        self.assertEqual(self._rows(ticket), {})
        self.assertEqual(ticket.promise_state, "none")

    def test_an_archive_is_taken_over_with_its_dates(self):
        ticket = self._create_ticket(
            user=self.admin,
            state="closed",
            reported_at=local("09-28 09:00"),
            accepted_at=local("09-28 09:45"),
            done_at=local("09-28 17:00"),
        )
        rows = self._rows(ticket)
        self.assertEqual(rows["response", 0][1:], ("09-28 09:45", "missed"))
        self.assertEqual(rows["resolution", 0][1:], ("09-28 17:00", "met"))

    def test_the_closest_fit_counts(self):
        special = self.general.copy(
            {"name": "Water", "category_id": self.problem.parent_id.id}
        )
        local_one = self.general.copy(
            {
                "name": "Here",
                "company_id": self.company.id,
                "community_id": self.community.id,
            }
        )
        ticket = self._create_ticket()
        self.assertEqual(ticket.sudo().sla_ids.policy_id, local_one)
        local_one.active = False
        other = self._create_ticket()
        self.assertEqual(other.sudo().sla_ids.policy_id, special)

    def test_search_by_promise(self):
        with freeze_time(local("09-28 09:00")):
            ticket = self._create_ticket()
        Ticket = self.env["property.ticket"]
        mine = [("id", "=", ticket.id)]
        for moment, state in (
            ("09-28 08:00", "on_time"),
            ("09-28 09:10", "soon"),
            ("09-28 09:31", "late"),
        ):
            with freeze_time(local(moment)):
                ticket.invalidate_recordset(["promise_state"])
                self.assertEqual(ticket.promise_state, state)
                for value in ("on_time", "soon", "late", "paused", "none", "met"):
                    found = Ticket.search([*mine, ("promise_state", "=", value)])
                    self.assertEqual(bool(found), value == state, (moment, value))

    def test_holidays_of_an_unknown_year(self):
        with self.assertRaisesRegex(UserError, "1999"):
            self.env["property.duty.day"]._load_public_days(1999)
        self.assertFalse(self.env["property.duty.day"]._load_public_days(2026))

    @users("svc_zhang")
    def test_a_household_does_not_read_the_clocks(self):
        ticket = self._create_ticket(user=self.frontdesk).with_user(self.env.user)
        self.assertFalse(self.env["property.ticket.sla"].has_access("read"))
        self.assertEqual(ticket.subject, "Kitchen tap drips")

    def test_a_thousand_promises_in_few_queries(self):
        def create(count):
            before = self.env.cr.sql_log_count
            self.env["property.ticket"].with_user(self.frontdesk).create(
                [
                    {
                        "unit_id": self.unit.id,
                        "category_id": self.problem.id,
                        "subject": f"Number {index}",
                    }
                    for index in range(count)
                ]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        create(2)
        few, many = create(5), create(60)
        self.assertLessEqual(many, few + 2)
