from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged, users

from .common import PropertyCase


@tagged("post_install", "-at_install")
class TestAccess(PropertyCase):
    @users("property_portal")
    def test_portal_sees_own_household_only(self):
        self.assertEqual(self.env["property.unit"].search([]), self.home)
        self.assertEqual(
            self.env["property.occupancy"].search([]), self.home.occupancy_ids
        )
        with self.assertRaises(AccessError):
            self.neighbour_home.with_env(self.env).read(["code"])
        with self.assertRaises(AccessError):
            self.neighbour_home.occupancy_ids.with_env(self.env).read(["partner_id"])

    @users("property_portal")
    def test_portal_loses_sight_of_a_sold_home(self):
        self.home.occupancy_ids.date_end = "2022-12-31"
        self.assertFalse(self.env["property.unit"].search([]))

    def test_communities_limit_what_a_user_sees(self):
        other = self._create_community("Hillside", "HILL")
        unit = self.env["property.unit"].create(
            {"community_id": other.id, "name": "1", "code": "1"}
        )
        clerk = self.users["frontdesk"]
        self.assertIn(unit, self.env["property.unit"].with_user(clerk).search([]))
        clerk.property_community_ids = self.community
        self.assertNotIn(unit, self.env["property.unit"].with_user(clerk).search([]))
        with self.assertRaises(AccessError):
            unit.with_user(clerk).write({"note": "x"})
        with self.assertRaises(AccessError):
            self.env["property.roster.import"].with_user(clerk).create(
                {"community_id": other.id, "file": "eA=="}
            )

    def test_companies_are_apart(self):
        company = self.env["res.company"].create({"name": "Other Property Company"})
        stranger = new_test_user(
            self.env,
            login="property_stranger",
            groups="property_base.group_property_admin",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertNotIn(
            self.home, self.env["property.unit"].with_user(stranger).search([])
        )

    @users("property_manager")
    def test_identity_number_is_for_the_confidential_group(self):
        with self.assertRaises(AccessError):
            self.owner.with_env(self.env).read(["identity_number"])
        self.assertNotIn("identity_number", self.env["res.partner"].fields_get())
        self.users["manager"].group_ids += self.env.ref(
            "property_base.group_property_confidential"
        )
        self.assertEqual(
            self.owner.with_env(self.env).identity_number, "990000197209105980"
        )
