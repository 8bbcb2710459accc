from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, new_test_user, tagged

from ..tools import dispatch
from .test_dispatch_tool import crews, jobs
from .test_work_order import WorkOrderCase

POOLS = (1, 2, 3, 4)  # the communities of the jobs that are drawn


@tagged("post_install", "-at_install")
class TestSpreadTool(BaseCase):
    @given(crews(), st.lists(jobs(), max_size=20), st.randoms())
    def test_same_state_same_people(self, crew, work, rng):
        shuffled = crew[:]
        rng.shuffle(shuffled)
        self.assertEqual(dispatch.spread(shuffled, work), dispatch.spread(crew, work))

    @given(crews(), st.lists(jobs(), max_size=20))
    def test_nobody_is_sent_who_cannot_go(self, crew, work):
        """Not when his load by then is counted, either."""
        people = {one.key: one for one in crew}
        for job, key in zip(work, dispatch.spread(crew, work), strict=True):
            if key is None:
                for one in people.values():
                    self.assertTrue(dispatch.why_not(one, job))
                continue
            self.assertFalse(dispatch.why_not(people[key], job))
            more = people[key].load + dispatch.WEIGHTS[job.urgency]
            people[key] = people[key]._replace(load=more)

    @given(
        st.lists(st.integers(0, 12), min_size=1, max_size=8),
        st.lists(st.sampled_from(sorted(dispatch.WEIGHTS)), max_size=60),
    )
    def test_loads_draw_level(self, loads, urgencies):
        """Nobody ends further ahead of another than he began, or than one job weighs."""
        crew = [
            dispatch.Candidate(key, {1}, True, set(), set(), load, 0, 0)
            for key, load in enumerate(loads)
        ]
        work = [dispatch.Job(1, 7, None, urgency) for urgency in urgencies]
        after = Counter(dict(enumerate(loads)))
        for job, key in zip(work, dispatch.spread(crew, work), strict=True):
            after[key] += dispatch.WEIGHTS[job.urgency]
        heaviest = max(dispatch.WEIGHTS.values())
        gap = max(after.values()) - min(after.values())
        self.assertLessEqual(gap, max(heaviest, max(loads) - min(loads)))

    @given(st.data())
    def test_a_load_counts_in_every_community(self, data):
        """Of people who work in several places, some are on duty only in some."""
        crew = data.draw(crews())
        pools = {
            place: [one._replace(on_duty=data.draw(st.booleans())) for one in crew]
            for place in POOLS
        }
        work = data.draw(st.lists(jobs(), max_size=16))
        loads = {one.key: one.load for one in crew}
        for job, key in zip(work, dispatch.spread_over(pools, work), strict=True):
            if key is None:
                continue
            chosen = next(one for one in pools[job.community] if one.key == key)
            chosen = chosen._replace(load=loads[key])
            self.assertFalse(dispatch.why_not(chosen, job))
            loads[key] += dispatch.WEIGHTS[job.urgency]


@tagged("post_install", "-at_install")
class TestSpread(WorkOrderCase):
    def _orders(self, count, **vals):
        tickets = self.env["property.ticket"].create(
            [
                {
                    "unit_id": self.unit.id,
                    "category_id": self.problem.id,
                    "subject": f"Number {number}",
                    "urgency": ("general", "emergency", "non_urgent")[number % 3],
                    **vals,
                }
                for number in range(count)
            ]
        )
        tickets.action_accept()
        return tickets._ensure_orders()

    def _spread(self, orders):
        """Return who gets what, and take it back."""
        with self.env.cr.savepoint() as savepoint:
            orders._spread()
            result = {order.id: order.engineer_id.id for order in orders.sorted("id")}
            self.env.flush_all()
            savepoint.rollback()
        self.env.invalidate_all()
        return result

    def test_in_whatever_order_it_is_asked_for(self):
        orders = self._orders(30)
        expected = self._spread(orders)
        self.assertEqual(set(expected.values()), set(self.crew.ids))
        self.assertEqual(self._spread(orders[::-1]), expected)
        self.assertEqual(self._spread(orders[15:] + orders[:15]), expected)
        self.assertEqual(self._spread(orders.with_user(self.manager)), expected)

    def test_whoever_looks_sees_the_same_suggestion(self):
        self._given(self.second)
        order = self._order()
        seen = [
            [
                (one.candidate.key, one.score, one.reasons)
                for one in order.with_user(user)._get_suggestions()[0]
            ]
            for user in (self.frontdesk, self.manager, self.admin, self.frontdesk)
        ]
        self.assertEqual(len(seen[0]), 3)
        self.assertEqual(seen, [seen[0]] * 4)

    def test_emergencies_find_somebody_first(self):
        self.crew.max_load = 4
        orders = self._orders(9)
        left = orders._spread()
        self.assertEqual(set(left.mapped("urgency")), {"general", "non_urgent"})
        self.assertEqual(
            set((orders - left).mapped("urgency")), {"emergency"}, "three, four each"
        )

    def test_nobody_from_another_company(self):
        stranger = new_test_user(
            self.env,
            login="svc_stranger",
            groups="property_base.group_property_engineer",
            company_id=self.other_company.id,
            company_ids=[(6, 0, self.other_company.ids)],
        )
        self.env["property.engineer"].create(
            {
                "user_id": stranger.id,
                "company_id": self.other_company.id,
                "skill_ids": [(6, 0, self.plumbing.ids)],
            }
        )
        self.assertEqual(
            set(self._spread(self._orders(12)).values()), set(self.crew.ids)
        )

    def test_only_some_categories_by_themselves(self):
        problem = self.env.ref("property_service.problem_home_water_drain")
        problem.auto_dispatch = True
        by_itself = self._create_ticket(category_id=problem.id)
        by_hand = self._create_ticket()
        self.assertEqual(by_itself.state, "dispatched")
        self.assertEqual((by_hand.state, by_hand.order_ids.ids), ("new", []))
        by_hand.action_accept()
        by_hand._ensure_orders()
        self.env["property.work.order"]._cron_spread()
        self.assertEqual(by_hand.order_ids.state, "open", "waits for the desk")
