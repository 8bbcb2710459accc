import doctest
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import allocation, meter, reading_sheet

USED = st.integers(0, 400)


@tagged("post_install", "-at_install")
class TestMeterTools(BaseCase):
    """Rules of meters and of dividing a cost, for random readings and weights."""

    def test_examples(self):
        for module in (meter, allocation, reading_sheet):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted, module.__name__)
            self.assertFalse(result.failed, module.__name__)

    @given(st.integers(0, 999), USED, st.sampled_from([1, "0.5", 20]))
    def test_rollover_counts_what_passed(self, previous, used, multiplier):
        """A dial of three figures shows what was used, wherever it began."""
        current = (previous + used) % 1000
        result = meter.counted(previous, current, multiplier=multiplier, digits=3)
        self.assertEqual(result.quantity, used * Decimal(multiplier))
        self.assertEqual(result.rolled, previous + used >= 1000)

    @given(st.integers(0, 99999), st.integers(0, 49999))
    def test_small_step_back_is_no_rollover(self, previous, back):
        back = min(back, previous)
        result = meter.counted(previous, previous - back, digits=5)
        self.assertEqual(result.quantity, -back)
        self.assertFalse(result.rolled)

    @given(USED, USED, st.integers(0, 999), st.integers(0, 999))
    def test_replacement_counts_both_meters(self, before, after, start, first):
        self.assertEqual(
            meter.replaced(
                start,
                (start + before) % 1000,
                first,
                first + after,
                old=(1, 3),
                new=(2, 5),
            ),
            before + 2 * after,
        )

    @given(st.lists(st.integers(-50, 200), min_size=1, max_size=12))
    def test_true_up_bills_what_was_used(self, consumptions):
        """However wrong the estimates were: billed in the end is what was used, or the
        rest is still carried; and nothing is ever billed below zero."""
        carried, billed = Decimal(0), Decimal(0)
        for consumption in consumptions:
            quantity, carried = meter.due(consumption, carried)
            self.assertGreaterEqual(quantity, 0)
            self.assertLessEqual(carried, 0)
            self.assertFalse(quantity and carried)
            billed += quantity
        self.assertEqual(billed + carried, sum(consumptions))

    @given(
        st.lists(
            st.tuples(st.integers(1, 92), st.integers(0, 500)), min_size=1, max_size=6
        ),
        st.integers(1, 92),
    )
    def test_estimate_lies_between_least_and_most_of_a_day(self, history, days):
        used = [meter.Used(length, Decimal(quantity)) for length, quantity in history]
        guess = meter.estimated(used, days, places=2)
        rates = [Fraction(quantity, length) for length, quantity in history]
        cent = Fraction(1, 100)
        self.assertGreaterEqual(Fraction(guess), min(rates) * days - cent)
        self.assertLessEqual(Fraction(guess), max(rates) * days + cent)

    @given(st.integers(0, 300), st.lists(st.integers(0, 60), max_size=8))
    def test_anomalies(self, consumption, history):
        found = meter.anomalies(consumption, history)
        recent = history[: meter.AVERAGE_OVER]
        jump = (
            len(recent) >= 2
            and sum(recent)
            and consumption * len(recent) > 3 * sum(recent)
        )
        self.assertEqual("jump" in found, bool(jump))
        zero = consumption == 0 and len(history) >= 2 and not any(history[:2])
        self.assertEqual("zero" in found, zero)
        self.assertNotIn("negative", found)

    @given(
        st.lists(
            st.tuples(st.dates(date(2025, 1, 1), date(2027, 12, 31)), USED), max_size=20
        ),
        st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    )
    def test_band_of_the_year(self, entries, day):
        """The bands of the months of a year add up to that of the year."""
        total = sum(
            quantity
            for when, quantity in entries
            if when.year == day.year and when < day
        )
        self.assertEqual(meter.already_used(entries, day, "year"), total)
        months = Decimal(0)
        first = date(day.year, 1, 1)
        while first <= day:
            following = (first + timedelta(days=31)).replace(day=1)
            last = min(following - timedelta(days=1), day - timedelta(days=1))
            if last >= first:
                months += meter.already_used(entries, last, "month") + sum(
                    quantity for when, quantity in entries if when == last
                )
            first = following
        self.assertEqual(months, total)

    @given(
        st.integers(-10_000_000, 10_000_000),
        st.lists(st.decimals(0, 500, places=2), min_size=1, max_size=60),
    )
    def test_parts_sum_to_the_whole(self, cents, weights):
        total = Decimal(cents) / 100
        pairs = list(enumerate(weights))
        if not any(weights):
            with self.assertRaises(allocation.NoWeight):
                allocation.allocate(total, pairs)
            return
        parts = allocation.allocate(total, pairs)
        self.assertEqual(sum(parts.values()), total)
        whole = sum(Fraction(weight) for weight in weights)
        for key, weight in pairs:
            exact = Fraction(total) * Fraction(weight) / whole
            self.assertLess(abs(Fraction(parts[key]) - exact), Fraction(1, 100))
            if not weight:
                self.assertEqual(parts[key], 0)
        self.assertEqual(parts, allocation.allocate(total, pairs), "the same again")
        by_weight = sorted(pairs, key=lambda pair: pair[1])
        for (less, _low), (more, _high) in zip(by_weight, by_weight[1:], strict=False):
            if _low < _high and total >= 0:
                self.assertLessEqual(parts[less], parts[more])
