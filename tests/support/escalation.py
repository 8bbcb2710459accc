"""Escalation by workers that are killed; runs inside Odoo's shell."""

import random

from .workers import Workers


def escalate_and_kill(env, rounds, tickets, longest):
    """Climb the ladders with workers that are killed at random moments, until all is done.

    :param int rounds: how often a worker is killed in the middle of its work at least
    :param int tickets: number of open tickets of which every promise is overdue
    :param float longest: seconds that a worker lives at most
    :return: dict with what was done
    """
    from bench.rows.ticket_escalation import TicketEscalation

    TicketEscalation._prepare(env, tickets, tickets)
    Row, Event = env["property.ticket.sla"], env["property.escalation.event"]
    rows = Row.search([("state", "=", "running"), ("next_rung_at", "!=", False)])
    expected = sum(
        rung.target == row.target for row in rows for rung in row.policy_id.rung_ids
    )
    env.cr.commit()
    workers, chance = Workers(env), random.Random(20264)

    def work(env):
        env["property.escalation.event"]._cron_escalate()

    killed = 0
    while killed < rounds and _is_left(env, Event):
        killed += workers.start_and_kill(work, chance.uniform(0.05, longest))
    return {
        "killed": killed,
        # Whatever was left, and once more when nothing is.
        "failed_workers": workers.run([work]) + workers.run([work]),
        "expected": expected,
        "left": _is_left(env, Event),
    }


def _is_left(env, Event):
    """Return whether a promise waits for its next step, and end the transaction."""
    from odoo import fields

    domain = Event._domain_waiting(fields.Datetime.now())
    found = env["property.ticket.sla"].search_count(domain, limit=1)
    env.cr.commit()
    return bool(found)
