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

from .formula import evaluate
from .period import month_parts
from .tiers import tiered_amount

ROUNDING_UNITS = {"fen": Decimal("0.01"), "jiao": Decimal("0.1"), "yuan": Decimal("1")}


class ChargeAmount(NamedTuple):
    """Amount of a charge and what it was computed from.

    :ivar Decimal amount: what is owed, rounded
    :ivar int whole_months: full calendar months in the period
    :ivar tuple parts: (days, base) of each month that is covered in part
    :ivar Fraction value: the amount before it was rounded, without `carry`
    :ivar Fraction rate_value: what a month, or what is billed once, costs by the rate
        before minimum, days and vacancy
    :ivar bool is_minimum: whether the minimum took the place of `rate_value`
    """

    amount: Decimal
    whole_months: int
    parts: tuple
    value: Fraction = None
    rate_value: Fraction = None
    is_minimum: bool = False


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
    whole, parts, months = _months(start, end, proration)
    value = exact(quantity) * exact(price) * months
    return ChargeAmount(
        round_half_up(value, ROUNDING_UNITS[rounding]), whole, parts, value
    )


def _months(start, end, proration):
    """Return whole months, parts of months and the exact sum of a period."""
    whole, parts, months = 0, [], Fraction(0)
    for part in month_parts(start, end, proration):
        if part.days == part.base:
            whole += 1
        elif part.days:
            parts.append((part.days, part.base))
        months += Fraction(part.days, part.base)
    return whole, tuple(parts), months


def flat_amount(quantity, price, *, rounding="fen"):
    """Return what a quantity costs once, whatever the period.

    :rtype: ChargeAmount

    >>> flat_amount(3, "12.345").amount
    Decimal('37.04')
    """
    value = exact(quantity) * exact(price)
    amount = round_half_up(value, ROUNDING_UNITS[rounding])
    return ChargeAmount(amount, 0, (), value, value)


def round_cumulated(value, unit):
    """Round to a multiple of a unit, halves up, also below zero.

    What is left of rounding the parts before may lie half a unit below zero, and a part
    of nothing then costs nothing, not minus one.

    >>> round_cumulated(Fraction(-1, 200), Decimal("0.01"))
    Decimal('0.00')
    """
    return floor(value / Fraction(unit) + Fraction(1, 2)) * unit


def amount_of(inputs):
    """Return the amount that the recorded inputs of a charge lead to.

    One function for billing and for proving a bill afterwards, so the two cannot differ.
    In this order: quantity times price, or the tiers, or the formula; not less than the
    minimum; for recurring charges the months and days; the part that a vacant unit pays;
    what rounding the days before left over; rounded once.

    :param dict inputs: numbers as text, so that nothing is lost:

        * `kind`; recurring kinds are prorated, with `date_from`, `date_to` (ISO dates) and
          `proration`
        * `quantity`, `price`, `rounding`
        * `tiers`: [[up to or None, price], ...], with `already` (quantity billed before)
          and `tier_months` (by which monthly limits are multiplied)
        * `formula` and its `variables`; `formula_per` "charge" when it gives the amount of
          all days, not that of one month
        * `rate_parts`: what was measured over days of several rates: a list of dict with
          `quantity`, `days` and price, tiers or formula of each; a formula, which is of the
          whole quantity, counts for its part of the days
        * `minimum`: least amount of a month, or of what is billed once
        * `vacancy`: percentage that is paid while the unit is vacant
        * `carry`: exact rest of rounding the days before
    :rtype: ChargeAmount

    >>> amount_of({"kind": "recurring", "quantity": "89.50", "price": "2.5000",
    ...            "date_from": "2026-10-20", "date_to": "2026-10-31",
    ...            "proration": "actual", "rounding": "fen"}).amount
    Decimal('86.61')
    >>> amount_of({"kind": "metered", "quantity": "200", "price": "0",
    ...            "tiers": [["180", "3.45"], [None, "4.83"]], "rounding": "fen"}).amount
    Decimal('717.60')
    """
    if inputs["kind"] == "late_fee":
        from .late_fee import late_fee_of  # which rounds as this module does

        return late_fee_of(inputs)
    rate_value = _rate_value(inputs)
    minimum = exact(inputs.get("minimum") or 0)
    is_minimum = rate_value < minimum
    whole, parts, months = 0, (), Fraction(1)
    if inputs["kind"] == "recurring":
        whole, parts, months = _months(
            date.fromisoformat(inputs["date_from"]),
            date.fromisoformat(inputs["date_to"]),
            inputs["proration"],
        )
        if inputs.get("formula_per") == "charge":
            months = Fraction(1)
    value = max(rate_value, minimum) * months
    if "vacancy" in inputs:
        value *= exact(inputs["vacancy"]) / 100
    unit = ROUNDING_UNITS[inputs["rounding"]]
    if "carry" in inputs:
        amount = round_cumulated(value + Fraction(inputs["carry"]), unit)
    else:
        amount = round_half_up(value, unit)
    return ChargeAmount(amount, whole, parts, value, rate_value, is_minimum)


def _rate_value(inputs):
    """Return what the rate alone asks for a month, or once."""
    if parts := inputs.get("rate_parts"):
        days = sum(part["days"] for part in parts)
        return sum(
            _rate_value(part)
            * (Fraction(part["days"], days) if part.get("formula") else 1)
            for part in parts
        )
    if inputs.get("formula"):
        return evaluate(inputs["formula"], inputs["variables"])
    if inputs.get("tiers"):
        return tiered_amount(
            exact(inputs["quantity"]),
            inputs["tiers"],
            exact(inputs.get("already") or 0),
            exact(inputs.get("tier_months") or 1),
        )
    return exact(inputs["quantity"]) * exact(inputs["price"])


def carry_after(inputs, result):
    """Return what rounding left over, for the part of the same period that follows.

    Parts of a period that are billed one by one, because the price or the payer changes
    within it, then add up to what the period costs as a whole, to the cent.

    :param dict inputs: inputs of the part, see `amount_of`
    :param ChargeAmount result: its amount
    :rtype: Fraction
    """
    return Fraction(inputs.get("carry") or 0) + result.value - Fraction(result.amount)
