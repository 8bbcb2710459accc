"""When a household is reminded, and how: plain functions; no database, no clock.

>>> levels = [Level(days=15), Level(days=45, months=3, amount=100)]
>>> choose(levels, Facts(days=14, months=1, amount=500)) is None
True
>>> choose(levels, Facts(days=20, months=1, amount=500))
0
>>> choose(levels, Facts(days=20, months=3, amount=500))
1
"""

import re
from typing import NamedTuple

# What may not be cut to collect fees: Civil Code of the People's Republic of China, article
# 944, third paragraph. Water, electricity, heating, gas; and the way into one's home.
_CUT = (
    r"\u505c|\u65ad|\u9650|\u6390|\u5207\u65ad|\u5173\u505c|\u4e2d\u6b62\u4f9b|\u505c\u6b62\u4f9b"
    r"|\u62d2\u7edd\u4f9b"  # ting, duan, xian, qia, qieduan, guanting, zhongzhi gong, ...
)
_SUPPLY = (
    r"\u6c34|\u7535|\u71c3\u6c14|\u7164\u6c14|\u5929\u7136\u6c14|\u6696|\u70ed|\u4f9b\u6c34"
    r"|\u4f9b\u7535|\u4f9b\u6c14|\u4f9b\u6696|\u7f51|\u68af"  # water, electricity, gas, ...
)
_GAS = r"[\u505c\u65ad]\u6c14"  # stop or cut "qi"
_BAR = (
    r"\u7981\u6b62|\u9650\u5236|\u963b\u6b62|\u963b\u62e6|\u62d2\u7edd|\u505c\u7528|\u6ce8\u9500"
    r"|\u51bb\u7ed3|\u9501\u5b9a|\u53d6\u6d88|\u5173\u95ed|\u6d88\u78c1"  # forbid, restrict, ...
)
_WAY = (
    r"\u8fdb\u51fa|\u51fa\u5165|\u8fdb\u5165|\u901a\u884c|\u95e8\u7981|\u5165\u5185|\u8fdb\u95e8"
    r"|\u56de\u5bb6|\u7535\u68af|\u9053\u95f8|\u6c34\u7535"  # going in and out, door, lift, ...
)
_THREATS = [
    re.compile(rf"(?:{_CUT})[^\u3002\uff0c,.;\uff1b]{{0,4}}(?:{_SUPPLY})"),
    re.compile(
        rf"(?:{_SUPPLY})[^\u3002\uff0c,.;\uff1b]{{0,2}}(?:\u505c\u4f9b|\u5207\u65ad|\u65ad\u4f9b)"
    ),
    re.compile(_GAS),
    re.compile(rf"(?:{_BAR})[^\u3002\uff0c,.;\uff1b]{{0,8}}(?:{_WAY})"),
    re.compile(
        r"\b(?:cut(?:ting)?(?:\s+off)?|shut(?:ting)?(?:\s+off)?|switch(?:ing)?\s+off"
        r"|turn(?:ing)?\s+off|disconnect(?:ing|ion)?|stop(?:ping)?|suspend(?:ing)?"
        r"|block(?:ing)?|deny(?:ing)?|interrupt(?:ing)?)\b[^.,;]{0,40}\b(?:water"
        r"|electricity|power|gas|heat(?:ing)?|access|entry|lifts?|elevators?)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:water|electricity|power|gas|heat(?:ing)?|access|lifts?)\b[^.,;]{0,20}"
        r"\b(?:cut|shut|cut-?off|shut-?off|disconnect(?:ed|ion)?|suspended|blocked)\b",
        re.IGNORECASE,
    ),
]
_TAGS = re.compile(r"<[^>]*>")
_PLACEHOLDER = re.compile(r"\{([^{}\s]*)\}")


class Level(NamedTuple):
    """From when on a level applies.

    :ivar int days: days since the oldest open bill was due
    :ivar int months: months with an open bill that are enough as well, 0 for none
    :ivar float amount: from which open amount on
    """

    days: int
    months: int = 0
    amount: float = 0.0


class Facts(NamedTuple):
    """What a household owes past its date."""

    days: int
    months: int
    amount: float


def is_reached(level, facts):
    """Return whether a household has come to a level.

    >>> is_reached(Level(days=15, amount=10), Facts(days=15, months=1, amount=9.99))
    False
    """
    late = facts.days >= level.days or 0 < level.months <= facts.months
    return late and facts.amount > 0 and facts.amount >= level.amount


def choose(levels, facts, floor=0, last=None, step_by_step=False):
    """Return the place of the level that is next for a household.

    :param list levels: `Level`, the mildest first
    :param Facts facts: what is owed
    :param int floor: first level that comes into question, since a promise was broken
    :param int last: place of the level that the household was reminded of last
    :param bool step_by_step: never skip a level
    :return: int, or None when nothing is due

    >>> levels = [Level(15), Level(45), Level(90)]
    >>> choose(levels, Facts(100, 4, 500)), choose(levels, Facts(100, 4, 500), last=0)
    (2, 2)
    >>> choose(levels, Facts(100, 4, 500), step_by_step=True)
    0
    >>> choose(levels, Facts(100, 4, 500), last=0, step_by_step=True)
    1
    >>> choose(levels, Facts(20, 1, 500), floor=1)  # a broken promise counts for days
    1
    """
    if not levels or facts.amount <= 0:
        return None
    found = max(
        (place for place, level in enumerate(levels) if is_reached(level, facts)),
        default=None,
    )
    floor = min(floor, len(levels) - 1)
    if floor and facts.days > 0 and facts.amount >= levels[floor].amount:
        found = floor if found is None else max(found, floor)
    if found is not None and step_by_step:
        found = min(found, 0 if last is None else last + 1)
    return found


def find_threat(text):
    """Return the words of a text that threaten to cut what must not be cut, else None.

    >>> find_threat("We will cut off your water supply.")
    'cut off your water'
    >>> find_threat("Your fees keep the lifts running.") is None
    True
    """
    plain = _TAGS.sub("", text or "")
    for pattern in _THREATS:
        if match := pattern.search(plain):
            return match.group()
    return None


def placeholders(text):
    """Return the names in braces in a text, in order.

    >>> placeholders("Dear {debtor}: {amount} for {unit}.")
    ['debtor', 'amount', 'unit']
    """
    return _PLACEHOLDER.findall(text or "")


def fill(text, values):
    """Return a text with the names in braces replaced; unknown names stay.

    >>> fill("{unit}: {amount}, {other}", {"unit": "1-101", "amount": "5.00"})
    '1-101: 5.00, {other}'
    """
    return _PLACEHOLDER.sub(
        lambda match: str(values.get(match[1], match[0])), text or ""
    )
