import doctest
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import duty, sla

# Another test of the suite may keep the machine busy while examples are drawn.
settings.register_profile(
    "property_service", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("property_service")

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = {day: ((8.5, 12.0), (14.0, 18.0)) for day in range(5)}
# The National Day holiday of 2026 with its make-up days, as the State Council set them.
NATIONAL_DAY = {
    **{date(2026, 10, day): duty.HOLIDAY for day in range(1, 8)},
    date(2026, 9, 20): duty.WORKDAY,
    date(2026, 10, 10): duty.WORKDAY,
}
MINUTES = st.integers(0, 60 * 24 * 40)
BEGIN = datetime(2026, 9, 10)


def instant(minutes):
    return BEGIN + timedelta(minutes=minutes)


@st.composite
def duties(draw):
    if draw(st.booleans()):
        return duty.RoundTheClock()
    holes = draw(st.lists(st.tuples(MINUTES, st.integers(1, 600)), max_size=3))
    leaves = [(instant(begin), instant(begin + length)) for begin, length in holes]
    return duty.Duty(OFFICE, "Asia/Shanghai", NATIONAL_DAY, leaves)


@st.composite
def pauses(draw):
    """Pauses one after another; the last may last."""
    marks = sorted(draw(st.lists(MINUTES, unique=True, max_size=8)))
    spans = [
        (instant(begin), instant(end))
        for begin, end in zip(marks[::2], marks[1::2], strict=False)
    ]
    if len(marks) % 2 and draw(st.booleans()):
        spans.append((instant(marks[-1]), None))
    return spans


@tagged("post_install", "-at_install")
class TestSlaClock(BaseCase):
    """Time on duty less the pauses, for random calendars, pauses and lookers-on."""

    def test_examples(self):
        for module in (duty, sla):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted, module.__name__)
            self.assertFalse(result.failed, module.__name__)

    def test_days_of_the_national_holiday(self):
        """Hours on duty of each day from 28 September to 12 October 2026."""
        calendar = duty.Duty(OFFICE, "Asia/Shanghai", NATIONAL_DAY)
        hours = {}
        for day in range(15):
            start = datetime(2026, 9, 27, 16) + timedelta(days=day)  # midnight there
            spans = calendar.spans(start, start + timedelta(days=1))
            hours[(start + timedelta(hours=8)).date().isoformat()[5:]] = sum(
                (end - begin).total_seconds() / 3600 for begin, end in spans
            )
        self.assertEqual(
            hours,
            {
                "09-28": 7.5,
                "09-29": 7.5,
                "09-30": 7.5,
                **{f"10-0{day}": 0 for day in range(1, 8)},
                "10-08": 7.5,
                "10-09": 7.5,
                "10-10": 7.5,  # a Saturday that is worked
                "10-11": 0,
                "10-12": 7.5,
            },
        )

    @given(MINUTES, MINUTES, duties(), pauses())
    def test_elapsed_is_duty_less_pauses(self, begin, length, calendar, breaks):
        """Counted minute by minute, the naive way, the clock shows the same."""
        start, end = instant(begin), instant(begin + length % 3000)
        spans = calendar.spans(start, end)
        minute, counted = start, 0
        while minute < end:
            on_duty = any(first <= minute < last for first, last in spans)
            paused = any(
                first <= minute and (last is None or minute < last)
                for first, last in breaks
            )
            counted += on_duty and not paused
            minute += timedelta(minutes=1)
        self.assertEqual(sla.elapsed(start, end, calendar, breaks), counted * 60)

    @given(MINUTES, st.integers(1, 60 * 30), duties(), pauses())
    def test_due_is_when_the_promise_has_run(self, begin, minutes, calendar, breaks):
        start = instant(begin)
        due = sla.due_at(start, minutes * 60, calendar, breaks)
        if due is None:
            self.assertIsNone(breaks[-1][1], "only a pause that lasts stops the clock")
            return
        self.assertEqual(sla.elapsed(start, due, calendar, breaks), minutes * 60)
        before = due - timedelta(seconds=1)
        self.assertLess(sla.elapsed(start, before, calendar, breaks), minutes * 60)

    @given(MINUTES, st.integers(1, 60 * 30), duties(), pauses(), MINUTES, MINUTES)
    def test_a_pause_never_takes_time_away(
        self, begin, minutes, calendar, breaks, at, length
    ):
        """With one more pause the due instant is the same or later."""
        start = instant(begin)
        without = sla.due_at(start, minutes * 60, calendar, breaks)
        more = [*breaks, (instant(at), instant(at + length))]
        paused = sla.due_at(start, minutes * 60, calendar, more)
        if without and paused:
            self.assertGreaterEqual(paused, without)
        else:
            self.assertIsNone(paused)
            self.assertIsNone(breaks[-1][1], "only a pause that lasts stops the clock")

    @given(st.lists(MINUTES, min_size=2, max_size=12), duties(), pauses())
    def test_looking_often_changes_nothing(self, looks, calendar, breaks):
        """The time of a span is the sum over any parts of it."""
        marks = sorted(map(instant, looks))
        whole = sla.elapsed(marks[0], marks[-1], calendar, breaks)
        parts = sum(
            sla.elapsed(begin, end, calendar, breaks)
            for begin, end in zip(marks, marks[1:], strict=False)
        )
        self.assertEqual(whole, parts)

    @given(
        MINUTES,
        st.integers(10, 2000),
        duties(),
        pauses(),
        st.lists(st.integers(-100, 100), min_size=2, max_size=5),
    )
    def test_rungs_come_in_their_order(self, begin, minutes, calendar, breaks, rungs):
        times = [
            sla.rung_at(instant(begin), minutes * 60, percent, 0, calendar, breaks)
            for percent in sorted(rungs)
        ]
        known = [time for time in times if time is not None]
        self.assertEqual(known, sorted(known))
        self.assertEqual(known, times[: len(known)], "what comes later is not known")

    @given(MINUTES, st.integers(0, 23), st.integers(0, 23))
    def test_quiet_hours_put_off_to_their_end(self, minute, begin, end):
        moment = instant(minute)
        put_off = sla.after_quiet(moment, begin, end, SHANGHAI)
        self.assertGreaterEqual(put_off, moment)
        self.assertLess(put_off - moment, timedelta(hours=24))
        self.assertEqual(sla.after_quiet(put_off, begin, end, SHANGHAI), put_off)
        if put_off != moment:
            self.assertEqual((put_off.hour + 8) % 24, end)
