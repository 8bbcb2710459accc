"""Divide an amount so that the parts add up to it exactly.

>>> allocate("100.00", [("a", 1), ("b", 1), ("c", 1)])
{'a': Decimal('33.34'), 'b': Decimal('33.33'), 'c': Decimal('33.33')}
"""

from decimal import Decimal
from fractions import Fraction
from math import floor

CENT = Decimal("0.01")


class NoWeight(ValueError):
    """Nobody takes a part: all weights are zero."""


def allocate(total, weights, unit=CENT):
    """Divide an amount by weights, by the method of the largest remainder.

    Each part is its exact share rounded down to the unit; the units that are left go
    one by one to the largest remainders, of equal ones to the one that stands first.
    The same input gives the same parts, however often it is asked.

    :param total: amount to divide, a multiple of the unit; may be negative
    :param weights: iterable of (key, weight) in the order that settles ties; weights are
        not negative, keys not repeated
    :param Decimal unit: smallest part
    :return: dict key -> Decimal; their sum is the total
    :raises NoWeight: all weights are zero
    :raises ValueError: a weight is negative, or the total is no multiple of the unit

    >>> parts = allocate("1234.56", [("1-101", "89.50"), ("1-102", "120"), ("1-103", 0)])
    >>> parts["1-103"], sum(parts.values())
    (Decimal('0.00'), Decimal('1234.56'))
    >>> allocate("-0.03", [("a", 1), ("b", 1)])
    {'a': Decimal('-0.02'), 'b': Decimal('-0.01')}
    """
    unit = Decimal(unit)
    steps = Fraction(str(total)) / Fraction(unit)
    if steps.denominator != 1:
        raise ValueError("total")
    sign, steps = (-1 if steps < 0 else 1), abs(int(steps))
    exact = [(key, Fraction(str(weight))) for key, weight in weights]
    if any(weight < 0 for _key, weight in exact):
        raise ValueError("weight")
    whole = sum((weight for _key, weight in exact), Fraction(0))
    if not whole:
        raise NoWeight
    shares = [steps * weight / whole for _key, weight in exact]
    parts = [floor(share) for share in shares]
    ranked = sorted(
        range(len(shares)), key=lambda index: (parts[index] - shares[index], index)
    )
    for index in ranked[: steps - sum(parts)]:
        parts[index] += 1
    return {
        key: sign * part * unit
        for (key, _weight), part in zip(exact, parts, strict=True)
    }
