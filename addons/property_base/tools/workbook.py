"""Read spreadsheets as people send them; write workbooks that carry no formula from outside."""

import csv
import io
from itertools import islice

import xlsxwriter
from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    XmlError,
    ZipError,
)

from .workbook_guard import OLE, ZIP, reason_against

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 200_000
# No text becomes a formula, a link or a number, whatever it begins with.
TEXTS_STAY_TEXTS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
    "remove_timezone": True,
}


class NoHeader(ValueError):
    """No row of a sheet is a header; `args[0]` lists the columns that were not found."""


class UnreadableWorkbook(ValueError):
    """The file cannot be read; `args[0]` says why.

    One of too_large, too_long, password, macro, renamed, format, empty.
    """


def read_rows(content, max_rows=MAX_ROWS, into=list):
    """Return the rows of the first sheet that holds anything.

    :param bytes content: an xlsx, xls or csv file (UTF-8 or GB18030)
    :param int max_rows: a longer sheet is refused; one that is formatted down to its
        last row is cut where its content ends
    :param into: what keeps the rows: `list`, or `packed_rows.PackedRows` for long sheets
    :return: sequence of lists; index 0 is row 1 of the sheet
    :raises UnreadableWorkbook: with the reason
    """
    if len(content) > MAX_BYTES:
        raise UnreadableWorkbook("too_large")
    if not content.strip():
        raise UnreadableWorkbook("empty")
    if reason := reason_against(content, max_rows):
        raise UnreadableWorkbook(reason)
    if content.startswith((ZIP, OLE)):
        rows = _read_excel(content, max_rows, into)
    else:
        rows = _read_csv(content, max_rows, into)
    if not rows:
        raise UnreadableWorkbook("empty")
    return rows


def _read_excel(content, max_rows, into):
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height:
                # The rows above the first cell are read as well, the columns before it not.
                margin = [""] * sheet.start[1]
                rows = (margin + row for row in sheet.iter_rows())
                return into(_filled_rows(islice(rows, max_rows + 1), max_rows))
    except PasswordError:
        raise UnreadableWorkbook("password") from None
    except (CalamineError, XmlError, ZipError):
        raise UnreadableWorkbook("format") from None
    raise UnreadableWorkbook("empty")


def _read_csv(content, max_rows, into):
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            source = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in source:
            break
        try:
            return into(_filled_rows(csv.reader(io.StringIO(source)), max_rows))
        except csv.Error:
            break
    raise UnreadableWorkbook("format")


def _filled_rows(rows, max_rows):
    """Yield the rows down to the last that holds anything."""
    count = blank = 0
    for row in rows:
        if not any(cell not in (None, "") for cell in row):
            blank += 1
        elif count + blank >= max_rows:
            raise UnreadableWorkbook("too_long")
        else:
            yield from ([] for _blank in range(blank))
            yield row
            count += blank + 1
            blank = 0


def write_workbook(sheets):
    """Return the bytes of an xlsx file whose texts stay texts.

    A text that begins with "=" is written as a string and never becomes a formula or link.

    :param sheets: list of dicts: `name`, `header` (list of str), `rows` (list of lists),
        optional `widths` (list of column widths in characters)
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, TEXTS_STAY_TEXTS) as book:
        header_format = book.add_format(
            {"bold": True, "bg_color": "#DDE6F0", "border": 1, "text_wrap": True}
        )
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for content in sheets:
            sheet = book.add_worksheet(content["name"][:31])
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, content["header"], header_format)
            for index, width in enumerate(
                content.get("widths") or [14] * len(content["header"])
            ):
                sheet.set_column(index, index, width)
            for number, row in enumerate(content["rows"], 1):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(
                            number, column, value, wrapped if "\n" in value else None
                        )
                    else:
                        sheet.write(number, column, value)
    return buffer.getvalue()
