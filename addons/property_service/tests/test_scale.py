from odoo.tests import tagged
from odoo.tools import SQL

from .scale_common import OPEN, Pages
from .test_work_order import WorkOrderCase

FEW, MANY = 48, 96


@tagged("post_install", "-at_install")
class TestScale(WorkOrderCase):
    """What the desk looks at takes the same number of queries, however much there is."""

    @classmethod
    def _add(cls, count):
        """Add tickets in different states, sent out, waiting, late, done."""
        tickets = cls.env["property.ticket"].create(
            [
                {
                    "unit_id": cls.units[number % 3].id,
                    "category_id": cls.problem.id,
                    "subject": f"Tap {number}",
                    "description": "Drips since this morning",
                }
                for number in range(count)
            ]
        )
        sixth = count // 6
        tickets[sixth:].action_accept()
        orders = tickets[2 * sixth :]._ensure_orders()
        orders._spread()
        cls._walk(tickets[3 * sixth :], "in_progress")
        cls._walk(tickets[4 * sixth : 5 * sixth], "waiting")
        cls._walk(tickets[5 * sixth :], "done")
        for ticket in tickets:
            ticket.message_post(body="Called back")
        return tickets

    def _count(self, look):
        """Return the number of queries of a page on second sight, as in production."""
        look()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertTrue(look(), "there is something to see")
        return self.env.cr.sql_log_count - before

    def _looks(self, pages):
        """Return the pages by name, each a function of nothing."""
        late = [("promise_state", "in", ["on_time", "soon", "late"])]
        ticket = pages.tickets.search([("state", "=", "in_progress")], limit=1)
        order = pages.orders.search([], limit=1)
        return {
            "open": lambda: pages.search(OPEN),
            "all": lambda: pages.search([]),
            "promised": lambda: pages.search(late),
            "text": lambda: pages.search([("subject", "ilike", "tap")]),
            "kanban": lambda: pages.group(OPEN),
            "form": lambda: pages.open(ticket),
            "orders": lambda: pages.search([], pages.orders, pages.order_list),
            "order kanban": lambda: pages.group(
                [], pages.orders, pages.order_card, pages.order_kanban
            ),
            "dispatch": lambda: pages.dispatch(order),
            "intake": lambda: (
                self.env["property.intake"]
                .with_user(self.frontdesk)
                .load_context(self.unit.id)
            ),
            "dashboard": self.env["property.service.overview"]
            .with_user(self.manager)
            .get_overview,
        }

    def test_pages_cost_the_same_for_few_and_many(self):
        pages = Pages(self.env(user=self.frontdesk), limit=10)
        self._add(FEW)
        few = {name: self._count(look) for name, look in self._looks(pages).items()}
        self._add(MANY)
        for name, look in self._looks(pages).items():
            with self.subTest(page=name):
                # A few more may come of other kinds of data, not of their number.
                self.assertLessEqual(self._count(look), few[name] + 3)

    def test_lists_are_read_in_the_order_of_an_index(self):
        """Whoever looks: what an index does not say in order is sorted, all of it."""
        self._add(FEW)
        self.env.flush_all()
        for setting in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            self.env.cr.execute(SQL("SET LOCAL enable_%s = off", SQL(setting)))
        column = [*OPEN, ("state", "=", "accepted")]
        card = "urgency, reported_at, id desc"
        limited = self._create_limited_desk()
        cases = [
            ("property.ticket", self.frontdesk, [], None, "reported"),
            ("property.ticket", limited, [], None, "reported"),
            ("property.ticket", self.frontdesk, column, card, "open"),
            ("property.ticket", limited, column, card, "open"),
            ("property.work.order", self.frontdesk, OPEN, None, "list"),
            ("property.work.order", limited, OPEN, None, "list"),
            (
                "property.work.order",
                self.engineer,
                [("user_id", "=", self.engineer.id), *OPEN],
                None,
                "user",
            ),
            (
                "property.work.order",
                self.manager,
                [("engineer_id", "=", self.first.id), *OPEN],
                None,
                "engineer",
            ),
        ]
        for name, user, domain, order, index in cases:
            with self.subTest(model=name, user=user.login, index=index):
                model = self.env[name].with_user(user)
                query = model._search(domain, limit=80, order=order or model._order)
                plan = "\n".join(
                    line
                    for (line,) in self.env.execute_query(
                        SQL("EXPLAIN (COSTS OFF) %s", query.select())
                    )
                )
                self.assertIn(f"{model._table}_{index}_idx", plan)
                self.assertNotIn("Sort", plan)

    def _create_limited_desk(self):
        """Return somebody of the desk who is kept to one community."""
        desk = self.frontdesk.copy({"login": "limited_desk"})
        desk.property_community_ids = self.community
        return desk

    def test_a_household_sees_its_own_in_as_many_queries(self):
        def look():
            tickets = self.env["property.ticket"].with_user(self.zhang)
            found = tickets.search([], limit=80)
            return len(found.mapped("subject"))

        self._add(FEW)
        few = self._count(look)
        self._add(MANY)
        self.assertLessEqual(self._count(look), few)
        other = self.env["property.ticket"].search(
            [("unit_id", "=", self.neighbour_unit.id)], limit=1
        )
        self.assertFalse(other.with_user(self.zhang).has_access("read"))

    def test_a_step_of_many_costs_little_more_than_one_of_few(self):
        def step(count):
            tickets = self._add_new(count)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            tickets.action_accept()
            tickets._ensure_orders()._spread()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        step(6)
        few, many = step(6), step(60)
        self.assertLessEqual(many, few + 4)

    def _add_new(self, count):
        return (
            self.env["property.ticket"]
            .with_user(self.frontdesk)
            .create(
                [
                    {
                        "unit_id": self.unit.id,
                        "category_id": self.problem.id,
                        "subject": f"Tap {number}",
                    }
                    for number in range(count)
                ]
            )
        )
