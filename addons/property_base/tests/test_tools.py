import doctest
import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import (
    estate,
    normalise,
    packed_rows,
    ranges,
    roster,
    roster_people,
    svg,
    text,
    workbook,
    workbook_guard,
)


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    def test_doctests(self):
        modules = (
            estate,
            normalise,
            packed_rows,
            ranges,
            roster,
            roster_people,
            svg,
            text,
            workbook_guard,
        )
        for module in modules:
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertGreater(result.attempted, 0)
                self.assertEqual(result.failed, 0)

    @given(st.dates(min_value=date(1955, 1, 1), max_value=date(2060, 12, 31)))
    def test_every_day_is_read_however_it_is_written(self, day):
        serial = (day - date(1899, 12, 30)).days
        for written in (
            day,
            f"{day:%Y-%m-%d}",
            f"{day:%Y.%m.%d}",
            f"{day.year}年{day.month}月{day.day}日",
            f"{day.year}/{day.month}/{day.day}",
            serial,
            str(serial),
        ):
            self.assertEqual(normalise.day(written), day, written)

    @given(st.integers(min_value=13_000_000_000, max_value=19_999_999_999))
    def test_a_mobile_number_is_read_however_it_is_written(self, number):
        digits = str(number)
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in digits)
        for written in (
            number,
            float(number),
            wide,
            f"{digits[:3]}-{digits[3:7]}-{digits[7:]}",
            f" {digits[:3]} {digits[3:7]} {digits[7:]} ",
            f"+86{digits}",
        ):
            self.assertEqual(normalise.phones(written), [digits], written)

    @given(st.text(max_size=30))
    def test_no_text_breaks_a_reader(self, written):
        for reader in (
            normalise.phones,
            normalise.area,
            normalise.day,
            normalise.people,
            normalise.floor,
            lambda value: normalise.shares(value, 2),
        ):
            try:
                reader(written)
            except ValueError as error:
                self.assertIn(str(error), normalise.PROBLEMS)

    @given(st.integers(min_value=1, max_value=12))
    def test_equal_shares_make_a_whole(self, count):
        self.assertEqual(sum(normalise.shares("", count)), 100)

    @given(st.decimals(min_value=0, max_value=99999, places=2))
    def test_area_keeps_its_fen(self, number):
        for written in (f"{number}㎡", f"{number} 平方米", float(number)):
            self.assertEqual(normalise.area(written), number.quantize(Decimal("0.01")))

    @given(
        st.dates(min_value=date(1940, 1, 1), max_value=date(2020, 1, 1)),
        st.integers(0, 999),
    )
    def test_identity_numbers_satisfy_the_standard(self, born, serial):
        number = estate.identity_number(born, serial)
        weights = [2 ** (17 - index) % 11 for index in range(18)]
        digits = [10 if digit == "X" else int(digit) for digit in number]
        self.assertEqual(
            sum(map(lambda pair: pair[0] * pair[1], zip(digits, weights, strict=True)))
            % 11,
            1,
        )

    def test_estate_is_the_same_for_the_same_seed(self):
        layout = {"seed": 7, "delivered": date(2022, 6, 1)}
        first = estate.roster_rows(50, 3, 10, **layout)
        self.assertEqual(first, estate.roster_rows(50, 3, 10, **layout))
        self.assertEqual(len(first), 63)
        days = [row["handover_date"] for row in first if row.get("handover_date")]
        self.assertLess(max(days), date(2022, 6, 1) + timedelta(days=301))

    def test_written_text_never_becomes_a_formula(self):
        content = workbook.write_workbook(
            [
                {
                    "name": "t",
                    "header": ["=1+1"],
                    "rows": [['=HYPERLINK("http://x","a")'], ["+1"], [2.5]],
                }
            ]
        )
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        self.assertEqual([cell.data_type for cell in sheet["A"]], ["s", "s", "s", "n"])
        self.assertEqual(workbook.read_rows(content)[1], ['=HYPERLINK("http://x","a")'])

    def test_unreadable_files_say_why(self):
        for content, reason in (
            (b"", "empty"),
            (b"PK\x03\x04 not a zip at all", "format"),
            (b"\x00\x01\x02\x03", "format"),
            (b"x" * (workbook.MAX_BYTES + 1), "too_large"),
        ):
            with self.assertRaisesRegex(workbook.UnreadableWorkbook, reason):
                workbook.read_rows(content)

    def test_csv_in_gb18030(self):
        content = "楼号,单元,房间,房屋类型\r\n3栋,1单元,502,住宅\r\n".encode("gb18030")
        sheet = roster.read_roster(workbook.read_rows(content))
        self.assertEqual([row.key for row in sheet.rows], [("3", "1", "502")])

    def test_remarks_blank_rows_and_totals_are_not_units(self):
        header = ["楼号", "单元", "房间", "房屋类型", "建筑面积"]
        sheet = roster.read_roster(
            [
                ["某小区业主台账"],
                [],
                [*header, None, "说明:类型只能填住宅"],
                [1, 1, 101, "住宅", 89.5, None, "此处可填两个电话"],
                [None] * 5,
                ["以上为一单元"],
                [1, 2, 101, "住宅", 89.5],
                ["合计", None, None, None, 179],
            ]
        )
        self.assertEqual([row.number for row in sheet.rows], [4, 7])
        self.assertFalse([row.problems for row in sheet.rows if row.problems])

    def test_missing_columns_are_named(self):
        with self.assertRaises(workbook.NoHeader) as caught:
            roster.read_roster([["姓名", "电话"], ["张三", "13912345678"]])
        self.assertEqual(caught.exception.args[0], ["building", "room", "unit_type"])
