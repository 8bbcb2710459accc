import doctest
from calendar import monthrange
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import cn2an
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import (
    amount,
    bank,
    capitals,
    debit,
    match_score,
    matching,
    period,
    qr,
    settle,
    spikes,
)

# Another test of the suite may keep the machine busy while examples are drawn.
settings.register_profile(
    "property_fee", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("property_fee")

DAYS = st.dates(date(2019, 1, 1), date(2032, 12, 31))
CYCLES = st.sampled_from(sorted(period.CYCLE_MONTHS))
PRORATIONS = st.sampled_from(["actual", "thirty"])


@st.composite
def ranges(draw, longest=800):
    start = draw(DAYS)
    return period.Range(start, start + timedelta(days=draw(st.integers(0, longest))))


@st.composite
def versions(draw):
    start = draw(DAYS)
    length = draw(st.none() | st.integers(0, 900))
    end = None if length is None else start + timedelta(days=length)
    rank = (draw(st.integers(0, 3)),)
    return period.Version(start, end, rank, draw(st.integers(1, 9)))


def each_day(span):
    return [span[0] + timedelta(days=n) for n in range((span[1] - span[0]).days + 1)]


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    """Rules of periods and amounts, for random days and prices."""

    def test_examples(self):
        for module in (
            period,
            amount,
            capitals,
            qr,
            settle,
            bank,
            debit,
            match_score,
            matching,
            spikes,
        ):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted, module.__name__)
            self.assertFalse(result.failed, module.__name__)

    @given(DAYS, CYCLES)
    def test_calendar_periods_tile(self, day, cycle):
        start, end = period.period_of(day, cycle)
        self.assertTrue(start <= day <= end)
        self.assertEqual(period.period_of(end + timedelta(days=1), cycle).start.day, 1)
        self.assertEqual(
            period.period_of(start - timedelta(days=1), cycle).end,
            start - timedelta(days=1),
        )
        self.assertEqual(period.months_in(start, end), period.CYCLE_MONTHS[cycle])

    @given(ranges(), CYCLES, st.sampled_from(["advance", "arrears"]))
    def test_every_day_falls_due_once(self, span, cycle, timing):
        due = []
        month = period.add_months(period.month_start(span.start), -12)
        while month <= period.add_months(period.month_start(span.end), 12):
            part = period.due_range(month, span, cycle, timing)
            if part:
                due.append(part)
            month = period.add_months(month, 1)
        days = [day for part in due for day in each_day(part)]
        self.assertEqual(sorted(days), each_day(span))

    @given(ranges(), st.lists(versions(), max_size=6))
    def test_split_by_versions(self, span, dated):
        segments = period.split_by_versions(span, dated)
        found = {}
        for segment in segments:
            for day in each_day(segment[:2]):
                self.assertNotIn(day, found)
                found[day] = segment.value
        for day in each_day(span)[::17]:
            live = [
                version
                for version in dated
                if version.start <= day and (not version.end or version.end >= day)
            ]
            if live:
                best = max(version.rank for version in live)
                self.assertIn(found[day], [v.value for v in live if v.rank == best])
            else:
                self.assertNotIn(day, found)

    @given(ranges(), st.lists(ranges(60), max_size=5))
    def test_subtract(self, span, holes):
        rest = [day for part in period.subtract(span, holes) for day in each_day(part)]
        covered = {day for hole in holes for day in each_day(hole)}
        self.assertEqual(rest, [day for day in each_day(span) if day not in covered])

    @given(ranges(), st.integers(0, 800), PRORATIONS)
    def test_cutting_keeps_the_months(self, span, offset, proration):
        cut = min(span.end, span.start + timedelta(days=offset))
        whole = period.months_in(*span, proration)
        parts = period.months_in(span.start, cut, proration)
        if cut < span.end:
            parts += period.months_in(cut + timedelta(days=1), span.end, proration)
        self.assertEqual(whole, parts)

    @given(ranges(), st.sets(DAYS, max_size=5))
    def test_cut_before(self, span, days):
        parts = period.cut_before(span, days)
        self.assertEqual(
            [day for part in parts for day in each_day(part)], each_day(span)
        )
        self.assertEqual(
            {part.start for part in parts[1:]},
            {day for day in days if span.start < day <= span.end},
        )

    @given(ranges())
    def test_months_counted_day_by_day(self, span):
        expected = sum(
            Fraction(1, monthrange(day.year, day.month)[1]) for day in each_day(span)
        )
        self.assertEqual(period.months_in(*span), expected)

    @given(
        st.decimals(0, 5000, places=2),
        st.decimals(0, 100, places=4),
        ranges(),
        st.sampled_from(["fen", "jiao", "yuan"]),
    )
    def test_amount_equals_independent_computation(self, area, price, span, rounding):
        result = amount.charge_amount(
            float(area), float(price), *span, rounding=rounding
        )
        months = sum(
            Fraction(1, monthrange(day.year, day.month)[1]) for day in each_day(span)
        )
        exact = Fraction(area) * Fraction(price) * months
        unit = amount.ROUNDING_UNITS[rounding]
        self.assertLessEqual(abs(Fraction(result.amount) - exact), Fraction(unit) / 2)
        self.assertEqual(result.amount % unit, 0)

    @given(st.decimals(-10000, 10000, places=4))
    def test_round_half_up(self, value):
        self.assertEqual(
            amount.round_half_up(Fraction(value), Decimal("0.01")),
            value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP),
        )

    @given(ranges(), st.decimals(0, 500, places=2))
    def test_explanation_adds_up(self, span, area):
        result = amount.charge_amount(area, "2.5000", *span)
        months = result.whole_months + sum(Fraction(*part) for part in result.parts)
        self.assertEqual(
            result.amount,
            amount.round_half_up(
                Fraction(area) * Fraction("2.5") * months, Decimal("0.01")
            ),
        )

    @given(st.decimals("0.01", "99999999.99", places=2))
    def test_capitals_read_back(self, value):
        text = capitals.amount_in_capitals(value)
        yuan, _mark, rest = text.rpartition("\u5143")  # yuan
        read = Decimal(cn2an.cn2an(yuan, "normal")) if yuan else Decimal(0)
        rest = rest.replace("\u6574", "").replace("\u96f6", "")  # only, zero
        for mark, unit in (("\u89d2", "0.1"), ("\u5206", "0.01")):  # jiao, fen
            digit, found, tail = rest.partition(mark)
            if found:
                read += cn2an.cn2an(digit, "normal") * Decimal(unit)
                rest = tail
        self.assertEqual(read, value)
