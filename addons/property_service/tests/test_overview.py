from datetime import datetime, timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_work_order import WorkOrderCase

NOW = "2026-10-20 04:00:00"


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestOverview(WorkOrderCase):
    """What the landing page, the heat map and the archive say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.Overview = (
            cls.env["property.service.overview"]
            .with_user(cls.frontdesk)
            .with_company(cls.company)
        )

    def _tiles(self, community=None):
        overview = self.Overview.get_overview((community or self.community).id)
        return {tile["key"]: tile for tile in overview["tiles"]}

    def _opened(self, action):
        return (
            self.env[action["res_model"]]
            .with_user(self.frontdesk)
            .search(action["domain"])
        )

    def _open(self, key):
        return self._opened(self.Overview.open_tile(key, self.community.id))

    def test_tiles_open_what_they_count(self):
        now = datetime.fromisoformat(NOW)
        fresh = self._create_ticket()
        complaint = self._create_ticket(
            kind="complaint", reported_at=now - timedelta(days=1)
        )
        waiting = self._create_ticket(reported_at=now - timedelta(days=60))
        self._walk(waiting, "accepted")
        waiting.write({"state": "waiting", "waiting_reason": "owner"})
        done = self._create_ticket(reported_at=now - timedelta(days=1))
        self._walk(done, "accepted", "done")
        visit = self._order(
            self._create_ticket(reported_at=now - timedelta(days=1)),
            planned_at=now + timedelta(hours=1),
        )
        tiles = self._tiles()
        self.assertEqual(self._open("today"), fresh)
        self.assertEqual(self._open("complaints"), complaint)
        self.assertEqual(self._open("owner"), waiting)
        self.assertEqual(self._open("answer"), done)
        self.assertEqual(self._open("visits"), visit)
        self.assertIn(visit, self._open("orders"))
        self.assertIn(complaint, self._open("unassigned"))
        for key, tile in tiles.items():
            self.assertEqual(len(self._open(key)), tile["count"], key)
            self.assertNotIn("action", tile)
        other = self._tiles(
            self.env["property.community"].search(
                [("company_id", "=", self.company.id), ("id", "!=", self.community.id)]
            )
        )
        self.assertEqual({tile["count"] for tile in other.values()}, {0})

    def test_late_and_due_within_the_hour(self):
        ticket = self._create_ticket()
        row = self.env["property.ticket.sla"].search(
            [("ticket_id", "=", ticket.id), ("due_at", "!=", False)],
            order="due_at",
            limit=1,
        )
        with freeze_time(row.due_at - timedelta(minutes=20)):
            self.assertEqual(self._open("soon"), ticket)
            self.assertFalse(self._open("late"))
        with freeze_time(row.due_at + timedelta(minutes=1)):
            self.assertEqual(self._open("late"), ticket)

    def test_low_ratings(self):
        tickets = [self._create_ticket() for _number in range(2)]
        for ticket, stars in zip(tickets, (1, 4), strict=True):
            self._walk(ticket, "accepted", "done")
            self.env["rating.rating"].create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("property.ticket"),
                    "res_id": ticket.id,
                    "rating": stars,
                    "consumed": True,
                }
            )
        self.assertEqual(self._open("unhappy"), tickets[0])

    def test_rates_of_this_month_and_the_last(self):
        for reported in (datetime(2026, 9, 30, 15), datetime(2026, 9, 30, 17)):
            ticket = self._create_ticket(reported_at=reported)
        self._walk(ticket, "accepted", "done")
        rows = {
            row["code"]: row
            for row in self.Overview.get_overview(self.community.id)["rates"]
        }
        completion = rows["completion"]
        self.assertEqual(
            (completion["value"], completion["of"], completion["before"]),
            ("100.00%", "1 / 1", "0.00%"),
        )
        self.assertEqual(
            (completion["change"], completion["trend"]), ("+100.00", "good")
        )
        self.assertEqual(rows["satisfaction"]["value"], "-")
        opened = self._opened(self.Overview.open_rate("completion", self.community.id))
        self.assertEqual(opened.ticket_id, ticket)

    def test_charts_open_their_tickets(self):
        ticket = self._create_ticket()
        overview = self.Overview.get_overview(self.community.id)
        self.assertEqual(overview["chart"]["labels"][-1], "10-20")
        self.assertEqual(overview["chart"]["reported"][-1], 1)
        self.assertEqual(sum(overview["chart"]["reported"]), 1)
        opened = self._opened(
            self.Overview.open_day(overview["chart"]["days"][-1], self.community.id)
        )
        self.assertEqual(opened, ticket)
        (bar,) = overview["categories"]
        self.assertEqual(bar["value"], self.problem.parent_id.id)
        self.assertEqual(
            self._opened(
                self.Overview.open_bar(
                    "category_group_id", bar["value"], self.community.id
                )
            ),
            ticket,
        )
        (bar,) = overview["channels"]
        self.assertEqual((bar["label"], bar["share"]), ("Phone", 100))
        self.assertEqual(
            self._opened(self.Overview.open_bar("channel", "phone", self.community.id)),
            ticket,
        )

    def test_same_queries_for_few_and_for_many(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Overview.get_overview(self.community.id)
            return self.env.cr.sql_log_count - before

        self._create_ticket()
        count()
        few = count()
        for _number in range(12):
            self._create_ticket(unit_id=self.empty_unit.id)
        self.assertEqual(count(), few)

    def test_a_household_sees_nothing_of_it(self):
        for model, method, args in (
            ("property.service.overview", "get_overview", ()),
            ("property.service.overview", "open_tile", ("today",)),
            ("property.service.overview", "open_rate", ("completion",)),
            ("property.service.heat.map", "get_heat_map", ()),
            (
                "property.service.heat.map",
                "open_cell",
                (self.community.id, False, False),
            ),
            ("property.work.order", "get_day_map", ()),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(self.env[model].with_user(self.zhang), method)(*args)

    # === HEAT MAP === #

    def test_heat_map(self):
        building = self.env["property.building"].create(
            {"name": "1", "code": "1", "community_id": self.community.id}
        )
        self.unit.building_id = building
        for _number in range(3):
            hot = self._create_ticket()
        cold = self._create_ticket(unit_id=False, community_id=self.community.id)
        Map = (
            self.env["property.service.heat.map"]
            .with_user(self.frontdesk)
            .with_company(self.company)
        )
        found = Map.get_heat_map(self.community.id)
        (column,) = found["columns"]
        self.assertEqual(column["id"], self.problem.parent_id.id)
        self.assertEqual(
            [
                (row["id"], row["total"], row["cells"][0]["step"])
                for row in found["rows"]
            ],
            [(building.id, 3, 5), (False, 1, 2)],
        )
        self.assertEqual((found["totals"], found["total"]), ([4], 4))
        opened = self._opened(
            Map.open_cell(self.community.id, building.id, column["id"])
        )
        self.assertIn(hot, opened)
        self.assertEqual(len(opened), 3)
        opened = self._opened(Map.open_cell(self.community.id, False, None))
        self.assertEqual(opened, cold)
        weeks = Map.get_heat_map(self.community.id, "week")
        self.assertEqual(len(weeks["columns"]), 13)
        # 20 October 2026 is a Tuesday
        self.assertEqual(weeks["columns"][-1]["id"], "2026-10-19")
        self.assertEqual(weeks["totals"], [0] * 12 + [4])
        opened = self._opened(
            Map.open_cell(self.community.id, building.id, "2026-10-19", "week")
        )
        self.assertEqual(len(opened), 3)

    # === ARCHIVE === #

    def test_archive(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_service.property_ticket_archive_action"
        )
        ended, running = self._create_ticket(), self._create_ticket()
        self._walk(ended, "accepted", "done", "closed")
        found = self.env["property.ticket"].search(
            [
                ("community_id", "=", self.community.id),
                ("state", "in", ("closed", "rejected", "cancelled")),
            ]
        )
        self.assertIn("closed", action["domain"])
        self.assertEqual(found, ended)
        self.assertNotIn(running, found)
