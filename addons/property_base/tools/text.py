"""What comes in from outside as text: forms of the portal and of the phone, calls.

>>> clean(" Tap\\x00 drips\\r\\nat night ", 100)
'Tap drips\\nat night'
"""

import re

# The database keeps no NUL, and no page or sheet shows the other ones.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
LARGEST_ID = 2**31 - 1


def clean(value, limit):
    """Return a text without control characters and outer spaces, cut to a length.

    :param value: text, or None or False for none
    :param int limit: most characters

    >>> clean(None, 10), clean("\\x00\\x07", 10), clean("a\\tb", 2)
    ('', '', 'a')
    >>> clean("\U0001f4a7" * 3, 2) == "\U0001f4a7" * 2
    True
    """
    return CONTROL.sub("", str(value or "")).strip()[:limit].strip()


def to_id(value):
    """Return the number of a record that a form names, 0 for anything else.

    >>> to_id("12"), to_id(""), to_id("-1"), to_id("\u00b2"), to_id("9" * 20), to_id(None)
    (12, 0, 0, 0, 0, 0)
    """
    value = str(value or "")
    if not re.fullmatch(r"[0-9]{1,10}", value):
        return 0
    number = int(value)
    return number if number <= LARGEST_ID else 0
