"""Days off: weekends, the public holidays of mainland China, and what a company adds.

Which weekends are worked instead is settled by the State Council each autumn for the year
to come; `chinesecalendar` carries it. A year that it does not know yet has its weekends
and nothing else, until the library is brought up to date or the days are entered by hand.

>>> is_day_off(date(2026, 10, 1)), is_day_off(date(2026, 10, 10))
(True, False)
>>> is_day_off(date(2026, 10, 12), off={date(2026, 10, 12)})
True
"""

from bisect import bisect_right
from datetime import date, timedelta

import chinese_calendar

ONE_DAY = timedelta(days=1)


def is_day_off(day, off=frozenset()):
    """Return whether nobody is supposed to work on a day.

    :param date day: the day
    :param set off: more days off
    """
    if day in off:
        return True
    try:
        return chinese_calendar.is_holiday(day)
    except NotImplementedError:
        return day.weekday() >= 5


def next_working_day(day, off=frozenset()):
    """Return a day, or the first working day after it when it is a day off.

    A term whose last day is a public holiday ends on the day after the holiday (Civil Code
    of the People's Republic of China, article 203).

    >>> next_working_day(date(2026, 10, 1))
    datetime.date(2026, 10, 8)
    >>> next_working_day(date(2026, 10, 8))
    datetime.date(2026, 10, 8)
    """
    while is_day_off(day, off):
        day += ONE_DAY
    return day


class DayCounter:
    """Counts days from one day, exclusive, to another, inclusive.

    >>> DayCounter().count(date(2026, 9, 30), date(2026, 10, 10))
    10
    >>> working = DayCounter(working_only=True)
    >>> working.count(date(2026, 9, 30), date(2026, 10, 10))
    3

    :param bool working_only: leave out days off
    :param set off: more days off than weekends and public holidays
    """

    def __init__(self, working_only=False, off=frozenset()):
        self.working_only = working_only
        self.off = frozenset(off)
        self._days = []  # working days between the two that are known, in order
        self._known = None

    def count(self, start, end):
        """Return the number of days after `start` up to and with `end`, at least 0."""
        if end <= start:
            return 0
        if not self.working_only:
            return (end - start).days
        self._learn(start, end)
        return bisect_right(self._days, end) - bisect_right(self._days, start)

    def after(self, day, number):
        """Return the day by which a number of days has passed after another.

        >>> DayCounter().after(date(2026, 10, 1), 5)
        datetime.date(2026, 10, 6)
        >>> DayCounter(working_only=True).after(date(2026, 10, 1), 2)
        datetime.date(2026, 10, 9)
        """
        if not self.working_only:
            return day + timedelta(days=number)
        while number:
            day += ONE_DAY
            number -= not is_day_off(day, self.off)
        return day

    def _learn(self, start, end):
        """Look up the days of a range that are not known yet."""
        if self._known and self._known[0] <= start and end <= self._known[1]:
            return
        if self._known:
            start, end = min(start, self._known[0]), max(end, self._known[1])
        # A year more on either side, so that the next bill needs no look.
        first = date(max(start.year - 1, 1), 1, 1)
        last = date(min(end.year + 1, 9999), 12, 31)
        self._days = [
            day
            for day in (
                first + timedelta(days=number)
                for number in range((last - first).days + 1)
            )
            if not is_day_off(day, self.off)
        ]
        self._known = (first, last)
