"""Turn the rows of a roster into clean records, each with what is wrong with it.

The roster is whatever an office keeps: a title above the header, blank rows, remarks beside
the table, a total below it. Columns are known by what their header says, in any order.
"""

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import normalise
from .workbook import NoHeader

# What offices write above a column; compared after `_header_key`.
HEADERS = {
    "building": ("楼号", "楼栋", "栋号", "楼栋号", "幢号", "座号", "building"),
    "entrance": ("单元", "单元号", "entrance"),
    "room": ("房间", "房号", "房间号", "室号", "房屋编号", "room"),
    "floor": ("楼层", "所在层", "所在楼层", "floor"),
    "total_floors": ("总层数", "总楼层", "totalfloors"),
    "has_lift": ("是否有电梯", "电梯", "lift"),
    "unit_type": ("房屋类型", "物业类型", "房产类型", "类型", "unittype"),
    "gross_area": ("建筑面积", "建面", "产权面积", "收费面积", "grossarea"),
    "inner_area": ("套内面积", "室内面积", "使用面积", "套内建筑面积", "innerarea"),
    "status": ("房屋状态", "状态", "入住状态", "status"),
    "owner": ("业主姓名", "业主", "产权人", "户主", "户主姓名", "owner"),
    "identity_number": (
        "证件号码",
        "身份证号",
        "身份证号码",
        "证件号",
        "identitynumber",
    ),
    "phone": ("联系电话", "电话", "手机", "手机号", "手机号码", "业主电话", "phone"),
    "phone2": ("备用电话", "电话2", "备用手机", "第二电话", "phone2"),
    "share": ("产权份额", "份额", "share"),
    "handover_date": ("交房日期", "交付日期", "收房日期", "入伙日期", "handoverdate"),
    "tenant": ("租户姓名", "租户", "承租人", "租客", "tenant"),
    "tenant_phone": ("租户电话", "承租人电话", "租客电话", "tenantphone"),
    "note": ("备注", "说明", "note"),
}
REQUIRED = ("building", "room", "unit_type")
UNIT_TYPES = {
    "住宅": "home",
    "商铺": "shop",
    "商业": "shop",
    "底商": "shop",
    "办公": "office",
    "写字楼": "office",
    "车位": "parking",
    "车库": "parking",
    "储藏室": "storage",
    "储物间": "storage",
    "其他": "other",
    "其它": "other",
}
STATUSES = {
    "未售": "unsold",
    "已售": "sold",
    "已售未交": "sold",
    "已交房未入住": "vacant",
    "空置": "vacant",
    "空关": "vacant",
    "装修中": "renovating",
    "已入住": "occupied",
    "自住": "occupied",
    "已出租": "leased",
    "出租": "leased",
}
TOTALS = ("合计", "总计", "小计", "共计", "total")
# Problems that only the database can show; they are looked for anew at each try.
DATABASE_CODES = (
    "owner_differs",
    "tenant_differs",
    "identity_differs",
    "identity_taken",
    "database",
)
BUILDING_KINDS = {
    "shop": "commercial",
    "office": "commercial",
    "parking": "parking",
    "home": "residential",
}


# What an empty cell means; most sheets have but some of the columns.
_NOTHING = {
    **dict.fromkeys(("floor", "total_floors", "status", "gross_area", "inner_area")),
    **dict.fromkeys(("tenant", "phone", "phone2", "tenant_phone"), []),
    "handover_date": None,
    "note": "",
    "identity_number": "",
}


@dataclass
class Problem:
    """Something wrong with one cell.

    `severity` is `error` (the row is refused) or `warning` (the row arrives without it).
    """

    column: str
    code: str
    value: str
    severity: str = "error"


@dataclass
class RosterRow:
    """One line of a roster.

    :ivar int number: row of the sheet, 1 is the first
    :ivar dict values: clean values by column name of `HEADERS`
    :ivar list problems: what is wrong, in column order
    :ivar str code: code of the unit, once it is known
    """

    number: int
    values: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
    code: str = ""

    @property
    def refused(self):
        return any(problem.severity == "error" for problem in self.problems)

    @property
    def key(self):
        """Natural key of the unit: building, entrance and room as written in codes."""
        return (
            self.values["building"][0],
            self.values["entrance"][0],
            self.values["room"],
        )


