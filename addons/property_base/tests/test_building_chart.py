import doctest
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, HttpCase, tagged, users

from ..tools import chart
from .common import PropertyCase

ROOMS = st.lists(
    st.builds(
        chart.Room,
        id=st.integers(1, 10**6),
        name=st.from_regex(r"[A-Z]?[0-9]{1,4}(\+[0-9]{3})?", fullmatch=True),
        floor=st.integers(-2, 40),
        group=st.integers(0, 3),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda room: room.id,
)


@tagged("post_install", "-at_install")
class TestChartTools(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(chart)
        self.assertGreater(result.attempted, 0)
        self.assertEqual(result.failed, 0)

    @given(ROOMS)
    def test_every_room_stands_in_one_place(self, rooms):
        floors, blocks = chart.tower(rooms)
        placed = []
        for _group, columns, cells in blocks:
            for floor, row in cells.items():
                self.assertIn(floor, floors)
                taken = []
                for column, (room, span) in row.items():
                    placed.append(room)
                    start = columns.index(column)
                    taken += range(start, start + span)
                self.assertEqual(len(taken), len(set(taken)))
                self.assertLess(max(taken), len(columns))
        self.assertCountEqual(placed, rooms)

    @given(st.lists(st.floats(0.01, 10**7), min_size=1, max_size=200))
    def test_a_scale_holds_every_value(self, values):
        edges = chart.scale_edges(values)
        self.assertLessEqual(len(edges), chart.SCALE_STEPS)
        self.assertEqual(edges, sorted(set(edges)))
        for value in values:
            step = chart.step_of(value, edges)
            self.assertLessEqual(value, edges[step] * (1 + 1e-9))
            if step:
                self.assertGreater(value, edges[step - 1] * (1 - 1e-9))


@tagged("post_install", "-at_install")
class TestBuildingChart(PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._occupy(cls.homes[2], cls.tenant, "tenant", is_resident=True)
        cls.home.occupancy_ids.is_resident = True

    def _chart(self, measure="status", building=None):
        building = building or self.building
        return self.env["property.building"].chart_data(building.id, measure)

    def _cells(self, data):
        rows = [row for block in data["blocks"] for row in block["rows"]]
        rows += [section["cells"] for section in data["sections"]]
        return {cell["code"]: cell for row in rows for cell in row if cell}

    @users("property_reader")
    def test_floors_and_doors(self):
        data = self._chart()
        self.assertEqual(
            [floor["label"] for floor in data["floors"]], ["3F", "2F", "1F"]
        )
        [block] = data["blocks"]
        self.assertEqual((block["label"], block["columns"]), ("1单元", ["01", "02"]))
        self.assertEqual(
            [[cell["room"] for cell in row] for row in block["rows"]],
            [["301", "302"], ["201", "202"], ["101", "102"]],
        )
        self.assertEqual(data["sections"], [])
        self.assertEqual(data["total"], 6)

    @users("property_reader")
    def test_gaps_merged_rooms_and_basements(self):
        self.homes[3].unlink()
        values = {
            "community_id": self.community.id,
            "building_id": self.building.id,
            "entrance_id": self.entrance.id,
        }
        self.env["property.unit"].sudo().create(
            [
                {**values, "name": "401+402", "floor": 4},
                {**values, "name": "B101", "floor": -1},
                {**values, "name": "Gate", "entrance_id": False, "floor": 1},
            ]
        )
        data = self._chart()
        self.assertEqual(data["floors"][-1]["label"], "B1")
        rows = [
            [(cell["room"], cell["span"]) if cell else False for cell in row]
            for row in data["blocks"][0]["rows"]
        ]
        self.assertEqual(rows[0], [("401+402", 2)])
        self.assertEqual(rows[2], [("201", 1), False])
        self.assertEqual(rows[4], [("B101", 1), False])
        self.assertEqual(
            [cell["room"] for cell in data["sections"][0]["cells"]], ["Gate"]
        )

    @users("property_reader")
    def test_shops_and_parking_are_plain(self):
        for kind, plain in (
            ("commercial", True),
            ("parking", True),
            ("residential", False),
        ):
            building = (
                self.env["property.building"]
                .sudo()
                .create(
                    {
                        "community_id": self.community.id,
                        "code": kind,
                        "name": kind,
                        "kind": kind,
                    }
                )
            )
            self.env["property.unit"].sudo().create(
                [
                    {
                        "community_id": self.community.id,
                        "building_id": building.id,
                        "name": f"{kind}{number}",
                        "floor": -1,
                    }
                    for number in (1, 2, 10)
                ]
            )
            data = self._chart(building=building)
            self.assertEqual(bool(data["sections"]), plain, kind)
            self.assertEqual(bool(data["blocks"]), not plain, kind)
            if plain:
                [section] = data["sections"]
                self.assertEqual(
                    [cell["room"] for cell in section["cells"]],
                    [f"{kind}1", f"{kind}2", f"{kind}10"],
                )

    @users("property_reader")
    def test_colours_and_counts(self):
        with freeze_time("2026-10-15 12:00:00"):
            data = self._chart()
        legend = {entry["id"]: entry for entry in data["legend"]}
        self.assertEqual(
            {key: entry["count"] for key, entry in legend.items()},
            {"occupied": 1, "leased": 1, "vacant": 4},
        )
        cells = self._cells(data)
        self.assertEqual(cells["1-1-101"]["category"], "occupied")
        self.assertEqual(cells["1-1-101"]["people"], "张三")
        self.assertEqual(cells["1-1-201"]["people"], "王五 (tenant)")
        tenure = self._cells(self._chart("tenure"))
        self.assertEqual(
            [tenure[f"1-1-{room}"]["category"] for room in (101, 102, 201, 301)],
            ["owner", "nobody", "tenant", "unowned"],
        )
        area = self._chart("gross_area")
        self.assertEqual([entry["label"] for entry in area["legend"]], ["89.5 m²"])
        self.assertEqual(self._cells(area)["1-1-101"]["text"], "89.5 m²")
        for measure in self.env["property.unit"]._chart_measures():
            data = self._chart(measure["id"])
            self.assertEqual(sum(entry["count"] for entry in data["legend"]), 6)
        self.assertEqual(self._chart("no such measure")["measure"], "status")

    @users("property_reader")
    def test_a_module_adds_measures(self):
        Unit = self.env.registry["property.unit"]
        measures, values = Unit._chart_measures, Unit._chart_values
        added = [
            {
                "id": "debt",
                "label": "Debt",
                "kind": "scale",
                "unit": "CNY",
                "none": "Paid",
            },
            {
                "id": "keys",
                "label": "Keys",
                "kind": "categories",
                "categories": [{"id": "here", "label": "Here", "color": "teal"}],
            },
        ]

        def more_values(unit, measure, units):
            if measure == "debt":
                return {units[0].id: 1250.5, units[1].id: 0, units[2].id: 80}
            if measure == "keys":
                return {units[0].id: "here", units[1].id: "unheard of"}
            return values(unit, measure, units)

        with (
            patch.object(Unit, "_chart_measures", lambda unit: measures(unit) + added),
            patch.object(Unit, "_chart_values", more_values),
        ):
            debt, keys = self._chart("debt"), self._chart("keys")
        self.assertEqual(
            [(entry["label"], entry["count"]) for entry in debt["legend"]],
            [("Paid", 4), ("up to 100 CNY", 1), ("100 - 1,300 CNY", 1)],
        )
        self.assertEqual(self._cells(debt)["1-1-101"]["text"], "1,250.5 CNY")
        self.assertEqual(
            [(entry["label"], entry["count"]) for entry in keys["legend"]],
            [("Here", 1), ("None", 5)],
        )

    @users("property_frontdesk")
    def test_480_rooms_cost_six_queries(self):
        entrances = (
            self.env["property.entrance"]
            .sudo()
            .create(
                [
                    {"building_id": self.building.id, "code": code, "name": code}
                    for code in ("2", "3", "4")
                ]
            )
        )
        units = (
            self.env["property.unit"]
            .sudo()
            .create(
                [
                    {
                        "community_id": self.community.id,
                        "building_id": self.building.id,
                        "entrance_id": entrance.id,
                        "name": f"{floor}{door:02d}",
                        "floor": floor,
                    }
                    for entrance in entrances
                    for floor in range(1, 41)
                    for door in range(1, 5)
                ]
            )
        )
        self.env["property.occupancy"].create(
            [
                {
                    "unit_id": unit.id,
                    "partner_id": self.neighbour.id,
                    "date_start": date(2022, 6, 1),
                }
                for unit in units
            ]
        )
        for measure in self.env["property.unit"]._chart_measures():
            self._chart(measure["id"])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            data = self._chart(measure["id"])
            self.assertEqual(data["total"], 486)
            self.assertLessEqual(self.env.cr.sql_log_count - before, 6, measure["id"])

    @users("property_reader")
    def test_index_lists_what_can_be_chosen(self):
        Building = self.env["property.building"]
        index = Building.chart_index(building_id=self.building.id)
        self.assertEqual(index["community_id"], self.community.id)
        self.assertEqual(
            index["buildings"],
            [
                {
                    "id": self.building.id,
                    "name": "1栋",
                    "kind": "residential",
                    "count": 6,
                }
            ],
        )
        self.assertIn("status", [measure["id"] for measure in index["measures"]])
        empty = self.env["property.community"].sudo().create({"name": "E", "code": "E"})
        index = Building.chart_index(community_id=empty.id)
        self.assertEqual((index["building_id"], index["buildings"]), (False, []))

    def test_index_begins_where_there_is_something_to_show(self):
        self.env["property.community"].sudo().create({"name": "A", "code": "00"})
        self.assertTrue(self.env["property.building"].chart_index()["buildings"])

    def test_only_what_the_user_may_see(self):
        clerk = self.users["frontdesk"]
        clerk.property_community_ids = self._create_community("Hillside", "HILL")
        Building = self.env["property.building"].with_user(clerk)
        with self.assertRaises(UserError):
            Building.chart_data(self.building.id)
        index = Building.chart_index(building_id=self.building.id)
        self.assertEqual([one["name"] for one in index["communities"]], ["Hillside"])
        self.assertEqual(index["buildings"], [])
        with self.assertRaises(AccessError):
            self.env["property.building"].with_user(self.portal_user).chart_data(
                self.building.id
            )


@tagged("post_install", "-at_install")
class TestBuildingChartTour(HttpCase, PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home.occupancy_ids.is_resident = True
        shops = cls.env["property.building"].create(
            {
                "community_id": cls.community.id,
                "code": "S",
                "name": "Shops",
                "kind": "commercial",
                "sequence": 2,
            }
        )
        cls.env["property.unit"].create(
            {
                "community_id": cls.community.id,
                "building_id": shops.id,
                "name": "S01",
                "floor": 1,
                "unit_type": "shop",
            }
        )
        cls.users["frontdesk"].property_community_ids = cls.community

    def test_chart(self):
        self.start_tour(
            "/odoo/property-chart",
            "property_building_chart",
            login="property_frontdesk",
        )

    def test_caller_search(self):
        self.start_tour(
            "/odoo/property-units", "property_caller_search", login="property_frontdesk"
        )
