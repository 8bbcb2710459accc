"""What a meter counted, through rollovers and by estimate, and what is odd about it.

Plain functions over `Decimal`; no database, no clock. Values are what the dial shows,
quantities are what is billed (dial steps times the multiplier of the meter).

>>> counted("1200", "1234").quantity
Decimal('34')
>>> counted("995", "12", digits=3)
Counted(quantity=Decimal('17'), rolled=True)
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from .allocation import allocate

# Readings whose mean is what a household usually uses.
AVERAGE_OVER = 6
# Readings that a mean needs at least to be called usual.
AVERAGE_FROM = 2
ANOMALIES = ("negative", "rollover", "jump", "zero")


class Counted(NamedTuple):
    """What passed between two readings.

    :ivar Decimal quantity: steps of the dial times the multiplier; negative when the dial
        went back and no rollover explains it
    :ivar bool rolled: whether the dial must have passed its last figure
    """

    quantity: Decimal
    rolled: bool


class Due(NamedTuple):
    """What of a consumption is billed now.

    :ivar Decimal quantity: billed now, never negative
    :ivar Decimal carried: zero, or the negative rest that later readings use up
    """

    quantity: Decimal
    carried: Decimal


class Used(NamedTuple):
    """A consumption and the days it took, both ends counted."""

    days: int
    quantity: Decimal


def dec(number):
    """Return a number as the decimal it prints as.

    >>> dec(0.1), dec("2.50"), dec(3)
    (Decimal('0.1'), Decimal('2.50'), Decimal('3'))
    """
    return number if isinstance(number, Decimal) else Decimal(str(number))


def counted(previous, current, *, multiplier=1, digits=None):
    """Return what a meter counted between two readings.

    A dial that shows less than before has either passed its last figure or been misread.
    It is taken to have rolled over when the way forward is at most half the dial:
    995 to 12 on three figures is 17, 400 to 380 is a mistake.

    :param previous: value on the day of the earlier reading
    :param current: value on the day of the later reading
    :param multiplier: what one step of the dial stands for (current transformers)
    :param int digits: figures of the dial before the point; None when unknown
    :rtype: Counted

    >>> counted(400, 380, digits=3)
    Counted(quantity=Decimal('-20'), rolled=False)
    >>> counted("99998.5", "2.5", multiplier=40, digits=5)
    Counted(quantity=Decimal('160.0'), rolled=True)
    """
    steps = dec(current) - dec(previous)
    rolled = False
    if steps < 0 and digits:
        around = steps + 10**digits
        if 0 <= around * 2 <= 10**digits:
            steps, rolled = around, True
    return Counted(steps * dec(multiplier), rolled)


def dial_that_explains(previous, current):
    """Return how many figures the dial must have for a rollover to explain a value.

    None when no dial does. It is what a message about a value that went back suggests.

    >>> dial_that_explains(995, 12), dial_that_explains(400, 380)
    (3, None)
    """
    digits = len(str(int(dec(previous))))
    return digits if counted(previous, current, digits=digits).rolled else None


def replaced(previous, final, first, current, *, old=(1, None), new=(1, None)):
    """Return what two meters counted in a period in which one took the place of the other.

    :param previous: last reading of the old meter
    :param final: what the old meter showed when it was taken out
    :param first: what the new meter showed when it was put in
    :param current: reading of the new meter
    :param tuple old: multiplier and figures of the old meter
    :param tuple new: multiplier and figures of the new meter
    :rtype: Decimal

    >>> replaced(880, 893, 0, 4)
    Decimal('17')
    >>> replaced(995, 3, 10, 12, old=(1, 3), new=(20, 5))
    Decimal('48')
    """
    before = counted(previous, final, multiplier=old[0], digits=old[1])
    after = counted(first, current, multiplier=new[0], digits=new[1])
    return before.quantity + after.quantity


def estimated(history, days, *, places=0):
    """Return what a household is likely to have used, from what it used before.

    The mean of each day counts, so that a long period does not weigh as a short one.

    :param history: iterable of `Used`, the latest first; at most `AVERAGE_OVER` count
    :param int days: days to estimate
    :param int places: decimal places of the result
    :return: Decimal, None without any history

    >>> estimated([Used(30, Decimal(12)), Used(31, Decimal(10))], 30)
    Decimal('11')
    >>> estimated([], 30)
    """
    recent = [used for used in history if used.days > 0][:AVERAGE_OVER]
    if not recent:
        return None
    total = sum((max(dec(used.quantity), Decimal(0)) for used in recent), Decimal(0))
    value = total * days / sum(used.days for used in recent)
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def due(consumption, carried=0):
    """Return what is billed of a consumption when an estimate before it was too high.

    An estimate stands in for the value of its day, so the next reading counts from it and
    trues it up by itself. Where the estimate was above the truth the difference is
    negative: nothing is billed, and the rest is carried until it is used up. What is
    billed in the end is what was used.

    :param consumption: from the last reading, read or estimated; may be negative
    :param carried: negative rest of the reading before
    :rtype: Due

    >>> due(-6)
    Due(quantity=Decimal('0'), carried=Decimal('-6'))
    >>> due(10, -6)
    Due(quantity=Decimal('4'), carried=Decimal('0'))
    """
    rest = dec(consumption) + dec(carried)
    return Due(max(rest, Decimal(0)), min(rest, Decimal(0)))


def anomalies(consumption, history, *, rolled=False, zero_periods=3, factor=3):
    """Return what is odd about a consumption and has to be looked at before billing.

    :param consumption: quantity; negative when the dial went back unexplained
    :param history: quantities of the readings before, the latest first
    :param bool rolled: whether it was computed through a rollover
    :param int zero_periods: readings of zero in a row that are odd
    :param factor: times the mean that are odd
    :return: list of those of `ANOMALIES` that hold, in that order

    >>> anomalies(-20, [10, 12])
    ['negative']
    >>> anomalies(0, [0, 0, 9]), anomalies(0, [0, 9])
    (['zero'], [])
    >>> anomalies(34, [10, 12]), anomalies(33, [10, 12]), anomalies(34, [10])
    (['jump'], [], [])
    """
    consumption = dec(consumption)
    history = [dec(quantity) for quantity in history]
    found = []
    if consumption < 0:
        found.append("negative")
    if rolled:
        found.append("rollover")
    recent = history[:AVERAGE_OVER]
    if len(recent) >= AVERAGE_FROM:
        mean = sum(recent, Decimal(0)) / len(recent)
        if mean > 0 and consumption > dec(factor) * mean:
            found.append("jump")
    before = history[: zero_periods - 1]
    if consumption == 0 and len(before) == zero_periods - 1 and not any(before):
        found.append("zero")
    return found


def days_of(span):
    """Return how many days a closed range has."""
    return (span[1] - span[0]).days + 1


def divide_by_days(quantity, spans):
    """Divide what was counted between two readings among the days of several prices.

    Each day has the same part; hundredths, by the method of the largest remainder, so
    that the parts add up to what was counted.

    :param quantity: with at most two decimals
    :param spans: ranges that follow each other
    :return: list of Decimal

    >>> spans = [(date(2026, 9, 26), date(2026, 9, 30)), (date(2026, 10, 1), date(2026, 10, 25))]
    >>> divide_by_days("10", spans)
    [Decimal('1.67'), Decimal('8.33')]
    """
    if len(spans) == 1:
        return [dec(quantity)]
    weights = [(index, days_of(span)) for index, span in enumerate(spans)]
    return list(allocate(dec(quantity), weights).values())


def band_start(day, period):
    """Return the first day of the month or year over which tiers are counted.

    :param str period: `month` or `year`

    >>> band_start(date(2026, 10, 25), "year")
    datetime.date(2026, 1, 1)
    """
    return date(day.year, 1 if period == "year" else day.month, 1)


def already_used(entries, day, period):
    """Return what was used in the band of a day before that day.

    :param entries: iterable of (date of the reading, quantity)
    :param date day: day of the reading that is billed
    :param str period: `month` or `year`
    :rtype: Decimal

    >>> already_used([(date(2025, 12, 25), 9), (date(2026, 1, 25), 7),
    ...               (date(2026, 2, 25), 5), (date(2026, 3, 25), 4)],
    ...              date(2026, 3, 25), "year")
    Decimal('12')
    """
    start = band_start(day, period)
    return sum(
        (dec(quantity) for when, quantity in entries if start <= when < day), Decimal(0)
    )
