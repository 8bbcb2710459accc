import doctest
import random
from calendar import isleap
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import amount, formula, period, tiers
from .test_tools import PRORATIONS, each_day, ranges

ROUNDINGS = st.sampled_from(sorted(amount.ROUNDING_UNITS))
AREAS = st.decimals("0.01", 5000, places=2).map(str)
PRICES = st.decimals(0, 100, places=4).map(str)


@st.composite
def tariffs(draw):
    limits = sorted(draw(st.sets(st.integers(1, 2000), max_size=4)))
    prices = draw(st.lists(PRICES, min_size=len(limits) + 1, max_size=len(limits) + 1))
    return list(zip([*map(str, limits), None], prices, strict=True))


def recurring(area, price, span, **values):
    return {
        "kind": "recurring",
        "quantity": area,
        "price": price,
        "date_from": span.start.isoformat(),
        "date_to": span.end.isoformat(),
        "proration": "actual",
        "rounding": "fen",
        **values,
    }


def amounts_of(inputs, parts):
    """Return the amounts of the parts of a period, each with what the last left over."""
    amounts, carry = [], 0
    for part in parts:
        own = {
            **inputs,
            "date_from": part.start.isoformat(),
            "date_to": part.end.isoformat(),
            "carry": str(carry),
        }
        result = amount.amount_of(own)
        carry = amount.carry_after(own, result)
        amounts.append(result.amount)
    return amounts


