"""Billing periods: calendar tiling, dated versions, proration.

Plain functions over `datetime.date`; no database, no clock. All ranges are closed: both
their first and their last day belong to them, as on a bill ("2026-10-01 to 2026-10-31").
An open end is written as None in versions and as `date.max` in ranges.

The months of a range are the sum over its calendar months of the part of the month that
the range covers, as an exact fraction, so cutting a range anywhere never changes the sum:

>>> from datetime import date
>>> months_in(date(2026, 10, 20), date(2026, 10, 31))
Fraction(12, 31)
>>> months_in(date(2026, 10, 1), date(2026, 12, 31))
Fraction(3, 1)
"""

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

CYCLE_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
ONE_DAY = timedelta(days=1)


class Range(NamedTuple):
    """Closed range of days."""

    start: date
    end: date


class Version(NamedTuple):
    """Dated value; of two that cover a day, the one with the higher rank counts.

    `end` is None while it lasts. Ranks may be anything that compares.
    """

    start: date
    end: date | None
    rank: tuple
    value: object


class Segment(NamedTuple):
    """Closed range of days on which one value counts."""

    start: date
    end: date
    value: object


class MonthPart(NamedTuple):
    """Part of one calendar month: `days` of `base` days, starting on `first`."""

    first: date
    days: int
    base: int


def month_start(day):
    """Return the first day of the month of a day.

    >>> month_start(date(2026, 10, 31))
    datetime.date(2026, 10, 1)
    """
    return day.replace(day=1)


def month_end(day):
    """Return the last day of the month of a day.

    >>> month_end(date(2028, 2, 1))
    datetime.date(2028, 2, 29)
    """
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(first, months):
    """Return the first day of the month that lies some months after another first day.

    >>> add_months(date(2026, 11, 1), 3)
    datetime.date(2027, 2, 1)
    >>> add_months(date(2026, 1, 1), -1)
    datetime.date(2025, 12, 1)
    """
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def period_of(day, cycle):
    """Return the calendar period of a cycle that holds a day.

    :param str cycle: one of `CYCLE_MONTHS`
    :rtype: Range

    >>> period_of(date(2026, 11, 23), "quarter")
    Range(start=datetime.date(2026, 10, 1), end=datetime.date(2026, 12, 31))
    """
    months = CYCLE_MONTHS[cycle]
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Range(start, month_end(add_months(start, months - 1)))


def intersect(*ranges):
    """Return the days that all ranges have in common, None when there are none.

    >>> intersect((date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 1, 20), date.max))
    Range(start=datetime.date(2026, 1, 20), end=datetime.date(2026, 1, 31))
    >>> intersect((date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), date.max))
    """
    start = max(span[0] for span in ranges)
    end = min(span[1] for span in ranges)
    return Range(start, end) if start <= end else None


def subtract(span, holes):
    """Return the parts of a range that no other range covers, in order.

    >>> subtract(Range(date(2026, 1, 1), date(2026, 1, 31)),
    ...          [(date(2026, 1, 10), date(2026, 1, 31))])
    [Range(start=datetime.date(2026, 1, 1), end=datetime.date(2026, 1, 9))]
    """
    parts, start = [], span[0]
    for hole_start, hole_end in sorted(holes):
        if hole_end < start or hole_start > span[1]:
            continue
        if hole_start > start:
            parts.append(Range(start, hole_start - ONE_DAY))
        if hole_end >= span[1]:
            return parts
        start = hole_end + ONE_DAY
    parts.append(Range(start, span[1]))
    return parts


def cut_before(span, days):
    """Cut a range before each of some days; days that lie elsewhere cut nothing.

    >>> [str(part.start) for part in cut_before(
    ...     Range(date(2026, 1, 1), date(2026, 1, 31)), {date(2026, 1, 10), date(2026, 1, 1)})]
    ['2026-01-01', '2026-01-10']
    """
    starts = [span[0], *sorted(day for day in days if span[0] < day <= span[1])]
    return [Range(*part) for part in _pairs(starts, span[1])]


def split_by_versions(span, versions):
    """Split a range at the days on which another version begins to count.

    Days that no version covers are left out, and neighbours with the same value are one
    segment.

    :param Range span: the range to split
    :param versions: iterable of `Version`
    :return: list of `Segment`, in order, without overlap

    >>> split_by_versions(
    ...     Range(date(2026, 10, 1), date(2026, 10, 31)),
    ...     [Version(date(2025, 1, 1), None, (0,), 2.3),
    ...      Version(date(2026, 10, 16), None, (1,), 2.5)])
    ... # doctest: +NORMALIZE_WHITESPACE
    [Segment(start=datetime.date(2026, 10, 1), end=datetime.date(2026, 10, 15), value=2.3),
     Segment(start=datetime.date(2026, 10, 16), end=datetime.date(2026, 10, 31), value=2.5)]
    """
    live = [
        (version, common)
        for version in versions
        if (common := intersect(span, (version.start, version.end or date.max)))
    ]
    starts = {common.start for _version, common in live}
    starts |= {
        common.end + ONE_DAY for _version, common in live if common.end < span[1]
    }
    segments = []
    for start, following in _pairs(sorted(starts), span[1]):
        covering = [
            version for version, common in live if common.start <= start <= common.end
        ]
        if not covering:
            continue
        value = max(covering, key=lambda version: version.rank).value
        last = segments[-1] if segments else None
        if last and last.value == value and last.end + ONE_DAY == start:
            segments[-1] = last._replace(end=following)
        else:
            segments.append(Segment(start, following, value))
    return segments


