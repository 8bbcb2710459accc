"""Finding a unit from what a caller says: a large database against a small one.

Modules of Odoo are imported where they are used: rows are listed outside of it too.
"""

import random
import time

from bench.row import Outcome, Row

TIMES = 100  # as many units as the peer has
PEOPLE_PER_UNIT = 1.8
SEED = 20260
WARM_UP = 20
ROLE = "property_base.group_property_frontdesk"
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "no_reset_password": True,
}


class UnitSearch(Row):
    """As many searches as rows, of every kind that callers call for.

    Ours runs them where there are a hundred times as many units as rows: 1000 rows are
    100,000 units and 180,000 people. The peer is the same search where there are as many
    units as rows. What counts is the slow end: 95 of 100 searches take less.
    """

    name = "unit_search"
    title = "caller searches (p95) among 100 times the units, against the same searches"
    modules = ("property_base",)
    sizes = (1000,)
    peer_has_own_data = True

    def prepare(self, env, count):
        return self._prepare(env, count, TIMES)

    def prepare_peer(self, env, count):
        return self._prepare(env, count, 1)

    def ours(self, env, data):
        return self._search(env, data)

    def peer(self, env, data):
        return self._search(env, data)

    def _prepare(self, env, count, communities):
        """Build communities of ``count`` units; the first is always the same one."""
        env = env(context={**env.context, **QUIET})
        user = env["res.users"].create(
            {
                "name": "Clerk",
                "login": "bench_clerk",
                "group_ids": [(6, 0, env.ref(ROLE).ids)],
            }
        )
        queries = []
        for number in range(communities):
            shops, parking = count // 20, count * 3 // 20
            community = env["property.demo.estate"]._build(
                f"Bench {number}",
                f"B{number}",
                homes=count - shops - parking,
                shops=shops,
                parking=parking,
                seed=SEED + number,
                floors=18,
                per_floor=4,
            )
            self._add_families(env, community, random.Random(SEED - number))
            queries = queries or self._queries(community, count)
            env.cr.commit()
            env.invalidate_all()
        return {"user": user.id, "queries": queries}

    @staticmethod
    def _add_families(env, community, rng):
        """Let families move in until there are enough people per unit."""
        from odoo.addons.property_base.tools import estate

        units = community.unit_ids
        present = len(units.occupancy_ids.partner_id)
        homes = units.filtered(lambda unit: unit.unit_type == "home" and unit.owner_ids)
        wanted = max(round(len(units) * PEOPLE_PER_UNIT) - present, 0)
        places = [homes[index % len(homes)] for index in range(wanted)] if homes else []
        people = env["res.partner"].create(
            [
                {
                    "name": rng.choice(estate.SURNAMES)
                    + "".join(rng.sample(estate.GIVEN, rng.choice((1, 2)))),
                    "phone": f"1{rng.choice('35789')}{rng.randrange(10**9):09d}",
                }
                for _place in places
            ]
        )
        env["property.occupancy"].create(
            [
                {
                    "unit_id": unit.id,
                    "partner_id": person.id,
                    "role": "family",
                    "date_start": unit.handover_date or community.delivery_date,
                    "is_resident": True,
                }
                for unit, person in zip(places, people, strict=True)
            ]
        )

    def _queries(self, community, count):
        """Return ``count`` things that somebody may say, all of them true of a household."""
        rng = random.Random(SEED)
        live = community.unit_ids.occupancy_ids.filtered(
            lambda occupancy: occupancy.partner_id.phone and not occupancy.date_end
        )
        ways = self._ways()
        return [
            ways[place % len(ways)](live[rng.randrange(len(live))])
            for place in range(count)
        ]

    @staticmethod
    def _ways():
        """Return the ways to name a household, each a function of an occupancy."""
        from odoo.addons.property_base.tools import pinyin

        def phone(start, end):
            return lambda one: one.partner_id.phone.replace("-", "")[start:end]

        def spelled(length, letters):
            return lambda one: "".join(
                pinyin.readings(char)[0][:letters] for char in one.partner_id.name
            )[:length]

        return [
            lambda one: one.unit_id.code,
            lambda one: f"{one.unit_id.building_id.name}{one.unit_id.name}",
            lambda one: one.unit_id.name,
            lambda one: one.partner_id.name,
            lambda one: one.partner_id.name[:1],
            spelled(None, None),
            spelled(None, 1),
            spelled(2, 1),
            phone(0, None),
            phone(-4, None),
            phone(0, 3),
            phone(4, 7),
        ]

    @staticmethod
    def _search(env, data):
        """Search as the clerk, each time as in a request of its own."""
        Unit = env(user=data["user"])["property.unit"]
        for query in data["queries"][:WARM_UP]:
            Unit.caller_search(query)
        taken, found = [], 0
        for query in data["queries"]:
            Unit.env.invalidate_all()
            started = time.perf_counter()
            found += bool(Unit.caller_search(query))
            taken.append(time.perf_counter() - started)
        slow_end = sorted(taken)[len(taken) * 95 // 100]
        return Outcome(len(taken), found, slow_end * len(taken))
