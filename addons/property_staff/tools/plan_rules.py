"""Rules for the yearly training plan of a property-management company.

The procedure says: the plan for a year is drawn up before 15 December of the year
before; it breaks no law, names time, standard of assessment, scope and budget; the
manager approves it.
"""

from datetime import date

TRANSITIONS = {
    "draft": ("submitted",),
    "submitted": ("approved", "refused", "draft"),
    "refused": ("draft",),
    "approved": ("draft",),
}
REMINDER_MONTH = 12
DUE_DAY = 15


def due_date(year):
    """Return the day before which the plan of a year is handed in.

    >>> due_date(2027)
    datetime.date(2026, 12, 15)
    """
    return date(year - 1, REMINDER_MONTH, DUE_DAY)


def is_late(day, year):
    """Return whether a plan handed in, or still missing, on a day is late.

    >>> is_late(date(2026, 12, 14), 2027), is_late(date(2026, 12, 15), 2027)
    (False, True)
    """
    return day >= due_date(year)


def year_to_remind(day):
    """Return the year whose plan is asked for on a day, or None outside December.

    >>> year_to_remind(date(2026, 11, 30)) is None
    True
    >>> year_to_remind(date(2026, 12, 1)), year_to_remind(date(2026, 12, 31))
    (2027, 2027)
    """
    return day.year + 1 if day.month == REMINDER_MONTH else None


def missing_parts(month, standard, scope, budget, is_free=False):
    """Return which of the four things that a training must name it lacks.

    :param month: month in which it is held, empty if not said
    :param str standard: by what the participants are assessed
    :param str scope: who takes part
    :param float budget: amount set aside; a training without cost says so (`is_free`)
    :return: tuple out of `time`, `standard`, `scope`, `budget`

    >>> missing_parts("03", "Written test, 80 points", "Front desk", 500.0)
    ()
    >>> missing_parts(False, " ", "Front desk", 0.0)
    ('time', 'standard', 'budget')
    >>> missing_parts("03", "Written test", "Front desk", 0.0, is_free=True)
    ()
    """
    found = {
        "time": month,
        "standard": (standard or "").strip(),
        "scope": (scope or "").strip(),
        "budget": is_free or (budget or 0.0) > 0,
    }
    return tuple(name for name, value in found.items() if not value)


def is_allowed(old, new):
    """Return whether a plan may step from one state into another.

    >>> is_allowed("draft", "approved"), is_allowed("submitted", "approved")
    (False, True)
    """
    return new in TRANSITIONS.get(old, ())
