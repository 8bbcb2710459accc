"""Plan the rooms of new buildings: floors by doors, without some and with some merged.

Nothing here knows Odoo.
"""

import re
from dataclasses import dataclass, field
from itertools import product

MAX_ROOMS = 20_000
_FIELD = re.compile(r"\{(building|entrance|floor|door)(?::0?(\d))?\}")
_SEPARATORS = re.compile(r"[\s,;\u3001\uff0c\uff1b]+")


class PlanProblem(Exception):
    """A plan that cannot be made.

    :param str code: `bad_list`, `bad_range`, `bad_pattern`, `no_floor`, `no_door`,
        `too_many`, `unknown_room`, `used_twice`, `apart`, `duplicate`
    :param str detail: the text or the rooms concerned
    """

    def __init__(self, code, detail=""):
        super().__init__(code, detail)
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Layout:
    """How the buildings of one plan are made.

    :param int entrances: number of entrances; 0 for a building without
    :param int first_floor, last_floor: storeys; basements are negative, there is no 0
    :param int doors: rooms on a floor of an entrance
    :param str room: pattern of the room number with `{floor}`, `{door}`, `{entrance}`,
        `{building}`; `{door:02}` has two digits
    :param frozenset skip: floors that do not exist
    :param bool continuous: doors are counted on from entrance to entrance
    :param tuple missing: rooms that are not built, such as 101, 1-101 or 3-1-101
    :param tuple merged: rooms that are one unit, such as 501+502
    """

    entrances: int
    first_floor: int
    last_floor: int
    doors: int
    room: str = "{floor}{door:02}"
    skip: frozenset = frozenset()
    continuous: bool = False
    missing: tuple = ()
    merged: tuple = ()


@dataclass
class PlannedRoom:
    """A unit to be made; `entrance` is 0 without one, `doors` are its columns from 1."""

    building: str
    entrance: int
    floor: int
    name: str
    doors: list = field(default_factory=list)

    @property
    def parts(self):
        """Return building, entrance and number, as in the code of a home."""
        entrance = [str(self.entrance)] if self.entrance else []
        return [self.building, *entrance, self.name]


def items(text):
    """Return the words of a list.

    >>> items('101, 1-102;  3-1-103'), items(None)
    (['101', '1-102', '3-1-103'], [])
    """
    return [item for item in _SEPARATORS.split(text or "") if item]


def numbers(text):
    """Return the whole numbers of a list with ranges.

    :raises PlanProblem: `bad_list`

    >>> sorted(numbers('4, 13-14 24')), sorted(numbers('-2--1'))
    ([4, 13, 14, 24], [-2, -1])
    """
    found = set()
    for item in items(text):
        match = re.fullmatch(r"(-?\d{1,4})(?:-(-?\d{1,4}))?", item)
        if not match:
            raise PlanProblem("bad_list", item)
        first, last = match.group(1), match.group(2) or match.group(1)
        found.update(range(int(first), int(last) + 1))
    return frozenset(found)


def codes(first, last):
    """Return the codes from one building to another.

    :raises PlanProblem: `bad_range`

    >>> codes('8', '11'), codes('A', 'C'), codes('B01', 'B03'), codes('5', '')
    (['8', '9', '10', '11'], ['A', 'B', 'C'], ['B01', 'B02', 'B03'], ['5'])
    """
    first, last = (first or "").strip(), (last or "").strip()
    last = last or first
    start, end = (re.fullmatch(r"(.*?)(\d{0,4})", code) for code in (first, last))
    span = []
    if first and first == last:
        span = [first]
    elif start and end and start.group(2) and start.group(1) == end.group(1):
        prefix, digits = start.groups()
        span = [
            f"{prefix}{number:0{len(digits)}}"
            for number in range(int(digits), int(end.group(2) or 0) + 1)
        ]
    elif len(first) == len(last) == 1 and first.isalpha() and last.isalpha():
        span = [chr(point) for point in range(ord(first), ord(last) + 1)]
    if not span or len(span) > 500:
        raise PlanProblem("bad_range", f"{first} - {last}")
    return span


