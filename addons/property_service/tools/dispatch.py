"""Whom to send: the same state always gives the same suggestion, with its reasons.

Nobody is suggested who lacks the trade, is off duty, works elsewhere or is full. Among the
others the load decides, weighted by urgency; whoever knows the building goes first among
equals, then whoever was sent longest ago, then the older record.

>>> job = Job(skill=1, community=7, building=70, urgency="general")
>>> ann = Candidate(1, {1}, True, set(), set(), load=4, limit=0, last_sent=3)
>>> bob = Candidate(2, {1}, True, {7}, {70}, load=2, limit=0, last_sent=9)
>>> off = Candidate(3, {1}, False, set(), set(), load=0, limit=0, last_sent=0)
>>> [(one.candidate.key, one.score) for one in suggest([ann, bob, off], job)]
[(2, 85), (1, 60)]
>>> suggest([bob], job)[0].reasons
('skill', 'on_duty', 'building', 'load')
>>> why_not(off, job)
('off_duty',)
"""

from typing import NamedTuple

WEIGHTS = {"emergency": 4, "general": 2, "non_urgent": 1}
FULL_SCORE = 100
PER_LOAD = 10
KNOWS_BUILDING = 5  # less than the lightest job weighs


class Job(NamedTuple):
    """What is to be done. Keys may be of any kind; `skill` and `building` may be None."""

    skill: object
    community: object
    building: object
    urgency: str


class Candidate(NamedTuple):
    """Somebody who could be sent.

    Empty `communities` mean all; `limit` 0 means none; `last_sent` counts up with every
    job that was given out, 0 for somebody who was never sent.
    """

    key: object
    skills: set
    on_duty: bool
    communities: set
    buildings: set
    load: int
    limit: int
    last_sent: int


class Suggestion(NamedTuple):
    candidate: Candidate
    score: int
    reasons: tuple


def load_of(urgencies):
    """Return the weighted load of open jobs.

    :param dict urgencies: urgency -> number of open jobs

    >>> load_of({"emergency": 1, "general": 2})
    8
    """
    return sum(WEIGHTS[urgency] * count for urgency, count in urgencies.items())


def why_not(candidate, job):
    """Return the reasons for which somebody cannot be sent; empty when he can."""
    reasons = []
    if job.skill and job.skill not in candidate.skills:
        reasons.append("unqualified")
    if not candidate.on_duty:
        reasons.append("off_duty")
    if candidate.communities and job.community not in candidate.communities:
        reasons.append("elsewhere")
    if candidate.limit and candidate.load + WEIGHTS[job.urgency] > candidate.limit:
        reasons.append("full")
    return tuple(reasons)


def suggest(candidates, job):
    """Return who can be sent, the best first.

    :param candidates: iterable of `Candidate`
    :param Job job: what is to be done
    :return: list of `Suggestion`
    """
    suggestions = []
    for candidate in candidates:
        if why_not(candidate, job):
            continue
        knows = bool(job.building and job.building in candidate.buildings)
        score = FULL_SCORE - PER_LOAD * candidate.load + KNOWS_BUILDING * knows
        reasons = [
            *(["skill"] if job.skill else []),
            "on_duty",
            *(["building"] if knows else []),
            "load" if candidate.load else "free",
        ]
        suggestions.append(Suggestion(candidate, score, tuple(reasons)))
    return sorted(
        suggestions,
        key=lambda one: (-one.score, one.candidate.last_sent, one.candidate.key),
    )


def spread(candidates, jobs):
    """Send somebody to each of some jobs, one after another.

    :param candidates: iterable of `Candidate`
    :param jobs: list of `Job`
    :return: list with a `Candidate.key`, or None where nobody can be sent, for each job
    """
    pool = list(candidates)
    return spread_over(dict.fromkeys((job.community for job in jobs), pool), jobs)


def spread_over(pools, jobs):
    """Send somebody to each of some jobs, where who is on duty differs by community.

    :param dict pools: community -> iterable of `Candidate`; the load of somebody in several
        pools is the same in each
    :param jobs: list of `Job`, the most urgent first
    :return: as `spread`
    """
    people = [one for pool in pools.values() for one in pool]
    loads = {one.key: one.load for one in people}
    turns = {one.key: one.last_sent for one in people}
    latest = max(turns.values(), default=0)
    sent = []
    for number, job in enumerate(jobs, start=1):
        found = suggest(
            (
                one._replace(load=loads[one.key], last_sent=turns[one.key])
                for one in pools[job.community]
            ),
            job,
        )
        sent.append(found[0].candidate.key if found else None)
        if found:
            key = found[0].candidate.key
            loads[key] += WEIGHTS[job.urgency]
            turns[key] = latest + number
    return sent
