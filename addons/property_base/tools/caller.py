"""Understand what a caller says: a house number, part of a phone number, a name, a plate.

`understand` turns the words into what they may mean; `room_key`, `code_key` and
`person_key` write units and people into the columns that are searched. Both sides pass
through the same normalisation, so that "03-01-0502", "3#1-502" and "三栋一单元502室" meet.
Nothing here knows Odoo.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from .pinyin import fold, name_words
from .plate import normalise as normalise_plate

MIN_PHONE = 3
MIN_PLATE = 3
MAX_QUERY = 64
ANY = "%"

_NUMERALS = {char: value for value, char in enumerate("零一二三四五六七八九")}
_NUMERALS.update({"〇": 0, "两": 2})
_NUMERAL_CHARS = "".join(_NUMERALS) + "十百"
_BUILDING_WORD = r"(?:号楼|栋|幢|座|楼|#楼?)"
_ROOM = r"[A-Z]{0,2}\d{1,5}[A-Z]?(?:\+\d{1,5})*"
# With a word or a dash between the parts there is one way to read a house number.
_EXPLICIT = (
    # 3栋1单元502室, 3#1-502, A座1203, 翠湖花园3号楼2单元
    re.compile(
        rf"(?P<place>.*?)(?P<building>[A-Z]?\d{{1,3}}[A-Z]?|[A-Z]){_BUILDING_WORD}-?"
        rf"(?:(?P<entrance>\d{{1,2}}|[A-Z])(?:单元|门|-)-?)?(?P<room>{_ROOM})?"
    ),
    # 3-1-502, 3-502
    re.compile(
        r"(?P<place>(?:.*(?:[^\dA-Z-]|[A-Z]{3}(?=-)))?)-?(?P<building>[A-Z]?\d{1,3}[A-Z]?|[A-Z])-"
        rf"(?:(?P<entrance>\d{{1,2}}|[A-Z])-)?(?P<room>{_ROOM})"
    ),
    # 1单元502
    re.compile(
        rf"(?P<place>.*?)(?P<entrance>\d{{1,2}}|[A-Z])(?:单元|门)-?(?P<room>{_ROOM})"
    ),
)
_TERSE = (
    # B1203 is room 1203 of building B, or room B1203
    re.compile(
        r"(?P<place>(?:.*[^\dA-Z-])?)-?(?P<building>[A-Z])(?P<room>[1-9]\d{2,4})"
    ),
    # 502, S12, 地库P045
    re.compile(rf"(?P<place>(?:.*[^\dA-Z-])?)-?(?P<room>{_ROOM})"),
)
_NUMERAL_BEFORE = re.compile(rf"[{_NUMERAL_CHARS}]+(?=号楼|栋|幢|座|单元|门|室|房|号)")
_NUMERAL_LAST = re.compile(rf"(?<=[栋幢座楼元门-])[{_NUMERAL_CHARS}]+$")
_ROOM_WORD = re.compile(r"(室|房|号|户)$")
_PLATE_LIKE = re.compile(r"[\u4e00-\u9fff]?[A-Z0-9]{2,8}[\u4e00-\u9fff]?")
_TITLE = re.compile(r"(?<=.)(先生|女士|小姐|太太|阿姨|大爷|师傅|老师|经理|总)$")


@dataclass(frozen=True)
class UnitGuess:
    """A unit that may be meant; empty parts were not said."""

    room: str = ""
    building: str = ""
    entrance: str = ""
    place: str = ""

    @property
    def code_pattern(self):
        """LIKE pattern of `code_key` that also finds merged rooms such as 3-1-501+502.

        >>> UnitGuess('502', '3', '1').code_pattern, UnitGuess('502', '3').code_pattern
        ('3-1-%502%', '3-%502%')
        >>> UnitGuess('', '3').code_pattern, UnitGuess('502').code_pattern
        ('3-%', '%502%')
        """
        before = "".join(f"{said}-" for said in (self.building, self.entrance) if said)
        return f"{before}%{self.room}%" if self.room else f"{before}%"

    @property
    def room_pattern(self):
        """LIKE pattern of `room_key`, or empty when no room was said.

        >>> UnitGuess('502', '3').room_pattern, UnitGuess('502').room_pattern
        ('502-3-%', '502-%')
        >>> UnitGuess('502', '3', '1').room_pattern
        '502-3-1-'
        >>> UnitGuess('502', entrance='1').room_pattern
        '502-%-1-'
        """
        if not self.room:
            return ""
        if self.entrance:
            return f"{self.room}-{self.building or ANY}-{self.entrance}-"
        return f"{self.room}-{self.building}-%" if self.building else f"{self.room}-%"


@dataclass(frozen=True)
class Said:
    """What a query may mean; what it cannot mean is empty.

    :param str code: beginning of a unit code, normalised
    :param list units: `UnitGuess`, the likeliest first
    :param str phone: at least three digits of a phone number
    :param str name: beginning of a name in characters, pinyin or initials
    :param str plate: part of a number plate
    """

    code: str = ""
    units: list = field(default_factory=list)
    phone: str = ""
    name: str = ""
    plate: str = ""


def understand(query):
    """Return what the words of a caller may mean.

    >>> said = understand('3栋502')
    >>> said.units[0], said.phone, said.name
    (UnitGuess(room='502', building='3', entrance='', place=''), '', '')
    >>> understand('翠湖花园三栋一单元502室').units[0]
    UnitGuess(room='502', building='3', entrance='1', place='翠湖花园')
    >>> understand('Lakeside 3-502').units[0].place
    'LAKESIDE'
    >>> understand('502').phone, understand('50').phone, understand('139 1234').phone
    ('502', '', '1391234')
    >>> understand('zs').name, understand('张三先生').name, understand('浙A·12345').plate
    ('zs', '张三', '浙A12345')
    >>> understand('139****5678').phone
    '139****5678'
    >>> understand(' ')
    Said(code='', units=[], phone='', name='', plate='')
    """
    text = unicodedata.normalize("NFKC", query or "").strip()[:MAX_QUERY].strip()
    units = _units(text)
    said = {"code": code_key(text), "units": units, "phone": _phone(text)}
    if units and (units[0].building or units[0].entrance) and len(units) == 1:
        return Said(**said)
    plate = normalise_plate(text)
    if len(plate) >= MIN_PLATE and _PLATE_LIKE.fullmatch(plate):
        said["plate"] = plate
    if any(char.isalpha() for char in _ROOM_WORD.sub("", text)):
        said["name"] = fold(_TITLE.sub("", text))
    return Said(**said)


def part(text):
    """Return a part of a code without leading zeros, in capitals.

    >>> part('003'), part(' p045'), part('0502'), part('A'), part('商铺'), part(None)
    ('3', 'P45', '502', 'A', '商铺', '')
    """
    clean = unicodedata.normalize("NFKC", text or "").upper()
    return re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"[\s\\%_]+", "", clean))


def code_key(code):
    """Return a unit code normalised: capitals, dashes between parts, no leading zeros.

    >>> code_key('03-01-0502'), code_key('3#1/502'), code_key('s12'), code_key('3 1 502')
    ('3-1-502', '3-1-502', 'S12', '3-1-502')
    """
    clean = unicodedata.normalize("NFKC", code or "").strip()
    parts = (part(piece) for piece in re.split(r"[-/.#\s]+", clean))
    return "-".join(piece for piece in parts if piece)


def room_key(room, building, entrance):
    """Return a unit by room, building and entrance, each closed by a dash.

    With the room first, a room alone, a room of a building and a room of an entrance are
    all beginnings of the key.

    >>> room_key('502', '3', '1'), room_key('P045', '地库', None), room_key('502', '03', '')
    ('502-3-1-', 'P45-地库--', '502-3--')
    """
    return "".join(f"{part(piece)}-" for piece in (room, building, entrance))


def person_key(name, *phones):
    """Return the words by which a person is found, each between blanks.

    >>> person_key('张三', '139 1234 5678', None)
    ' 张三 三 zhangsan san zs zhs 13912345678 '
    >>> person_key(None)
    ''
    """
    words = name_words(name)
    words += [digits for phone in phones if (digits := re.sub(r"\D", "", phone or ""))]
    return f" {' '.join(words)} " if words else ""


def numeral(text):
    """Return a Chinese numeral as digits; digits read out one by one as well.

    >>> [numeral(text) for text in ('三', '十二', '二十', '五零二', '一百零三', '一二〇三')]
    ['3', '12', '20', '502', '103', '1203']
    """
    if not set(text) & set("十百"):
        return "".join(str(_NUMERALS[char]) for char in text)
    total, pending = 0, 0
    for char in text:
        if char in "十百":
            total += (pending or 1) * (10 if char == "十" else 100)
            pending = 0
        else:
            pending = _NUMERALS[char]
    return str(total + pending)


def _units(text):
    """Return the units that a text may mean, the likeliest first."""
    clean = text.upper()
    for pattern in (_NUMERAL_BEFORE, _NUMERAL_LAST):
        clean = pattern.sub(lambda match: numeral(match.group()), clean)
    clean = _ROOM_WORD.sub("", clean)
    clean = re.sub(r"[-/.\s]+|#(?=\d)", "-", clean).strip("-")
    for pattern in _EXPLICIT:
        if match := pattern.fullmatch(clean):
            return [_guess(match)]
    return [_guess(match) for pattern in _TERSE if (match := pattern.fullmatch(clean))]


def _guess(match):
    said = match.groupdict(default="")
    place = said.pop("place").strip("- ")
    return UnitGuess(**{name: part(value) for name, value in said.items()}, place=place)


def _phone(text):
    """Return the digits of a text that may be part of a phone number.

    Blanks and dashes are allowed in long numbers only: 3-1-502 is no phone. Stars stand
    for digits that were hidden.
    """
    compact = re.sub(r"^(\+|00)86[\s-]?", "", text)
    digits = re.sub(r"[\s()-]", "", compact)
    if not re.fullmatch(r"[0-9*]+", digits) or len(digits.strip("*")) < MIN_PHONE:
        return ""
    return digits if digits == compact or len(digits) >= 7 else ""
