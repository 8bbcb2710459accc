"""Killing the server in the middle of long work loses nothing and does nothing twice."""

import csv
import random
import re
import time

import pytest

from tests.support.jobs import UNFINISHED, wait_for
from tests.support.roster import CLEAN, SAMPLES, encoded, sheet_rows, start_import

ROUNDS = 3
PERIOD = "2026-10-01"
DUNNED = "2026-11-20"
BANK = SAMPLES / "bank_2026-10.csv"
# How the memos of the sample name a unit: building, entrance, room.
MEMOS = (
    re.compile(r"(\d+)-(\d+)-(\d+)物业费"),
    re.compile(r"阳光花园(\d+)栋(\d+)单元(\d+) .*"),
    re.compile(r"(\d+)#(\d+)-(\d+) 10月"),
)


def cents(amount):
    """Return an amount in fen, also one that is written as the bank does."""
    return round(float(str(amount).replace(",", "") or 0) * 100)


@pytest.fixture(scope="module")
def community(rpc):
    [community] = rpc("hq").create(
        "property.community", [{"name": "阳光花园", "code": "SUN"}]
    )
    return community


@pytest.fixture(scope="module")
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
    job = start_import(client, community, CLEAN.read_bytes())
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


# === THE DUNNING RUN === #


@pytest.fixture(scope="module")
def dunning_run(server, rpc, community, wake_cron):
    """A dunning run over the bills of October, with the server killed in between."""
    client = rpc("accountant")
    rpc("hq").create(
        "property.dunning.policy",
        [
            {
                "name": "Cut",
                "community_ids": [[6, 0, [community]]],
                "quiet_days": False,
                "level_ids": [
                    [
                        0,
                        0,
                        {
                            "name": "First",
                            "days_overdue": 5,
                            "interval_days": 60,
                            "channel": "notice",
                            "text": "<p>{debtor} owes {amount}.</p>",
                        },
                    ]
                ],
            }
        ],
    )
    [run] = client.create(
        "property.dunning.run",
        [{"community_ids": [[6, 0, [community]]], "date": DUNNED}],
    )
    client.call("property.dunning.run", "action_start", ids=[run])
    assert power_cuts(
        server, client, "property.dunning.run", run, "sent_count", wake_cron
    )
    return wait_for(client, "property.dunning.run", run)


def test_dunning_run(rpc, community, dunning_run):
    """Every debtor is reminded of all that he owes, once."""
    client = rpc("accountant")
    done = dunning_run
    assert (done["state"], done["todo_count"], done["failed_count"]) == ("done", 0, 0)
    bills = client.search_read(
        "account.move",
        [
            ("property_community_id", "=", community),
            ("state", "=", "posted"),
            ("payment_state", "=", "not_paid"),
        ],
        ["property_unit_id", "partner_id", "amount_residual"],
    )
    owed = {}
    for bill in bills:
        key = (bill["property_unit_id"][0], bill["partner_id"][0])
        owed[key] = owed.get(key, 0) + cents(bill["amount_residual"])
    letters = client.search_read(
        "property.dunning.letter",
        [("run_id", "=", done["id"])],
        ["unit_id", "partner_id", "amount", "line_ids", "case_id"],
    )
    assert len(letters) == len(owed) == done["sent_count"] > 1000
    assert {
        (letter["unit_id"][0], letter["partner_id"][0]): cents(letter["amount"])
        for letter in letters
    } == owed
    assert sum(len(letter["line_ids"]) for letter in letters) == len(bills)
    lines = client.search_read(
        "property.dunning.run.line",
        [("run_id", "=", done["id"])],
        ["status", "letter_id", "case_id"],
    )
    assert {line["status"] for line in lines} == {"sent"}
    assert sorted(line["letter_id"][0] for line in lines) == sorted(
        letter["id"] for letter in letters
    )
    assert len({line["case_id"][0] for line in lines}) == len(letters)


