"""A roster as an office really keeps it: every good row arrives, every bad one comes back."""

import base64
import io
from datetime import datetime

import openpyxl
import pytest

from tests.support.roster import MESSY, import_roster, sheet_rows

HEADER_ROW = 3
# Row of the sheet -> columns with something wrong, as the sample was made.
BAD = {
    168: {"房间"},
    169: {"楼号"},
    170: {"建筑面积"},
    171: {"建筑面积"},
    172: {"房屋类型", "联系电话"},
    173: {"业主姓名"},
    174: {"室内面积", "产权份额", "交房日期"},
}


@pytest.fixture(scope="module")
def community(rpc):
    [community] = rpc("hq").create(
        "property.community", [{"name": "翠湖花园二期", "code": "CH2"}]
    )
    return community


@pytest.fixture(scope="module")
def job(rpc, community):
    return import_roster(rpc("frontdesk"), community, MESSY.read_bytes())


@pytest.fixture(scope="module")
def workbook(job):
    return openpyxl.load_workbook(io.BytesIO(base64.b64decode(job["error_file"])))


def test_good_rows_arrive_and_nothing_else(rpc, community, job):
    assert (job["state"], job["created_count"], job["refused_count"]) == (
        "done",
        160,
        7,
    )
    units = rpc("frontdesk").search_read(
        "property.unit",
        [("community_id", "=", community)],
        ["code", "gross_area", "handover_date"],
    )
    found = {unit["code"]: unit for unit in units}
    assert len(found) == 160
    for row in sheet_rows(MESSY, HEADER_ROW):
        if row["row"] in BAD or row["房间"] is None:
            continue
        code = "-".join(
            str(row[name]).strip().rstrip("栋单元") for name in ("楼号", "单元", "房间")
        )
        area = float(str(row["建筑面积"]).rstrip("㎡"))
        assert found[code]["gross_area"] == area
        if isinstance(row["交房日期"], datetime):
            assert found[code]["handover_date"] == f"{row['交房日期']:%Y-%m-%d}"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("1-1-103", ("何国", "15955677358", "15524829728")),  # dashes
        ("1-1-104", ("尤静敏", "18113486109", "15892618703")),  # two in one cell
        ("1-1-201", ("尤芳超", "15993543674", "17492299542")),  # full-width digits
        ("1-1-102", ("朱轩子", "18890890803", "18438533878")),  # a number
    ],
)
def test_phones(rpc, community, job, code, expected):
    client = rpc("admin")
    [occupancy] = client.search_read(
        "property.occupancy",
        [
            ("community_id", "=", community),
            ("unit_id.code", "=", code),
            ("role", "=", "owner"),
        ],
        ["partner_id"],
    )
    [person] = client.call(
        "res.partner",
        "read",
        ids=[occupancy["partner_id"][0]],
        fields=["name", "phone", "phone2"],
    )
    assert (person["name"], person["phone"], person["phone2"]) == expected


@pytest.mark.parametrize(
    ("code", "day"),
    [("1-1-301", "2022-01-06"), ("1-1-302", "2022-04-21"), ("1-1-303", "2022-06-10")],
)
def test_dates(rpc, community, job, code, day):
    """2022.01.06, 2022年4月21日 and the serial number 44722."""
    [unit] = rpc("frontdesk").search_read(
        "property.unit",
        [("community_id", "=", community), ("code", "=", code)],
        ["handover_date"],
    )
    assert unit["handover_date"] == day


def test_two_owners_in_one_cell(rpc, community, job):
    owners = rpc("frontdesk").search_read(
        "property.occupancy",
        [("community_id", "=", community), ("unit_id.code", "=", "1-1-204")],
        ["partner_id", "share", "role"],
        order="id",
    )
    assert [
        (owner["partner_id"][1], owner["share"], owner["role"]) for owner in owners
    ] == [
        ("朱娟秀", 50.0, "owner"),
        ("赵强子", 50.0, "co_owner"),
    ]


def test_each_bad_cell_is_named_with_its_cure(workbook):
    _correct_here, problems = workbook.worksheets
    rows = list(problems.iter_rows(min_row=2, values_only=True))
    named = {}
    for row, cell, column, _value, problem, cure in rows:
        named.setdefault(row, set()).add(column)
        assert cell.endswith(str(row))
        assert problem and cure
    assert named == BAD


def test_no_text_became_a_formula(workbook):
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert '=HYPERLINK("http://x","a")' in [cell.value for cell in cells]


def test_corrected_rows_are_imported(rpc, community, workbook):
    sheet = workbook.worksheets[0]
    column = {cell.value: cell.column for cell in sheet[1]}
    corrections = {
        168: {"楼号": 9, "房间": 101},
        169: {"楼号": 9},
        170: {"建筑面积": 89.5},
        171: {"建筑面积": "89.5㎡"},
        172: {"房屋类型": "住宅", "联系电话": "13800001111"},
        173: {"业主姓名": "许超群"},
        174: {"室内面积": 70, "产权份额": "100%", "交房日期": "2025-02-28"},
    }
    for row in range(2, sheet.max_row + 1):
        original = sheet.cell(row, column["原表行号"]).value
        for name, value in corrections[original].items():
            sheet.cell(row, column[name]).value = value
    buffer = io.BytesIO()
    workbook.save(buffer)
    job = import_roster(rpc("frontdesk"), community, buffer.getvalue())
    assert (job["created_count"], job["refused_count"]) == (7, 0)
    assert not job["error_file"]
