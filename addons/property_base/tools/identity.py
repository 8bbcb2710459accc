"""Check and mask what identifies a person: identity numbers, phone numbers, birth dates.

A check returns the code of what looks wrong, or None; it never refuses, because a number that
looks wrong may be right and the person is standing at the desk. A mask keeps what is needed
to recognise a number one already knows. Nothing here knows Odoo.
"""

import re
from datetime import date

from . import normalise

IDENTITY_PROBLEMS = ("length", "region", "birth", "checksum")
PHONE_PROBLEMS = ("format", "placeholder")
MASK = "*"

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
# Provinces of GB/T 2260; 9 starts the cards of foreign permanent residents.
_REGIONS = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54"
    " 61 62 63 64 65 71 81 82 83".split()
)
# GB 32100: unified social credit code of a company.
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FOREIGN_PHONE = re.compile(r"(?:\+|00)(?!86)[1-9][\d\s()-]{5,18}")
_COUNTRY_CODE = re.compile(r"(?:\+|00)\s*86\s*")
_SEVERAL = re.compile(r"([/、,，;；\n])")


def check_identity(number):
    """Return what looks wrong with the number of an identity paper.

    Numbers of 15 or 18 digits are read as identity cards (GB 11643), 18 characters with
    letters as a company's credit code (GB 32100); whatever is neither, such as a passport,
    is taken as it is.

    :return: one of `IDENTITY_PROBLEMS`, or None

    >>> check_identity('990000197209105980'), check_identity('11010519491231002x')
    (None, None)
    >>> check_identity('990000197209105981'), check_identity('110105194902310025')
    ('checksum', 'birth')
    >>> check_identity('770105194912310025'), check_identity('1101051949123100')
    ('region', 'length')
    >>> check_identity('110105491231002'), check_identity('E12345678'), check_identity(False)
    (None, None, None)
    >>> check_identity('91350100M000100Y43'), check_identity('91350100M000100Y44')
    (None, 'checksum')
    """
    clean = normalise.text(number or "").upper().replace(" ", "")
    if not re.fullmatch(r"\d{12,}X?", clean):
        looks_like_code = len(clean) == 18 and set(clean) <= set(_CREDIT_ALPHABET)
        return "checksum" if looks_like_code and not _credit_code_holds(clean) else None
    if re.fullmatch(r"9[123]\d{16}", clean) and _credit_code_holds(clean):
        return None
    if len(clean) not in (15, 18):
        return "length"
    if clean[:2] not in _REGIONS and clean[0] != "9":
        return "region"
    if birthdate(clean) is None:
        return "birth"
    if len(clean) == 18 and check_digit(clean[:17]) != clean[17]:
        return "checksum"
    return None


def number_problems(phone, phone2, identity_number):
    """Return what looks wrong with the numbers of a person, without doubles.

    >>> number_problems('13800000000', None, '110105194912310021')
    ['placeholder', 'checksum']
    """
    problems = (
        check_phone(phone),
        check_phone(phone2),
        check_identity(identity_number),
    )
    return list(dict.fromkeys(problem for problem in problems if problem))


def check_digit(body):
    """Return the 18th character of an identity number from the 17 digits before it.

    >>> check_digit('11010519491231002')
    'X'
    """
    total = sum(
        int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)
    )
    return _CHECK_DIGITS[total % 11]


def _credit_code_holds(code):
    if code[2:4] not in _REGIONS:
        return False
    total = sum(
        _CREDIT_ALPHABET.index(char) * pow(3, place, 31)
        for place, char in enumerate(code[:17])
    )
    return _CREDIT_ALPHABET[-total % 31] == code[17]


def birthdate(number):
    """Return the birth date an identity card carries; None where it carries none.

    >>> birthdate('990000197209105980'), birthdate('110105491231002')
    (datetime.date(1972, 9, 10), datetime.date(1949, 12, 31))
    >>> birthdate('110105194902310025') is None, birthdate('E12345678') is None
    (True, True)
    """
    clean = normalise.text(number or "").upper().replace(" ", "")
    if re.fullmatch(r"\d{17}[\dX]", clean):
        digits = clean[6:14]
    elif re.fullmatch(r"\d{15}", clean):
        digits = "19" + clean[6:12]
    else:
        return None
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return day if day.year >= 1850 else None


def check_phone(number):
    """Return what looks wrong with a phone number, or with several in one text.

    :return: one of `PHONE_PROBLEMS`, or None

    >>> check_phone('13912345678'), check_phone('0571-88886666'), check_phone(False)
    (None, None, None)
    >>> check_phone('1391234567'), check_phone('13900000000'), check_phone('+44 20 7946 0958')
    ('format', 'placeholder', None)
    """
    clean = normalise.text(number or "")
    if _FOREIGN_PHONE.fullmatch(clean):
        return None
    try:
        found = normalise.phones(clean)
    except ValueError:
        return "format"
    if any(len(set(re.sub(r"\D", "", each)[-8:])) == 1 for each in found):
        return "placeholder"
    return None


def is_masked(value):
    """Tell whether a text is the mask of a number rather than a number.

    >>> is_masked('139****1234'), is_masked('13912341234'), is_masked('*100#'), is_masked(False)
    (True, False, False, False)
    """
    return MASK * 2 in (value or "")


def mask_phone(number):
    """Return phone numbers with their middle hidden.

    >>> mask_phone('13912341234'), mask_phone('0571-88886666'), mask_phone('+86 139 1234 1234')
    ('139****1234', '0571-****6666', '+86 139 **** 1234')
    >>> mask_phone('0571-123456'), mask_phone('0571-8888666')
    ('0571-****56', '0571-****666')
    >>> mask_phone('13912341234 / 66123'), mask_phone(False)
    ('139****1234 / ****3', '')
    """
    return "".join(_mask_one_phone(part) for part in _SEVERAL.split(number or ""))


def _mask_one_phone(number):
    country = _COUNTRY_CODE.match(number.strip())
    if country and sum(char.isdigit() for char in number) > 8:
        start = number.index(country.group()) + country.end()
        return number[:start] + _mask_one_phone(number[start:])
    digits = sum(char.isdigit() for char in number)
    area_code = re.match(r"\s*(0\d{2,3})[-\s]", number)
    if digits >= 10 and area_code:
        head = len(area_code.group(1))
        # a short local number shows less of its end: four digits stay hidden
        tail = min(4, digits - head - 4)
    elif digits >= 11:
        head, tail = 3, 4
    elif digits >= 7:
        head, tail = 1, 2
    else:
        head, tail = 0, min(1, digits - 1)
    return _hide(number, head, tail, str.isdigit)


def mask_identity(number):
    """Return the number of an identity paper with its middle hidden.

    >>> mask_identity('990000197209105980'), mask_identity('E12345678'), mask_identity('')
    ('9900**********5980', 'E1*****78', '')
    """
    number = number or ""
    if len(number) >= 15:
        return _hide(number, 4, 4)
    return _hide(number, 2, 2) if len(number) >= 8 else MASK * len(number)


def mask_date(day):
    """Return a birth date of which only the year is left.

    >>> mask_date(date(1972, 9, 10)), mask_date(None)
    ('1972-**-**', '')
    """
    return f"{day.year}-**-**" if day else ""


def _hide(text, head, tail, counts=lambda char: True):
    """Replace the characters that count, but for the first `head` and the last `tail`."""
    places = [place for place, char in enumerate(text) if counts(char)]
    hidden = set(places[head : len(places) - tail])
    return "".join(MASK if place in hidden else char for place, char in enumerate(text))
