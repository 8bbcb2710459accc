"""History of a ticket as its household reads it: what happened, in order of time.

>>> rows = [Moment(3, "arrived", "Li has arrived"), Moment(1, "reported", "Request")]
>>> [row.kind for row in arrange(rows)]
['reported', 'arrived']
"""

from typing import NamedTuple

# Of two steps at the same moment, what comes first.
ORDER = (
    "reported",
    "reopened",
    "accepted",
    "dispatched",
    "waiting",
    "arrived",
    "visited",
    "done",
    "rated",
    "confirmed",
    "closed",
    "rejected",
    "cancelled",
)


class Moment(NamedTuple):
    """One step: when (anything that compares), what kind, a headline and details."""

    at: object
    kind: str
    title: str
    text: str = ""


def arrange(moments):
    """Return the steps that have a date, in order of time.

    Two steps with the same headline at the same moment are one.

    >>> arrange([Moment(None, "done", "Done"), Moment(2, "done", "Done")])
    [Moment(at=2, kind='done', title='Done', text='')]
    >>> len(arrange([Moment(2, "done", "Done"), Moment(2, "done", "Done")]))
    1
    >>> [m.kind for m in arrange([Moment(2, "accepted", "A"), Moment(2, "reported", "R")])]
    ['reported', 'accepted']
    """
    seen, result = set(), []
    for moment in sorted(
        (moment for moment in moments if moment.at),
        key=lambda moment: (moment.at, ORDER.index(moment.kind)),
    ):
        key = (moment.at, moment.title)
        if key not in seen:
            seen.add(key)
            result.append(moment)
    return result