def fill(pattern, **values):
    """Return a pattern with its fields filled in; basements are B1, B2.

    :raises PlanProblem: `bad_pattern` for a field that does not exist

    >>> fill('{floor}{door:02}', floor=5, door=2), fill('P{door:03}', door=45)
    ('502', 'P045')
    >>> fill('{floor}{door:02}', floor=-1, door=2), fill('{building}#', building='3')
    ('B102', '3#')
    """

    def filled(match):
        value, width = values.get(match.group(1)), int(match.group(2) or 0)
        if value is None:
            raise PlanProblem("bad_pattern", pattern)
        if not isinstance(value, int):
            return value
        return f"B{-value:0{width}}" if value < 0 else f"{value:0{width}}"

    text = _FIELD.sub(filled, pattern or "")
    if not text.strip() or set(text) & set("{}"):
        raise PlanProblem("bad_pattern", pattern)
    return text


def floors(layout):
    """Return the floors that exist, from below.

    >>> floors(Layout(1, -1, 5, 2, skip=frozenset({4})))
    [-1, 1, 2, 3, 5]
    """
    span = range(layout.first_floor, layout.last_floor + 1)
    return [floor for floor in span if floor and floor not in layout.skip]


def plan(layout, buildings):
    """Return the rooms of the buildings, in the order of the codes.

    :param Layout layout:
    :param list buildings: codes
    :return: list of PlannedRoom; as many as buildings x entrances x floors x doors, less
        the missing ones and less what merging takes away
    :raises PlanProblem: for each problem that `PlanProblem` names but `bad_list`, `bad_range`

    >>> rooms = plan(Layout(1, 1, 2, 2, missing=('101',), merged=('201+202',)), ['3'])
    >>> [(room.name, room.floor, room.doors) for room in rooms]
    [('102', 1, [2]), ('201+202', 2, [1, 2])]
    """
    storeys = floors(layout)
    entrances = range(1, layout.entrances + 1) or [0]
    if not storeys:
        raise PlanProblem("no_floor")
    if layout.doors < 1:
        raise PlanProblem("no_door")
    if "{door" not in layout.room or "-" in layout.room or "+" in layout.room:
        raise PlanProblem("bad_pattern", layout.room)
    if len(buildings) * len(entrances) * len(storeys) * layout.doors > MAX_ROOMS:
        raise PlanProblem("too_many", str(MAX_ROOMS))
    rooms = [
        PlannedRoom(
            building,
            entrance,
            floor,
            _name(layout, building, entrance, floor, door),
            [door],
        )
        for building, entrance, floor, door in product(
            buildings, entrances, storeys, range(1, layout.doors + 1)
        )
    ]
    _refuse_duplicates(rooms)
    left_out = _found(rooms, layout.missing)
    rooms = [room for room in rooms if id(room) not in left_out]
    return _merge(rooms, layout.merged)


def _name(layout, building, entrance, floor, door):
    number = (
        door + (entrance - 1) * layout.doors * layout.continuous if entrance else door
    )
    return fill(
        layout.room, building=building, entrance=entrance, floor=floor, door=number
    )


def _refuse_duplicates(rooms):
    seen, twice = set(), []
    for room in rooms:
        place = tuple(room.parts)
        if place in seen:
            twice.append("-".join(place))
        seen.add(place)
    if twice:
        raise PlanProblem("duplicate", ", ".join(dict.fromkeys(twice[:20])))


def _ends_with(room, said):
    return room.parts[-len(said) :] == said


def _found(rooms, references):
    """Return the ids of the rooms that are referred to."""
    found = set()
    for reference in references:
        said = reference.split("-")
        matches = {id(room) for room in rooms if _ends_with(room, said)}
        if not matches:
            raise PlanProblem("unknown_room", reference)
        found |= matches
    return found


def _merge(rooms, groups):
    """Return the rooms with each group put together, wherever all of it exists."""
    by_place = {tuple(room.parts): room for room in rooms}
    used, gone, renamed = set(), set(), []
    for group in groups:
        *where, last = group.split("-")
        names = last.split("+")
        if len(set(names)) < 2 or len(set(names)) < len(names):
            raise PlanProblem("apart", group)
        sets = [
            [by_place.get((*room.parts[:-1], name)) for name in names]
            for room in rooms
            if _ends_with(room, [*where, names[0]])
        ]
        sets = [members for members in sets if None not in members]
        if not sets:
            raise PlanProblem("unknown_room", group)
        for members in sets:
            ids = [id(room) for room in members]
            if used.intersection(ids):
                raise PlanProblem("used_twice", group)
            used.update(ids)
            gone.update(ids[1:])
            renamed.append((members, "+".join(names)))
    for members, name in renamed:
        first = members[0]
        first.name = name
        first.floor = min(room.floor for room in members)
        first.doors = [door for room in members for door in room.doors]
    return [room for room in rooms if id(room) not in gone]
