from datetime import date

import psycopg2
from odoo.exceptions import ValidationError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common import PropertyCase


@tagged("post_install", "-at_install")
class TestOccupancy(PropertyCase):
    def assertRefused(self, unit, partner, **values):
        with (
            self.assertRaises(psycopg2.IntegrityError) as caught,
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self._occupy(unit, partner, **values)
        return self.env["property.occupancy"]._sql_error_to_message(caught.exception)

    def test_same_person_and_role_never_overlap(self):
        home = self.homes[4]
        self._occupy(
            home, self.tenant, "tenant", date(2026, 1, 1), date_end=date(2026, 6, 30)
        )
        self.assertRefused(home, self.tenant, role="tenant", start=date(2026, 6, 30))
        self._occupy(home, self.tenant, "tenant", date(2026, 7, 1))
        self._occupy(home, self.tenant, "emergency", date(2026, 7, 1))
        self.assertRefused(home, self.tenant, role="tenant", start=date(2030, 1, 1))

    def test_ends_after_it_starts(self):
        message = self.assertRefused(
            self.homes[4],
            self.tenant,
            role="tenant",
            start=date(2026, 6, 30),
            date_end=date(2026, 6, 29),
        )
        self.assertIn("An occupancy cannot end before it starts.", message)

    def test_a_share_is_a_percentage(self):
        message = self.assertRefused(self.homes[4], self.owner, share=120)
        self.assertIn("A share of ownership lies between 0 and 100 percent.", message)
        self.assertRefused(self.homes[4], self.owner, share=-1)

    @users("property_frontdesk")
    def test_owners_hold_at_most_the_whole(self):
        home = self.homes[4]
        create = self.env["property.occupancy"].create
        values = {"unit_id": home.id, "date_start": date(2026, 1, 1)}
        create({**values, "partner_id": self.owner.id, "share": 60})
        with self.assertRaises(ValidationError) as caught:
            create(
                {
                    **values,
                    "partner_id": self.neighbour.id,
                    "role": "co_owner",
                    "share": 50,
                }
            )
        self.assertIn("110 percent on 2026-01-01", str(caught.exception))
        create(
            {**values, "partner_id": self.neighbour.id, "role": "co_owner", "share": 40}
        )

    @users("property_frontdesk")
    def test_the_next_owner_may_follow_the_day_after(self):
        self.home.occupancy_ids.date_end = date(2026, 3, 31)
        self.env["property.occupancy"].create(
            {
                "unit_id": self.home.id,
                "partner_id": self.neighbour.id,
                "share": 100,
                "date_start": date(2026, 4, 1),
            }
        )
        self.assertEqual(len(self.home.occupancy_ids), 2)
