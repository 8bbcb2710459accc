"""What stands out in a bill beside the one of the period before.

>>> before = Figure(223.75, 89.5)
>>> find_spike("gross_area", "recurring", before, Figure(245.0, 98.0), 50)
'area'
>>> find_spike("gross_area", "recurring", before, before, 50)
>>> find_spike("meter", "metered", Figure(30.0, 10.0), Figure(120.0, 40.0), 50)
'meter'
>>> find_spike("fixed", "recurring", None, Figure(8.0, 1.0), 50)
'new'
>>> find_spike("fixed", "recurring", Figure(8.0, 1.0), None, 50)
'gone'
>>> find_spike("fixed", "recurring", Figure(8.0, 1.0), Figure(0.0, 1.0), 50)
'zero'
>>> find_spike("fixed", "recurring", Figure(8.0, 1.0), Figure(13.0, 1.0), 50)
'amount'
"""

from typing import NamedTuple


class Figure(NamedTuple):
    """What a household is charged for an item in one period.

    :ivar float amount: sum of its charges
    :ivar float quantity: area, consumption or number that they were computed from
    """

    amount: float
    quantity: float


def changes_by(before, now, percent):
    """Return whether a figure has changed by more than a percentage of what it was.

    >>> changes_by(100, 150, 50), changes_by(100, 150.01, 50), changes_by(0, 1, 50)
    (False, True, True)
    """
    return abs(now - before) > abs(before) * percent / 100 + 1e-9


def find_spike(basis, kind, before, now, percent):
    """Return what stands out of an item of a household, None when nothing does.

    :param str basis: what the price is multiplied with
    :param str kind: kind of the fee item
    :param Figure before: of the period before, None when nothing was charged
    :param Figure now: of this period, None when nothing is charged
    :param float percent: changes up to this part of what was are ordinary
    :return: one of area, meter, new, gone, zero, amount
    """
    if before is None or now is None:
        return None if before is now else "new" if before is None else "gone"
    if not now.amount and before.amount:
        return "zero"
    if kind == "metered":
        jumps = changes_by(before.quantity, now.quantity, percent)
        return "meter" if jumps else None
    if basis.endswith("area") and changes_by(before.quantity, now.quantity, 0):
        return "area"
    return "amount" if changes_by(before.amount, now.amount, percent) else None