class RosterRows(Sequence):
    """The rows of a roster, each made when it is asked for: a sheet may be long.

    :param raw: the sheet
    :param dict columns: column index by name
    :param numbers: of each row its number in the sheet
    :param dict repeated: numbers of rows whose unit an earlier row names, each with that row's
    """

    def __init__(self, raw, columns, numbers, repeated):
        self._raw = raw
        self._columns = columns
        self._numbers = numbers
        self._repeated = repeated

    def __len__(self):
        return len(self._numbers)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self._read(number) for number in self._numbers[index]]
        return self._read(self._numbers[index])

    def _read(self, number):
        row = read_row(number, _raw_cells(self._raw[number - 1], self._columns))
        if first := self._repeated.get(number):
            row.problems.append(Problem("room", "duplicate", str(first)))
        return row


@dataclass
class Roster:
    """A roster as read: where its columns are, its rows, and the header as written."""

    header_row: int
    columns: dict
    header: list
    rows: Sequence
    raw: Sequence


def _header_key(cell):
    key = re.sub(r"[((].*?[))]", "", normalise.text(cell))
    return re.sub(r"[\s*::_-]", "", key).lower()


def known_header(cell):
    """Return the column that a header means in everybody's sheets, or None.

    >>> known_header('建筑面积(㎡)'), known_header('管家')
    ('gross_area', None)
    """
    key = _header_key(cell)
    return next((column for column, names in HEADERS.items() if key in names), None)


def guess_header(rows, mapping=None, depth=30):
    """Find the row that is most like a header.

    :return: (index of the row, {column name: column index} of what is known)

    >>> guess_header([['台账'], ['楼号', '管家', '电话']])
    (1, {'building': 0, 'phone': 2})
    """
    known = {name: column for column, names in HEADERS.items() for name in names}
    known.update(
        {_header_key(name): column for name, column in (mapping or {}).items()}
    )
    best = (0, {}, 0)
    for index, row in enumerate(rows[:depth]):
        columns = {}
        for position, cell in enumerate(row):
            column = known.get(_header_key(cell))
            if column and column not in columns:
                columns[column] = position
        texts = sum(bool(normalise.text(cell)) for cell in row)
        if (len(columns), texts) > (len(best[1]), best[2]):
            best = (index, columns, texts)
    return best[:2]


def find_header(rows, mapping=None, depth=30):
    """Find the header row and say which column is what.

    :param rows: the sheet
    :param dict mapping: further headers, {header as written: column name, or False for none}
    :param int depth: how many rows may stand above the header
    :return: (index of the header row, {column name: column index})
    :raises NoHeader: when no row holds the required columns

    >>> find_header([['台账'], ['楼号', '房间', '房屋类型', '室内面积']])
    (1, {'building': 0, 'room': 1, 'unit_type': 2, 'inner_area': 3})
    """
    best = guess_header(rows, mapping, depth)
    if missing := [column for column in REQUIRED if column not in best[1]]:
        raise NoHeader(missing)
    return best


def read_roster(rows, mapping=None):
    """Read a sheet.

    Blank rows, totals and whatever stands outside the known columns are left out. A unit
    that stands twice is refused the second time.

    :param rows: sequence of lists of cells as a spreadsheet reader gives them
    :param dict mapping: see `find_header`
    :rtype: Roster
    :raises NoHeader: when the sheet is not a roster
    """
    header_index, columns = find_header(rows, mapping)
    numbers, repeated, seen = array("L"), {}, {}
    for number in range(header_index + 2, len(rows) + 1):
        raw = _raw_cells(rows[number - 1], columns)
        if _is_outside_table(raw):
            continue
        key = (
            normalise.building(raw["building"])[0],
            normalise.entrance(raw.get("entrance"))[0],
            normalise.room(raw["room"]),
        )
        numbers.append(number)
        if key[0] and key[2]:
            first = seen.setdefault("\n".join(key), number)
            if first != number:
                repeated[number] = first
    listed = RosterRows(rows, columns, numbers, repeated)
    return Roster(header_index + 1, columns, list(rows[header_index]), listed, rows)


