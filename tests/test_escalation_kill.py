"""Escalation that is killed takes every step once, and does all of it."""

import pytest

ROUNDS = 8
TICKETS = 2000
LONGEST = 1.5  # seconds that a worker lives before it is killed
CODE = f"""
from tests.support.escalation import escalate_and_kill
result = escalate_and_kill(env, {ROUNDS}, {TICKETS}, {LONGEST})
"""


@pytest.fixture(scope="module")
def escalated(run_in_copy, templates):
    """A database in which workers that were killed climbed every ladder.

    :return: what was done, and a function that runs a query
    """
    return run_in_copy(templates.suite(), "escalation_kill", CODE)


def test_workers_were_killed(escalated):
    result, _query = escalated
    assert result["killed"] >= ROUNDS
    assert result["failed_workers"] == 0
    assert not result["left"]


def test_every_step_was_taken_once(escalated):
    result, query = escalated
    [(events, distinct)] = query(
        "SELECT count(*), count(DISTINCT (sla_id, rung_id)) FROM property_escalation_event"
    )
    assert events == distinct == result["expected"] > TICKETS


def test_every_step_was_done_and_noted_once(escalated):
    _result, query = escalated
    # What was to be put on lists is there, no more and no less.
    [(todos,)] = query(
        "SELECT count(*) FROM mail_activity WHERE res_model = 'property.ticket'"
    )
    [(asked,)] = query(
        "SELECT count(*) FROM property_escalation_event event"
        " JOIN property_escalation_event_res_users_rel told"
        " ON told.property_escalation_event_id = event.id"
        " WHERE event.action = 'activity'"
    )
    assert todos == asked > 0
    # Each ticket has a note of its steps.
    [(noted,)] = query(
        "SELECT count(DISTINCT res_id) FROM mail_message message"
        " WHERE model = 'property.ticket' AND is_internal"
    )
    assert noted >= TICKETS
