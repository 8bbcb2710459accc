"""Read what people type into rosters: phones, areas, dates, shares, names, house numbers.

Every function takes one cell as the spreadsheet gives it and returns a clean value. What
cannot be read raises `ValueError` with one of the codes of `PROBLEMS`; the caller words the
message. Nothing here knows Odoo.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

PROBLEMS = (
    "not_a_number",
    "negative",
    "no_date",
    "bad_phone",
    "bad_share",
    "formula",
)

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0\d{2,3})-?(\d{7,8})(?:-(\d{1,6}))?")
_SERVICE = re.compile(r"[48]00-?\d{3}-?\d{4}")
_SEPARATORS = re.compile(r"[/、,;;,\n]+|\s{2,}")
_UNIT_SUFFIX = re.compile(r"(平方米|平方|平米|平|㎡|m2|m²|M2)$")
_DATE = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:\s+\d{1,2}:\d{2}.*)?"
)
_SHARE = re.compile(r"\d+(?:\.\d+)?\s*%|\d+/\d+|\d+(?:\.\d+)?")
_LARGEST_AREA = Decimal(10_000_000)
_EXCEL_EPOCH = date(1899, 12, 30)
# A sheet repeats its buildings, storeys and areas from row to row; 1, 1.0 and True differ.
_remembered = lru_cache(maxsize=2048, typed=True)


def text(value):
    """Return a cell as plain text: full-width forms folded, blanks trimmed, 3.0 shown as 3.

    >>> text(' １５９ '), text(304.0), text(None), text('2单元')
    ('159', '304', '', '2单元')
    """
    if isinstance(value, str):
        if value.isascii():  # nothing to fold
            return value.strip()
    elif value is None:
        return ""
    elif isinstance(value, float) and value.is_integer():
        return str(int(value))
    elif isinstance(value, int):
        return str(value)
    return unicodedata.normalize("NFKC", str(value)).replace("\u200b", "").strip()


def phones(value):
    """Return the phone numbers of a cell, in order, without doubles.

    :raises ValueError: `bad_phone` when a part of the cell is not a Chinese number

    >>> phones('18113486109/15892618703')
    ['18113486109', '15892618703']
    >>> phones('１５９９３５４３６７４'), phones('159-5567-7358'), phones(18890890803.0)
    (['15993543674'], ['15955677358'], ['18890890803'])
    >>> phones('+86 139 1234 5678 0571 8888 6666')
    ['13912345678', '0571-88886666']
    >>> phones('不详')
    Traceback (most recent call last):
    ValueError: bad_phone
    """
    return list(_read_phones(text(value)))


@_remembered
def _read_phones(clean):
    # Asked for twice: when a row is read, and when the person is written.
    found = []
    for part in _SEPARATORS.split(clean):
        if part and not _collect_phones(part, found):
            raise ValueError("bad_phone")
    return tuple(dict.fromkeys(found))


def _collect_phones(part, found):
    """Append the numbers in a piece of text; return whether all of it was read."""
    compact = re.sub(r"[\s()().]", "", part)
    compact = re.sub(r"^(\+|00)86-?", "", compact)
    if match := _LANDLINE.fullmatch(compact):
        found.append("-".join(group for group in match.groups() if group))
        return True
    if _SERVICE.fullmatch(compact):
        found.append(compact)
        return True
    digits = compact.replace("-", "")
    if _MOBILE.fullmatch(digits):
        found.append(digits)
        return True
    if match := re.match(r"1[3-9]\d{9}", digits):
        return _collect_phones(match.group(), found) and _collect_phones(
            digits[11:], found
        )
    return False


@_remembered
def area(value):
    """Return square metres as Decimal with two places, or None for an empty cell.

    :raises ValueError: `not_a_number`, `negative`

    >>> area('78.36㎡'), area(89.5), area('１２７．９平方米'), area('')
    (Decimal('78.36'), Decimal('89.50'), Decimal('127.90'), None)
    >>> area('八十九')
    Traceback (most recent call last):
    ValueError: not_a_number
    """
    clean = _UNIT_SUFFIX.sub("", text(value).replace(",", "")).strip()
    if not clean:
        return None
    try:
        number = Decimal(clean)
    except InvalidOperation:
        raise ValueError("not_a_number") from None
    if not number.is_finite() or abs(number) > _LARGEST_AREA:
        raise ValueError("not_a_number")
    if number < 0:
        raise ValueError("negative")
    return number.quantize(Decimal("0.01"))


def day(value):
    """Return a date from a date cell, a serial number or one of the ways people write it.

    :raises ValueError: `no_date` for anything else, also for a day that does not exist

    >>> [str(day(cell)) for cell in ('2022.01.06', '2022年4月21日', '2022-1-6', 44722)]
    ['2022-01-06', '2022-04-21', '2022-01-06', '2022-06-10']
    >>> day(None) is None, day('20220106')
    (True, datetime.date(2022, 1, 6))
    >>> day('2025-02-30')
    Traceback (most recent call last):
    ValueError: no_date
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    clean = text(value)
    if not clean:
        return None
    try:
        if match := _DATE.fullmatch(clean):
            return date(*map(int, match.groups()))
        if re.fullmatch(r"(19|20)\d{6}", clean):
            return date(int(clean[:4]), int(clean[4:6]), int(clean[6:]))
        serial = float(clean)
    except ValueError:
        raise ValueError("no_date") from None
    if not 20000 <= serial <= 80000:
        raise ValueError("no_date")
    return _EXCEL_EPOCH + timedelta(days=int(serial))


