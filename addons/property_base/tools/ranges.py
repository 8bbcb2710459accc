"""Keep long lists of ids short: what is made in one go has consecutive ids."""


def pack(ids, packed=()):
    """Return ids as a list of [first, last], added to what is packed already.

    >>> pack([4, 5, 6, 9]), pack([10, 12], [[4, 6], [9, 9]])
    ([[4, 6], [9, 9]], [[4, 6], [9, 10], [12, 12]])
    """
    result = [list(span) for span in packed]
    for one in ids:
        if result and result[-1][1] == one - 1:
            result[-1][1] = one
        else:
            result.append([one, one])
    return result


def unpack(packed):
    """Return the ids that `pack` was given.

    >>> unpack([[4, 6], [9, 9]])
    [4, 5, 6, 9]
    """
    return [one for first, last in packed for one in range(first, last + 1)]
