"""Lay a building out for the building chart: floors by doors, and the steps of a scale.

Nothing here knows Odoo.
"""

import math
import re
from dataclasses import dataclass

SCALE_STEPS = 5
_MAX_SPREAD = 2


@dataclass(frozen=True)
class Room:
    """A unit as the chart places it.

    :param int id: id of the unit
    :param str name: number on the door; merged rooms are joined by +, such as 501+502
    :param int floor: storey, 0 when it is not known
    :param group: what stands in one block of columns, such as the entrance
    """

    id: int
    name: str
    floor: int = 0
    group: object = None


def natural_key(text):
    """Return a sort key that counts runs of digits as numbers.

    >>> sorted(['S10', 'S2', '1003', '901', 'A'], key=natural_key)
    ['901', '1003', 'A', 'S2', 'S10']
    """
    parts = re.split(r"(\d+)", text or "")
    return [
        (0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part
    ]


def floor_of(room):
    """Return the storey of a room; when it is not stated, what its number says.

    >>> floor_of(Room(1, '1203')), floor_of(Room(1, '502', 6)), floor_of(Room(1, 'S12'))
    (12, 6, 0)
    """
    if room.floor:
        return room.floor
    digits = re.match(r"\d+", room.name or "")
    return int(digits.group()[:-2]) if digits and len(digits.group()) > 2 else 0


def doors_of(room):
    """Return the doors of a room on its floor, several for merged rooms.

    >>> doors_of(Room(1, '502', 5)), doors_of(Room(1, '1203', 12)), doors_of(Room(1, 'A', 2))
    (['02'], ['03'], ['A'])
    >>> doors_of(Room(1, '501+502', 5)), doors_of(Room(1, 'B103', -1))
    (['01', '02'], ['03'])
    >>> doors_of(Room(1, '501+601', 5))
    ['01']
    """
    floor = str(abs(floor_of(room)))
    doors = []
    for part in (room.name or "").split("+"):
        match = re.search(r"\d+", part)
        digits = match.group() if match else ""
        if len(digits) > len(floor) and digits.startswith(floor):
            doors.append(digits[len(floor) :])
        else:
            doors.append(digits[-2:] if len(digits) > 2 else part)
    return list(dict.fromkeys(doors))


def tower(rooms):
    """Return floors and blocks of columns for the rooms of one building.

    :param rooms: list of `Room`; groups keep the order in which they first come
    :return: (floors from the top, list of (group, columns, {floor: {column: (room, span)}}))

    >>> floors, blocks = tower([Room(1, '101', 1), Room(2, '102', 1), Room(3, '201+202', 2)])
    >>> floors, blocks[0][1], blocks[0][2][2]
    ([2, 1], ['01', '02'], {'01': (Room(id=3, name='201+202', floor=2, group=None), 2)})
    """
    groups = {}
    for room in rooms:
        groups.setdefault(room.group, []).append(room)
    floors = sorted({floor_of(room) for room in rooms}, reverse=True)
    return floors, [(group, *_block(members)) for group, members in groups.items()]


def _block(rooms):
    """Return the columns of one block and its cells by floor and column."""
    doors = {room: doors_of(room) for room in rooms}
    by_floor = {}
    for room in sorted(rooms, key=lambda room: natural_key(room.name)):
        by_floor.setdefault(floor_of(room), []).append(room)
    taken = [(floor_of(room), door) for room in rooms for door in doors[room]]
    columns = sorted({door for _floor, door in taken}, key=natural_key)
    widest = max(sum(len(doors[room]) for room in row) for row in by_floor.values())
    if len(taken) != len(set(taken)) or len(columns) > widest * _MAX_SPREAD:
        columns, doors = _by_position(by_floor, doors)
    cells = {}
    for floor, row in by_floor.items():
        for room in row:
            places = sorted(columns.index(door) for door in doors[room])
            joined = places == list(range(places[0], places[-1] + 1))
            span = len(places) if joined else 1
            cells.setdefault(floor, {})[columns[places[0]]] = (room, span)
    return columns, cells


def _by_position(by_floor, doors):
    """Return columns that count the rooms of each floor, where doors do not line up."""
    placed = {}
    for row in by_floor.values():
        place = 0
        for room in row:
            width = len(doors[room])
            placed[room] = [str(place + step + 1) for step in range(width)]
            place += width
    widest = max(int(place) for places in placed.values() for place in places)
    return [str(place + 1) for place in range(widest)], placed


def scale_edges(values, steps=SCALE_STEPS):
    """Return round upper edges that part values into steps of similar size.

    :return: ascending list of at most `steps` numbers, the last not below the largest value

    >>> scale_edges([78.36, 89.5, 94.56, 118.02, 127.9, 143.77])
    [90.0, 95.0, 120.0, 130.0, 145.0]
    >>> scale_edges([3, 3, 3]), scale_edges([])
    ([3.0], [])
    """
    ordered = sorted(values)
    if not ordered:
        return []
    unit = _round_unit(ordered[-1] - ordered[0], steps)
    edges = []
    for step in range(1, steps + 1):
        value = ordered[math.ceil(len(ordered) * step / steps) - 1]
        edge = float(math.ceil(round(value / unit, 9)) * unit) if unit else float(value)
        if not edges or edge > edges[-1]:
            edges.append(edge)
    return edges


def _round_unit(spread, steps):
    """Return the 5 of the magnitude below a step, in which edges are counted.

    >>> _round_unit(65, 5), _round_unit(20000, 5), _round_unit(0, 5)
    (5.0, 500.0, 0.0)
    """
    return 10 ** math.floor(math.log10(spread / steps)) / 2 if spread > 0 else 0.0


def step_of(value, edges):
    """Return the index of the step that a value falls into.

    >>> [step_of(value, [90.0, 120.0]) for value in (10, 90, 90.5, 120)]
    [0, 0, 1, 1]
    """
    return next(
        (index for index, edge in enumerate(edges) if value <= edge), len(edges) - 1
    )