def _pairs(starts, end):
    """Yield each start with the day before the next one; the last goes to `end`."""
    for index, start in enumerate(starts):
        yield start, starts[index + 1] - ONE_DAY if index + 1 < len(starts) else end


def due_range(month, span, cycle, timing):
    """Return what a run of a month bills of a stretch of days, None when nothing.

    Billed in advance, a period is due in the month in which it begins; in arrears, in the
    month in which it ends. A stretch that begins or ends inside a period cuts it, and the
    cut period follows the same rule, so that whoever moves in during a quarter is
    billed for its rest in that month, and every day falls due in exactly one month.

    :param date month: any day of the month of the run
    :param Range span: stretch of days to bill at all
    :param str cycle: one of `CYCLE_MONTHS`
    :param str timing: `advance` or `arrears`
    :rtype: Range | None

    >>> due_range(date(2026, 11, 1), Range(date(2026, 11, 20), date.max), "quarter", "advance")
    Range(start=datetime.date(2026, 11, 20), end=datetime.date(2026, 12, 31))
    >>> due_range(date(2026, 12, 1), Range(date(2026, 11, 20), date.max), "quarter", "advance")
    >>> due_range(date(2026, 12, 1), Range(date(2026, 11, 20), date.max), "quarter", "arrears")
    Range(start=datetime.date(2026, 11, 20), end=datetime.date(2026, 12, 31))
    """
    due = intersect(period_of(month, cycle), span)
    if due is None:
        return None
    trigger = due.start if timing == "advance" else due.end
    return due if month_start(month) == month_start(trigger) else None


def month_parts(start, end, proration="actual"):
    """Split a range into calendar months and say how much of each it covers.

    `actual` counts the days of the month. `thirty` gives every month 30 days: the 31st
    counts nothing and the last day of February makes up for the missing ones, so that
    parts of a month always add up to the month.

    :param str proration: `actual` or `thirty`
    :return: list of `MonthPart`

    >>> month_parts(date(2026, 10, 20), date(2026, 11, 30))
    ... # doctest: +NORMALIZE_WHITESPACE
    [MonthPart(first=datetime.date(2026, 10, 20), days=12, base=31),
     MonthPart(first=datetime.date(2026, 11, 1), days=30, base=30)]
    >>> [part.days for part in month_parts(date(2026, 1, 20), date(2026, 2, 28), "thirty")]
    [11, 30]
    """
    parts = []
    while start <= end:
        length = monthrange(start.year, start.month)[1]
        last = min(end, start.replace(day=length))
        if proration == "thirty":
            days = _thirty(last.day, length) - _thirty(start.day - 1, length)
            parts.append(MonthPart(start, days, 30))
        else:
            parts.append(MonthPart(start, last.day - start.day + 1, length))
        start = last + ONE_DAY
    return parts


def _thirty(day, length):
    """Return how many of a month's 30 counted days have passed at the end of a day."""
    return 30 if day == length else min(day, 30)


def months_in(start, end, proration="actual"):
    """Return the months of a range as an exact fraction.

    >>> months_in(date(2026, 2, 1), date(2026, 2, 27), "thirty")
    Fraction(9, 10)
    """
    return sum(
        (Fraction(part.days, part.base) for part in month_parts(start, end, proration)),
        Fraction(0),
    )


def format_range(start, end):
    """Return the label of a range: whole months by month, all else by day.

    >>> format_range(date(2026, 10, 1), date(2026, 10, 31))
    '2026-10'
    >>> format_range(date(2026, 10, 1), date(2026, 12, 31))
    '2026-10 ~ 2026-12'
    >>> format_range(date(2026, 10, 20), date(2026, 10, 31))
    '2026-10-20 ~ 2026-10-31'
    >>> format_range(date(2026, 10, 20), date(2026, 10, 20))
    '2026-10-20'
    """
    if start == month_start(start) and end == month_end(end):
        first, last = f"{start:%Y-%m}", f"{end:%Y-%m}"
    else:
        first, last = start.isoformat(), end.isoformat()
    return first if first == last else f"{first} ~ {last}"
