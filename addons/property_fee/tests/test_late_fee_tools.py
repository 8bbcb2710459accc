import doctest
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import late_fee as tool
from ..tools import workdays
from ..tools.amount import ROUNDING_UNITS, amount_of, round_half_up

DUE = date(2026, 1, 10)
DAYS = st.integers(-30, 400).map(lambda number: DUE + timedelta(days=number))
AMOUNTS = st.integers(1, 500000)
EVERY_DAY, WORKING_DAYS = tool.EVERY_DAY, workdays.DayCounter(working_only=True)
COUNTERS = st.sampled_from([EVERY_DAY, WORKING_DAYS])


@st.composite
def terms(draw):
    return tool.Terms(
        rate=Fraction(draw(st.integers(0, 30)), 10000),
        grace_days=draw(st.integers(0, 40)),
        cap=draw(st.none() | st.integers(0, 120).map(lambda n: Fraction(n, 100))),
        minimum=Decimal(draw(st.integers(0, 500))) / 100,
        rounding=draw(st.sampled_from(sorted(ROUNDING_UNITS))),
        due_moves=draw(st.booleans()),
        credit_from_date=draw(st.booleans()),
    )


@st.composite
def debts(draw):
    total = draw(AMOUNTS)
    whole = draw(AMOUNTS)
    return tool.Debt(
        total=total,
        chosen=draw(st.integers(0, whole)),
        whole=whole,
        due=DUE,
        payments=draw(_reductions()),
        credits=draw(_reductions()),
        holds=tuple(
            (first, None if length is None else first + timedelta(days=length))
            for first, length in draw(
                st.lists(st.tuples(DAYS, st.none() | st.integers(0, 90)), max_size=3)
            )
        ),
    )


def _reductions():
    return st.lists(st.tuples(DAYS, AMOUNTS), max_size=4).map(tuple)


def open_on(rules, debt, day, as_of):
    """The open principal that a day is charged on, said again without segments."""
    left = debt.total - sum(fen for came, fen in debt.payments if came < day)
    for came, fen in debt.credits:
        if came < day if rules.credit_from_date else came <= as_of:
            left -= fen
    return Fraction(max(left, 0) * debt.chosen, debt.whole * 100)


def charged(rules, debt, day, counter):
    """Whether a day counts, said again without ranges."""
    due = workdays.next_working_day(debt.due) if rules.due_moves else debt.due
    held = any(first <= day and (not last or day <= last) for first, last in debt.holds)
    works = not (counter.working_only and workdays.is_day_off(day))
    return day > counter.after(due, rules.grace_days) and works and not held


