from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged

from .common import OCTOBER, PropertyFeeCase

MODEL = "property.fee.overview"


@tagged("post_install", "-at_install")
class TestFeeOverview(PropertyFeeCase, HttpCase):
    """The landing page of the fees counts what must not be forgotten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._assign(cls.homes[:2], cls.management + cls.garbage)
        cls._run(date(2026, 9, 1))
        cls._run()

    def _overview(self, user="manager", community=None):
        return (
            self.env[MODEL]
            .with_user(self.users[user])
            .get_overview((community or self.community).id)
        )

    def _tiles(self, **kwargs):
        overview = self._overview(**kwargs)
        return {tile["key"]: tile for tile in overview["money"] + overview["todo"]}

    def _open(self, key, user="manager"):
        action = (
            self.env[MODEL]
            .with_user(self.users[user])
            .open_tile(key, self.community.id)
        )
        return (
            self.env[action["res_model"]]
            .with_user(self.users[user])
            .search(action["domain"])
        )

    @freeze_time("2026-10-10")
    def test_money(self):
        self._register_payment(self._bill(self.home))
        tiles = self._tiles()
        for key, amount in (
            ("billed", "463.50"),
            ("collected", "231.75"),
            ("open", "695.25"),
            ("overdue", "463.50"),
        ):
            self.assertIn(amount, tiles[key]["value"], key)
        self.assertIn("50.0 %", tiles["collected"]["hint"])
        self.assertEqual(len(self._open("open")), 3)
        self.assertEqual(self._open("collected"), self._bill(self.home))
        self.assertEqual(
            set(self._open("overdue").mapped("property_period")), {date(2026, 9, 1)}
        )

    @freeze_time("2026-10-20")
    def test_chart(self):
        self._register_payment(self._bill(self.home))
        chart = self._overview()["chart"]
        self.assertEqual(chart["labels"][0], "2025-11")
        self.assertEqual(chart["labels"][-2:], ["2026-09", "2026-10"])
        self.assertEqual(chart["paid"][-2:], [0, 231.75])
        self.assertEqual(chart["open"][-2:], [463.5, 231.75])
        self.assertEqual(sum(chart["paid"][:-2] + chart["open"][:-2]), 0)
        action = self.env[MODEL].open_month("2026-10-01", self.community.id)
        found = self.env["account.move"].search(action["domain"])
        self.assertEqual(len(found), 2)

    @freeze_time("2026-10-20")
    def test_nothing_forgotten(self):
        tiles = self._tiles()
        self.assertEqual(tiles["unassigned"]["count"], 4)
        self.assertEqual(self._open("unassigned"), self.homes[2:])
        for key in (
            "norate",
            "rates",
            "held",
            "unread",
            "runs",
            "failed",
            "cancelled",
            "waivers",
        ):
            self.assertEqual(tiles[key]["count"], 0, key)
            self.assertEqual(tiles[key]["tone"], "success")
        self.management_rate.date_end = date(2026, 12, 1)
        self._create_run(date(2026, 11, 1))
        failed = self._run(date(2027, 3, 1), item_ids=self.management.ids)
        self._charges(self.home)[0]._cancel_charges("Wrong area")
        charge = self._charges(self.neighbour_home)[0]
        waiver = (
            self.env["property.waiver"]
            .with_user(self.users["cashier"])
            .create(
                {
                    "unit_id": charge.unit_id.id,
                    "reason_id": self.env.ref("property_fee.waiver_reason_service").id,
                    "line_ids": [
                        Command.create({"charge_id": charge.id, "amount": 10})
                    ],
                }
            )
        )
        waiver.action_approval_submit()
        tiles = self._tiles()
        counts = {key: tile.get("count") for key, tile in tiles.items()}
        self.assertEqual(
            [
                counts[key]
                for key in ("rates", "runs", "failed", "cancelled", "waivers")
            ],
            [1, 1, 2, 1, 1],
        )
        self.assertEqual(tiles["failed"]["tone"], "warning")
        self.assertEqual(self._open("failed"), failed.line_ids)
        self.assertEqual(self._open("waivers"), waiver)
        self.assertEqual(self._tiles(user="cashier")["waivers"]["count"], 0)
        self._charges(self.home)
        self.env["property.charge"].search(
            [("cancel_reason", "=", "Wrong area")]
        )._bill_again()
        self.assertEqual(self._tiles()["cancelled"]["count"], 0)

    def test_other_community(self):
        other = self._create_community("Hillside", "HILL")
        tiles = self._tiles(community=other)
        self.assertEqual(tiles["unassigned"]["count"], 0)
        self.assertIn("0.00", tiles["open"]["value"])
        user = self.users["accountant"]
        user.property_community_ids = [Command.set(other.ids)]
        overview = self.env[MODEL].with_user(user).get_overview()
        self.assertEqual([one["name"] for one in overview["communities"]], ["Hillside"])
        self.assertIn("0.00", overview["money"][2]["value"])

    def test_who_sees_what(self):
        overview = self._overview(user="frontdesk")
        self.assertFalse(overview["money"])
        self.assertFalse(overview["chart"])
        self.assertTrue(overview["todo"])
        for role in ("reader", "engineer", "security"):
            with self.assertRaises(AccessError):
                self._overview(user=role)
        self.assertFalse(self.env[MODEL].open_tile("nonsense"))

    def test_queries(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._overview()
            return self.cr.sql_log_count - before

        count()  # fills caches that belong to nobody
        few = count()
        homes = self._create_homes(15)
        self._assign(homes)
        self._run(OCTOBER)
        self.assertEqual(count(), few)

    def test_page(self):
        self.start_tour(
            "/odoo/property-fee-overview",
            "property_fee_overview",
            login="property_manager",
        )
