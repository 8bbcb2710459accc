"""Turn a sheet of meter readings into clean rows, each with what is wrong with it.

Sheets come from handheld readers and from the office: columns in any order, known by what
their header says, titles above and totals below.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from odoo.addons.property_base.tools import normalise
from odoo.addons.property_base.tools.workbook import NoHeader

from .meter import counted, dial_that_explains

# What offices write above a column; compared without blanks and remarks in brackets.
HEADERS = {
    "unit": ("房号", "房间号", "房屋编号", "房间", "户号", "unit", "unitno"),
    "serial": ("表号", "水表号", "电表号", "表编号", "表具编号", "meter", "meterno"),
    "previous": ("上期读数", "上次读数", "上月读数", "起数", "起码", "previous"),
    "value": ("本期读数", "本次读数", "本月读数", "读数", "止数", "止码", "reading"),
    "date": ("抄表日期", "抄表时间", "日期", "date"),
    "reader": ("抄表员", "抄表人", "reader"),
    "note": ("备注", "说明", "note"),
}
TOTALS = ("合计", "总计", "小计", "共计", "total")


@dataclass
class Problem:
    """Something about one cell.

    `severity` is `error` (the row is refused) or `warning` (it arrives).
    """

    column: str
    code: str
    value: str
    severity: str = "error"


@dataclass
class ReadingRow:
    """One line of the sheet.

    :ivar int number: row of the sheet, 1 is the first
    :ivar dict values: clean values by column of `HEADERS`
    :ivar list problems: what is wrong
    """

    number: int
    values: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)

    @property
    def refused(self):
        return any(problem.severity == "error" for problem in self.problems)

    @property
    def key(self):
        """What names the meter: its number, or the unit where there is none."""
        return self.values["serial"] or self.values["unit"]


@dataclass
class ReadingSheet:
    """A sheet as read: where its columns are, its rows, and the header as written."""

    columns: dict
    header: list
    rows: list
    raw: list


def number(cell):
    """Return a reading as Decimal, None for an empty cell.

    :raises ValueError: `not_a_number`, `negative`

    >>> number(411.0), number("１２.5"), number("1,038"), number("")
    (Decimal('411'), Decimal('12.5'), Decimal('1038'), None)
    >>> number("n/a")
    Traceback (most recent call last):
    ValueError: not_a_number
    """
    clean = normalise.text(cell).replace(",", "")
    if not clean:
        return None
    try:
        value = Decimal(clean)
    except InvalidOperation:
        raise ValueError("not_a_number") from None
    if not value.is_finite() or value > 10**10:
        raise ValueError("not_a_number")
    if value < 0:
        raise ValueError("negative")
    return value


def _header_key(cell):
    key = re.sub(r"\(.*?\)", "", normalise.text(cell))
    return re.sub(r"[\s*:_.-]", "", key).lower()


def find_header(rows, depth=30):
    """Find the header row and say which column is what.

    :return: (index of the row, {column: column index})
    :raises NoHeader: unit or meter, value or date have no column

    >>> find_header([["10月"], ["房号", "表号", "本期读数", "抄表日期"]])
    (1, {'unit': 0, 'serial': 1, 'value': 2, 'date': 3})
    """
    known = {name: column for column, names in HEADERS.items() for name in names}
    best = (0, {})
    for index, row in enumerate(rows[:depth]):
        columns = {}
        for position, cell in enumerate(row):
            column = known.get(_header_key(cell))
            if column and column not in columns:
                columns[column] = position
        if len(columns) > len(best[1]):
            best = (index, columns)
    missing = [column for column in ("value", "date") if column not in best[1]]
    if not {"unit", "serial"} & best[1].keys():
        missing.insert(0, "serial")
    if missing:
        raise NoHeader(missing)
    return best


def read_sheet(rows):
    """Read a sheet; a meter that stands twice is refused the second time.

    What a second row says beside that is named too, so that whoever corrects the sheet
    sees which of the two to keep.

    :param rows: list of lists of cells as a spreadsheet reader gives them
    :rtype: ReadingSheet
    :raises NoHeader: the sheet holds no readings
    """
    index, columns = find_header(rows)
    result, seen = [], {}
    for position, cells in enumerate(rows[index + 1 :], index + 2):
        raw = {
            name: cells[column] if column < len(cells) else None
            for name, column in columns.items()
        }
        filled = [text for cell in raw.values() if (text := normalise.text(cell))]
        if not filled or filled[0].lower().rstrip(":") in TOTALS:
            continue
        row = read_row(position, raw)
        if row.key and row.key in seen:
            first = seen[row.key]
            same = row.values["value"] is None or row.values == first.values
            severity = "warning" if same else "error"
            row.problems.insert(
                0, Problem("serial", "duplicate", str(first.number), severity)
            )
        elif row.key:
            seen[row.key] = row
        result.append(row)
    return ReadingSheet(columns, list(rows[index]), result, rows)


def read_row(position, raw):
    """Read one row.

    :param int position: row of the sheet
    :param dict raw: cells by column
    :rtype: ReadingRow

    >>> row = read_row(9, {"serial": "W1", "previous": 400, "value": 380, "date": 46000})
    >>> [(problem.code, problem.severity) for problem in row.problems]
    [('went_back', 'warning')]
    """
    row = ReadingRow(position)
    for column in HEADERS:
        reader = {
            "previous": number,
            "value": number,
            "date": normalise.day,
        }.get(column, normalise.text)
        try:
            row.values[column] = reader(raw.get(column))
        except ValueError as error:
            row.values[column] = None
            row.problems.append(
                Problem(column, str(error), normalise.text(raw.get(column)))
            )
    values = row.values
    codes = {problem.column for problem in row.problems}
    if not row.key:
        row.problems.append(Problem("serial", "missing", ""))
    if values["date"] is None and "date" not in codes:
        row.problems.append(Problem("date", "missing", ""))
    previous, value = values["previous"], values["value"]
    if value is None and "value" not in codes:
        row.problems.append(Problem("value", "not_read", values["note"], "warning"))
    elif previous is not None and value is not None and value < previous:
        digits = dial_that_explains(previous, value)
        if digits:
            used = counted(previous, value, digits=digits).quantity
            text = f"{previous} > {value}|{digits}|{used}"
            row.problems.append(Problem("value", "rolled", text, "warning"))
        else:
            text = f"{previous} > {value}"
            row.problems.append(Problem("value", "went_back", text, "warning"))
    return row
