"""The late fee of a bill: so much per day on what is open of its principal.

Plain functions; no database, no clock. Amounts are whole fen (the smallest unit of the
currency) until the fee is rounded, once.

A day is charged when it has passed: the number of days is the date looked at less the date
due, as people count them. What comes in on a day takes effect from that day, so the day
after is the first with a smaller principal, and whoever pays everything on a day owes the
same fee before and after paying.

>>> from datetime import date
>>> terms = Terms(rate=Fraction(5, 10000), grace_days=5)
>>> debt = Debt(total=22375, chosen=22375, whole=22375, due=date(2026, 10, 16))
>>> late_fee(terms, debt, date(2026, 10, 21)).amount
Decimal('0.00')
>>> fee = late_fee(terms, debt, date(2026, 11, 20))
>>> fee.days, fee.amount
(30, Decimal('3.36'))
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import NamedTuple

from .amount import ROUNDING_UNITS, ChargeAmount, exact, round_half_up
from .workdays import DayCounter, next_working_day

FEN = 100
EVERY_DAY = DayCounter()


class Terms(NamedTuple):
    """What has been agreed about late payment.

    :ivar Fraction rate: part of the open principal for a day, such as 5/10000
    :ivar int grace_days: days after the due date that cost nothing
    :ivar Fraction cap: part of the principal that the fee never exceeds, None for no cap
    :ivar Decimal minimum: a fee below it is not charged
    :ivar str rounding: one of `ROUNDING_UNITS`
    :ivar bool due_moves: a due date on a day off means the next working day
    :ivar bool credit_from_date: a credit note lowers the principal from its date on only;
        otherwise it corrects the bill from the beginning
    """

    rate: Fraction
    grace_days: int = 0
    cap: Fraction | None = None
    minimum: Decimal = Decimal("0")
    rounding: str = "fen"
    due_moves: bool = False
    credit_from_date: bool = False


class Debt(NamedTuple):
    """A bill and what became of it.

    Payments go to all lines of a bill alike: of what is open, `chosen / whole` is principal.

    :ivar int total: amount of the bill, in fen
    :ivar int chosen: amount of its lines that bear a late fee, in fen
    :ivar int whole: amount of all its lines, in fen
    :ivar date due: last day on which payment is in time
    :ivar tuple payments: (date, fen) of each payment
    :ivar tuple credits: (date, fen) of each credit note
    :ivar tuple holds: (first day, last day or None) on which the clock stands still
    """

    total: int
    chosen: int
    whole: int
    due: date
    payments: tuple = ()
    credits: tuple = ()
    holds: tuple = ()


class Segment(NamedTuple):
    """Days on which the same amount of the bill was open: after `start`, up to `end`."""

    start: date
    end: date
    days: int
    fen: int


class Fee(NamedTuple):
    """A late fee as of a day.

    :ivar Decimal amount: rounded, not above the cap, 0 below the minimum
    :ivar Fraction value: yuan, exact, before cap and rounding
    :ivar int days: days counted
    :ivar tuple segments: `Segment` with open amounts, in order
    :ivar bool capped: whether the cap cut it
    """

    amount: Decimal
    value: Fraction
    days: int
    segments: tuple
    capped: bool


def late_fee(terms, debt, as_of, counter=EVERY_DAY):
    """Return the late fee of a bill as of a day.

    :param Terms terms: what has been agreed
    :param Debt debt: the bill, with payments and credit notes of any date
    :param date as_of: the day; what comes in later does not count yet
    :param DayCounter counter: which days count
    :rtype: Fee

    >>> from datetime import date
    >>> terms = Terms(rate=Fraction(5, 10000))
    >>> debt = Debt(100000, 80000, 100000, date(2026, 1, 31),
    ...     payments=((date(2026, 2, 10), 50000),),
    ...     holds=((date(2026, 2, 16), date(2026, 2, 20)),))
    >>> fee = late_fee(terms, debt, date(2026, 3, 2))
    >>> [(s.days, s.fen) for s in fee.segments]
    [(10, 100000), (15, 50000)]
    >>> fee.amount  # (10 x 800 + 15 x 400) x 0.05 %
    Decimal('7.00')
    """
    segments = tuple(open_segments(terms, debt, as_of, counter))
    share = Fraction(debt.chosen, debt.whole) if debt.whole else Fraction(0)
    principal = principal_of(terms, debt, as_of) * share / FEN
    return settle(terms, segments, share, principal)


def settle(terms, segments, share, principal):
    """Return the fee of days and open amounts: summed up, capped, rounded once.

    :param segments: `Segment` in order
    :param Fraction share: part of the open amount that bears the fee
    :param Fraction principal: yuan that the cap is a part of
    :rtype: Fee
    """
    fen_days = sum(segment.days * segment.fen for segment in segments)
    value = fen_days * share * terms.rate / FEN
    unit = ROUNDING_UNITS[terms.rounding]
    amount = round_half_up(value, unit)
    capped = False
    if terms.cap is not None and amount > terms.cap * principal:
        # Down, for a cap that is rounded up would be exceeded.
        steps = floor(terms.cap * principal / Fraction(unit))
        amount, capped = steps * unit, True
    if amount < terms.minimum:
        amount, capped = 0 * unit, False
    days = sum(segment.days for segment in segments)
    return Fee(amount, value, days, segments, capped)


def principal_of(terms, debt, as_of):
    """Return the amount in fen that the cap of a debt is a part of, before the share.

    >>> from datetime import date
    >>> debt = Debt(1000, 1000, 1000, date(2026, 1, 1), credits=((date(2026, 2, 1), 300),))
    >>> principal_of(Terms(Fraction(0)), debt, date(2026, 2, 1))
    700
    """
    if terms.credit_from_date:
        return debt.total
    return max(debt.total - sum(fen for day, fen in debt.credits if day <= as_of), 0)


def open_segments(terms, debt, as_of, counter=EVERY_DAY):
    """Yield the days that count, by the amount of the bill that was open on them.

    :rtype: iterator of Segment
    """
    due = next_working_day(debt.due, counter.off) if terms.due_moves else debt.due
    start = counter.after(due, terms.grace_days)
    if as_of <= start:
        return
    left = principal_of(terms, debt, as_of)
    changes = [(day, fen) for day, fen in debt.payments if day <= as_of]
    if terms.credit_from_date:
        changes += [(day, fen) for day, fen in debt.credits if day <= as_of]
    changes.sort()
    changes.append((as_of, 0))
    holds = _merged(debt.holds)
    for day, fen in changes:
        if day > start and left > 0:
            days = counter.count(start, day) - _held(counter, holds, start, day)
            if days:
                yield Segment(start, day, days, left)
            start = day
        left -= fen


def _merged(holds):
    """Return holds in order and without overlap."""
    result = []
    for first, last in sorted(holds, key=lambda hold: hold[0]):
        last = last or date.max
        if result and first <= result[-1][1]:
            result[-1] = (result[-1][0], max(last, result[-1][1]))
        else:
            result.append((first, last))
    return result


def _held(counter, holds, start, end):
    """Return how many of the days after `start` up to `end` lie in holds."""
    number = 0
    for first, last in holds:
        # A hold begins with its first day, the count after the day given.
        before = date.fromordinal(first.toordinal() - 1)
        number += counter.count(max(before, start), min(last, end))
    return number


def record(terms, fee, share, principal, already):
    """Return what a charge keeps of a late fee, so that it can be proved from it alone.

    :param Fee fee: the whole fee as of the day
    :param Fraction share: part of the bill that bears it
    :param Fraction principal: yuan that the cap is a part of
    :param Decimal already: part of the fee that was charged or waived before
    :return: dict of JSON values, see `late_fee_of`
    """
    return {
        "kind": "late_fee",
        "basis": "late_fee",
        "rate": str(terms.rate),
        "cap": None if terms.cap is None else str(terms.cap),
        "minimum": str(terms.minimum),
        "rounding": terms.rounding,
        "share": str(share),
        "principal": str(principal),
        "segments": [
            {
                "after": segment.start.isoformat(),
                "to": segment.end.isoformat(),
                "days": segment.days,
                "open": str(Decimal(segment.fen) / FEN),
            }
            for segment in fee.segments
        ],
        "already": str(already),
        "capped": fee.capped,
        # What every charge says: so many days at so much.
        "quantity": str(fee.days),
        "price": str(terms.rate),
        "amount": str(fee.amount - already),
    }


def late_fee_of(inputs):
    """Return the amount that the recorded inputs of a late fee lead to.

    :param dict inputs: see `record`
    :rtype: ChargeAmount

    >>> from datetime import date
    >>> terms = Terms(Fraction(5, 10000), cap=Fraction(1, 100))
    >>> debt = Debt(100000, 80000, 100000, date(2026, 1, 31))
    >>> fee = late_fee(terms, debt, date(2026, 3, 2))
    >>> kept = record(terms, fee, Fraction(4, 5), Fraction(800), Decimal("2.00"))
    >>> kept["amount"], late_fee_of(kept).amount  # 30 days of 0.40, cut at 8.00
    ('6.00', Decimal('6.00'))
    """
    terms = Terms(
        rate=Fraction(inputs["rate"]),
        cap=None if inputs["cap"] is None else Fraction(inputs["cap"]),
        minimum=Decimal(inputs["minimum"]),
        rounding=inputs["rounding"],
    )
    segments = [
        Segment(None, None, row["days"], int(exact(row["open"]) * FEN))
        for row in inputs["segments"]
    ]
    fee = settle(
        terms, segments, Fraction(inputs["share"]), Fraction(inputs["principal"])
    )
    return ChargeAmount(fee.amount - Decimal(inputs["already"]), 0, ())
