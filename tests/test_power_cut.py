"""Killing the server in the middle of long work loses nothing and does nothing twice."""

import random
import time

import pytest

from tests.support.jobs import UNFINISHED, wait_for
from tests.support.roster import CLEAN, sheet_rows, start_import

ROUNDS = 3
PERIOD = "2026-10-01"


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
