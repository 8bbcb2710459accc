import random
from datetime import timedelta

from freezegun import freeze_time
from odoo.tests import tagged

from ..tools import sla
from .test_sla import SlaCase, local

MINUTE = timedelta(minutes=1)


@tagged("post_install", "-at_install")
class TestSlaRuns(SlaCase):
    """Promises and ladders in the database do not depend on who looks when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for policy in (cls.general, cls.urgent):
            cls._ladder(
                policy,
                ("response", 0, 0, "manager", "activity"),
                ("response", 0, 30, "manager", "message"),
                ("arrival", -50, 0, "responsible", "activity"),
                ("arrival", 0, 0, "manager", "message"),
                ("resolution", -20, 0, "responsible", "activity"),
                ("resolution", 0, 0, "manager", "message"),
                ("resolution", 0, 60, "manager", "activity"),
            )

    def _play(self, start, steps, every=None, until=None, **vals):
        """Let a ticket live while the scheduled action looks, then forget all of it.

        :param start: moment of the report, in UTC
        :param list steps: (minutes since then, values to write), in order
        :param every: timedelta between looks; None: only once, at the end
        :param until: minutes since the report at which everything ends
        :return: rows and log as they are in the end
        """
        end = start + timedelta(minutes=until)
        marks = [(start + timedelta(minutes=at), step) for at, step in steps]
        with (
            self.env.cr.savepoint(flush=False) as savepoint,
            freeze_time(start) as clock,
        ):
            ticket = self._create_ticket(**vals)
            now = start
            for moment, step in [*marks, (end, None)]:
                while every and now + every <= moment:
                    now += every
                    self._look(clock, now)
                clock.move_to(moment)
                if step:
                    ticket.write(step)
            self._look(clock, end)
            found = self._snapshot(ticket)
            self.env.flush_all()
            savepoint.rollback()
        self.env.invalidate_all()
        return found

    def _look(self, clock, now):
        clock.move_to(now)
        while self.env["property.escalation.event"]._escalate_chunk():
            pass

    def _snapshot(self, ticket):
        self.env.flush_all()
        self.env.invalidate_all()
        rows = [
            (
                row.target,
                row.round,
                row.state,
                row.started_at,
                row.due_at,
                row.reached_at,
                row.used_hours,
                row.remaining_hours,
            )
            for row in ticket.sudo().sla_ids
        ]
        events = ticket.sudo().escalation_ids.sorted(
            lambda event: (event.planned_at, event.rung_id.id)
        )
        log = [
            (event.sla_id.target, event.sla_id.round, event.rung_id, event.planned_at)
            for event in events
        ]
        self.assertEqual(len(set(log)), len(log), "each rung once")
        return rows, log

    def _draw_life(self, rng, longest):
        """Return steps that a ticket may take, at random moments."""
        user = self.engineer.id
        life = [
            {"state": "accepted"},
            {"state": "dispatched", "user_id": user},
            {"state": "in_progress"},
        ]
        for _wait in range(rng.randrange(3)):
            reason = rng.choice(("owner", "parts", "third_party", "appointment"))
            life.append({"state": "waiting", "waiting_reason": reason})
            life.append({"state": "in_progress"})
        life.append({"state": "done", "result": "Washer replaced"})
        if rng.random() < 0.6:
            life += [
                {"state": "accepted"},
                {"state": "in_progress"},
                {"state": "done", "result": "Tap replaced"},
            ]
        elif rng.random() < 0.2:
            life = life[:2] + [{"state": "cancelled", "close_reason": "Mistake"}]
        life = life[: rng.randrange(1, len(life) + 1)]
        marks = sorted(rng.sample(range(1, longest), len(life)))
        return list(zip(marks, life, strict=True))

    def test_every_minute_or_once(self):
        """Emergencies count day and night: six hours, looked at 400 times or once."""
        rng = random.Random(20261)
        for _number in range(4):
            steps = self._draw_life(rng, 380)
            with self.subTest(steps=steps):
                life = (local("10-03 21:17"), steps)
                vals = {"until": 400, "category_id": self.emergency.id}
                often = self._play(*life, every=MINUTE, **vals)
                self.assertTrue(often[0])
                self.assertEqual(self._play(*life, **vals), often)

    def test_every_half_hour_or_once_over_days_off(self):
        rng = random.Random(20262)
        logged = 0
        for _number in range(6):
            steps = self._draw_life(rng, 60 * 24 * 11)
            with self.subTest(steps=steps):
                life = (local("09-29 10:11"), steps)
                often = self._play(*life, every=30 * MINUTE, until=60 * 24 * 12)
                self.assertEqual(self._play(*life, until=60 * 24 * 12), often)
                logged += len(often[1])
        self.assertGreater(logged, 10)

    def test_a_wait_never_takes_time_away(self):
        """The same life with one more wait: what is left is the same or more."""
        start = local("09-29 09:00")
        plain = [(30, {"state": "accepted"}), (60, {"state": "in_progress"})]
        for reason in ("owner", "parts", "third_party", "appointment"):
            waits = [
                (90, {"state": "waiting", "waiting_reason": reason}),
                (300, {"state": "in_progress"}),
            ]
            without, _log = self._play(start, plain, until=500)
            paused, _log = self._play(start, plain + waits, until=500)
            for row, other in zip(without, paused, strict=True):
                with self.subTest(reason=reason, target=row[0]):
                    self.assertGreaterEqual(other[-1], row[-1])
            # 10:30 to 12:00 are on duty, the noon break is not
            expected = 1.5 if reason in ("owner", "appointment") else 0
            self.assertAlmostEqual(paused[-1][-1] - without[-1][-1], expected)

    def test_used_hours_are_duty_less_waits(self):
        """What rows say is what the plain rule says of the waits that were noted."""
        rng, start = random.Random(20263), local("09-29 10:11")
        duty = self.office._property_duty(self.company)
        with freeze_time(start) as clock:
            for _number in range(10):
                clock.move_to(start)
                ticket = self._create_ticket()
                for at, step in self._draw_life(rng, 60 * 24 * 11):
                    clock.move_to(start + timedelta(minutes=at))
                    ticket.write(step)
                now = local("10-12 12:00")
                clock.move_to(now)
                self.env.invalidate_all()
                waits = [
                    (wait.started_at, wait.ended_at or None)
                    for wait in ticket.sudo().pause_ids
                    if wait.reason in ("owner", "appointment")
                ]
                for row in ticket.sudo().sla_ids:
                    end = row.reached_at or now
                    hours = sla.elapsed(row.started_at, end, duty, waits) / 3600
                    self.assertEqual(row.used_hours, hours)
                    self.assertEqual(row.remaining_hours, row.hours - hours)

    def test_an_archive_that_waits_has_its_clocks_stopped(self):
        with freeze_time(local("09-28 10:00")):
            ticket = self._create_ticket(
                user=self.admin,
                state="waiting",
                waiting_reason="owner",
                reported_at=local("09-28 09:00"),
                accepted_at=local("09-28 09:10"),
            )
        states = {row.target: row.state for row in ticket.sudo().sla_ids}
        self.assertEqual(
            states, {"response": "met", "arrival": "paused", "resolution": "paused"}
        )

    def test_a_holiday_that_is_announced_counts(self):
        """Hours on duty are kept in memory, but not longer than they are true."""
        with freeze_time(local("09-29 09:00")):
            before = self._create_ticket()
            self.env["property.duty.day"].create(
                {"date": "2026-09-30", "name": "Typhoon", "kind": "holiday"}
            )
            after = self._create_ticket()
        # 7 hours are left on the 29th, 7.5 on the 30th, or after the holiday
        self.assertEqual(self._rows(before)["resolution", 0][0], "10-08 09:00")
        self.assertEqual(self._rows(after)["resolution", 0][0], "10-09 09:00")