def _raw_cells(cells, columns):
    return {
        name: cells[position] if position < len(cells) else None
        for name, position in columns.items()
    }


def _is_outside_table(raw):
    first = lonely = ""
    for value in raw.values():
        if text := normalise.text(value):
            if first:
                lonely = ""
                break
            first = lonely = text
    if not first or first.lower().rstrip(":") in TOTALS:
        return True
    # A remark that runs into the table: one lonely cell, and none that names a unit.
    return bool(lonely) and not normalise.text(raw["room"])


def read_row(number, raw):
    """Read one row.

    :param int number: row of the sheet
    :param dict raw: cells by column name
    :rtype: RosterRow

    >>> row = read_row(9, {'building': '3栋', 'entrance': 2, 'room': 501.0, 'unit_type': '住宅',
    ...                    'gross_area': '89.5㎡', 'inner_area': 95})
    >>> row.values['building'], row.values['gross_area'], row.refused
    (('3', '3栋'), Decimal('89.50'), True)
    >>> [(problem.column, problem.code) for problem in row.problems]
    [('inner_area', 'inner_exceeds_gross')]
    """
    row = RosterRow(number)

    def read(column, reader, *args, severity="error", default=None):
        value = raw.get(column)
        if value is None and column in _NOTHING:
            row.values[column] = _NOTHING[column]
            return
        try:
            row.values[column] = reader(value, *args)
        except ValueError as error:
            row.values[column] = default
            row.problems.append(
                Problem(column, str(error), normalise.text(value), severity)
            )

    read("building", normalise.building)
    read("entrance", normalise.entrance)
    read("room", normalise.room)
    read("floor", normalise.floor, severity="warning")
    read("total_floors", normalise.floor, severity="warning")
    read("unit_type", _choice(UNIT_TYPES, "unknown_type"))
    read(
        "status", _choice(STATUSES, "unknown_status", optional=True), severity="warning"
    )
    read("gross_area", normalise.area)
    read("inner_area", normalise.area)
    read("owner", normalise.people, default=[])
    read("tenant", normalise.people, default=[])
    read("phone", normalise.phones, severity="warning", default=[])
    read("phone2", normalise.phones, severity="warning", default=[])
    read("tenant_phone", normalise.phones, severity="warning", default=[])
    read(
        "identity_number", lambda value: normalise.text(value).upper().replace(" ", "")
    )
    read("share", normalise.shares, len(row.values["owner"]), default=[])
    read("handover_date", normalise.day)
    read("note", normalise.text)
    row.values["has_lift"] = normalise.text(raw.get("has_lift")) in (
        "有",
        "是",
        "1",
        "yes",
        "True",
    )
    _check_row(row, raw)
    return row


def _choice(choices, problem, optional=False):
    def read(value):
        clean = normalise.text(value)
        if not clean and optional:
            return None
        if clean not in choices:
            raise ValueError(problem)
        return choices[clean]

    return read


def _check_row(row, raw):
    """Add the problems that only show when several cells are seen together."""
    values = row.values
    for column in ("building", "room"):
        if not normalise.text(raw.get(column)):
            row.problems.append(Problem(column, "missing", ""))
    gross, inner = values["gross_area"], values["inner_area"]
    if gross is not None and inner is not None and inner > gross:
        row.problems.append(Problem("inner_area", "inner_exceeds_gross", str(inner)))
    status = values["status"]
    if status == "unsold" and values["owner"]:
        row.problems.append(
            Problem(
                "status",
                "unsold_with_owner",
                normalise.text(raw.get("status")),
                "warning",
            )
        )
    if status == "leased" and not values["tenant"]:
        row.problems.append(
            Problem(
                "tenant",
                "leased_without_tenant",
                normalise.text(raw.get("status")),
                "warning",
            )
        )
    row.problems.sort(key=lambda problem: list(HEADERS).index(problem.column))