@tagged("post_install", "-at_install")
class TestToolsPricing(BaseCase):
    """Rules of pricing, for random areas, prices, tiers and days."""

    def test_examples(self):
        for module in (tiers, formula):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted, module.__name__)
            self.assertFalse(result.failed, module.__name__)

    # === TIERS === #

    @given(tariffs(), st.integers(0, 3000), st.integers(0, 3000))
    def test_tiers_are_monotone(self, tariff, one, more):
        self.assertLessEqual(
            tiers.tiered_amount(one, tariff), tiers.tiered_amount(one + more, tariff)
        )

    @given(tariffs(), st.decimals(0, 3000, places=2), st.decimals(0, 3000, places=2))
    def test_tiers_in_two_steps(self, tariff, first, second):
        """What was used before fills the lower tiers, so that steps cost what all does."""
        self.assertEqual(
            tiers.tiered_amount(first, tariff)
            + tiers.tiered_amount(second, tariff, already=first),
            tiers.tiered_amount(first + second, tariff),
        )

    @given(tariffs())
    def test_tiers_are_continuous(self, tariff):
        step = Fraction(1, 10**6)
        steepest = max(Fraction(price) for _limit, price in tariff)
        for limit, _price in tariff[:-1]:
            around = tiers.tiered_amount(
                Fraction(limit) + step, tariff
            ) - tiers.tiered_amount(Fraction(limit) - step, tariff)
            self.assertLessEqual(around, 2 * step * steepest)

    @given(tariffs(), st.decimals(0, 5000, places=2), st.integers(1, 12))
    def test_tier_parts_add_up(self, tariff, quantity, months):
        parts = tiers.tier_parts(quantity, tariff, months=months)
        self.assertEqual(sum(part.quantity for part in parts), Fraction(quantity))
        self.assertEqual(
            tiers.tiered_amount(Fraction(quantity) * months, tariff, months=months),
            tiers.tiered_amount(quantity, tariff) * months,
        )

    @given(tariffs())
    def test_valid_tariff_is_accepted(self, tariff):
        limits = [float(limit) if limit else 0 for limit, _price in tariff]
        rows = list(zip([0, *limits], limits, strict=False))
        self.assertIsNone(tiers.tariff_problem(rows))
        for index, (start, end) in enumerate(rows):
            gap = [*rows[:index], (start + 0.5, end), *rows[index + 1 :]]
            self.assertEqual(
                tiers.tariff_problem(gap)[:2], ("gap" if index else "start", index)
            )

    def test_tariff_problems(self):
        for rows, problem in (
            ([(0, 10), (5, 0)], ("overlap", 1)),
            ([(0, 0), (10, 0)], ("open", 0)),
            ([(0, 10), (10, 10), (10, 0)], ("order", 1)),
            ([(0, 10)], ("closed", 0)),
        ):
            self.assertEqual(tiers.tariff_problem(rows), problem)

    # === PARTS AND WHOLE === #

    @given(
        AREAS, PRICES, ranges(400), st.sets(st.integers(1, 400)), ROUNDINGS, PRORATIONS
    )
    def test_parts_sum_to_the_whole(self, area, price, span, cuts, rounding, proration):
        """A period split where the owner or an equal price changes costs the same."""
        inputs = recurring(area, price, span, rounding=rounding, proration=proration)
        days = {span.start + timedelta(days=cut) for cut in cuts}
        amounts = amounts_of(inputs, period.cut_before(span, days))
        self.assertEqual(sum(amounts), amount.amount_of(inputs).amount)
        self.assertGreaterEqual(min(amounts), 0)

    @given(AREAS, PRICES, PRICES, ranges(400), st.integers(1, 400))
    def test_price_change_splits_exactly(self, area, old, new, span, offset):
        span = span._replace(end=max(span.end, span.start + timedelta(days=1)))
        cut = min(span.end, span.start + timedelta(days=offset))
        parts = period.cut_before(span, {cut})
        exact = Fraction(area) * sum(
            Fraction(price) * period.months_in(*part)
            for price, part in zip((old, new), parts, strict=True)
        )
        carry, total = 0, Decimal(0)
        for price, part in zip((old, new), parts, strict=True):
            inputs = recurring(area, price, part, carry=str(carry))
            result = amount.amount_of(inputs)
            carry = amount.carry_after(inputs, result)
            total += result.amount
        self.assertEqual(total, amount.round_half_up(exact, Decimal("0.01")))

    @given(AREAS, PRICES, st.integers(2019, 2032), ROUNDINGS)
    def test_february_costs_a_month(self, area, price, year, rounding):
        days = 29 if isleap(year) else 28
        february = period.Range(date(year, 2, 1), date(year, 2, days))
        march = period.Range(date(year, 3, 1), date(year, 3, 31))
        for proration in ("actual", "thirty"):
            values = {"rounding": rounding, "proration": proration}
            inputs = recurring(area, price, february, **values)
            whole = amount.amount_of(inputs).amount
            self.assertEqual(
                whole, amount.amount_of(recurring(area, price, march, **values)).amount
            )
            daily = [period.Range(day, day) for day in each_day(february)]
            self.assertEqual(sum(amounts_of(inputs, daily)), whole)

    @given(
        AREAS, PRICES, ranges(100), st.integers(0, 100), st.decimals(0, 500, places=2)
    )
    def test_vacancy_and_minimum(self, area, price, span, percent, minimum):
        plain = amount.amount_of(recurring(area, price, span)).value
        result = amount.amount_of(
            recurring(area, price, span, vacancy=str(percent), minimum=str(minimum))
        )
        months = period.months_in(*span)
        expected = max(plain, Fraction(minimum) * months) * percent / 100
        self.assertEqual(result.value, expected)
        self.assertEqual(result.is_minimum, plain < Fraction(minimum) * months)

    @given(
        st.decimals(1, 500, places=2).map(float),
        st.decimals("0.01", 50, places=4).map(float),
        ranges(100),
    )
    def test_formula_equals_area_times_price(self, area, price, span):
        plain = recurring(str(area), str(price), span)
        by_formula = {
            **plain,
            "formula": "area * price",
            "variables": {"area": area, "price": price},
        }
        self.assertEqual(
            amount.amount_of(plain).amount, amount.amount_of(by_formula).amount
        )

    def test_ten_thousand_units(self):
        """Many households: what they are billed is what they owe, exactly, to the cent."""
        chance = random.Random(5)
        total, expected = Decimal(0), Fraction(0)
        for _number in range(10_000):
            area = f"{chance.randint(1000, 30000) / 100:.2f}"
            price = f"{chance.randint(1, 60000) / 10000:.4f}"
            start = date(2026, 10, chance.randint(1, 31))
            span = period.Range(start, date(2026, 12, 31))
            cut = start + timedelta(days=chance.randint(1, 60))
            inputs = recurring(area, price, span)
            parts = amounts_of(inputs, period.cut_before(span, {cut}))
            whole = amount.amount_of(inputs)
            self.assertEqual(sum(parts), whole.amount)
            total += whole.amount
            months = sum(
                Fraction(1, days) * (min(30, (date(2026, 10, 31) - start).days) + 1)
                for days in [31]
            )
            expected += Fraction(area) * Fraction(price) * (months + 2)
        self.assertLessEqual(abs(Fraction(total) - expected), Fraction(10_000, 200))

    # === FORMULAS === #

    def test_formula_errors(self):
        for text, problem in (
            ("area *", "syntax"),
            ("area ** 9", "syntax"),
            ("area.real", "syntax"),
            ("[x for x in (1, 2)]", "syntax"),
            ("lambda: 1", "syntax"),
            ("aera * 2", "name"),
            ("__import__('os')", "name"),
            ("1 + " * 200 + "1", "length"),
        ):
            with self.subTest(text), self.assertRaises(formula.FormulaError) as caught:
                formula.check_names(text, ["area"])
            self.assertEqual(caught.exception.problem, problem)

    def test_formula_results(self):
        for text, problem in (
            ("1 / area", "division"),
            ("'text'", "number"),
            ("area > 1", "number"),
            ("-1", "negative"),
            ("10000000000 * 2", "large"),
            ("min()", "other"),
        ):
            with self.subTest(text), self.assertRaises(formula.FormulaError) as caught:
                formula.evaluate(text, {"area": 0})
            self.assertEqual(caught.exception.problem, problem)
        self.assertEqual(formula.evaluate("ceil(1.2) + trunc(1.8)", {}), 3)
