"""Number plates of vehicles in mainland China (GA 36 and the rules for electric vehicles)."""

import re
import unicodedata

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_LETTER = "A-HJ-NP-Z"
_PATTERNS = (
    # five characters after province and office; the last may name a kind of vehicle
    rf"[{_PROVINCES}][A-Z][{_LETTER}0-9]{{4}}[{_LETTER}0-9挂学警港澳]",
    # new energy: six characters, the letter first (small) or last (large)
    rf"[{_PROVINCES}][A-Z][A-HJ-K][{_LETTER}0-9]\d{{4}}",
    rf"[{_PROVINCES}][A-Z]\d{{5}}[A-HJ-K]",
    # embassies and consulates
    rf"使\d{{6}}|\d{{6}}使|[{_PROVINCES}][A-Z]\d{{4}}领",
    # armed police
    rf"WJ[{_PROVINCES}]?\d{{4}}[{_LETTER}0-9]",
)
_PLATE = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS))
_NOISE = re.compile(r"[\s\u00b7\u2022\u30fb\uff65.\-_]+")


def normalise(text):
    """Return a plate the way it is stored: upper case, without blanks, dots and dashes.

    >>> normalise(' 浙a·12b45 '), normalise('浙Ad12345'), normalise(None)
    ('浙A12B45', '浙AD12345', '')
    """
    folded = unicodedata.normalize("NFKC", text or "")
    return _NOISE.sub("", folded).upper()


def is_plate(plate):
    """Tell whether a normalised text looks like a plate of a motor vehicle.

    >>> [is_plate(text) for text in ('浙A12B45', '粤BD12345', '京A12345D', '粤Z1234港')]
    [True, True, True, True]
    >>> [is_plate(text) for text in ('浙A12I45', 'A12345', '浙A1234', '杭州A12345', '')]
    [False, False, False, False, False]
    """
    return bool(_PLATE.fullmatch(plate or ""))
