"""How money that comes in settles what is owed: amounts in fen, plain integers.

Nothing here knows Odoo; callers turn yuan into fen with `fen` and back with `yuan`.
"""

from decimal import ROUND_HALF_UP, Decimal

# Above this many open bills only runs of the oldest are tried, so that the work is bounded.
MAX_COMBINED = 16


def fen(amount):
    """Return an amount of yuan in fen, rounded half up.

    >>> fen(223.75), fen("0.1"), fen(-1.005)
    (22375, 10, -101)
    """
    exact = Decimal(str(amount)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return int(exact * 100)


def yuan(amount):
    """Return fen as yuan.

    >>> yuan(22375)
    223.75
    """
    return amount / 100


def allocate(debts, money):
    """Let money pay debts in their order.

    :param debts: what is owed, in fen, the first to be paid first
    :param int money: what there is, in fen
    :return: (what each debt gets, what is left over)

    >>> allocate([10000, 5000, 800], 12000)
    ([10000, 2000, 0], 0)
    >>> allocate([10000], 12000)
    ([10000], 2000)
    """
    shares = []
    for debt in debts:
        share = max(min(debt, money), 0)
        shares.append(share)
        money -= share
    return shares, money


def spread(parts, paid, amount):
    """Say which lines of a bill an amount pays when earlier amounts paid the first ones.

    :param parts: amounts of the lines in fen, in the order of the bill
    :param int paid: what was paid of the bill before, in fen
    :param int amount: what is paid now, in fen
    :return: what each line gets, in fen; the shares add up to the amount as far as the lines
        do

    >>> spread([22375, 800], 0, 10000)
    [10000, 0]
    >>> spread([22375, 800], 10000, 13175)
    [12375, 800]
    >>> spread([22375, -375, 800], 0, 22800)
    [22375, -375, 800]
    """
    if amount >= sum(parts) and not paid:
        return list(parts)
    shares = []
    for part in _without_deductions(parts):
        before = min(part, paid)
        share = min(part - before, amount)
        paid -= before
        amount -= share
        shares.append(share)
    return shares


def _without_deductions(parts):
    """Take deductions (negative lines) from the last lines that can bear them."""
    rest = list(parts)
    for index, part in enumerate(parts):
        if part < 0:
            rest[index], missing = 0, -part
            for other in reversed(range(len(rest))):
                share = min(max(rest[other], 0), missing)
                rest[other] -= share
                missing -= share
    return [max(part, 0) for part in rest]


def combination(amounts, target, limit=MAX_COMBINED):
    """Find the bills that add up to exactly an amount, preferring the oldest.

    :param amounts: open amounts in fen, the oldest first
    :param int target: what was paid, in fen
    :param int limit: largest number of bills of which every combination is tried
    :return: list of indexes, or None when no combination fits

    >>> combination([22375, 22375, 800], 45550)
    [0, 1, 2]
    >>> combination([22375, 22375, 800], 23175)
    [0, 2]
    >>> combination([22375, 22375], 30000) is None
    True
    """
    if target <= 0:
        return None
    total = 0
    for index, amount in enumerate(amounts):
        total += amount
        if total == target:
            return list(range(index + 1))
    # Sums that can be reached -> the bills; the first way found uses the oldest ones.
    reached = {0: ()}
    for index, amount in enumerate(amounts[:limit]):
        for reachable, used in list(reached.items()):
            more = reachable + amount
            if more <= target and more not in reached:
                reached[more] = (*used, index)
        if target in reached:
            return list(reached[target])
    return None
