"""A workbook of figures: numbers are numbers, dates are dates, totals are formulas.

No text becomes a formula or a link, whatever it begins with.
"""

import io
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from .workbook import TEXTS_STAY_TEXTS

FORMATS = {
    "text": {"valign": "top"},
    "money": {"num_format": "#,##0.00;[Red]-#,##0.00"},
    "count": {"num_format": "#,##0"},
    "date": {"num_format": "yyyy-mm-dd", "align": "center"},
    "month": {"num_format": "yyyy-mm", "align": "center"},
    "rate": {"num_format": "0.00%"},
    "hours": {"num_format": "#,##0.0"},
    "instant": {"num_format": "yyyy-mm-dd hh:mm", "align": "center"},
}
WIDTHS = {
    "text": 18,
    "money": 15,
    "count": 10,
    "date": 12,
    "month": 10,
    "rate": 11,
    "hours": 10,
    "instant": 17,
}
SUMMED = ("money", "count")


class Column(NamedTuple):
    """A column of a table.

    :ivar str title: its heading
    :ivar str kind: key of `FORMATS`
    :ivar ratio: for a rate, (numbers of the columns of part and whole): a formula
    :ivar int width: in characters, by default by kind
    """

    title: str
    kind: str = "text"
    ratio: tuple = None
    width: int = None


class Table(NamedTuple):
    """A table, alone on its sheet.

    :ivar str name: of the sheet
    :ivar str title: above the table, e.g. with the days it counts for
    :ivar columns: `Column`
    :ivar rows: lists of values; rates are left out (None) where they are formulas
    :ivar str total: first cell of the row of totals; None without one
    :ivar tuple notes: lines below the table, e.g. the definitions
    """

    name: str
    title: str
    columns: Any
    rows: Any
    total: str = None
    notes: tuple = ()


class Chart(NamedTuple):
    """The sheet with the chart.

    :ivar str name: of the sheet
    :ivar str title: of the chart
    :ivar str table: name of the sheet with the figures
    :ivar int labels: column of the names
    :ivar tuple values: columns of the figures
    """

    name: str
    title: str
    table: str
    labels: int
    values: tuple


HEAD = 2  # rows above the headings


def build(tables, charts=()):
    """Return the bytes of an xlsx file with a sheet for each table and chart.

    :param tables: list of `Table`, their names unique
    :param charts: list of `Chart`
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, TEXTS_STAY_TEXTS) as book:
        styles = _styles(book)
        by_name = {}
        for table in tables:
            by_name[table.name] = table
            _write_table(book.add_worksheet(sheet_name(table.name)), table, styles)
        for chart in charts:
            _add_chart(book, chart, by_name[chart.table])
    return buffer.getvalue()


def sheet_name(name):
    """Return a name as Excel allows it for a sheet.

    >>> sheet_name("Fees: 2026/10 [all]")
    'Fees 2026 10 all'
    """
    return " ".join("".join(c if c not in "[]:*?/\\'" else " " for c in name).split())[
        :31
    ]


def _styles(book):
    styles = {kind: book.add_format(look) for kind, look in FORMATS.items()}
    strong = {"bold": True, "top": 1, "bg_color": "#F2F2F2"}
    for kind, look in FORMATS.items():
        styles["total", kind] = book.add_format({**look, **strong})
    styles["head"] = book.add_format(
        {
            "bold": True,
            "bg_color": "#DDE6F0",
            "border": 1,
            "text_wrap": True,
            "align": "center",
            "valign": "vcenter",
        }
    )
    styles["title"] = book.add_format({"bold": True, "font_size": 14})
    styles["note"] = book.add_format({"italic": True, "font_color": "#555555"})
    return styles


def _write_table(sheet, table, styles):
    sheet.write_string(0, 0, table.title, styles["title"])
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.width or WIDTHS[column.kind])
        sheet.write_string(HEAD, index, column.title, styles["head"])
    sheet.freeze_panes(HEAD + 1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD)
    row_number = HEAD
    for row_number, row in enumerate(table.rows, HEAD + 1):
        for index, column in enumerate(table.columns):
            style = styles[column.kind]
            if column.ratio:
                _write_ratio(sheet, row_number, index, column, row, style)
            else:
                _write_cell(sheet, row_number, index, row[index], style)
    if table.total is not None and table.rows:
        row_number += 1
        _write_total(sheet, row_number, table, styles)
        sheet.autofilter(HEAD, 0, row_number - 1, len(table.columns) - 1)
    for offset, note in enumerate(table.notes, 2):
        sheet.write_string(row_number + offset, 0, note, styles["note"])


def _write_cell(sheet, row, column, value, style):
    if value is None or value is False or value == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    elif hasattr(value, "year"):
        sheet.write_datetime(row, column, value, style)
    else:
        sheet.write_number(row, column, float(value), style)


def _write_ratio(sheet, row, index, column, values, style):
    """Write a rate as a formula, with its value for readers that do not compute."""
    part, whole = (float(values[number] or 0) for number in column.ratio)
    _write_ratio_formula(sheet, row, index, column, part, whole, style)


def _write_ratio_formula(sheet, row, index, column, part, whole, style):
    part_cell, whole_cell = (xl_rowcol_to_cell(row, number) for number in column.ratio)
    sheet.write_formula(
        row,
        index,
        f'=IF({whole_cell}=0,"",{part_cell}/{whole_cell})',
        style,
        part / whole if whole else "",
    )


def _write_total(sheet, row, table, styles):
    sums = {
        index: sum(float(values[index] or 0) for values in table.rows)
        for index, column in enumerate(table.columns)
        if column.kind in SUMMED
    }
    for index, column in enumerate(table.columns):
        style = styles["total", column.kind]
        if index == 0:
            sheet.write_string(row, 0, table.total, style)
        elif index in sums:
            name = xl_col_to_name(index)
            sheet.write_formula(
                row,
                index,
                f"=SUM({name}{HEAD + 2}:{name}{row})",
                style,
                round(sums[index], 2),
            )
        elif column.ratio:
            part, whole = (sums[number] for number in column.ratio)
            _write_ratio_formula(sheet, row, index, column, part, whole, style)
        else:
            sheet.write_blank(row, index, None, style)


def _add_chart(book, chart, table):
    sheet = book.add_chartsheet(sheet_name(chart.name))
    columns = book.add_chart({"type": "column"})
    last = HEAD + max(len(table.rows), 1)
    for number in chart.values:
        columns.add_series(
            {
                "name": [sheet_name(table.name), HEAD, number],
                "categories": [
                    sheet_name(table.name),
                    HEAD + 1,
                    chart.labels,
                    last,
                    chart.labels,
                ],
                "values": [sheet_name(table.name), HEAD + 1, number, last, number],
            }
        )
    columns.set_title({"name": chart.title})
    columns.set_legend({"position": "bottom"})
    sheet.set_chart(columns)
