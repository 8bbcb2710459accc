"""Find the household that a bank line pays for: what the memo, the payer and the amount say.

`HouseholdIndex` is built once; each line then costs a few look-ups, whatever the number of
households. What is found is evidence, which `match_score` weighs.
Nothing here knows Odoo.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from odoo.addons.property_base.tools.caller import numeral, part

# Evidence that fits more households than this says nothing.
MOST = 40
SIMILAR = 88

_NUMERAL = re.compile(
    r"[零〇一二两三四五六七八九十百]+(?=号楼|栋|幢|座|单元|门|室|房|号)"
)
_NOISE = re.compile(
    r"(?<!\d)(?:19|20)\d{2}(?:年|[-/.])\d{1,2}(?:月|[-/.]\d{1,2}日?)?(?!\d)"  # 2026-10
    r"|(?<!\d)(?:19|20)\d{2}年|(?<!\d)\d{1,2}(?:[-~至到]\d{1,2})?月份?"  # 10-12月
    r"|(?<![\d-])\d+(?:\.\d+)?元"  # 223.75元
    r"|\d{7,}"  # phones, account and serial numbers
)
_BUILDING = r"(?P<building>[A-Z]?\d{1,3}[A-Z]?|[A-Z])"
_BUILDING_WORD = r"(?:号楼|栋|幢|座|楼|#楼?)"
_ENTRANCE = r"(?P<entrance>\d{1,2}|[A-Z])"
_ROOM = r"(?P<room>[A-Z]{0,2}\d{2,5}[A-Z]?)(?:室|房|号|户)?(?![\d])"
_GAP = r"[-/.\s]"
_START = r"(?<![\dA-Z])(?<!\d[-/.])"
# From the clearest way of writing a unit to the vaguest.
_WAYS = (
    # 3栋1单元502室, 3#1-502, 3-1-502, 3 1 502
    re.compile(
        rf"{_START}{_BUILDING}(?:{_BUILDING_WORD}{_GAP}?|{_GAP}){_ENTRANCE}"
        rf"(?:(?:单元|门){_GAP}?|{_GAP}){_ROOM}(?!-\d)"
    ),
    # 3号楼502室, 3-502
    re.compile(rf"{_START}{_BUILDING}(?:{_BUILDING_WORD}{_GAP}?|[-/]){_ROOM}(?!-\d)"),
    # 1单元502
    re.compile(rf"{_START}{_ENTRANCE}(?:单元|门){_GAP}?{_ROOM}"),
    # S12, P045, P-045
    re.compile(
        r"(?<![\dA-Z])(?P<letters>[A-Z]{1,2})-?0*(?P<number>\d{1,4})(?![\dA-Z])"
    ),
    # 车位45号
    re.compile(
        r"(?P<kind>车位|车库|商铺|店铺|铺位|门面)号?[:-]?0*(?P<number>\d{1,4})(?!\d)"
    ),
    # 502室
    re.compile(r"(?<![\d-])(?P<room>\d{3,5})(?:室|房|户)"),
)
_KINDS = {"车位": "parking", "车库": "parking"}
_PLACE = re.compile(
    r"[\u4e00-\u9fffA-Z]{2,12}?(?:花园|小区|家园|公寓|大厦|新村|国际|苑|府)"
)
_CHINESE = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True)
class Household:
    """A unit as the matching knows it.

    :param int id: id of the unit
    :param str building, entrance, room: codes; empty where the unit has none
    :param str unit_type: as of property.unit
    :param str community: name of the community
    :param tuple people: names of owners, tenants and debtors
    """

    id: int
    building: str
    entrance: str
    room: str
    unit_type: str = "home"
    community: str = ""
    people: tuple = ()


@dataclass
class Evidence:
    """What a line says of the households.

    :ivar dict named: household -> the words of the memo that name it alone
    :ivar dict among: household -> words that name it and others
    :ivar dict memo_person, payer_person, like_person: household -> the name
    :ivar set namesakes: households whose person is not the only one of the name
    :ivar set remembered: households that the same payer paid for before
    :ivar bool elsewhere: the memo names an estate that is none of ours
    """

    named: dict = field(default_factory=dict)
    among: dict = field(default_factory=dict)
    memo_person: dict = field(default_factory=dict)
    payer_person: dict = field(default_factory=dict)
    like_person: dict = field(default_factory=dict)
    namesakes: set = field(default_factory=set)
    remembered: set = field(default_factory=set)
    elsewhere: bool = False

    @property
    def households(self):
        """All households that anything speaks for."""
        found = {*self.named, *self.among, *self.memo_person, *self.payer_person}
        return found | {*self.like_person, *self.remembered}


def clean(text):
    """Return a memo as it is searched: folded, numerals as digits, without dates and amounts.

    >>> clean('三栋一单元502室 2026年10月')
    '3栋1单元502室'
    >>> clean('４＃１－１８０２ 10月').strip()
    '4#1-1802'
    """
    folded = unicodedata.normalize("NFKC", text or "").upper()
    folded = re.sub("[\u2010-\u2015\u2212_~\uff5e]", "-", folded).replace(
        "\u53f7\u697c-", "\u53f7\u697c"
    )
    folded = _NUMERAL.sub(lambda match: numeral(match.group()), folded)
    return re.sub(r"\s+", " ", _NOISE.sub(" ", folded)).strip()


def person(name):
    """Return a name as it is compared: folded, without blanks and remarks in brackets.

    >>> person('孙 强华(代)'), person('Ｚhang San')
    ('孙强华', 'ZHANGSAN')
    """
    folded = unicodedata.normalize("NFKC", name or "").upper()
    return re.sub(r"\(.*?\)|[\s*.\u00b7]", "", folded)


class HouseholdIndex:
    """Finds households by what memos say of them.

    >>> index = HouseholdIndex([
    ...     Household(1, '3', '1', '502', community='Sun', people=('张三',)),
    ...     Household(2, '3', '2', '502', community='Sun', people=('李四',)),
    ...     Household(3, '', '', 'S12', 'shop'), Household(4, '', '', 'P045', 'parking')])
    >>> def named(memo):
    ...     found = index.find(memo)
    ...     return sorted(found.named), sorted(found.among)
    >>> named('3-1-502物业费'), named('3#2-502 10月'), named('阳光３栋１单元５０２室')
    (([1], []), ([2], []), ([1], []))
    >>> named('3号楼502室'), named('S12租金'), named('车位P045'), named('车位45')
    (([], [1, 2]), ([3], []), ([4], []), ([4], []))
    >>> named('2026-10-31物业费'), named('13-1-502')
    (([], []), ([], []))
    """

    def __init__(self, households):
        self.by_place = defaultdict(set)
        self.by_person = defaultdict(set)
        self.by_pair = defaultdict(set)
        self.communities = defaultdict(set)
        for household in households:
            self._add(household)

    def _add(self, household):
        building, entrance = part(household.building), part(household.entrance)
        for room in household.room.split("+"):
            room = part(room)
            for key in (
                (building, entrance, room),
                (building, None, room),
                (None, entrance, room),
                (None, None, room),
            ):
                self.by_place[key].add(household.id)
            if digits := re.search(r"\d+$", room):
                kind = household.unit_type
                self.by_place[kind, int(digits.group())].add(household.id)
        for name in household.people:
            if len(key := person(name)) > 1:
                self.by_person[key].add(household.id)
                for pair in _pairs(key) if len(key) > 3 else ():
                    self.by_pair[pair].add(key)
        if household.community:
            self.communities[person(household.community)].add(household.id)

    # === EVIDENCE === #

    def find(self, memo, payer="", remembered=()):
        """Return what a line says.

        :param str memo: summary and memo of the bank line
        :param str payer: name of the payer
        :param remembered: households that this payer paid for before
        :rtype: Evidence
        """
        text = clean(memo)
        evidence = Evidence(remembered=set(remembered))
        ours = self._place(text, evidence)
        self._find_units(text, ours, evidence)
        self._find_people(text, payer, evidence)
        return evidence

    def _place(self, text, evidence):
        """Return the households of the communities that a text names, None for any."""
        found = [ids for name, ids in self.communities.items() if name in text]
        if found:
            return set().union(*found)
        evidence.elsewhere = bool(_PLACE.search(text))
        return None

    def _find_units(self, text, ours, evidence):
        for way in _WAYS:
            for match in way.finditer(text):
                ids = self._look_up(match.groupdict())
                ids = ids & ours if ours is not None else ids
                if len(ids) == 1:
                    evidence.named.setdefault(*ids, match.group().strip())
                elif ids and len(ids) <= MOST:
                    for one in ids:
                        evidence.among.setdefault(one, match.group().strip())
                if ids:
                    start, end = match.span()
                    text = text[:start] + " " * (end - start) + text[end:]
        for one in evidence.named:
            evidence.among.pop(one, None)

    def _look_up(self, said):
        if kind := said.get("kind"):
            return self.by_place.get(
                (_KINDS.get(kind, "shop"), int(said["number"])), set()
            )
        if letters := said.get("letters"):
            return self.by_place.get((None, None, letters + said["number"]), set())
        key = (said.get("building"), said.get("entrance"), said["room"])
        return self.by_place.get(
            tuple(value if value is None else part(value) for value in key), set()
        )

    def _find_people(self, text, payer, evidence):
        key = person(payer)
        self._note(self.by_person.get(key, ()), payer, evidence.payer_person, evidence)
        for name in self._names_in(text):
            self._note(self.by_person[name], name, evidence.memo_person, evidence)
        if not evidence.payer_person and len(key) > 3:
            self._find_similar(key, evidence)

    @staticmethod
    def _note(ids, name, found, evidence):
        if len(ids) > MOST:
            return
        for one in ids:
            found[one] = name
        if len(ids) > 1:
            evidence.namesakes.update(ids)

    def _names_in(self, text):
        """Yield the names on file that stand in a text by themselves or beside other words."""
        for run in _CHINESE.findall(text):
            for length in (4, 3, 2):
                for start in range(len(run) - length + 1):
                    name = run[start : start + length]
                    # A name inside another word is none: only the ends of a run count.
                    if name in self.by_person and (
                        start == 0 or start + length == len(run)
                    ):
                        yield name

    def _find_similar(self, key, evidence):
        """Look for a company's name that is written a little differently."""
        pairs = sorted(_pairs(key), key=lambda pair: len(self.by_pair.get(pair, ())))
        names = set()
        for pair in pairs[:4]:
            found = self.by_pair.get(pair, ())
            if len(found) <= 200:
                names.update(found)
        best = process.extractOne(key, names, scorer=fuzz.ratio, score_cutoff=SIMILAR)
        if best:
            self._note(self.by_person[best[0]], best[0], evidence.like_person, evidence)


def _pairs(name):
    return {name[index : index + 2] for index in range(len(name) - 1)}
