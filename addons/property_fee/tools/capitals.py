"""Amounts in Chinese capitals, as receipts and notices must show them."""

from decimal import ROUND_HALF_UP, Decimal

import cn2an


def amount_in_capitals(amount):
    """Return an amount of yuan in Chinese capital numerals.

    :param amount: yuan; int, float, Decimal or str; rounded half up to the fen
    :rtype: str

    >>> print(amount_in_capitals(1234.5).encode("unicode_escape").decode())
    \\u58f9\\u4edf\\u8d30\\u4f70\\u53c1\\u62fe\\u8086\\u5143\\u4f0d\\u89d2
    >>> amount_in_capitals(0.1 + 0.2) == amount_in_capitals("0.30")
    True
    """
    # As text: cn2an reads a float digit by digit, binary noise included.
    exact = Decimal(str(amount)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return cn2an.an2cn(f"{exact:f}", "rmb")
