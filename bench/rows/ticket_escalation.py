"""The scheduled action that climbs the ladders, over many tickets against over few."""

import time
from datetime import timedelta

from bench.row import Outcome, Row
from bench.rows.ticket_create import create_crew, create_homes

SHARE = 10  # the peer has a tenth of the tickets
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "no_reset_password": True,
}


class TicketEscalation(Row):
    """Open tickets of which every ladder has been passed since anybody looked.

    Neither OCA ``helpdesk_mgmt`` nor ``helpdesk_mgmt_sla`` has a scheduled action over its
    promises, so the peer is the same work over a tenth of the tickets: its time counts ten
    times. As many chunks commit as in production.
    """

    name = "ticket_escalation"
    title = "open tickets escalated in chunks, against a tenth of them"
    modules = ("property_service",)
    sizes = (20000,)
    peer_has_own_data = True

    def prepare(self, env, count):
        return self._prepare(env, count, count)

    def prepare_peer(self, env, count):
        return self._prepare(env, count, max(count // SHARE, 1))

    @staticmethod
    def _prepare(env, rows, tickets):
        env = env(context={**env.context, **QUIET})
        units = create_homes(env, min(tickets, 2000))
        users = create_crew(env).user_id
        manager = env["res.users"].create(
            {
                "name": "Manager",
                "login": "bench_manager",
                "group_ids": [(4, env.ref("property_base.group_property_manager").id)],
            }
        )
        units.community_id.manager_id = manager
        start = env["property.ticket"].default_get(["reported_at"])["reported_at"]
        problem = env.ref("property_service.problem_home_water_drip")
        for begin in range(0, tickets, 1000):
            env["property.ticket"].create(
                [
                    {
                        "unit_id": units[number % len(units)].id,
                        "category_id": problem.id,
                        "subject": f"Tap {number}",
                        # A step would log what was passed before it: begin there.
                        "state": "accepted",
                        "user_id": users[number % len(users)].id,
                        "reported_at": start - timedelta(days=30, minutes=number),
                    }
                    for number in range(begin, min(begin + 1000, tickets))
                ]
            )
            env.cr.commit()
            env.invalidate_all()
        return {"rows": rows, "times": rows / tickets}

    def ours(self, env, data):
        return self._escalate(env, data)

    def peer(self, env, data):
        return self._escalate(env, data)

    @staticmethod
    def _escalate(env, data):
        """Climb as the scheduler does, chunk by chunk."""
        Event = env["property.escalation.event"]
        started = time.perf_counter()
        while Event._escalate_chunk():
            env.cr.commit()
        seconds = time.perf_counter() - started
        again = Event._escalate_chunk()
        fired = Event.search_count([]) * data["times"]
        return Outcome(data["rows"], round(fired) + again, seconds * data["times"])
