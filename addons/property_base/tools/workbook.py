"""Read spreadsheets as people send them; write workbooks that carry no formula from outside."""

import csv
import io

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


class UnreadableWorkbook(ValueError):
    """The file cannot be read; `args[0]` says why.

    One of too_large, too_long, password, macro, renamed, format, empty.
    """


def read_rows(content, max_rows=MAX_ROWS):
    """Return the rows of the first sheet that holds anything.

    :param bytes content: an xlsx, xls or csv file (UTF-8 or GB18030)
    :param int max_rows: a longer sheet is refused; one that is formatted down to its
        last row is cut where its content ends
    :return: list of lists; index 0 is row 1 of the sheet
    :raises UnreadableWorkbook: with the reason
    """
    if len(content) > MAX_BYTES:
        raise UnreadableWorkbook("too_large")
    if not content.strip():
        raise UnreadableWorkbook("empty")
    if reason := reason_against(content, max_rows):
        raise UnreadableWorkbook(reason)
    if content.startswith((ZIP, OLE)):
        rows = _read_excel(content, max_rows)
    else:
        rows = _read_csv(content, max_rows)
    while rows and not any(cell not in (None, "") for cell in rows[-1]):
        rows.pop()
    if len(rows) > max_rows:
        raise UnreadableWorkbook("too_long")
    if not rows:
        raise UnreadableWorkbook("empty")
    return rows


def _read_excel(content, max_rows):
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height:
                return sheet.to_python(skip_empty_area=False, nrows=max_rows + 1)
    except PasswordError:
        raise UnreadableWorkbook("password") from None
    except (CalamineError, XmlError, ZipError):
        raise UnreadableWorkbook("format") from None
    raise UnreadableWorkbook("empty")


def _read_csv(content, max_rows):
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            source = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in source:
            break
        try:
            return _filled_rows(csv.reader(io.StringIO(source)), max_rows)
        except csv.Error:
            break
    raise UnreadableWorkbook("format")


def _filled_rows(reader, max_rows):
    """Return the rows down to the last that holds anything."""
    rows, blank = [], 0
    for row in reader:
        if not any(row):
            blank += 1
        elif len(rows) + blank >= max_rows:
            raise UnreadableWorkbook("too_long")
        else:
            rows += [[]] * blank
            rows.append(row)
            blank = 0
    return rows


def write_workbook(sheets):
    """Return the bytes of an xlsx file whose texts stay texts.

    A text that begins with "=" is written as a string and never becomes a formula or link.

    :param sheets: list of dicts: `name`, `header` (list of str), `rows` (list of lists),
        optional `widths` (list of column widths in characters)
    """
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
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
