"""The rates of the service desk: what counts, and what of it went well.

A ticket belongs to the period in which it was reported. Tickets that were rejected or
cancelled count nowhere. Each rate looks at a ticket once: it does not count (None), it went
well or the thing asked for happened (True), or not (False). A rate is the number of True in
percent of the number of True and False together.

============  ==============================  =========================================
rate          of                              share that
============  ==============================  =========================================
response      tickets with a judged response  was taken up in time
arrival       tickets with a judged arrival   had somebody on site in time
resolution    tickets with a judged solution  was solved in time, each time
promise       tickets with a judged promise   had every promise kept
completion    all tickets                     is done, confirmed or closed
rework        repairs and paid services       came back: reopened, or the same problem of
                                              the same unit within the days of rework
complaint     all tickets                     is a complaint
justified     complaints that were judged     was found to be justified
satisfaction  tickets rated by the household  got four stars or more
rated         finished tickets                was rated by the household
follow_up     finished tickets                has the household's own word: confirmed,
                                              rated or asked in a return visit
============  ==============================  =========================================

A promise is judged when it was kept or missed, or when it is running and overdue; one that
is running in time, stands still, or became void is not judged yet. The report model computes
the same in the database; a test holds both against each other.

>>> from datetime import datetime
>>> now = datetime(2026, 10, 8, 12)
>>> late = Promise("response", "running", datetime(2026, 10, 8, 11))
>>> judged = judge(Facts("repair", "new", promises=(late,)), now)
>>> judged["response"], judged["completion"], judged["arrival"]
(False, False, None)
>>> judge(Facts("complaint", "cancelled"), now)["complaint"] is None
True
>>> judge(Facts("complaint", "closed", justified="no"), now)["justified"]
False
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

RATES = (
    "response",
    "arrival",
    "resolution",
    "promise",
    "completion",
    "rework",
    "complaint",
    "justified",
    "satisfaction",
    "rated",
    "follow_up",
)
# Of these less is better.
LOW_IS_GOOD = ("rework", "complaint", "justified")
FINISHED_STATES = ("done", "confirmed", "closed")
# Types of units in which a household, or somebody like it, is.
HOUSEHOLDS = ("home", "shop", "office")
UNCOUNTED_STATES = ("rejected", "cancelled")
REPAIR_KINDS = ("repair", "paid_service", "rectification")
SATISFIED = 4
CENT = Decimal("0.01")


class Promise(NamedTuple):
    """One promise: its target, its state, and when it is due (None while it stands)."""

    target: str
    state: str
    due_at: object = None


class Facts(NamedTuple):
    """What is known of one ticket.

    :ivar str kind: of the ticket
    :ivar str state: of the ticket
    :ivar int reopened: how often it was taken up again
    :ivar bool rework: the same problem of the same unit had been dealt with shortly before
    :ivar str justified: "yes", "no", or None while a complaint has not been judged
    :ivar promises: `Promise`
    :ivar float rating: the household's last rating, None without one
    :ivar bool asked: the household has confirmed, or was asked in a return visit
    """

    kind: str
    state: str
    reopened: int = 0
    rework: bool = False
    justified: object = None
    promises: tuple = ()
    rating: object = None
    asked: bool = False


class Rate(NamedTuple):
    """A part of a whole.

    >>> Rate(1, 3).percent, Rate(0, 0).percent
    (Decimal('33.33'), None)
    >>> Rate(1, 3) + Rate(2, 3)
    Rate(part=3, whole=6)
    """

    part: int = 0
    whole: int = 0

    @property
    def percent(self):
        """Return the share in percent, rounded to two decimals; None of nothing."""
        if not self.whole:
            return None
        share = Decimal(self.part) * 100 / Decimal(self.whole)
        return share.quantize(CENT, rounding=ROUND_HALF_UP)

    @property
    def text(self):
        """Return the share as people read it.

        >>> Rate(1, 3).text, Rate(0, 0).text
        ('33.33%', '-')
        """
        return "-" if self.percent is None else f"{self.percent}%"

    def __add__(self, other):
        return Rate(self.part + other.part, self.whole + other.whole)


def judge_promises(promises, now):
    """Return whether promises were kept: None when none of them is judged yet.

    >>> judge_promises([Promise("response", "met"), Promise("response", "missed")], None)
    False
    """
    judged = [
        promise.state == "met"
        for promise in promises
        if promise.state in ("met", "missed")
        or (promise.state == "running" and promise.due_at and promise.due_at < now)
    ]
    return all(judged) if judged else None


def judge(facts, now):
    """Return what a ticket says to each rate.

    :param Facts facts: of the ticket
    :param datetime now: the moment at which running promises are looked at
    :return: dict rate -> True, False, or None when the ticket does not count
    """
    if facts.state in UNCOUNTED_STATES:
        return dict.fromkeys(RATES)
    finished = facts.state in FINISHED_STATES
    rated = facts.rating is not None
    complaint = facts.kind == "complaint"
    return {
        **{
            target: judge_promises(
                [one for one in facts.promises if one.target == target], now
            )
            for target in ("response", "arrival", "resolution")
        },
        "promise": judge_promises(facts.promises, now),
        "completion": finished,
        "rework": facts.reopened > 0 or facts.rework
        if facts.kind in REPAIR_KINDS
        else None,
        "complaint": complaint,
        "justified": facts.justified == "yes"
        if complaint and facts.justified
        else None,
        "satisfaction": facts.rating >= SATISFIED if rated else None,
        "rated": rated if finished else None,
        "follow_up": facts.asked or facts.state == "confirmed" or rated
        if finished
        else None,
    }


def count(judgements):
    """Return the rates of judged tickets.

    :param judgements: dicts as `judge` returns them
    :return: dict rate -> Rate

    >>> rows = [{"response": True}, {"response": False}, {"response": None}]
    >>> count(rows)["response"]
    Rate(part=1, whole=2)
    """
    result = dict.fromkeys(RATES, Rate())
    for judgement in judgements:
        for code, verdict in judgement.items():
            if verdict is not None:
                result[code] += Rate(int(verdict), 1)
    return result


def change(before, now):
    """Return by how many percentage points a rate has changed, None when unknown.

    >>> change(Rate(1, 2), Rate(3, 4)), change(Rate(), Rate(1, 1)) is None
    (Decimal('25.00'), True)
    """
    if before.percent is None or now.percent is None:
        return None
    return now.percent - before.percent


def trend(code, difference):
    """Return "good", "bad" or "same" for a change of a rate.

    >>> trend("rework", Decimal("-1")), trend("response", Decimal("-1")), trend("rated", 0)
    ('good', 'bad', 'same')
    """
    if not difference:
        return "same"
    better = difference < 0 if code in LOW_IS_GOOD else difference > 0
    return "good" if better else "bad"
