"""From a roster to a paid bill and a reminder, from outside: JSON-2 API and a browser.

The tests of this file are one story and run in their order.
"""

import io
import re
from datetime import date, datetime
from decimal import Decimal

import pypdf
import pytest

from tests.support.jobs import wait_for
from tests.support.roster import CLEAN, expected_bills, import_roster, sheet_rows
from tests.support.web import log_in, open_action

PERIOD = "2026-10-01"
PAID_UNIT, OTHER_UNIT = "1-1-101", "1-1-102"


@pytest.fixture(scope="module")
def story(rpc):
    """The community that the roster is imported into."""
    [community] = rpc("hq").create(
        "property.community", [{"name": "阳光花园", "code": "SUN"}]
    )
    return {"community": community}


@pytest.fixture(scope="module")
def roster():
    return sheet_rows(CLEAN)


@pytest.fixture(scope="module")
def bills(roster):
    """What must be billed, by unit: 2.50 yuan per square metre of homes and shops."""
    return expected_bills(
        roster, ("住宅", "商铺"), Decimal("2.50"), last_day=datetime(2026, 10, 31)
    )


def test_roster_becomes_units(rpc, story, roster):
    job = import_roster(rpc("frontdesk"), story["community"], CLEAN.read_bytes())
    assert (job["state"], job["created_count"], job["refused_count"]) == (
        "done",
        1620,
        0,
    )
    client, scope = rpc("frontdesk"), ("community_id", "=", story["community"])
    for unit_type, count in (("home", 1280), ("shop", 40), ("parking", 300)):
        domain = [scope, ("unit_type", "=", unit_type)]
        assert client.count("property.unit", domain) == count
    areas = client.search_read("property.unit", [scope], ["code", "gross_area"])
    total = sum(Decimal(str(row["建筑面积"])) for row in roster)
    assert sum(Decimal(str(unit["gross_area"])) for unit in areas) == total


def test_same_roster_again_changes_nothing(rpc, story):
    client = rpc("frontdesk")
    people = client.count("res.partner")
    job = import_roster(client, story["community"], CLEAN.read_bytes())
    assert (job["unchanged_count"], job["created_count"], job["updated_count"]) == (
        1620,
        0,
        0,
    )
    assert client.count("res.partner") == people
    messages = client.search_read(
        "mail.message",
        [("model", "=", "property.roster.import"), ("res_id", "=", job["id"])],
        ["body"],
    )
    assert any("没有变化" in message["body"] for message in messages)


def test_fee_is_assigned_from_the_handover_date(rpc, story, bills):
    client = rpc("accountant")
    [item] = client.create(
        "property.fee.item",
        [{"name": "物业费(阳光花园)", "code": "SUN-PM", "kind": "recurring"}],
    )
    client.create(
        "property.fee.rate",
        [
            {
                "item_id": item,
                "community_id": story["community"],
                "date_start": "2022-01-01",
                "basis": "gross_area",
                "price": 2.5,
                "cycle": "month",
            }
        ],
    )
    [wizard] = client.create(
        "property.fee.assign",
        [
            {
                "item_id": item,
                "community_id": story["community"],
                "for_home": True,
                "for_shop": True,
                "start_rule": "handover",
            }
        ],
    )
    client.call("property.fee.assign", "action_assign", ids=[wizard])
    story["item"] = item
    assert client.count("property.fee.assignment", [("item_id", "=", item)]) == len(
        bills
    )


def start_run(client, story):
    [run] = client.create(
        "property.fee.run",
        [
            {
                "community_ids": [[6, 0, [story["community"]]]],
                "item_ids": [[6, 0, [story["item"]]]],
                "period": PERIOD,
                "invoice_date": PERIOD,
            }
        ],
    )
    client.call("property.fee.run", "action_start", ids=[run])
    return wait_for(client, "property.fee.run", run)


