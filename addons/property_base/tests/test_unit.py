from datetime import date

import psycopg2
from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common import PropertyCase


@tagged("post_install", "-at_install")
class TestUnit(PropertyCase):
    def test_code_as_the_trade_writes_it(self):
        shops = self.env["property.building"].create(
            {
                "community_id": self.community.id,
                "code": "商铺",
                "name": "商铺",
                "kind": "commercial",
            }
        )
        shop = self.env["property.unit"].create(
            {
                "community_id": self.community.id,
                "building_id": shops.id,
                "name": "S12",
                "unit_type": "shop",
            }
        )
        self.assertEqual(self.homes.mapped("code")[:2], ["1-1-101", "1-1-102"])
        self.assertEqual(shop.code, "S12")

    def test_code_is_unique_in_its_community(self):
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.env["property.unit"].create(
                {"community_id": self.community.id, "name": "x", "code": "1-1-101"}
            )
        other = self._create_community("Hillside", "HILL")
        self.env["property.unit"].create(
            {"community_id": other.id, "name": "x", "code": "1-1-101"}
        )

    def test_areas_are_sane(self):
        for values in (
            {"gross_area": -1, "inner_area": 0},
            {"gross_area": 50, "inner_area": 60},
        ):
            with (
                self.assertRaises(psycopg2.IntegrityError),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.home.write(values)

    @users("property_reader")
    def test_status_follows_from_facts(self):
        unit = self.homes[5]
        tell = unit.with_env(self.env)
        with freeze_time("2026-10-15 12:00:00"):
            unit.handover_date = False
            self.assertEqual(tell.status, "unsold")
            ownership = self._occupy(unit, self.owner)
            self.assertEqual(tell.status, "sold")
            unit.handover_date = self.today
            self.assertEqual(tell.status, "vacant")
            ownership.is_resident = True
            self.assertEqual(tell.status, "occupied")
            lease = self._occupy(
                unit, self.tenant, "tenant", self.today, is_resident=True
            )
            self.assertEqual(tell.status, "leased")
            unit.write({"renovation_start": self.today, "renovation_end": self.today})
            self.assertEqual(tell.status, "renovating")
        with freeze_time("2026-10-16 12:00:00"):
            tell.invalidate_recordset()
            self.assertEqual(tell.status, "leased")
            lease.date_end = self.today
            self.assertEqual(tell.status, "occupied")

    @users("property_reader")
    def test_status_is_searched_and_grouped_as_it_is_read(self):
        self._occupy(self.homes[2], self.tenant, "tenant", date(2026, 1, 1))
        self.homes[3].handover_date = False
        Unit = self.env["property.unit"]
        units = Unit.search([("community_id", "=", self.community.id)])
        for status in ("unsold", "sold", "vacant", "renovating", "occupied", "leased"):
            expected = units.filtered(lambda unit, status=status: unit.status == status)
            found = Unit.search(
                [("community_id", "=", self.community.id), ("status", "=", status)]
            )
            self.assertEqual(found, expected)
        grouped = dict(
            Unit._read_group(
                [("community_id", "=", self.community.id)], ["status"], ["__count"]
            )
        )
        self.assertEqual(grouped, {"leased": 1, "unsold": 1, "vacant": 4})
        self.assertEqual(
            Unit.search_count(
                [("community_id", "=", self.community.id), ("status", "!=", "vacant")]
            ),
            2,
        )

    @users("property_frontdesk")
    def test_who_owned_and_who_paid_on_a_day(self):
        home = self.home.with_env(self.env)
        self.home.occupancy_ids.date_end = date(2026, 3, 31)
        self._occupy(self.home, self.neighbour, start=date(2026, 4, 1), share=60)
        self._occupy(self.home, self.tenant, "co_owner", date(2026, 4, 1), share=40)
        self.assertEqual(home._get_owners(date(2026, 3, 31)), {home: self.owner})
        self.assertEqual(
            home._get_owners(date(2026, 4, 1)), {home: self.neighbour + self.tenant}
        )
        self.assertEqual(home._get_payers(date(2026, 4, 1)), {home: self.neighbour})
        self.assertEqual(home._get_payers(date(2022, 5, 31)), {})
        self._occupy(self.home, self.owner, "tenant", date(2026, 5, 1))
        self.assertEqual(
            home._get_payers(date(2026, 5, 1), "occupant"), {home: self.owner}
        )
        self.assertEqual(
            home._get_payers(date(2026, 4, 30), "occupant"), {home: self.neighbour}
        )

    @users("property_frontdesk")
    def test_found_by_code_and_owner(self):
        Unit = self.env["property.unit"]
        found = Unit.search([("owner_ids", "ilike", "张三")])
        self.assertEqual(found, self.home)
        self.assertIn(
            self.home.id, [unit_id for unit_id, _name in Unit.name_search("1-1-101")]
        )
        self.assertIn(
            self.home.id, [unit_id for unit_id, _name in Unit.name_search("张三")]
        )
        self.home.occupancy_ids.date_end = date.today() - relativedelta(days=1)
        self.assertFalse(Unit.search([("owner_ids", "ilike", "张三")]))

    @users("property_reader")
    def test_list_costs_the_same_whatever_its_length(self):
        spec = {
            "code": {},
            "gross_area": {},
            "status": {},
            "handover_date": {},
            "community_id": {"fields": {"display_name": {}}},
            "owner_ids": {"fields": {"display_name": {}}},
            "resident_ids": {"fields": {"display_name": {}}},
        }
        Unit = self.env["property.unit"]
        domain = [("community_id", "=", self.community.id)]

        def queries(limit):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            Unit.web_search_read(domain, spec, limit=limit)
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(2), queries(6))
