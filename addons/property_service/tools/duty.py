"""Duty time: when a promise to a household counts, and how long it has counted.

All instants are naive datetimes in UTC, as Odoo stores them; hours of the day are local.
Half-open spans of time are pairs (start, end), sorted and apart from each other.

>>> from datetime import date, datetime
>>> week = {day: ((8.5, 12.0), (14.0, 18.0)) for day in range(5)}
>>> duty = Duty(week, "Asia/Shanghai", {date(2026, 10, 1): "holiday"})
>>> duty.spans(datetime(2026, 9, 30), datetime(2026, 10, 2))  # 08:30 there is 00:30 UTC
... # doctest: +NORMALIZE_WHITESPACE
[(datetime.datetime(2026, 9, 30, 0, 30), datetime.datetime(2026, 9, 30, 4, 0)),
 (datetime.datetime(2026, 9, 30, 6, 0), datetime.datetime(2026, 9, 30, 10, 0))]
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOLIDAY, WORKDAY = "holiday", "workday"
DAY = timedelta(days=1)


class Duty:
    """Weekly hours of duty with the holidays and the make-up days of a country.

    :param dict week: weekday (Monday is 0) -> pairs of hours as floats, 8.5 is 08:30
    :param str tz: name of the time zone in which the hours are meant
    :param dict days: date -> `HOLIDAY` (nobody is there) or `WORKDAY` (a weekend day on
        which the hours of an ordinary working day count)
    :param leaves: further spans of time, in UTC, in which nobody is there
    """

    def __init__(self, week, tz, days=None, leaves=()):
        self.week = week
        self.zone = ZoneInfo(tz)
        self.days = days or {}
        self.leaves = sorted(leaves)
        self._usual = next((week[day] for day in range(7) if week.get(day)), ())
        self._known = {}

    def spans(self, start, end):
        """Return the spans of duty between two instants."""
        first = start.replace(tzinfo=UTC).astimezone(self.zone).date()
        last = end.replace(tzinfo=UTC).astimezone(self.zone).date()
        spans = []
        while first <= last:
            spans += clip(self._of_day(first), start, end)
            first += DAY
        return spans

    def _of_day(self, day):
        """Return the spans of one local day, worked out once."""
        if day not in self._known:
            kind = self.days.get(day)
            hours = self.week.get(day.weekday(), ())
            if kind == HOLIDAY:
                hours = ()
            elif kind == WORKDAY:
                hours = hours or self._usual
            spans = [
                (self._instant(day, begin), self._instant(day, end))
                for begin, end in sorted(hours)
            ]
            self._known[day] = subtract(spans, self.leaves)
        return self._known[day]

    def _instant(self, day, hour):
        local = datetime.combine(day, time()) + timedelta(hours=hour)
        return local.replace(tzinfo=self.zone).astimezone(UTC).replace(tzinfo=None)


class RoundTheClock:
    """Duty day and night, for emergencies."""

    def spans(self, start, end):
        return [(start, end)] if start < end else []


def clip(spans, start, end):
    """Return what of some spans lies between two instants.

    >>> clip([(1, 5), (7, 9)], 2, 8)
    [(2, 5), (7, 8)]
    """
    return [
        (max(begin, start), min(stop, end))
        for begin, stop in spans
        if begin < end and stop > start
    ]


def subtract(spans, holes):
    """Return what of some spans no other span covers.

    >>> subtract([(1, 5), (7, 9)], [(2, 3), (4, 8)])
    [(1, 2), (3, 4), (8, 9)]
    """
    parts = []
    for start, end in spans:
        for begin, stop in holes:
            if stop <= start or begin >= end:
                continue
            if begin > start:
                parts.append((start, begin))
            start = max(start, stop)
        if start < end:
            parts.append((start, end))
    return parts


def merge(spans):
    """Return spans that may overlap as sorted spans that do not.

    >>> merge([(4, 6), (1, 3), (2, 4)])
    [(1, 6)]
    """
    merged = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged
