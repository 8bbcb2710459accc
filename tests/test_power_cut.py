"""Killing the server in the middle of long work loses nothing and does nothing twice."""

import csv
import random
import re
import time

import pytest

from tests.support.jobs import UNFINISHED, wait_for
from tests.support.roster import CLEAN, SAMPLES, encoded, sheet_rows

ROUNDS = 3
PERIOD = "2026-10-01"
BANK = SAMPLES / "bank_2026-10.csv"
# How the memos of the sample name a unit: building, entrance, room.
MEMOS = (
    re.compile(r"(\d+)-(\d+)-(\d+)物业费"),
    re.compile(r"阳光花园(\d+)栋(\d+)单元(\d+) .*"),
    re.compile(r"(\d+)#(\d+)-(\d+) 10月"),
)


@pytest.fixture(scope="module")
def community(rpc):
    [community] = rpc("hq").create(
        "property.community", [{"name": "阳光花园", "code": "SUN"}]
    )
    return community


@pytest.fixture
def wake_cron(databases, server):
    """A function that wakes the scheduler, which would look again within a minute."""

    def wake():
        with databases.cursor() as cursor:
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", [server.database])

    return wake


def power_cuts(server, client, model, job, progress, wake_cron):
    """Kill the server while a job goes on, at a few random moments; start it again.

    :param progress: field of the job that grows while it works
    :return: how often the job was really cut in its middle
    """
    cuts = 0
    rng = random.Random(20261)
    for _round in range(ROUNDS):
        before = client.call(model, "read", ids=[job], fields=[progress])[0][progress]
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            [record] = client.call(model, "read", ids=[job], fields=[progress, "state"])
            if record["state"] not in UNFINISHED or record[progress] != before:
                break
            wake_cron()
            time.sleep(0.05)
        time.sleep(rng.uniform(0, 0.3))
        server.kill()
        server.start()
        [record] = client.call(model, "read", ids=[job], fields=["state"])
        cuts += record["state"] in UNFINISHED
    wake_cron()
    return cuts


def test_import(server, rpc, community, wake_cron):
    client = rpc("frontdesk")
    [job] = client.create(
        "property.roster.import",
        [
            {
                "community_id": community,
                "filename": "r.xlsx",
                "file": encoded(CLEAN.read_bytes()),
            }
        ],
    )
    client.call("property.roster.import", "action_start", ids=[job])
    assert power_cuts(
        server, client, "property.roster.import", job, "rows_done", wake_cron
    )
    done = wait_for(client, "property.roster.import", job)
    assert (done["state"], done["created_count"]) == ("done", 1620)
    scope = [("community_id", "=", community)]
    assert client.count("property.unit", scope) == 1620
    people = sum(
        bool(row["业主姓名"]) + bool(row["租户姓名"]) for row in sheet_rows(CLEAN)
    )
    assert client.count("property.occupancy", scope) == people
    results = client.search_read(
        "property.roster.import.line", [("import_id", "=", job)], ["row"]
    )
    assert sorted(result["row"] for result in results) == list(range(2, 1622))


def test_fee_run(server, rpc, community, wake_cron):
    client = rpc("accountant")
    [item] = client.create(
        "property.fee.item", [{"name": "物业费", "code": "CUT", "kind": "recurring"}]
    )
    client.create(
        "property.fee.rate",
        [
            {
                "item_id": item,
                "date_start": "2022-01-01",
                "basis": "gross_area",
                "price": 2.5,
            }
        ],
    )
    [wizard] = client.create(
        "property.fee.assign",
        [
            {
                "item_id": item,
                "community_id": community,
                "for_home": True,
                "for_shop": True,
            }
        ],
    )
    client.call("property.fee.assign", "action_assign", ids=[wizard])
    [run] = client.create(
        "property.fee.run",
        [
            {
                "community_ids": [[6, 0, [community]]],
                "item_ids": [[6, 0, [item]]],
                "period": PERIOD,
                "invoice_date": PERIOD,
            }
        ],
    )
    client.call("property.fee.run", "action_start", ids=[run])
    assert power_cuts(
        server, client, "property.fee.run", run, "charged_count", wake_cron
    )
    done = wait_for(client, "property.fee.run", run)
    assert (done["state"], done["todo_count"], done["failed_count"]) == ("done", 0, 0)

    assignments = client.count("property.fee.assignment", [("item_id", "=", item)])
    charges = client.search_read(
        "property.charge", [("run_id", "=", run)], ["assignment_id", "amount", "state"]
    )
    moves = client.search_read(
        "account.move",
        [("property_run_id", "=", run)],
        ["amount_total", "state", "name"],
    )
    assert len(charges) == len(moves) == assignments
    assert len({charge["assignment_id"][0] for charge in charges}) == assignments
    assert {move["state"] for move in moves} == {"posted"}
    assert len({move["name"] for move in moves}) == assignments
    assert round(sum(move["amount_total"] for move in moves), 2) == round(
        sum(charge["amount"] for charge in charges), 2
    )


