"""When a claim lapses: plain functions; no database, no clock.

A claim can be enforced for three years from the day on which the creditor knew of it (Civil
Code of the People's Republic of China, article 188): for a bill, from its due date. The
time begins anew when the creditor demands payment, the debtor agrees to pay or pays in part,
or a suit is filed (article 195) - as long as it has not run out.

>>> lapse_date(date(2023, 1, 31))
datetime.date(2026, 1, 31)
>>> lapse_date(date(2023, 1, 31), [date(2025, 6, 1)])
datetime.date(2028, 6, 1)
"""

from calendar import monthrange
from datetime import date

YEARS = 3


def add_years(day, years):
    """Return the same day some years later, the last of February for a leap day.

    >>> add_years(date(2024, 2, 29), 3)
    datetime.date(2027, 2, 28)
    """
    year = day.year + years
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def lapse_date(due, restarts=(), years=YEARS):
    """Return the last day on which a claim can be enforced.

    :param date due: last day on which payment was in time
    :param restarts: dates of documented demands, promises and part payments, in any order
    :param int years: how long it takes

    >>> lapse_date(date(2023, 1, 31), [date(2026, 2, 1)])  # a day too late
    datetime.date(2026, 1, 31)
    >>> lapse_date(date(2023, 1, 31), [date(2022, 12, 1)])  # before it was due
    datetime.date(2026, 1, 31)
    """
    last = add_years(due, years)
    for day in sorted(restarts):
        if due < day <= last:
            last = max(last, add_years(day, years))
    return last