@tagged("post_install", "-at_install")
class TestLateFeeTools(BaseCase):
    """Late fee as a plain rule, for random bills, payments, credit notes and holds."""

    def test_examples(self):
        for module in (workdays, tool):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted, module.__name__)
            self.assertFalse(result.failed, module.__name__)

    @given(terms(), debts(), DAYS, COUNTERS)
    def test_as_of_is_the_sum_of_its_days(self, rules, debt, as_of, counter):
        fee = tool.late_fee(rules, debt, as_of, counter)
        days = [
            DUE + timedelta(days=number)
            for number in range(1, max((as_of - DUE).days, 0) + 1)
        ]
        daily = [
            rules.rate * open_on(rules, debt, day, as_of)
            for day in days
            if charged(rules, debt, day, counter)
        ]
        self.assertEqual(fee.value, sum(daily, Fraction(0)))
        if rules.cap is None:
            rounded = round_half_up(fee.value, ROUNDING_UNITS[rules.rounding])
            self.assertEqual(fee.amount, rounded if rounded >= rules.minimum else 0)

    @given(terms(), debts(), DAYS, COUNTERS)
    def test_never_above_the_cap(self, rules, debt, as_of, counter):
        fee = tool.late_fee(rules, debt, as_of, counter)
        self.assertGreaterEqual(fee.amount, 0)
        if rules.cap is not None:
            principal = Fraction(debt.total * debt.chosen, debt.whole * 100)
            self.assertLessEqual(fee.amount, rules.cap * principal)

    @given(terms(), debts(), DAYS, st.integers(0, 60), COUNTERS)
    def test_never_falls_with_time(self, rules, debt, as_of, more, counter):
        """A credit note that corrects the bill is the one thing that lowers an old fee."""
        if not rules.credit_from_date:
            debt = debt._replace(credits=())
        fee = tool.late_fee(rules, debt, as_of, counter)
        later = tool.late_fee(rules, debt, as_of + timedelta(days=more), counter)
        self.assertLessEqual(fee.amount, later.amount)
        self.assertLessEqual(fee.value, later.value)

    @given(terms(), debts(), DAYS, st.tuples(DAYS, AMOUNTS), COUNTERS)
    def test_falls_with_payment(self, rules, debt, as_of, payment, counter):
        fee = tool.late_fee(rules, debt, as_of, counter)
        paid = debt._replace(payments=(*debt.payments, payment))
        less = tool.late_fee(rules, paid, as_of, counter)
        self.assertLessEqual(less.amount, fee.amount)
        credited = debt._replace(credits=(*debt.credits, payment))
        less = tool.late_fee(rules, credited, as_of, counter)
        self.assertLessEqual(less.amount, fee.amount)

    @given(terms(), debts(), DAYS, AMOUNTS, COUNTERS)
    def test_paying_today_changes_nothing_today(
        self, rules, debt, as_of, amount, counter
    ):
        paid = debt._replace(payments=(*debt.payments, (as_of, amount)))
        self.assertEqual(
            tool.late_fee(rules, debt, as_of, counter).amount,
            tool.late_fee(rules, paid, as_of, counter).amount,
        )

    @given(terms(), debts(), DAYS, st.integers(0, 60), COUNTERS)
    def test_a_hold_adds_nothing(self, rules, debt, first, length, counter):
        last = first + timedelta(days=length)
        # A credit note that corrects the bill would lower the days before, too.
        held = debt._replace(holds=(*debt.holds, (first, last)), credits=())
        before = tool.late_fee(rules, held, first - timedelta(days=1), counter)
        self.assertEqual(before.value, tool.late_fee(rules, held, last, counter).value)
        self.assertLessEqual(
            tool.late_fee(rules, held, last, counter).amount,
            tool.late_fee(rules, debt._replace(credits=()), last, counter).amount,
        )

    @given(terms(), debts(), DAYS, COUNTERS, st.integers(0, 300))
    def test_record_proves_the_amount(self, rules, debt, as_of, counter, before):
        fee = tool.late_fee(rules, debt, as_of, counter)
        share = Fraction(debt.chosen, debt.whole)
        principal = tool.principal_of(rules, debt, as_of) * share / 100
        already = min(fee.amount, Decimal(before) / 100)
        kept = tool.record(rules, fee, share, principal, already)
        self.assertEqual(amount_of(kept).amount, fee.amount - already)
        self.assertEqual(Decimal(kept["amount"]), fee.amount - already)

    @given(DAYS, st.integers(0, 700), st.integers(0, 700), st.integers(0, 40))
    def test_counting(self, start, length, more, number):
        end = start + timedelta(days=length)
        last = end + timedelta(days=more)
        for counter in (EVERY_DAY, workdays.DayCounter(working_only=True)):
            self.assertEqual(
                counter.count(start, end) + counter.count(end, last),
                counter.count(start, last),
            )
            self.assertEqual(counter.count(start, counter.after(start, number)), number)

    def test_years_beyond_the_calendar(self):
        """A year that nobody has announced yet has its weekends."""
        self.assertTrue(workdays.is_day_off(date(2090, 1, 7)))
        self.assertFalse(workdays.is_day_off(date(2090, 1, 6)))
