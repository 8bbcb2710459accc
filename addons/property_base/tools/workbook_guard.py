"""Look at an uploaded file before a reader takes it apart: what it is, and how large inside.

A name says nothing of what a file is, and a workbook of few kilobytes may unfold to more
than a server has. Nothing here knows Odoo.
"""

import io
import re
import zipfile

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_UNPACKED = 1024**3
MAX_CELLS = 8_000_000  # 200,000 rows of 40 columns
# Files that are no tables, by how they begin; a web page saved as "xls" is quite usual.
FOREIGN = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
)
MARKUP = re.compile(rb"\s*<(!doctype|html|head|body|table|\?xml|\?mso)", re.IGNORECASE)
# A cell that holds something; one that is only formatted closes itself.
_FILLED = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>/]*>')
_PIECE = 256 * 1024
_OVERLAP = 256


def reason_against(content, max_rows):
    """Return why a file is not to be read, or None.

    :param bytes content: the file
    :param int max_rows: rows that are read at most
    :return: `password`, `macro`, `renamed` (no workbook, whatever its name), `format` (a
        workbook of another kind), `too_large` (unpacked) or `too_long` (rows, or one cell
        far away)

    >>> reason_against(b'%PDF-1.7', 9), reason_against(b'<html><table>', 9)
    ('renamed', 'renamed')
    >>> reason_against('楼号,房间'.encode(), 9) is None
    True
    """
    if content.startswith(ZIP):
        return _against_zip(content, max_rows)
    if content.startswith(OLE):
        return _against_ole(content)
    head = content.removeprefix(b"\xef\xbb\xbf")[:512]
    if head.startswith(FOREIGN) or MARKUP.match(head):
        return "renamed"
    return None


def _against_zip(content, max_rows):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _against_archive(archive, max_rows)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError):
        return "format"
    except RuntimeError:  # the archive itself has a password
        return "password"


def _against_archive(archive, max_rows):
    names = [info.filename for info in archive.infolist()]
    if any(name.endswith("vbaProject.bin") for name in names):
        return "macro"
    if "xl/workbook.bin" in names or "content.xml" in names:
        return "format"
    if not any(name.startswith("xl/") for name in names):
        return "renamed"
    if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED:
        return "too_large"
    for name in names:
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
            with archive.open(name) as source:
                rows, columns = _extent(source)
            if rows > max_rows or rows * columns > MAX_CELLS:
                return "too_long"
    return None


def _extent(source):
    """Return the last row and column in which a sheet holds something."""
    rows, letters, rest = 0, set(), b""
    while piece := source.read(_PIECE):
        piece = rest + piece
        if filled := _FILLED.findall(piece):
            rows = max(rows, *{int(number) for _letters, number in filled})
            letters.update(name for name, _number in filled)
        rest = piece[-_OVERLAP:]  # a cell may begin at the end of a piece
    columns = {column_number(name.decode()) for name in letters}
    return rows, max(columns, default=0)


def column_number(letters):
    """Return the number of a column from its letters; 0 for none.

    >>> column_number('A'), column_number('AA'), column_number('XFD'), column_number('')
    (1, 27, 16384, 0)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _against_ole(content):
    def holds(stream):
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        return "password"
    if holds("_VBA_PROJECT"):
        return "macro"
    return None if holds("Workbook") or holds("Book") else "renamed"
