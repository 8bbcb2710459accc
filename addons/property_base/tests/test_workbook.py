import base64
import io
import resource
import time
import zipfile
from pathlib import Path

import xlwt
from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged, users

from ..tools import workbook
from .roster_common import RosterImportCase

HEADER = ["楼号", "单元", "房间", "房屋类型", "建筑面积"]
ROWS = [[1, 1, str(room), "住宅", 89.5] for room in (101, 102)]
FILES = Path(__file__).parent / "files"
SHEET = "xl/worksheets/sheet1.xml"
MILLION = 1_000_000


def roster_file():
    return workbook.write_workbook([{"name": "台账", "header": HEADER, "rows": ROWS}])


def with_part(content, name, data):
    """Return a workbook with one part more, or another one of this name."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for info in source.infolist():
            if info.filename != name:
                archive.writestr(info, source.read(info))
        archive.writestr(name, data)
    return target.getvalue()


def with_rows(content, rows):
    """Return a workbook with more rows (as XML) below what its sheet holds."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        sheet = source.read(SHEET).decode()
    return with_part(
        content, SHEET, sheet.replace("</sheetData>", f"{rows}</sheetData>")
    )


def old_workbook():
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    for number, row in enumerate([HEADER, *ROWS]):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def document():
    """Return what a word processor writes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return target.getvalue()


@tagged("post_install", "-at_install")
class TestWorkbook(BaseCase):
    """Files as people upload them, made as they come."""

    def _reason(self, content):
        with self.assertRaises(workbook.UnreadableWorkbook) as caught:
            workbook.read_rows(content)
        return caught.exception.args[0]

    def test_each_bad_file_has_its_reason(self):
        plain = roster_file()
        for content, reason in (
            ((FILES / "password.xlsx").read_bytes(), "password"),
            (with_part(plain, "xl/vbaProject.bin", b"\x00" * 99), "macro"),
            (document(), "renamed"),
            (b"%PDF-1.7 ...", "renamed"),
            ("<html><body><table><tr><td>楼号</table>".encode(), "renamed"),
            (
                old_workbook().replace("Workbook".encode("utf-16-le"), b"\0" * 16),
                "renamed",
            ),
            (plain[: len(plain) // 2], "format"),
            (with_part(plain, "content.xml", b""), "format"),
            (b"x" * (workbook.MAX_BYTES + 1), "too_large"),
            (
                with_rows(plain, '<row r="900000"><c r="B900000"><v>1</v></c></row>'),
                "too_long",
            ),
            (
                with_rows(plain, '<row r="199999"><c r="XFD199999"><v>1</v></c></row>'),
                "too_long",
            ),
            (("a,b\n" * (workbook.MAX_ROWS + 1)).encode(), "too_long"),
            (b",,,\n" * 5, "empty"),
        ):
            with self.subTest(reason=reason, begins=content[:9]):
                self.assertEqual(self._reason(content), reason)

    def test_another_name_does_not_matter_where_it_is_a_table(self):
        """What counts is what the file is: an old workbook or a text called xlsx is read."""
        text = "\n".join(",".join(map(str, row)) for row in [HEADER, *ROWS])
        for content in (roster_file(), old_workbook(), text.encode("gb18030")):
            rows = workbook.read_rows(content)
            self.assertEqual(rows[0], HEADER)
            self.assertEqual([row[2] for row in rows[1:]], ["101", "102"])

    def test_a_million_empty_rows(self):
        formatted = "".join(
            f'<row r="{number}" s="1"><c r="A{number}" s="1"/><c r="E{number}" s="1"/></row>'
            for number in range(4, MILLION)
        )
        content = with_rows(roster_file(), formatted)
        before, started = (
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
            time.time(),
        )
        rows = workbook.read_rows(content)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        self.assertEqual(len(rows), 3)
        self.assertLess(grown, 300 * 1024, "KB")
        self.assertLess(time.time() - started, 30)

    def test_a_million_empty_lines_of_text(self):
        lines = ",".join(HEADER) + "\n" + ",,,,\n" * MILLION + "1,1,101,住宅,80\n"
        self.assertEqual(self._reason(lines.encode()), "too_long")
        rows = workbook.read_rows(
            (",".join(HEADER) + "\n" + ",,,,\n" * MILLION).encode()
        )
        self.assertEqual(rows, [HEADER])

    def test_rows_between_keep_their_numbers(self):
        rows = workbook.read_rows(b"a,b\n,\n,\nc,d\n,\n")
        self.assertEqual(rows, [["a", "b"], [], [], ["c", "d"]])


@tagged("post_install", "-at_install")
class TestRosterFiles(RosterImportCase):
    HEADER = HEADER

    def _upload(self, content, name="roster.xlsx"):
        return self.env["property.roster.import"].create(
            {
                "community_id": self.community.id,
                "file": base64.b64encode(content),
                "filename": name,
            }
        )

    @users("property_frontdesk")
    def test_each_bad_file_has_its_message(self):
        plain = roster_file()
        for content, message in (
            (
                (FILES / "password.xlsx").read_bytes(),
                "roster.xlsx is protected by a password",
            ),
            (with_part(plain, "xl/vbaProject.bin", b"\x00" * 99), "contains macros"),
            (document(), "no workbook, whatever its name says"),
            (
                with_rows(plain, '<row r="900000"><c r="B900000"><v>1</v></c></row>'),
                "more than 200,000 rows",
            ),
        ):
            job = self._upload(content)
            for start in (job.action_check, job.action_start):
                with self.assertRaisesRegex(UserError, message):
                    start()
            self.assertEqual(job.state, "draft")

    @users("property_frontdesk")
    def test_300_megabytes_are_refused_before_they_are_kept(self):
        before = self.env["property.roster.import"].search_count([])
        upload = {
            "community_id": self.community.id,
            "file": b"QUJD" * (100 * 1024**2),
            "filename": "large.xlsx",
        }
        with self.assertRaisesRegex(UserError, "large.xlsx is larger than 50 MB"):
            self.env["property.roster.import"].create(upload)
        job = self._upload(roster_file())
        with self.assertRaisesRegex(UserError, "larger than 50 MB"):
            job.write({"file": upload["file"]})
        self.assertEqual(
            self.env["property.roster.import"].search_count([]), before + 1
        )

    @users("property_frontdesk")
    def test_a_roster_formatted_down_to_the_last_row_arrives(self):
        rows = "".join(
            f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(4, 5000)
        )
        job = self._upload(with_rows(roster_file(), rows))
        job.action_start()
        self._run_cron()
        # the two rooms are on file already
        self.assertEqual((job.state, job.row_count, job.refused_count), ("done", 2, 0))
        self.assertEqual(job.line_ids.unit_id, self.homes[:2])
