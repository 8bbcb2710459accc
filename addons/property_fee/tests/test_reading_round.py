from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .meter_common import MeterCase

OCT_25 = date(2026, 10, 25)


@tagged("post_install", "-at_install")
class TestReadingRound(MeterCase):
    """A walk from door to door, and what is left at its end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.walk = cls._round()

    @classmethod
    def _round(cls, **values):
        return cls.env["property.reading.round"].create(
            {
                "community_id": cls.community.id,
                "period": OCT_25,
                "date": OCT_25,
                **values,
            }
        )

    def test_story(self):
        walk = self.walk.with_user(self.users["engineer"])
        self._read(self.meter, date(2026, 9, 25), 1012)
        walk.action_generate()
        rows = walk.reading_ids.sorted("sequence")
        self.assertRecordValues(
            rows,
            [
                {"unit_id": self.home.id, "previous_value": 1012, "state": "todo"},
                {
                    "unit_id": self.neighbour_home.id,
                    "previous_value": 1000,
                    "state": "todo",
                },
            ],
        )
        self.assertEqual(walk.name, "2026-10 Lakeside Water")
        self.assertEqual((walk.meter_count, walk.progress), (2, 0))
        rows[0].value = 1020
        self.assertEqual((rows[0].state, rows[0].consumption), ("draft", 8))
        self.assertEqual((walk.todo_count, walk.progress), (1, 50))
        with freeze_time("2026-10-26"):
            self.assertEqual(walk.action_estimate()["params"]["type"], "warning")
            rows[1].action_same_as_before()
            self.assertEqual((rows[1].state, rows[1].consumption), ("draft", 0))
            walk.action_done()
        self.assertEqual(set(rows.mapped("state")), {"confirmed"})
        self.assertEqual(walk.state, "done")

    def test_rows_come_once(self):
        self.walk.action_generate()
        self.walk.action_generate()
        self.assertEqual(self.walk.meter_count, 2)
        self._create_meter(self.homes[2], "W3")
        self.walk.action_generate()
        self.assertEqual(self.walk.meter_count, 3)
        with self.assertRaisesRegex(UserError, "no meter to read"):
            self._round().action_generate()

    def test_route_of_some_buildings(self):
        other = self.building.copy({"code": "2", "name": "2"})
        walk = self._round(building_ids=other.ids)
        with self.assertRaisesRegex(UserError, "no meter to read"):
            walk.action_generate()
        walk.building_ids = self.building
        walk.action_generate()
        self.assertEqual(walk.meter_count, 2)
        with self.assertRaisesRegex(UserError, "route"):
            walk.kind = "gas"

    def test_unread_rows_leave_at_the_end(self):
        self.walk.action_generate()
        with freeze_time("2026-10-26"):
            self.walk.reading_ids[0].value = 1001
            self.walk.action_done()
        self.assertEqual(len(self.walk.reading_ids), 1)
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            self.walk.unlink()

    def test_future_is_not_confirmed(self):
        self.walk.action_generate()
        self.walk.reading_ids.value = 1001
        with freeze_time("2026-10-20"), self.assertRaisesRegex(UserError, "future"):
            self.walk.action_confirm()

    def test_sheet(self):
        self.walk.action_generate()
        html = str(
            self.env["ir.actions.report"]._render_qweb_html(
                "property_fee.report_meter_sheet", self.walk.ids
            )[0],
            "utf-8",
        )
        self.assertLess(html.index("W101"), html.index("W102"))
        self.assertIn(self.home.code, html)

    def test_roles(self):
        for role in ("reader", "security", "cashier"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.walk.with_user(self.users[role]).action_generate()

    def test_generation_costs_the_same_for_any_number(self):
        def walk(count, prefix):
            homes = self._create_homes(count, prefix, owned=False)
            building = self.building.copy({"code": prefix, "name": prefix})
            homes.building_id = building
            for home in homes:
                self._create_meter(home, f"M{home.code}")
            return self._round(building_ids=building.ids)

        def count(walk):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            walk.action_generate()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        few, many, warm = walk(3, "7"), walk(30, "8"), walk(2, "6")
        count(warm)
        self.assertEqual(count(few), count(many))

    def test_list_costs_the_same_for_any_number(self):
        for number in range(20):
            home = self._create_homes(1, f"5{number}", owned=False)
            self._create_meter(home, f"L{number}")
        self.walk.action_generate()
        names = ("unit_id", "serial", "previous_value", "average", "value", "state")
        spec = {name: {} for name in (*names, "anomaly_text", "consumption")}

        def count(rows):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows.web_read(spec)
            return self.cr.sql_log_count - before

        # As the client asks: by ids, not through the round.
        rows = self.env["property.meter.reading"].browse(self.walk.reading_ids.ids)
        count(rows[:2])
        self.assertEqual(count(rows[:2]), count(rows))
