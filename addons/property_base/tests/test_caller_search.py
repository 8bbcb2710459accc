from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged, users
from odoo.tools import SQL

from ..models import property_unit_caller
from ..tools import caller
from .common import PropertyCase


@tagged("post_install", "-at_install")
class TestCallerSearch(PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what other communities of the database hold is none of these tests' business
        for user in cls.users.values():
            user.property_community_ids = cls.community
        cls._occupy(cls.homes[2], cls.tenant, "tenant", is_resident=True)
        cls.shops = cls.env["property.building"].create(
            {
                "community_id": cls.community.id,
                "code": "商铺",
                "name": "商铺",
                "kind": "commercial",
            }
        )
        cls.shop = cls.env["property.unit"].create(
            {
                "community_id": cls.community.id,
                "building_id": cls.shops.id,
                "name": "S05",
                "unit_type": "shop",
            }
        )
        cls.env["property.vehicle"].create(
            {"unit_id": cls.home.id, "partner_id": cls.owner.id, "plate": "浙A·12B45"}
        )

    def _found(self, query, **values):
        rows = self.env["property.unit"].caller_search(query, **values)
        return self.env["property.unit"].browse(row["id"] for row in rows)

    @users("property_reader")
    def test_found_however_it_is_said(self):
        for query in (
            "1-1-101",
            "1栋101",
            "1栋1单元101室",
            "一栋一单元101",
            "1#1-101",
            "1-101",
            "01-01-0101",
            "１－１－１０１",
            "Lakeside 1-1-101",
            "13912345678",
            "139 1234 5678",
            "2345",
            "139****5678",
            "张三",
            "张三先生",
            "zhangsan",
            "zhangs",
            "zs",
            "浙A12B45",
            "浙a·12b45",
            "12b45",
        ):
            with self.subTest(query=query):
                self.assertIn(self.home, self._found(query))
        for query in ("S05", "s5", "商铺S05", "S5"):
            self.assertIn(self.shop, self._found(query), query)

    @users("property_reader")
    def test_the_likeliest_comes_first(self):
        self.neighbour.phone = "13810110199"
        rows = self.env["property.unit"].caller_search("101")
        self.assertEqual(
            [(row["code"], row["reason"]) for row in rows][:2],
            [("1-1-101", "Unit No."), ("1-1-102", "Phone")],
        )
        self.assertEqual(self._found("1-1-10")[:2], self.home + self.neighbour_home)
        self.assertEqual(len(self._found("1-1", limit=3)), 3)

    @users("property_reader")
    def test_nothing_is_found_for_nothing(self):
        for query in (
            "",
            " ",
            "%",
            "_",
            "\\",
            "13",
            "9栋101",
            "Elsewhere 1-1-101",
            None,
        ):
            self.assertFalse(self._found(query), query)

    @users("property_reader")
    def test_a_row_tells_who_and_why(self):
        [row] = self.env["property.unit"].caller_search("王五")
        self.assertEqual(row["code"], "1-1-201")
        self.assertEqual(row["community"], "Lakeside")
        self.assertEqual(row["status"], "leased")
        self.assertEqual(row["person"]["name"], "王五")
        self.assertEqual(row["reason"], "Personal Name")
        self.assertEqual(row["owners"], [])

    @users("property_reader")
    def test_phones_are_masked(self):
        [row] = self.env["property.unit"].caller_search("13912345678")
        self.assertEqual(row["person"]["phone"], "139****5678")
        self.users["reader"].group_ids += self.env.ref(
            "property_base.group_property_confidential"
        )
        [row] = self.env["property.unit"].caller_search("13912345678")
        self.assertEqual(row["person"]["phone"], "13912345678")

    @users("property_reader")
    def test_the_key_is_for_searching_only(self):
        self.assertNotIn("caller_key", self.env["res.partner"].fields_get())
        with self.assertRaises(AccessError):
            self.owner.with_env(self.env).read(["caller_key"])
        with self.assertRaises(AccessError):
            self.env["res.partner"].search([("caller_key", "like", "139")])

    @users("property_reader")
    def test_who_has_left_comes_last(self):
        self.home.occupancy_ids.date_end = date(2025, 12, 31)
        self._occupy(self.homes[3], self.owner, start=date(2026, 1, 1))
        rows = self.env["property.unit"].caller_search("zhangsan")
        self.assertEqual(
            [(row["code"], row["reason"]) for row in rows],
            [("1-1-202", "Personal Name"), ("1-1-101", "Former resident")],
        )

    @users("property_reader")
    def test_a_changed_phone_or_name_is_found_at_once(self):
        self.owner.write({"name": "单雄信", "phone": "0571-8888 6666"})
        for query in ("danxiong", "shanxx", "05718888", "8888 6666"):
            with self.subTest(query=query):
                expected = self.home if query != "shanxx" else self.home.browse()
                self.assertEqual(self._found(query), expected)
        self.assertFalse(self._found("13912345678"))
        self.building.code = "9"
        self.assertIn(self.home, self._found("9栋101"))

    @users("property_reader")
    def test_merged_rooms_are_found_by_each(self):
        unit = (
            self.env["property.unit"]
            .sudo()
            .create(
                {
                    "community_id": self.community.id,
                    "building_id": self.building.id,
                    "entrance_id": self.entrance.id,
                    "name": "501+502",
                    "floor": 5,
                }
            )
        )
        for query in ("1-1-501", "1栋502", "1-1-502", "501+502"):
            self.assertEqual(self._found(query).ids, unit.ids, query)

    def test_only_what_the_user_may_see(self):
        other = self._create_community("Hillside", "HILL")
        unit = self.env["property.unit"].create(
            {"community_id": other.id, "name": "901", "code": "1-1-901"}
        )
        self._occupy(unit, self.owner)
        clerk = self.users["frontdesk"]
        clerk.property_community_ids += other
        Unit = self.env["property.unit"].with_user(clerk)
        self.assertEqual(len(Unit.caller_search("zs")), 2)
        clerk.property_community_ids = self.community
        self.assertEqual([row["id"] for row in Unit.caller_search("zs")], self.home.ids)
        self.assertFalse(Unit.caller_search("1-1-901"))
        self.assertFalse(Unit.name_search("1-1-901"))

    def test_not_for_owners_and_strangers(self):
        for user in (self.portal_user, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.env["property.unit"].with_user(user).caller_search("zs")
        found = (
            self.env["property.unit"].with_user(self.portal_user).name_search("lisi")
        )
        self.assertFalse(found)

    @users("property_frontdesk")
    def test_fields_to_a_unit_understand_callers(self):
        Unit = self.env["property.unit"]
        self.assertEqual(Unit.name_search("1栋101"), [(self.home.id, "1-1-101")])
        self.assertEqual(
            Unit.name_search("zs", [("id", "!=", self.home.id)], limit=8), []
        )
        [suggestion] = Unit.web_name_search("wangwu", {"display_name": {}}, limit=8)
        self.assertEqual(suggestion["display_name"], "1-1-201")
        self.assertEqual(suggestion["__formatted_display_name"], "1-1-201\t--王五--")

    @users("property_frontdesk")
    def test_search_box_of_the_list(self):
        Unit = self.env["property.unit"]
        mine = [("community_id", "=", self.community.id)]
        found = Unit.search([*mine, ("display_name", "ilike", "zs")])
        self.assertEqual(found, self.home)
        rest = Unit.search([*mine, ("display_name", "not ilike", "zs")])
        self.assertEqual(rest, Unit.search(mine) - self.home)
        occupancies = self.env["property.occupancy"].search(
            [("unit_id", "ilike", "zs")]
        )
        self.assertEqual(occupancies.unit_id, self.home)

    @users("property_frontdesk")
    def test_people_with_homes_are_found_as_contacts(self):
        Partner = self.env["res.partner"]
        stranger = Partner.create({"name": "张松", "phone": "13912345000"})
        found = dict(Partner.name_search("zs"))
        self.assertIn(self.owner.id, found)
        self.assertNotIn(stranger.id, found)
        self.assertIn(self.owner.id, dict(Partner.name_search("12345678")))
        self.assertNotIn(stranger.id, dict(Partner.name_search("12345000")))
        self.assertIn(stranger.id, dict(Partner.name_search("张松")))
        self.assertTrue(Partner.name_search(""))
        self.assertNotIn(
            self.owner, Partner.search([("display_name", "not ilike", "张三")])
        )

    @users("property_frontdesk")
    def test_one_query_however_many_are_found(self):
        Unit = self.env["property.unit"]
        Unit.caller_search("zs")
        for query in ("zs", "1-1", "139", "浙A12B45", "1栋101"):
            self.env.invalidate_all()
            with self.assertQueryCount(1):
                Unit._caller_hits(query, [], 10)

        def cost(query):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(Unit.caller_search(query))
            return self.env.cr.sql_log_count - before

        cost("1-1")
        self.assertLessEqual(cost("1-1"), 12)
        self.assertEqual(cost("1-1-10"), cost("1-1"))

    def test_every_source_uses_an_index(self):
        """With sequential scans forbidden, none is left: each condition has its index."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        Unit = self.env["property.unit"]
        for query in ("zs", "1391", "1-1-101", "1栋101", "张三", "浙A12B45"):
            for _rank, reason, source in Unit._search_sources(caller.understand(query)):
                plan = "\n".join(
                    line
                    for (line,) in self.env.execute_query(SQL("EXPLAIN %s", source))
                )
                with self.subTest(query=query, reason=reason, plan=plan):
                    self.assertNotIn("Seq Scan", plan)

    def test_a_module_adds_its_own_source(self):
        Unit = self.env.registry["property.unit"]
        original = Unit._search_sources

        def with_keys(self, said):
            found = SQL(
                "SELECT id, NULL::int FROM property_unit WHERE code = %s AND %s = 'KEY7'",
                "1-1-302",
                said.code,
            )
            return [*original(self, said), (property_unit_caller.WHOLE, "Key", found)]

        reader = self.env["property.unit"].with_user(self.users["reader"])
        with patch.object(Unit, "_search_sources", with_keys):
            [row] = reader.caller_search("key7")
        self.assertEqual((row["code"], row["reason"]), ("1-1-302", "Key"))
