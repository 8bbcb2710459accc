"""Billing that is killed and crowded bills every household once, without a gap."""

import pytest

ROUNDS = 30
HOUSEHOLDS = 2000
ITEMS = 2
MONTHS = ["2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01"]
LONGEST = 1.5  # seconds that a worker lives before it is killed
CODE = f"""
from datetime import date
from tests.support.workers import bill_and_kill
months = [date.fromisoformat(month) for month in {MONTHS}]
result = bill_and_kill(env, months, {ROUNDS}, {HOUSEHOLDS}, {LONGEST})
"""


@pytest.fixture(scope="module")
def billed(run_in_copy, templates):
    """A database in which four months were billed by workers that were killed.

    :return: what was done, and a function that runs a query
    """
    return run_in_copy(templates.suite(), "billing_kill", CODE)


def test_workers_were_killed(billed):
    result, _query = billed
    assert result["killed"] >= ROUNDS
    assert result["failed_workers"] == 0


def test_every_household_is_billed_once(billed):
    result, query = billed
    rows = query(
        "SELECT period, count(*), count(DISTINCT assignment_id)"
        " FROM property_charge WHERE state = 'billed' GROUP BY period ORDER BY period"
    )
    expected = HOUSEHOLDS * ITEMS
    assert [row[1:] for row in rows] == [(expected, expected)] * len(MONTHS)
    assert not query("SELECT id FROM property_charge WHERE state != 'billed'")
    statuses = query(
        "SELECT run_id, status, count(*), count(DISTINCT unit_id)"
        " FROM property_fee_run_line GROUP BY run_id, status ORDER BY run_id"
    )
    assert statuses == [
        (run, "charged", HOUSEHOLDS, HOUSEHOLDS) for run in sorted(result["runs"])
    ]
    states = query("SELECT DISTINCT state FROM property_fee_run")
    assert states == [("done",)]


def test_every_bill_is_posted_and_whole(billed):
    _result, query = billed
    assert query(
        "SELECT state, payment_state, count(*) FROM account_move"
        " WHERE property_run_id IS NOT NULL GROUP BY state, payment_state"
    ) == [("posted", "not_paid", HOUSEHOLDS * len(MONTHS))]
    assert not query(
        "SELECT move.id FROM account_move move"
        " LEFT JOIN account_move_line line ON line.move_id = move.id"
        " WHERE move.property_run_id IS NOT NULL GROUP BY move.id"
        " HAVING sum(line.balance) IS DISTINCT FROM 0"
        "     OR count(line.property_charge_id) != %s",
        ITEMS,
    )
    [(charged, billed_amount)] = query(
        "SELECT (SELECT sum(amount) FROM property_charge),"
        " (SELECT sum(amount_total) FROM account_move WHERE property_run_id IS NOT NULL)"
    )
    assert charged == billed_amount


def test_numbers_have_no_gap(billed):
    _result, query = billed
    rows = query(
        "SELECT sequence_prefix, min(sequence_number), max(sequence_number), count(*),"
        " count(DISTINCT name), bool_or(made_sequence_gap)"
        " FROM account_move WHERE property_run_id IS NOT NULL GROUP BY sequence_prefix"
    )
    assert rows
    for _prefix, first, last, count, names, gap in rows:
        assert last - first + 1 == count == names
        assert first == 1
        assert not gap
