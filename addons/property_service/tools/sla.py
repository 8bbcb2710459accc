"""The clock of a promise: time on duty since it began, less the pauses.

The clock looks at facts alone (when it began, when it was paused), never at what somebody
computed before, so it does not matter how often or how late anybody looks.

>>> from datetime import datetime
>>> from .duty import RoundTheClock
>>> start, always = datetime(2026, 10, 1, 8), RoundTheClock()
>>> due_at(start, 3600, always)
datetime.datetime(2026, 10, 1, 9, 0)
>>> pause = (datetime(2026, 10, 1, 8, 30), datetime(2026, 10, 1, 10, 30))
>>> due_at(start, 3600, always, [pause])
datetime.datetime(2026, 10, 1, 11, 0)
>>> elapsed(start, datetime(2026, 10, 1, 10, 45), always, [pause])
2700.0
"""

from datetime import UTC, datetime, timedelta

from .duty import clip, merge, subtract

WINDOW = timedelta(days=14)
LONGEST = timedelta(days=800)  # nobody promises anything for later than that


def running_spans(start, end, duty, pauses=()):
    """Return the spans between two instants in which the clock runs.

    :param datetime start: when the clock began
    :param datetime end: up to when to look
    :param duty: `duty.Duty` or `duty.RoundTheClock`
    :param pauses: pairs (start, end); the end of one that lasts is None
    :return: list of pairs of datetimes
    """
    holes = merge((begin, stop or datetime.max) for begin, stop in pauses)
    return subtract(duty.spans(start, end), holes)


def elapsed(start, end, duty, pauses=()):
    """Return the seconds that the clock has run between two instants, as a float."""
    spans = running_spans(start, end, duty, pauses)
    return sum((stop - begin).total_seconds() for begin, stop in spans)


def due_at(start, seconds, duty, pauses=()):
    """Return the first instant at which the clock has run for some seconds.

    :param float seconds: what was promised
    :return: datetime in UTC; None while a pause that lasts keeps the clock from getting
        there, or when duty never comes
    """
    if seconds <= 0:
        return start
    left, begin = seconds, start
    while begin < start + LONGEST:
        end = begin + WINDOW
        for first, last in running_spans(begin, end, duty, pauses):
            length = (last - first).total_seconds()
            if length >= left:
                return first + timedelta(seconds=left)
            left -= length
        begin = end
    return None


def rung_at(start, allowed, offset_percent, offset_minutes, duty, pauses=()):
    """Return when a rung of a ladder is reached.

    :param float allowed: seconds that were promised
    :param float offset_percent: of what was promised, before (negative) or after the due
        instant: -20 is when four fifths of the time have run
    :param float offset_minutes: minutes of the clock besides
    :return: datetime in UTC, or None as for `due_at`

    >>> from .duty import RoundTheClock
    >>> rung_at(datetime(2026, 10, 1, 8), 3600, -20, 0, RoundTheClock())
    datetime.datetime(2026, 10, 1, 8, 48)
    """
    seconds = allowed * (100 + offset_percent) / 100 + offset_minutes * 60
    return due_at(start, max(seconds, 0.0), duty, pauses)


def after_quiet(instant, quiet_from, quiet_until, zone):
    """Return an instant, put off to the end of the quiet hours if it lies in them.

    :param datetime instant: naive, in UTC
    :param float quiet_from: hour of the local day at which quiet begins, such as 22.0
    :param float quiet_until: hour at which it ends; the same hour means there is none
    :param ZoneInfo zone: time zone of the hours

    >>> from zoneinfo import ZoneInfo
    >>> after_quiet(datetime(2026, 10, 1, 15), 22, 7.5, ZoneInfo("Asia/Shanghai"))  # 23:00
    datetime.datetime(2026, 10, 1, 23, 30)
    >>> after_quiet(datetime(2026, 10, 1, 13), 22, 7.5, ZoneInfo("Asia/Shanghai"))  # 21:00
    datetime.datetime(2026, 10, 1, 13, 0)
    """
    if quiet_from == quiet_until:
        return instant
    shift = instant.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    local = instant + shift
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    for day in (midnight - timedelta(days=1), midnight):
        begin = day + timedelta(hours=quiet_from)
        end = day + timedelta(hours=quiet_until)
        if quiet_until < quiet_from:
            end += timedelta(days=1)
        if clip([(begin, end)], local, local + timedelta(microseconds=1)):
            return end - shift
    return instant
