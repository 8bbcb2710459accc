import psycopg2
from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OCTOBER, PropertyFeeCase


@tagged("post_install", "-at_install")
class TestFeeRateScope(PropertyFeeCase):
    """For whom a rate is: place before kind, the narrower before the wider."""

    def _price(self, unit=None):
        assignment = self.env["property.fee.assignment"].new(
            {"unit_id": (unit or self.home).id, "item_id": self.management.id}
        )
        return assignment._get_rate_on(OCTOBER).price

    def _rate(self, price, **values):
        return self._create_rate(self.management, price=price, **values)

    def test_rank(self):
        place = {"community_id": self.community.id}
        building = {**place, "building_id": self.building.id}
        self.home.usage = " Bakery "
        self.assertEqual(self._price(), 2.5)
        self._rate(3, unit_type="home")
        self.assertEqual(self._price(), 3)
        self._rate(4, usage="bakery")
        self.assertEqual(self._price(), 4)
        self._rate(5, by_floor=True, floor_from=0, floor_to=1)
        self.assertEqual(self._price(), 5)
        self._rate(6, **place)
        self.assertEqual(self._price(), 6)
        self._rate(7, **building)
        self.assertEqual(self._price(), 7)
        self._rate(8, **building, unit_type="home")
        self.assertEqual(self._price(), 8)
        self._rate(9, **building, by_floor=True, floor_from=1, floor_to=1)
        self.assertEqual(self._price(), 9)
        self.assertEqual(self._price(self.homes[4]), 8)

    def test_others_are_not_concerned(self):
        other = self.building.copy({"code": "2", "name": "2"})
        self._rate(9, community_id=self.community.id, building_id=other.id)
        self._rate(9, by_floor=True, floor_from=2, floor_to=9)
        self._rate(9, usage="bakery")
        self.assertEqual(self._price(), 2.5)
        self.home.floor = -1
        self._rate(4, by_floor=True, floor_from=-2, floor_to=-1)
        self.assertEqual(self._price(), 4)

    def test_overlap_of_the_same_units_is_refused(self):
        place = {"community_id": self.community.id, "building_id": self.building.id}
        floors = {"by_floor": True, "floor_from": 1, "floor_to": 6}
        self._rate(3, **place, **floors)
        self._rate(3, **place, by_floor=True, floor_from=7, floor_to=9)
        self._rate(3, **place)
        self._rate(3, usage="Bakery")
        for values in (
            {**place, "by_floor": True, "floor_from": 6, "floor_to": 8},
            {**place},
            {"usage": " bakery"},
        ):
            with (
                self.subTest(values),
                self.assertRaises(psycopg2.IntegrityError),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self._rate(4, **values)

    def test_bad_values_are_refused(self):
        for values in (
            {"by_floor": True, "floor_from": 3, "floor_to": 1},
            {"vacancy_percent": 101},
            {"bill_day": 0},
            {"minimum": -1},
        ):
            with (
                self.subTest(values),
                self.assertRaises(psycopg2.IntegrityError),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self._rate(4, unit_type="shop", **values)

    def test_building_of_another_community(self):
        other = self._create_community("Hillside", "HILL")
        with self.assertRaisesRegex(ValidationError, "no building of Hillside"):
            self._rate(3, community_id=other.id, building_id=self.building.id)
        with self.assertRaisesRegex(ValidationError, "no building of all communities"):
            self._rate(3, building_id=self.building.id)

    # === NOTHING FORGOTTEN === #

    def test_assignments_without_rate(self):
        Assignment = self.env["property.fee.assignment"].with_user(
            self.users["accountant"]
        )
        first, second = self._assign(self.homes[:2])
        lacking = Assignment._domain_without_rate(OCTOBER)
        self.assertFalse(Assignment.search(lacking))
        self.management_rate.date_end = "2026-09-30"
        self.assertEqual(Assignment.search(lacking), first + second)
        self._rate(3, date_start=OCTOBER, by_floor=True, floor_from=2, floor_to=3)
        self.assertEqual(Assignment.search(lacking), first + second)
        self._rate(
            3, date_start=OCTOBER, community_id=self.community.id, usage="bakery"
        )
        self.home.usage = "Bakery"
        self.assertEqual(Assignment.search(lacking), second)
        self.assertFalse(first.lacks_rate)
        self.assertTrue(second.lacks_rate)
        self.assertEqual(
            Assignment.search([("lacks_rate", "=", False)]) & (first + second), first
        )
        self.management.kind = "shared"
        self.assertFalse(Assignment.search(lacking), "the amount is allocated")

    def test_domain_agrees_with_the_timeline(self):
        """The database and Python tell the same which assignments have a rate."""
        shop = self.env["property.unit"].create(
            {
                "community_id": self.community.id,
                "name": "S1",
                "code": "S1",
                "unit_type": "shop",
                "usage": "Noodles",
            }
        )
        assignments = self._assign(self.homes | shop)
        self.management_rate.unlink()
        place = {"community_id": self.community.id, "building_id": self.building.id}
        for values in (
            {"unit_type": "shop", "usage": "noodles"},
            {**place, "by_floor": True, "floor_from": 2, "floor_to": 2},
            {"by_floor": True, "floor_from": 0, "floor_to": 1, "unit_type": "shop"},
            {**place, "unit_type": "home"},
        ):
            with self.subTest(values):
                rate = self._rate(3, **values)
                lacking = assignments.search(assignments._domain_without_rate(OCTOBER))
                with_rate = assignments.filtered(lambda own: own._get_rate_on(OCTOBER))
                self.assertTrue(with_rate)
                self.assertEqual(lacking & assignments, assignments - with_rate)
                rate.unlink()

    def test_units_without_management_fee(self):
        self.management.category = "management"
        Unit = self.env["property.unit"].with_user(self.users["accountant"])
        lacking = [
            ("lacks_management_fee", "=", True),
            ("community_id", "=", self.community.id),
        ]
        before = Unit.search(lacking)
        self._assign(self.home)
        self._assign(self.neighbour_home, self.garbage)
        self.assertEqual(before - Unit.search(lacking), self.home)
        self.assertTrue(self.neighbour_home.lacks_management_fee)
        self.assertFalse(self.home.lacks_management_fee)
        self.management.category = "other"
        self.assertNotIn(self.neighbour_home, Unit.search(lacking), "any fee will do")

    def test_rates_about_to_end(self):
        Rate = self.env["property.fee.rate"]
        ending = [("is_ending", "=", True)]
        before = Rate.search(ending)
        end = fields.Date.add(fields.Date.context_today(Rate), days=30)
        self.management_rate.date_end = end
        self.assertEqual(Rate.search(ending) - before, self.management_rate)
        self.assertTrue(self.management_rate.is_ending)
        follower = self._rate(3, date_start=fields.Date.add(end, days=1))
        self.assertNotIn(self.management_rate, Rate.search(ending))
        follower.usage = "bakery"
        self.assertIn(self.management_rate, Rate.search(ending))
