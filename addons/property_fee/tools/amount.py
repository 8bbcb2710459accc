"""The amount of a charge, exact until it is rounded once.

>>> from datetime import date
>>> result = charge_amount(89.5, 2.5, date(2026, 10, 20), date(2026, 10, 31))
>>> result.amount
Decimal('86.61')
>>> result.whole_months, result.parts
(0, ((12, 31),))
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import NamedTuple

from .period import month_parts

ROUNDING_UNITS = {"fen": Decimal("0.01"), "jiao": Decimal("0.1"), "yuan": Decimal("1")}


class ChargeAmount(NamedTuple):
    """Amount of a charge and what it was computed from.

    :ivar Decimal amount: what is owed, rounded
    :ivar int whole_months: full calendar months in the period
    :ivar tuple parts: (days, base) of each month that is covered in part
    """

    amount: Decimal
    whole_months: int
    parts: tuple


def exact(number):
    """Return a number as the fraction that its decimal notation says.

    A float is taken for the decimal it prints as, which is what was typed and stored.

    >>> exact(0.1)
    Fraction(1, 10)
    >>> exact("2.5000")
    Fraction(5, 2)
    """
    return Fraction(str(number))


def round_half_up(value, unit):
    """Round an exact number to a multiple of a unit, halves away from zero.

    :param Fraction value: exact number
    :param Decimal unit: smallest amount, such as Decimal("0.01")
    :return: Decimal with the digits of the unit

    >>> round_half_up(Fraction("2.345"), Decimal("0.01"))
    Decimal('2.35')
    >>> round_half_up(Fraction("-2.345"), Decimal("0.01"))
    Decimal('-2.35')
    >>> round_half_up(Fraction("86.5"), Decimal("1"))
    Decimal('87')
    """
    steps = floor(abs(value) / Fraction(unit) + Fraction(1, 2))
    return (steps if value >= 0 else -steps) * unit


def charge_amount(quantity, price, start, end, *, proration="actual", rounding="fen"):
    """Return what a quantity at a monthly price costs over a period.

    :param quantity: square metres, or 1 for a fixed price; int, float, Decimal or str
    :param price: price of one unit of quantity for one month
    :param date start: first day of the period
    :param date end: last day of the period
    :param str proration: see `period.month_parts`
    :param str rounding: one of `ROUNDING_UNITS`
    :rtype: ChargeAmount
    """
    whole, parts, months = 0, [], Fraction(0)
    for part in month_parts(start, end, proration):
        if part.days == part.base:
            whole += 1
        elif part.days:
            parts.append((part.days, part.base))
        months += Fraction(part.days, part.base)
    value = exact(quantity) * exact(price) * months
    return ChargeAmount(
        round_half_up(value, ROUNDING_UNITS[rounding]), whole, tuple(parts)
    )


def flat_amount(quantity, price, *, rounding="fen"):
    """Return what a quantity costs once, whatever the period.

    :rtype: ChargeAmount

    >>> flat_amount(3, "12.345").amount
    Decimal('37.04')
    """
    value = exact(quantity) * exact(price)
    return ChargeAmount(round_half_up(value, ROUNDING_UNITS[rounding]), 0, ())


def amount_of(inputs):
    """Return the amount that the recorded inputs of a charge lead to.

    One function for billing and for proving a bill afterwards, so the two cannot differ.

    :param dict inputs: `kind`, `quantity`, `price`, `rounding`, and for recurring charges
        `date_from`, `date_to` (ISO dates) and `proration`
    :rtype: ChargeAmount

    >>> amount_of({"kind": "recurring", "quantity": "89.50", "price": "2.5000",
    ...            "date_from": "2026-10-20", "date_to": "2026-10-31",
    ...            "proration": "actual", "rounding": "fen"}).amount
    Decimal('86.61')
    """
    if inputs["kind"] == "late_fee":
        from .late_fee import late_fee_of  # which rounds as this module does

        return late_fee_of(inputs)
    if inputs["kind"] != "recurring":
        return flat_amount(
            inputs["quantity"], inputs["price"], rounding=inputs["rounding"]
        )
    return charge_amount(
        inputs["quantity"],
        inputs["price"],
        date.fromisoformat(inputs["date_from"]),
        date.fromisoformat(inputs["date_to"]),
        proration=inputs["proration"],
        rounding=inputs["rounding"],
    )
