"""The figures that a manager asks for: rates, age of arrears, roll-forward.

Plain arithmetic on Decimal or float amounts; the day is always an argument.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

# Last day overdue of each age, the last one open; the keys are the values of `bucket`.
BUCKETS = (
    ("0_current", 0),
    ("1_30", 30),
    ("2_90", 90),
    ("3_180", 180),
    ("4_365", 365),
    ("5_730", 730),
    ("6_1095", 1095),
    ("7_older", None),
)
CENT = Decimal("0.01")


def bucket_of(days_overdue):
    """Return the age of an open amount.

    :param int days_overdue: days since it was due, zero or less while it is not overdue

    >>> bucket_of(-3), bucket_of(0), bucket_of(1), bucket_of(30), bucket_of(31)
    ('0_current', '0_current', '1_30', '1_30', '2_90')
    >>> bucket_of(1095), bucket_of(1096)
    ('6_1095', '7_older')
    """
    for key, last in BUCKETS:
        if last is None or days_overdue <= last:
            return key
    raise AssertionError("the last age is open")


def rate(part, whole):
    """Return a share in percent, rounded to two decimals; None when there is no whole.

    >>> rate(80, 100), rate(1, 3), rate(0, 50)
    (Decimal('80.00'), Decimal('33.33'), Decimal('0.00'))
    >>> rate(5, 0) is None
    True
    """
    part, whole = _exact(part), _exact(whole)
    if not whole:
        return None
    return (part / whole * 100).quantize(CENT, rounding=ROUND_HALF_UP)


class Collection(NamedTuple):
    """What was owed and collected, of the bills of a period or of earlier ones.

    :ivar billed: what the bills asked for; of earlier bills, what was open of them on the
        day before the period
    :ivar waived: taken off since by waivers and corrections
    :ivar collected: paid since, up to the day of the figure
    """

    billed: Decimal = Decimal(0)
    waived: Decimal = Decimal(0)
    collected: Decimal = Decimal(0)

    @property
    def receivable(self):
        """Return what could be collected: billed less waived."""
        return self.billed - self.waived

    @property
    def open(self):
        """Return what is still owed."""
        return self.receivable - self.collected

    @property
    def rate(self):
        """Return what was collected in percent of what could be.

        >>> Collection(Decimal(110), Decimal(10), Decimal(75)).rate
        Decimal('75.00')
        """
        return rate(self.collected, self.receivable)

    def __add__(self, other):
        return Collection(*(mine + its for mine, its in zip(self, other, strict=True)))


class RollForward(NamedTuple):
    """How the receivables of a period came about; credits count negative.

    opening + billed + late_fee - waived - corrected - collected + refunded + other
    = closing
    """

    opening: Decimal = Decimal(0)
    billed: Decimal = Decimal(0)
    late_fee: Decimal = Decimal(0)
    waived: Decimal = Decimal(0)
    corrected: Decimal = Decimal(0)
    collected: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    other: Decimal = Decimal(0)

    @property
    def closing(self):
        """Return what is owed at the end.

        >>> RollForward(Decimal(100), Decimal(50), waived=Decimal(5),
        ...             collected=Decimal(120)).closing
        Decimal('25')
        """
        return (
            self.opening
            + self.billed
            + self.late_fee
            - self.waived
            - self.corrected
            - self.collected
            + self.refunded
            + self.other
        )

    def __add__(self, other):
        return RollForward(*(mine + its for mine, its in zip(self, other, strict=True)))


# Kinds of ledger rows that lower what is owed: shown positive, booked negative.
LOWERING = ("waived", "corrected", "collected")


def roll_forward(opening, movements):
    """Return the roll-forward of signed ledger amounts.

    :param opening: balance before the period
    :param dict movements: kind (a field of `RollForward`) -> sum of the ledger's amounts

    >>> roll_forward(10, {"billed": 30, "collected": -25})
    ... # doctest: +ELLIPSIS
    RollForward(opening=Decimal('10'), billed=Decimal('30'), ... collected=Decimal('25'), ...)
    >>> roll_forward(10, {"billed": 30, "collected": -25}).closing
    Decimal('15')
    """
    values = {
        kind: -_exact(amount) if kind in LOWERING else _exact(amount)
        for kind, amount in movements.items()
    }
    return RollForward(opening=_exact(opening), **values)


def split(total, parts):
    """Return a total shared out in proportion to parts, to the cent and without remainder.

    Each share is the difference of two rounded running sums, so the shares always sum to
    the total; the database does the same in `property.fee.report.detail`.

    >>> [str(share) for share in split(Decimal("100.00"), [1, 1, 1])]
    ['33.33', '33.34', '33.33']
    >>> split(Decimal("5.00"), [])
    []
    """
    whole = sum(map(_exact, parts))
    shares, upto, before = [], Decimal(0), Decimal(0)
    for part in parts:
        upto += _exact(part)
        now = (_exact(total) * upto / whole).quantize(CENT, rounding=ROUND_HALF_UP)
        shares.append(now - before)
        before = now
    return shares


def _exact(amount):
    """Return an amount as Decimal, without the noise of a binary float."""
    return amount if isinstance(amount, Decimal) else Decimal(str(amount))