def run_moves(client, run):
    return client.search_read(
        "account.move",
        [("property_run_id", "=", run)],
        ["state", "amount_total", "property_unit_id", "invoice_date_due"],
    )


def test_run_bills_what_the_sheet_says(rpc, story, bills):
    client = rpc("accountant")
    run = start_run(client, story)
    assert (run["state"], run["failed_count"]) == ("done", 0)
    moves = run_moves(client, run["id"])
    billed = {
        move["property_unit_id"][1]: Decimal(str(move["amount_total"]))
        for move in moves
    }
    assert billed == bills
    assert sum(billed.values()) == sum(bills.values())
    assert {move["state"] for move in moves} == {"posted"}
    story["run"] = run["id"]


def test_same_month_again_bills_nothing(rpc, story):
    client = rpc("accountant")
    again = start_run(client, story)
    assert again["charged_count"] == 0
    assert not run_moves(client, again["id"])


def bill_of(client, story, code):
    [move] = client.search_read(
        "account.move",
        [
            ("property_run_id", "=", story["run"]),
            ("property_unit_id.code", "=", code),
        ],
        ["name", "amount_total", "payment_state", "partner_id"],
    )
    return move


def test_notice_tells_who_owes_what(rpc, page, server, story, roster, bills):
    bill = bill_of(rpc("accountant"), story, PAID_UNIT)
    log_in(page, server, "accountant")
    report = f"/report/pdf/property_fee.report_payment_notice/{bill['id']}"
    answer = page.request.get(server.url + report)
    assert answer.ok
    document = pypdf.PdfReader(io.BytesIO(answer.body()))
    text = re.sub(r"\s", "", "".join(sheet.extract_text() for sheet in document.pages))
    owner = next(row for row in roster if (row["楼号"], row["房间"]) == (1, 101))
    for expected in ("缴费通知单", owner["业主姓名"], PAID_UNIT, str(bills[PAID_UNIT])):
        assert expected in text


def test_payment_at_the_desk(rpc, page, server, story):
    client = rpc("accountant")
    bill = bill_of(client, story, PAID_UNIT)
    assert bill["payment_state"] == "not_paid"
    log_in(page, server, "accountant")
    open_action(page, server, f"property-bills/{bill['id']}")
    page.click("button[name=action_register_payment]")
    page.click(".modal button[name=action_create_payments]")
    page.wait_for_selector(".modal", state="detached")
    paid = bill_of(client, story, PAID_UNIT)
    assert paid["payment_state"] == "paid"
    page.wait_for_selector(".ribbon >> text=已支")


def test_overdue_households_are_found_and_reminded(rpc, page, server, story, bills):
    client = rpc("accountant")
    [run] = client.create(
        "property.dunning.run",
        [
            {
                "date": date(2027, 1, 15).isoformat(),
                "community_ids": [[6, 0, [story["community"]]]],
            }
        ],
    )
    client.call("property.dunning.run", "action_start", ids=[run])
    wait_for(client, "property.dunning.run", run)
    letters = client.search_read(
        "property.dunning.letter",
        [("community_id", "=", story["community"])],
        ["unit_id", "amount"],
    )
    reminded = {
        letter["unit_id"][1]: Decimal(str(letter["amount"])) for letter in letters
    }
    assert PAID_UNIT not in reminded
    assert reminded == {code: bills[code] for code in bills if code != PAID_UNIT}

    letter = next(letter for letter in letters if letter["unit_id"][1] == OTHER_UNIT)
    log_in(page, server, "accountant")
    report = f"/report/pdf/property_fee.report_dunning_letter/{letter['id']}"
    answer = page.request.get(server.url + report)
    document = pypdf.PdfReader(io.BytesIO(answer.body()))
    text = re.sub(r"\s", "", "".join(sheet.extract_text() for sheet in document.pages))
    assert "催缴" in text and OTHER_UNIT in text and str(bills[OTHER_UNIT]) in text
