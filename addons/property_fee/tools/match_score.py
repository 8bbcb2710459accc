"""Weigh what a bank line says of households against their open bills, and say why.

Nothing here knows Odoo.
"""

from dataclasses import dataclass

from .settle import combination

# A line whose best household has this score is settled without anybody's look.
SURE = 0.9
# Below this score a household is not even proposed.
PROPOSE = 0.3
# The best must lead the next by this much.
LEAD = 0.05
NAMED, NAMED_AMONG, NAMED_OF_SEVERAL = 0.92, 0.35, 0.6
MEMO_PERSON, PAYER_PERSON, BOTH_PERSONS, NAMESAKE, LIKE_PERSON = (
    0.6,
    0.55,
    0.7,
    0.3,
    0.35,
)
REMEMBERED = 0.75
AMOUNT_ALL, AMOUNT_SOME = 0.2, 0.15
AMONG_PERSON = 0.35


@dataclass(frozen=True)
class Match:
    """A household that may be meant.

    :ivar float score: 0 to 1
    :ivar tuple reasons: (code, detail); codes are unit, units, among, memo, payer, similar,
        namesake, memory, all, some, late, elsewhere
    :ivar bills: indexes of the open bills that the amount pays exactly, or None
    """

    household: int
    score: float
    reasons: tuple
    bills: tuple = None


def score(evidence, amount, bills, fees=None):
    """Weigh the evidence.

    :param Evidence evidence: what the line says
    :param int amount: what was paid, in fen
    :param dict bills: household -> open amounts of its bills in fen, the oldest first
    :param dict fees: household -> late fee to date of each of these bills in fen
    :return: list of `Match`, the best first

    >>> from odoo.addons.property_fee.tools.matching import Evidence
    >>> found = Evidence(named={7: '3-1-502'}, payer_person={8: 'x'})
    >>> best, other = score(found, 500, {7: [500], 8: [500]})
    >>> best.household, best.score, best.bills, other.score
    (7, 0.99, (0,), 0.75)
    >>> score(found, 510, {7: [500]}, {7: [10]})[0].reasons[-1]
    ('late', '1')
    """
    fees = fees or {}
    matches = [
        _weigh(
            evidence,
            household,
            amount,
            bills.get(household, ()),
            fees.get(household, ()),
        )
        for household in sorted(evidence.households)
    ]
    return sorted(matches, key=lambda match: -match.score)


def _weigh(evidence, household, amount, bills, fees):
    points, reasons = _weigh_place(evidence, household)
    person_points, person_reasons = _weigh_person(evidence, household)
    reasons += person_reasons
    if household in evidence.among:
        points += AMONG_PERSON if person_points else 0
    else:
        points = max(points, person_points)
    if household in evidence.remembered:
        points = max(points, REMEMBERED)
        reasons.append(("memory", ""))
    paid = combination(bills, amount)
    if paid is not None:
        complete = len(paid) == len(bills)
        points += AMOUNT_ALL if complete else AMOUNT_SOME
        reasons.append(("all", "") if complete else ("some", str(len(paid))))
    elif bills and any(fees):
        paid = combination(
            [sum(both) for both in zip(bills, fees, strict=True)], amount
        )
        if paid is not None:
            points += AMOUNT_ALL if len(paid) == len(bills) else AMOUNT_SOME
            reasons.append(("late", str(len(paid))))
    points = round(min(points, 0.99), 2)
    return Match(
        household, points, tuple(reasons), None if paid is None else tuple(paid)
    )


def _weigh_place(evidence, household):
    if household in evidence.named:
        words = evidence.named[household]
        if len(evidence.named) > 1:
            return NAMED_OF_SEVERAL, [("units", words)]
        if evidence.elsewhere:
            return NAMED_OF_SEVERAL, [("unit", words), ("elsewhere", "")]
        return NAMED, [("unit", words)]
    if household in evidence.among:
        return NAMED_AMONG, [("among", evidence.among[household])]
    return 0, []


def _weigh_person(evidence, household):
    reasons = [
        (code, found[household])
        for code, found in (
            ("memo", evidence.memo_person),
            ("payer", evidence.payer_person),
            ("similar", evidence.like_person),
        )
        if household in found
    ]
    if not reasons:
        return 0, []
    if household in evidence.namesakes:
        return NAMESAKE, [*reasons, ("namesake", "")]
    codes = {code for code, _name in reasons}
    if {"memo", "payer"} <= codes:
        return BOTH_PERSONS, reasons
    if "memo" in codes:
        return MEMO_PERSON, reasons
    return (PAYER_PERSON if "payer" in codes else LIKE_PERSON), reasons


def is_sure(matches, threshold=SURE):
    """Tell whether the best of the matches needs nobody's look.

    >>> is_sure([Match(1, 0.92, ())]), is_sure([Match(1, 0.92, ()), Match(2, 0.9, ())])
    (True, False)
    """
    if not matches or matches[0].score < threshold:
        return False
    return len(matches) == 1 or matches[0].score - matches[1].score >= LEAD
