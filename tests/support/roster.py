"""The sample rosters, and what must come of them, computed without the suite's code."""

import base64
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import openpyxl

from tests.support.jobs import wait_for

SAMPLES = Path(__file__).parent.parent / "samples"
CLEAN = SAMPLES / "roster_clean.xlsx"
MESSY = SAMPLES / "roster_messy.xlsx"


def sheet_rows(path, header_row=1):
    """Return the rows below the header as dicts by header, with their row number."""
    sheet = openpyxl.load_workbook(path).active
    rows = list(sheet.iter_rows(values_only=True))
    header = rows[header_row - 1]
    return [
        {"row": number, **dict(zip(header, row, strict=True))}
        for number, row in enumerate(rows[header_row:], header_row + 1)
    ]


def encoded(content):
    """Return bytes as the RPC wants a file."""
    return base64.b64encode(content).decode()


def start_import(client, community, content, filename="roster.xlsx"):
    """Upload a workbook as the front desk and start its import; return the import's id."""
    [job] = client.create(
        "property.roster.import",
        [
            {
                "community_id": community,
                "filename": filename,
                "file": encoded(content),
            }
        ],
    )
    client.call("property.roster.import", "action_start", ids=[job])
    return job


def import_roster(client, community, content):
    """Import a workbook as the front desk; return the finished import."""
    job = start_import(client, community, content)
    return wait_for(client, "property.roster.import", job)


def expected_bills(rows, types, price, *, last_day):
    """Compute what each household owes for one whole month.

    Billed are the delivered units that have an owner.

    :param rows: from `sheet_rows`
    :param types: unit types as the sheet names them
    :param price: Decimal, for one square metre and month
    :param last_day: datetime, last day of the month
    :return: dict code of the unit -> Decimal
    """
    bills = {}
    for row in rows:
        delivered = (
            isinstance(row["交房日期"], datetime) and row["交房日期"] <= last_day
        )
        if row["房屋类型"] in types and row["业主姓名"] and delivered:
            parts = [row["楼号"], row["单元"], row["房间"]]
            alone = str(row["房间"])[0].isalpha()
            code = str(row["房间"]) if alone else "-".join(str(part) for part in parts)
            area = Decimal(str(row["建筑面积"]))
            bills[code] = (area * price).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return bills