def people(value):
    """Return the names of a cell.

    :raises ValueError: `formula` for a text that a spreadsheet would take for a formula

    >>> people('朱娟秀、赵强子'), people(' 王 杰 '), people('李明/王芳'), people(None)
    (['朱娟秀', '赵强子'], ['王杰'], ['李明', '王芳'], [])
    >>> people('=HYPERLINK("http://x","a")')
    Traceback (most recent call last):
    ValueError: formula
    """
    clean = text(value)
    if clean.startswith(("=", "+", "-", "@")):
        raise ValueError("formula")
    names = []
    for part in _SEPARATORS.split(clean):
        name = part.strip()
        if re.fullmatch(r"[\u3400-\u9fff](\s[\u3400-\u9fff])+", name):
            name = re.sub(r"\s", "", name)
        if name:
            names.append(name)
    return list(dict.fromkeys(names))


def shares(value, count):
    """Return the shares of `count` owners in percent.

    An empty cell means equal parts; what equal parts leave over goes to the first owner.

    :raises ValueError: `bad_share` when the text is no share, the number of shares is
        not the number of owners, or they exceed 100 percent

    >>> shares('各50%', 2), shares('60%/40%', 2)
    ([Decimal('50'), Decimal('50')], [Decimal('60'), Decimal('40')])
    >>> shares('100%', 1), shares(1.0, 1)
    ([Decimal('100')], [Decimal('100')])
    >>> shares('', 3)
    [Decimal('33.334'), Decimal('33.333'), Decimal('33.333')]
    >>> shares('120%', 1)
    Traceback (most recent call last):
    ValueError: bad_share
    """
    if not count:
        return []
    clean = text(value)
    if not clean or (count > 1 and clean in ("100%", "1", "100", "共同共有")):
        each = (Decimal(100) / count).quantize(Decimal("0.001"))
        return [Decimal(100) - each * (count - 1)] + [each] * (count - 1)
    numbers = [_percent(part) for part in _SHARE.findall(clean)] or [None]
    if clean.startswith("各"):
        numbers = numbers * count
    if (
        None in numbers
        or len(numbers) != count
        or sum(numbers) > 100
        or min(numbers) <= 0
    ):
        raise ValueError("bad_share")
    return numbers


def _percent(part):
    fraction = re.fullmatch(r"(\d+)/(\d+)", part.strip())
    try:
        if fraction and int(fraction.group(2)):
            number = Decimal(fraction.group(1)) / Decimal(fraction.group(2)) * 100
        elif part.strip().endswith("%"):
            number = Decimal(part.strip().rstrip("%"))
        else:
            number = Decimal(part.strip())
            number = number * 100 if number <= 1 else number
        number = number.quantize(Decimal("0.001"))
    except InvalidOperation:
        return None
    return Decimal(int(number)) if number == int(number) else number


@_remembered
def building(value):
    """Return (code, name) of a building cell; ('', '') when it is empty.

    >>> building(3), building('3栋'), building('3#'), building('地库'), building('A座')
    (('3', '3栋'), ('3', '3栋'), ('3', '3栋'), ('地库', '地库'), ('A', 'A座'))
    """
    clean = text(value).strip("#号楼")
    match = re.fullmatch(r"([A-Za-z]?\d+|[A-Za-z])(栋|幢|座|号楼|#)?", clean)
    if not match:
        return clean, clean
    code, suffix = match.groups()
    return code, code + ("座" if suffix == "座" else "栋")


@_remembered
def entrance(value):
    """Return (code, name) of an entrance cell; ('', '') for none ("0", empty).

    >>> entrance('2单元'), entrance(1), entrance(0), entrance(None)
    (('2', '2单元'), ('1', '1单元'), ('', ''), ('', ''))
    """
    clean = re.sub(r"(单元|门)$", "", text(value)).strip()
    if clean in ("", "0", "无", "/"):
        return "", ""
    return clean, f"{clean}单元"


def room(value):
    """Return the number of a room.

    >>> room(' 304 '), room(101.0), room('P045'), room('502室')
    ('304', '101', 'P045', '502')
    """
    return re.sub(r"(室|房|号)$", "", text(value)).upper().replace(" ", "")


@_remembered
def floor(value):
    """Return a storey as int, or None for an empty cell; basements are negative.

    :raises ValueError: `not_a_number`

    >>> floor(20.0), floor('-1'), floor('B1'), floor('3层'), floor('')
    (20, -1, -1, 3, None)
    """
    clean = re.sub(r"(层|楼|F)$", "", text(value).upper()).strip()
    if not clean:
        return None
    clean = re.sub(r"^(B|负|地下)", "-", clean)
    if not re.fullmatch(r"-?\d{1,3}", clean):
        raise ValueError("not_a_number")
    return int(clean)