# === THE BANK FILE === #


@pytest.fixture(scope="module")
def bank_rows():
    """The rows of the sample, each once, with the unit that its memo names."""
    with BANK.open(encoding="gb18030", newline="") as file:
        rows = list(csv.reader(file))[1:]
    lines = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    once = {tuple(line.values()): line for line in lines}
    assert (len(lines), len(once)) == (411, 410)
    for line in once.values():
        named = [memo.fullmatch(line["附言"]) for memo in MEMOS]
        line["unit"] = next(("-".join(one.groups()) for one in named if one), None)
    return list(once.values())


def read_bank_file(client, journal):
    [job] = client.create(
        "property.bank.import",
        [
            {
                "journal_id": journal,
                "filename": BANK.name,
                "file": encoded(BANK.read_bytes()),
            }
        ],
    )
    client.call("property.bank.import", "action_start", ids=[job])
    return job


def test_bank_import(server, rpc, community, wake_cron, bank_rows):
    client = rpc("accountant")
    [journal] = (
        client.create(
            "account.journal", [{"name": "基本户", "code": "JB", "type": "bank"}]
        )
        if client.call("account.journal", "has_access", ids=[], operation="create")
        else [
            client.search_read("account.journal", [("type", "=", "bank")], ["id"])[0][
                "id"
            ]
        ]
    )
    job = read_bank_file(client, journal)
    assert power_cuts(
        server, client, "property.bank.import", job, "rows_done", wake_cron
    )
    done = wait_for(client, "property.bank.import", job)
    assert (done["state"], done["new_count"]) == ("done", 410)
    assert (done["repeated_count"], done["refused_count"]) == (1, 0)
    lines = client.search_read(
        "property.bank.line",
        [("import_id", "=", job), ("statement_line_id", "!=", False)],
        ["amount", "memo", "payer_name", "state", "unit_id", "date", "balance"],
    )
    assert len(lines) == 410
    statements = client.search_read(
        "account.bank.statement.line",
        [("property_fingerprint", "!=", False), ("journal_id", "=", journal)],
        ["amount", "is_reconciled"],
    )

    def cents(text):
        return round(float(text.replace(",", "") or 0) * 100)

    expected = sorted(
        cents(row["收入金额"]) - cents(row["支出金额"]) for row in bank_rows
    )
    assert sorted(round(one["amount"] * 100) for one in statements) == expected

    again = wait_for(client, "property.bank.import", read_bank_file(client, journal))
    assert (again["new_count"], again["repeated_count"]) == (0, 411)

    # Of the receipts whose memo names a unit, nearly all are settled, none wrongly.
    truth = {
        (round(row_balance * 100)): row["unit"]
        for row in bank_rows
        for row_balance in [cents(row["账户余额"]) / 100]
    }
    settled = [line for line in lines if line["state"] == "settled"]
    named = [line for line in lines if truth[round(line["balance"] * 100)]]
    right = [
        line
        for line in named
        if line["state"] == "settled"
        and line["unit_id"][1] == truth[round(line["balance"] * 100)]
    ]
    assert len(named) == 202
    assert len(right) >= 0.95 * len(named)
    wrong = [
        line
        for line in named
        if line["unit_id"] and line["unit_id"][1] != truth[round(line["balance"] * 100)]
    ]
    assert wrong == []
    # The others that were settled by themselves name the owner twice, once as the payer.
    owners = {}
    for row in sheet_rows(CLEAN):
        if row["业主姓名"]:
            code = "-".join(str(row[name]) for name in ("楼号", "单元", "房间"))
            owners.setdefault(code, row["业主姓名"])
    for line in settled:
        if line not in named:
            assert line["payer_name"] in owners[line["unit_id"][1]], line
    # Suppliers' payments are in the account and nothing else happened to them.
    outgoing = [line for line in lines if line["amount"] < 0]
    assert len(outgoing) == 8
    assert {line["state"] for line in outgoing} == {"outgoing"}
    assert sum(not one["is_reconciled"] for one in statements if one["amount"] < 0) == 8
