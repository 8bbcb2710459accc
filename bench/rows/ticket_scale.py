"""What the desk looks at among many tickets, against the same among few.

Modules of Odoo are imported where they are used: rows are listed outside of it too.
"""

import statistics
import time

from bench.row import Outcome, Row
from bench.rows.ticket_fill import fill

TIMES = 100  # as many tickets as the peer has
WARM_UP = 2
ROUNDS = 9
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "no_reset_password": True,
}


class TicketScale(Row):
    """Every page opened some times as the front desk, each time as in a request of its own.

    Ours has a hundred times as many tickets as rows: 2000 rows are 200,000 tickets with
    600,000 promises. The peer is the same desk with as many tickets as rows. The report
    tells time and queries of each page; a page counts with its median.
    """

    name = "ticket_scale"
    title = "pages of the desk among 100 times the tickets, against the same pages"
    modules = ("property_service",)
    sizes = (2000,)
    peer_has_own_data = True

    def prepare(self, env, count):
        return self._prepare(env, count, count * TIMES)

    def prepare_peer(self, env, count):
        return self._prepare(env, count, count)

    def ours(self, env, data):
        return self._look(env, data)

    def peer(self, env, data):
        return self._look(env, data)

    @staticmethod
    def _prepare(env, rows, tickets):
        env = env(context={**env.context, **QUIET})
        users = env["res.users"].create(
            [
                {
                    "name": role,
                    "login": f"bench_{role}",
                    "group_ids": [
                        (4, env.ref(f"property_base.group_property_{role}").id)
                    ],
                }
                for role in ("frontdesk", "manager")
            ]
        )
        data = fill(env, tickets)
        # One of the desk who is kept to his own communities.
        limited = users[0].copy({"login": "bench_limited"})
        limited.property_community_ids = [(6, 0, [data["community"]])]
        unit = env["property.unit"].browse(data["units"][0])
        owner = env["res.users"].create(
            {
                "login": "bench_owner",
                "partner_id": unit.owner_ids.id,
                "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
            }
        )
        return {
            **data,
            "rows": rows,
            "desk": users[0].id,
            "limited": limited.id,
            "manager": users[1].id,
            "engineer": env["property.engineer"].browse(data["crew"][0]).user_id.id,
            "owner": owner.id,
        }

    def _look(self, env, data):
        parts, queries = {}, {}
        for name, look in pages(env, data).items():
            taken = []
            for number in range(WARM_UP + ROUNDS):
                env.invalidate_all()
                before, started = env.cr.sql_log_count, time.perf_counter()
                look()
                if number >= WARM_UP:
                    taken.append(time.perf_counter() - started)
            queries[name] = env.cr.sql_log_count - before
            parts[name] = statistics.median(taken)
        seconds = sum(parts.values())
        return Outcome(data["rows"], len(parts), seconds, parts, queries)


def pages(env, data):
    """Return what is opened, by name: functions of nothing."""
    from odoo.addons.property_service.tests.scale_common import OPEN, Pages

    desk, limited, engineer = (
        Pages(env(user=data[role])) for role in ("desk", "limited", "engineer")
    )
    tickets, units = desk.tickets, desk.env["property.unit"].browse(data["units"])
    ticket = tickets.search([("state", "=", "closed")], limit=1)
    own = env(user=data["owner"])["property.ticket"]
    order = desk.orders.search([("state", "=", "given")], limit=1)
    unit = units[5]
    intake = desk.env["property.intake"]
    overview = env(user=data["manager"])["property.service.overview"]
    looks = {
        "list of open tickets": lambda: desk.search(OPEN),
        "list of all tickets": lambda: desk.search([]),
        "list of late tickets": lambda: desk.search([("promise_state", "=", "late")]),
        "list of missed promises": lambda: desk.search(
            [("sla_ids.is_late", "=", True)]
        ),
        "tickets by number": lambda: desk.search(
            ["|", ("name", "ilike", ticket.name), ("subject", "ilike", ticket.name)]
        ),
        "tickets by phone": lambda: desk.search([("phone", "ilike", "13800000007")]),
        "tickets of a unit": lambda: desk.search([("unit_id", "=", unit.id)]),
        "kanban of open tickets": lambda: desk.group(OPEN),
        "kanban of all tickets": lambda: desk.group([]),
        "kanban of one's communities": lambda: limited.group(OPEN),
        "form with chatter": lambda: desk.open(ticket),
        "work orders": lambda: desk.search(OPEN, desk.orders, desk.order_list),
        "work orders by engineer": lambda: desk.group(
            OPEN, desk.orders, desk.order_card, desk.order_kanban
        ),
        "orders of one's communities": lambda: limited.search(
            OPEN, limited.orders, limited.order_list
        ),
        "an engineer's own orders": lambda: engineer.search(
            [("is_mine", "=", True), *OPEN], engineer.orders, engineer.order_list
        ),
        "dispatch suggestion": lambda: desk.dispatch(order),
        "caller search": lambda: units.caller_search(unit.owner_ids.name),
        "intake of a household": lambda: intake.load_context(unit.id),
        "dashboard": overview.get_overview,
        "portal list": lambda: own.search([], limit=80).mapped("subject"),
    }
    return looks
