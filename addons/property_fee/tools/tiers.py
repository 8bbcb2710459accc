"""Tiered prices: each slice of a quantity at the price of its tier.

Plain functions over exact fractions. A tariff is a list of `Tier`, in order: each begins
where the one before ends, the first at 0, and the last has no end.

>>> water = [Tier("180", "3.45"), Tier("260", "4.83"), Tier(None, "6.21")]
>>> tiered_amount(200, water)
Fraction(3588, 5)
>>> [(str(part.quantity), part.price) for part in tier_parts(200, water)]
[('180', '3.45'), ('20', '4.83')]

With a yearly tariff, what was used earlier in the year fills the lower tiers first:

>>> [(str(part.quantity), part.price) for part in tier_parts(30, water, already=170)]
[('10', '3.45'), ('20', '4.83')]
"""

from fractions import Fraction
from typing import NamedTuple


class Tier(NamedTuple):
    """Price up to a quantity; `up_to` is None for the last, open tier."""

    up_to: str | None
    price: str


class TierPart(NamedTuple):
    """Slice of a quantity in one tier.

    :ivar Fraction start: where the tier begins
    :ivar Fraction end: where it ends, None when it is open
    :ivar Fraction quantity: how much of the quantity lies in it
    :ivar str price: price of one
    """

    start: Fraction
    end: Fraction | None
    quantity: Fraction
    price: str

    def is_full(self):
        """Return whether the quantity fills the tier from end to end."""
        return self.end is not None and self.quantity == self.end - self.start


def tier_parts(quantity, tiers, already=0, months=1):
    """Return the slices of a quantity, one for each tier it reaches into.

    :param quantity: what is to be priced, not negative
    :param tiers: iterable of `Tier` or of (up_to, price)
    :param already: quantity that has filled the tiers before
    :param months: by how much the limits are multiplied; a reading that covers two months
        has twice the room in each tier of a monthly tariff
    :rtype: list
    """
    first, last = _exact(already), _exact(already) + _exact(quantity)
    start, parts = Fraction(0), []
    for up_to, price in tiers:
        end = None if up_to is None else _exact(up_to) * months
        inside = (last if end is None else min(last, end)) - max(first, start)
        if inside > 0:
            parts.append(TierPart(start, end, inside, price))
        if end is None or end >= last:
            break
        start = end
    return parts


def tiered_amount(quantity, tiers, already=0, months=1):
    """Return what a quantity costs, exact; see `tier_parts`.

    :rtype: Fraction

    >>> tiered_amount(0, [Tier(None, 1)])
    Fraction(0, 1)
    """
    return sum(
        (
            part.quantity * _exact(part.price)
            for part in tier_parts(quantity, tiers, already, months)
        ),
        Fraction(0),
    )


def tariff_problem(rows):
    """Return what is wrong with a tariff, None when nothing is.

    :param rows: list of (start, end), in order; an end of 0 or None is open
    :return: (problem, index of the row), problem one of `start` (the first does not begin
        at 0), `gap`, `overlap`, `order` (a tier ends before it begins), `open` (a tier
        without an end is not the last), `closed` (the last has an end)

    >>> tariff_problem([(0, 180), (180, 260), (260, 0)])
    >>> tariff_problem([(0, 180), (200, 0)])
    ('gap', 1)
    >>> tariff_problem([(0, 180), (170, 0)])
    ('overlap', 1)
    >>> tariff_problem([(0, 180), (180, 260)])
    ('closed', 1)
    """
    reached = 0
    for index, (start, end) in enumerate(rows):
        if start != reached:
            problem = "start" if not index else "gap" if start > reached else "overlap"
            return problem, index
        if not end:
            return None if index == len(rows) - 1 else ("open", index)
        if end <= start:
            return "order", index
        reached = end
    return ("closed", len(rows) - 1) if rows else None


def _exact(number):
    """Return a number as the fraction that its decimal notation says."""
    return number if isinstance(number, Fraction) else Fraction(str(number))
