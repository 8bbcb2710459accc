import doctest
from datetime import date

import psycopg2
from dateutil.relativedelta import relativedelta
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from ..tools import plate
from .common import PropertyCase


@tagged("post_install", "-at_install")
class TestVehicle(PropertyCase):
    def test_doctests(self):
        result = doctest.testmod(plate)
        self.assertGreater(result.attempted, 0)
        self.assertEqual(result.failed, 0)

    @users("property_frontdesk")
    def test_plate_is_stored_clean_and_found_however_typed(self):
        Vehicle = self.env["property.vehicle"]
        car = Vehicle.create({"unit_id": self.home.id, "plate": " 浙a·12b45 "})
        self.assertEqual(car.plate, "浙A12B45")
        self.assertFalse(car.is_plate_unusual)
        self.assertEqual(car.community_id, self.community)
        for typed in ("12b45", "浙A·12B45", "浙a 12b", "浙Ａ１２Ｂ４５"):
            found = [vehicle_id for vehicle_id, _name in Vehicle.name_search(typed)]
            self.assertIn(car.id, found, typed)
        car.plate = "粤-b d12345"
        self.assertEqual(car.plate, "粤BD12345")

    @users("property_frontdesk")
    def test_unusual_plate_is_a_warning_only(self):
        Vehicle = self.env["property.vehicle"]
        car, bike = Vehicle.create(
            [
                {"unit_id": self.home.id, "plate": "12345"},
                {"unit_id": self.home.id, "plate": "杭州A12345", "kind": "ebike"},
            ]
        )
        self.assertTrue(car.is_plate_unusual)
        self.assertFalse(bike.is_plate_unusual)
        unusual = Vehicle.search([("is_plate_unusual", "=", True)])
        self.assertIn(car, unusual)
        self.assertNotIn(bike, unusual)
        draft = Vehicle.new({"unit_id": self.home.id, "plate": "浙a1234"})
        self.assertIn("浙A1234", draft._onchange_plate()["warning"]["message"])
        draft.plate = "浙a·12345"
        self.assertIsNone(draft._onchange_plate())
        self.assertEqual(draft.plate, "浙A12345")

    @users("property_frontdesk")
    def test_same_vehicle_once_at_a_time_in_a_unit(self):
        Vehicle = self.env["property.vehicle"]
        values = {"unit_id": self.home.id, "plate": "浙A12345"}
        car = Vehicle.create({**values, "date_start": "2024-01-01"})
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            Vehicle.create(values)
        car.date_end = "2025-01-01"
        Vehicle.create(values)

    @users("property_frontdesk")
    def test_parking_space_is_one_of_the_community(self):
        other = self._create_community("Hillside", "HILL")
        Unit = self.env["property.unit"].with_user(self.users["hq"])
        space, foreign = Unit.create(
            [
                {
                    "community_id": community.id,
                    "name": "P001",
                    "code": "P001",
                    "unit_type": "parking",
                }
                for community in (self.community, other)
            ]
        )
        car = self.env["property.vehicle"].create(
            {
                "unit_id": self.home.id,
                "plate": "浙A12345",
                "parking_unit_id": space.id,
            }
        )
        for wrong in (foreign, self.neighbour_home):
            with self.assertRaises(ValidationError):
                car.parking_unit_id = wrong.id

    @users("property_portal")
    def test_portal_sees_the_vehicles_and_pets_of_its_household(self):
        Vehicle = self.env["property.vehicle"]
        cars = Vehicle.with_user(self.users["frontdesk"]).create(
            [
                {"unit_id": self.home.id, "plate": "浙A12345"},
                {"unit_id": self.neighbour_home.id, "plate": "浙A54321"},
            ]
        )
        self.env["property.pet"].with_user(self.users["frontdesk"]).create(
            {"unit_id": self.neighbour_home.id, "name": "Rex"}
        )
        self.assertEqual(Vehicle.search([]).ids, cars[0].ids)
        self.assertFalse(self.env["property.pet"].search([]))


@tagged("post_install", "-at_install")
class TestPet(PropertyCase):
    @users("property_frontdesk")
    def test_expiry_follows_the_earlier_paper(self):
        today = date.today()
        Pet = self.env["property.pet"]
        expired, expiring, valid, unknown = Pet.create(
            [
                {
                    "unit_id": self.home.id,
                    "name": name,
                    "licence_expiry": licence is not None
                    and today + relativedelta(days=licence),
                    "vaccination_expiry": vaccination is not None
                    and today + relativedelta(days=vaccination),
                }
                for name, licence, vaccination in (
                    ("expired", 200, -1),
                    ("expiring", 30, None),
                    ("valid", 31, 400),
                    ("unknown", None, None),
                )
            ]
        )
        self.assertEqual(
            (expired + expiring + valid + unknown).mapped("expiry_state"),
            ["expired", "expiring", "valid", False],
        )
        self.assertEqual(expired.next_expiry, today + relativedelta(days=-1))
        in_30_days = [("next_expiry", "<=", "today +30d")]
        self.assertEqual(
            Pet.search([("unit_id", "=", self.home.id), *in_30_days]),
            expired + expiring,
        )

    @users("property_frontdesk")
    def test_entered_on_the_unit(self):
        with Form(self.home.with_env(self.env)) as unit, unit.pet_ids.new() as pet:
            pet.name = "Rex"
            pet.breed = "Corgi"
        self.assertEqual(self.home.pet_ids.name, "Rex")
        self.assertEqual(self.home.pet_ids.kind, "dog")
