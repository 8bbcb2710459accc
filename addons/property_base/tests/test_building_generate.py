import doctest

from hypothesis import given
from hypothesis import strategies as st
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, Form, tagged, users

from ..tools import building_plan
from .common import PropertyCase


@st.composite
def layouts(draw):
    first = draw(st.integers(-3, 30))
    return building_plan.Layout(
        entrances=draw(st.integers(0, 4)),
        first_floor=first,
        last_floor=first + draw(st.integers(0, 20)),
        doors=draw(st.integers(1, 12)),
        skip=draw(st.frozensets(st.integers(-3, 50), max_size=4)),
        continuous=draw(st.booleans()),
    )


@tagged("post_install", "-at_install")
class TestBuildingPlan(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(building_plan)
        self.assertGreater(result.attempted, 0)
        self.assertEqual(result.failed, 0)

    @given(layouts(), st.integers(1, 5), st.data())
    def test_floors_by_doors_less_the_exceptions(self, layout, count, data):
        buildings = building_plan.codes("1", str(count))
        floors = building_plan.floors(layout)
        whole = count * max(layout.entrances, 1) * len(floors) * layout.doors
        if not floors:
            with self.assertRaises(building_plan.PlanProblem):
                building_plan.plan(layout, buildings)
            return
        rooms = building_plan.plan(layout, buildings)
        self.assertEqual(len(rooms), whole)
        self.assertEqual(len({tuple(room.parts) for room in rooms}), whole)

        chosen = data.draw(st.lists(st.sampled_from(rooms), max_size=5, unique_by=id))
        missing = tuple("-".join(room.parts) for room in chosen[1:])
        merged = self._next_to(rooms, chosen[0]) if chosen else None
        if merged and any(reference in missing for reference in merged):
            merged = None
        plan = building_plan.plan(
            building_plan.Layout(
                **{
                    **vars(layout),
                    "missing": missing,
                    "merged": (f"{merged[0]}+{merged[1].split('-')[-1]}",)
                    if merged
                    else (),
                }
            ),
            buildings,
        )
        self.assertEqual(len(plan), whole - len(missing) - bool(merged))
        self.assertEqual(len({tuple(room.parts) for room in plan}), len(plan))

    def _next_to(self, rooms, room):
        """Return two references to merge, or None when the room has no neighbour."""
        neighbours = [
            other
            for other in rooms
            if other.parts[:-1] == room.parts[:-1]
            and other.floor == room.floor
            and other is not room
        ]
        if not neighbours:
            return None
        return "-".join(room.parts), "-".join(neighbours[0].parts)

    def test_a_reference_without_building_is_meant_for_all(self):
        layout = building_plan.Layout(
            2, 1, 2, 3, missing=("101", "2-201"), merged=("202+203", "1-1-102+103")
        )
        plan = building_plan.plan(layout, ["1", "2"])
        names = ["-".join(room.parts) for room in plan]
        self.assertEqual(
            names,
            [
                *("1-1-102+103", "1-1-201", "1-1-202+203"),
                *("1-2-102", "1-2-103", "1-2-202+203"),
                *("2-1-102", "2-1-103", "2-1-201", "2-1-202+203"),
                *("2-2-102", "2-2-103", "2-2-202+203"),
            ],
        )

    def test_a_maisonette_spans_floors(self):
        layout = building_plan.Layout(1, 5, 6, 2, merged=("501+601",))
        plan = building_plan.plan(layout, ["1"])
        self.assertEqual(
            [(room.name, room.floor) for room in plan],
            [("501+601", 5), ("502", 5), ("602", 6)],
        )

    def test_problems_have_names(self):
        plan, Layout = building_plan.plan, building_plan.Layout
        for code, call in (
            ("bad_list", lambda: building_plan.numbers("4, x")),
            ("bad_range", lambda: building_plan.codes("9", "3")),
            ("bad_range", lambda: building_plan.codes("A1", "B2")),
            ("bad_range", lambda: building_plan.codes("", "")),
            (
                "bad_pattern",
                lambda: plan(Layout(1, 1, 2, 2, room="{flat}{door}"), ["1"]),
            ),
            ("bad_pattern", lambda: plan(Layout(1, 1, 2, 2, room="{floor}"), ["1"])),
            (
                "bad_pattern",
                lambda: plan(Layout(1, 1, 2, 2, room="{floor}-{door}"), ["1"]),
            ),
            ("no_floor", lambda: plan(Layout(1, 4, 4, 2, skip=frozenset({4})), ["1"])),
            ("no_floor", lambda: plan(Layout(1, 6, 1, 2), ["1"])),
            ("no_door", lambda: plan(Layout(1, 1, 6, 0), ["1"])),
            ("too_many", lambda: plan(Layout(9, 1, 99, 99), ["1"])),
            ("unknown_room", lambda: plan(Layout(1, 1, 2, 2, missing=("909",)), ["1"])),
            (
                "unknown_room",
                lambda: plan(Layout(1, 1, 2, 2, merged=("101+909",)), ["1"]),
            ),
            ("apart", lambda: plan(Layout(1, 1, 2, 2, merged=("101",)), ["1"])),
            (
                "used_twice",
                lambda: plan(Layout(1, 1, 1, 3, merged=("101+102", "102+103")), ["1"]),
            ),
            ("duplicate", lambda: plan(Layout(1, 1, 2, 2, room="{door:02}"), ["1"])),
        ):
            with (
                self.subTest(code=code),
                self.assertRaises(building_plan.PlanProblem) as caught,
            ):
                call()
            self.assertEqual(caught.exception.code, code)


@tagged("post_install", "-at_install")
class TestBuildingGenerate(PropertyCase):
    def _wizard(self, **values):
        return self.env["property.building.generate"].create(
            {
                "community_id": self.community.id,
                "code_from": "5",
                "code_to": "6",
                "name_pattern": "{building}栋",
                "entrance_pattern": "{entrance}单元",
                "entrances": 2,
                "floor_to": 5,
                "skip_4": True,
                **values,
            }
        )

    @users("property_manager")
    def test_buildings_with_all_their_rooms(self):
        wizard = self._wizard(missing="101", merged="6-2-501+502", has_lift=True)
        wizard.door_ids[0].write(
            {"gross_area": 89.5, "inner_area": 69.8, "layout": "2+1"}
        )
        wizard.door_ids[1].write({"gross_area": 120, "inner_area": 95})
        self.assertEqual(wizard.unit_count, 2 * 2 * 4 * 2 - 4 - 1)
        action = wizard.action_generate()
        buildings = self.community.building_ids.filtered(
            lambda one: one.code in ("5", "6")
        )
        self.assertEqual(action["params"]["building_id"], buildings[0].id)
        self.assertEqual(buildings.mapped("name"), ["5栋", "6栋"])
        self.assertEqual(buildings.mapped("floors"), [5, 5])
        self.assertTrue(all(buildings.mapped("has_lift")))
        self.assertEqual(buildings[0].entrance_ids.mapped("name"), ["1单元", "2单元"])
        self.assertEqual(
            buildings[0].unit_ids.mapped("code"),
            [
                f"5-{entrance}-{room}"
                for entrance in (1, 2)
                for room in (102, 201, 202, 301, 302, 501, 502)
            ],
        )
        unit = buildings[1].unit_ids.filtered(lambda unit: unit.name == "501+502")
        self.assertEqual((unit.code, unit.floor), ("6-2-501+502", 5))
        self.assertAlmostEqual(unit.gross_area, 209.5)
        self.assertAlmostEqual(unit.inner_area, 164.8)
        plain = buildings[0].unit_ids.filtered(lambda unit: unit.name == "201")
        self.assertEqual(plain.mapped("layout"), ["2+1", "2+1"])
        self.assertEqual(plain.mapped("unit_type"), ["home", "home"])
        self.assertEqual(plain.mapped("status"), ["unsold", "unsold"])

    @users("property_manager")
    def test_existing_codes_are_refused_by_name(self):
        wizard = self._wizard(code_from="1", code_to="2", entrances=1, floor_to=3)
        self.assertEqual(wizard.conflict_count, 6)
        self.assertIn("1-1-101", wizard.preview)
        with self.assertRaisesRegex(UserError, "6 units .*1-1-101, 1-1-102, 1-1-201"):
            wizard.action_generate()
        self.assertEqual(self.community.building_ids, self.building)
        self.homes.write({"active": False})
        with self.assertRaisesRegex(UserError, "1-1-101"):
            wizard.action_generate()

    @users("property_manager")
    def test_floors_are_added_to_a_building(self):
        wizard = self._wizard(
            code_from="1", code_to="1", entrances=1, floor_from=5, floor_to=6
        )
        self.assertFalse(wizard.conflict_count)
        wizard.action_generate()
        self.assertEqual(self.building.unit_count, 10)
        self.assertEqual(self.building.entrance_ids, self.entrance)

    @users("property_manager")
    def test_rooms_inside_merged_ones_are_known(self):
        self.homes[0].name = "101+102"
        self.homes[1].unlink()
        wizard = self._wizard(code_from="1", code_to="1", entrances=1, floor_to=1)
        with self.assertRaisesRegex(UserError, "2 units .*1-1-101, 1-1-102"):
            wizard.action_generate()
        wizard = self._wizard(
            code_from="1",
            code_to="1",
            entrances=1,
            floor_from=2,
            floor_to=2,
            merged="201+202",
        )
        with self.assertRaisesRegex(UserError, "1-1-201.202"):
            wizard.action_generate()

    @users("property_manager")
    def test_shops_count_through_the_community(self):
        wizard = self._wizard(
            kind="commercial",
            code_from="A",
            code_to="B",
            entrances=0,
            floor_to=1,
            doors=3,
            room_pattern="S{door:02}",
        )
        self.assertEqual(wizard.unit_type, "shop")
        with self.assertRaisesRegex(UserError, "3 units .*S01, S02, S03"):
            wizard.action_generate()
        wizard.code_to = "A"
        wizard.action_generate()
        shops = self.community.unit_ids.filtered(lambda unit: unit.unit_type == "shop")
        self.assertEqual(shops.mapped("code"), ["S01", "S02", "S03"])
        self.assertFalse(shops.entrance_id)

    @users("property_manager")
    def test_a_building_of_another_kind_or_archived_is_refused(self):
        with self.assertRaisesRegex(UserError, "kind Residential"):
            self._wizard(kind="parking", code_from="1", code_to="").action_generate()
        self.building.active = False
        with self.assertRaisesRegex(UserError, "archived"):
            self._wizard(code_from="1", code_to="").action_generate()

    @users("property_manager")
    def test_form_previews_while_it_is_filled_in(self):
        form = Form(self.env["property.building.generate"])
        form.community_id = self.community
        self.assertEqual((form.code_from, form.code_to), ("2", "2"))
        form.doors = 4
        self.assertEqual(form.unit_count, 24)
        self.assertEqual(len(form.door_ids), 4)
        self.assertIn("604", form.preview)
        form.merged = "601+909"
        self.assertIn("601+909", form.problem)
        self.assertEqual(form.unit_count, 0)
        form.merged = "601+602"
        self.assertFalse(form.problem)
        form.kind = "parking"
        self.assertEqual((form.entrances, form.room_pattern), (0, "P{door:03}"))
        form.merged = False
        self.assertEqual((form.unit_count, form.unit_type), (100, "parking"))
        form.kind = "residential"
        self.assertEqual(form.room_pattern, "{floor}{door:02}")

    @users("property_hq")
    def test_one_batch(self):
        def cost(floors):
            wizard = self._wizard(
                code_from=str(floors), code_to=str(floors), floor_to=floors
            )
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard.action_generate()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(7)
        self.assertEqual(cost(8), cost(20))

    def test_for_managers_only(self):
        for role in ("manager", "hq"):
            self.env["property.building.generate"].with_user(
                self.users[role]
            ).check_access("create")
        for role in ("reader", "frontdesk", "accountant", "engineer"):
            with self.assertRaises(AccessError):
                self.env["property.building.generate"].with_user(
                    self.users[role]
                ).create({"community_id": self.community.id})