def test_dunning_again(rpc, community, dunning_run):
    """A second run within the interval finds everybody reminded."""
    client = rpc("accountant")
    [run] = client.create(
        "property.dunning.run",
        [{"community_ids": [[6, 0, [community]]], "date": DUNNED}],
    )
    client.call("property.dunning.run", "action_start", ids=[run])
    again = wait_for(client, "property.dunning.run", run)
    assert (again["state"], again["sent_count"]) == ("done", 0)


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


@pytest.fixture(scope="module")
def bank_lines(server, rpc, community, wake_cron, bank_rows):
    """The lines of the bank file, imported with the server killed in between."""
    client = rpc("accountant")
    [journal, *_others] = client.search_read(
        "account.journal", [("type", "=", "bank"), ("code", "=", "BNK1")], ["name"]
    )
    scope = [("journal_id", "=", journal["id"])]
    before = client.count("account.bank.statement.line", scope)
    job = read_bank_file(client, journal["id"])
    assert power_cuts(
        server, client, "property.bank.import", job, "rows_done", wake_cron
    )
    done = wait_for(client, "property.bank.import", job)
    assert (done["state"], done["new_count"]) == ("done", 410)
    assert (done["repeated_count"], done["refused_count"]) == (1, 0)
    again = wait_for(
        client, "property.bank.import", read_bank_file(client, journal["id"])
    )
    assert (again["new_count"], again["repeated_count"]) == (0, 411)
    assert client.count("account.bank.statement.line", scope) == before + 410
    truth = {cents(row["账户余额"]): row["unit"] for row in bank_rows}
    lines = client.search_read(
        "property.bank.line",
        [("import_id", "=", job), ("statement_line_id", "!=", False)],
        [
            "amount",
            "balance",
            "payer_name",
            "state",
            "statement_line_id",
            "unit_id",
        ],
    )
    for line in lines:
        line["truth"] = truth[round(line["balance"] * 100)]
        line["found"] = line["unit_id"] and line["unit_id"][1]
    return lines


def test_bank_lines_arrive_once(bank_lines, bank_rows):
    """Twice paid is two lines, merely repeated is one."""
    expected = sorted(
        cents(row["收入金额"]) - cents(row["支出金额"]) for row in bank_rows
    )
    assert sorted(round(line["amount"] * 100) for line in bank_lines) == expected
    assert len({line["statement_line_id"][0] for line in bank_lines}) == 410


def test_bank_lines_find_their_households(bank_lines):
    """Where the memo names the unit, nearly all are settled and none wrongly."""
    named = [line for line in bank_lines if line["truth"]]
    assert len(named) == 201
    right = [
        line
        for line in named
        if line["state"] == "settled" and line["found"] == line["truth"]
    ]
    assert len(right) >= 0.95 * len(named)
    assert [
        line for line in named if line["found"] and line["found"] != line["truth"]
    ] == []


def test_other_settled_lines_name_their_owner(bank_lines):
    """Without a unit in the memo, a line is settled for the owner who paid it himself."""
    owners = {
        "-".join(str(row[name]) for name in ("楼号", "单元", "房间")): row["业主姓名"]
        for row in sheet_rows(CLEAN)
        if row["业主姓名"]
    }
    for line in bank_lines:
        if line["state"] == "settled" and not line["truth"]:
            assert line["payer_name"] in owners[line["found"]], line


def test_suppliers_payments_are_left_alone(rpc, bank_lines):
    outgoing = [line for line in bank_lines if line["amount"] < 0]
    assert len(outgoing) == 8
    assert {line["state"] for line in outgoing} == {"outgoing"}
    statements = rpc("accountant").call(
        "account.bank.statement.line",
        "read",
        ids=[line["statement_line_id"][0] for line in outgoing],
        fields=["is_reconciled"],
    )
    assert not any(statement["is_reconciled"] for statement in statements)
