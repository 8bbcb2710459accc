from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, tagged

from .common import PropertyServiceCase


@tagged("post_install", "-at_install")
class TestHouseFact(PropertyServiceCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.building = cls.env["property.building"].create(
            {"community_id": cls.community.id, "name": "B1", "code": "1"}
        )
        cls.unit.building_id = cls.building
        Fact = cls.env["property.house.fact"].with_user(cls.frontdesk)
        cls.dog, cls.code, cls.gate = Fact.create(
            [
                {"unit_id": cls.unit.id, "kind": "animal", "text": "Dog, ring first"},
                {
                    "building_id": cls.building.id,
                    "community_id": cls.community.id,
                    "kind": "access",
                    "text": "Door code 4711",
                    "is_secret": True,
                },
                {"community_id": cls.community.id, "text": "Gate closes at 22"},
            ]
        )

    def _shown(self, user):
        self.env.invalidate_all()
        return self.code.with_user(user).read(["shown_text"])[0]["shown_text"]

    def test_places(self):
        Fact = self.env["property.house.fact"]
        today = fields.Date.context_today(Fact)
        found = Fact._find(self.community, self.building, self.unit, today)
        self.assertEqual(found, self.dog | self.code | self.gate)
        nobody = self.env["property.unit"]
        found = Fact._find(self.community, self.building, nobody, today)
        self.assertEqual(found, self.code | self.gate)
        found = Fact._find(self.community, nobody.building_id, nobody, today)
        self.assertEqual(found, self.gate)
        self.dog.date_until = "2020-01-01"
        found = Fact._find(self.community, self.building, self.unit, today)
        self.assertNotIn(self.dog, found)
        self.assertEqual(self._create_ticket().house_fact_ids, self.code | self.gate)

    def test_a_confidential_fact_is_masked(self):
        self.assertEqual(self._shown(self.frontdesk), "Door code 4711")
        self.assertEqual(self._shown(self.manager), "Door code 4711")
        for user in (self.security, self.engineer, self.cashier, self.user):
            self.assertEqual(self._shown(user), "******", user.login)
            with self.assertRaises(AccessError):
                self.code.with_user(user).read(["text"])
            with self.assertRaises(AccessError):
                self.code.with_user(user).search([("text", "ilike", "4711")])
            self.assertNotIn("4711", self.code.with_user(user).display_name)

    def test_who_is_sent_reads_it_while_he_has_to_go(self):
        ticket = self._create_ticket()
        self._walk(ticket, "accepted", "dispatched")
        self.assertEqual(self._shown(self.engineer), "Door code 4711")
        self.assertEqual(self._shown(self.security), "******")
        self._walk(ticket, "done")
        self.assertEqual(self._shown(self.engineer), "******")

    def test_nobody_sends_himself(self):
        for user in (self.user, self.cashier):
            self._create_ticket(user, user_id=user.id)
            self.assertEqual(self._shown(user), "******", user.login)

    def test_on_the_phone(self):
        order = self.env["property.work.order"].create(
            {"ticket_id": self._create_ticket().id}
        )
        engineer = self.env["property.engineer"].create(
            {"user_id": self.engineer.id, "company_id": self.company.id}
        )
        order.write({"engineer_id": engineer.id, "state": "given"})
        self.authenticate("svc_engineer", "svc_engineer")
        page = self.url_open(f"/property/orders/{order.id}").text
        self.assertIn("Dog, ring first", page)
        self.assertIn("Door code 4711", page)

    def test_portal_users_see_none(self):
        with self.assertRaises(AccessError):
            self.code.with_user(self.zhang).read(["shown_text"])

    def test_a_place_that_does_not_exist(self):
        with self.assertRaisesRegex(ValidationError, "is not in"):
            self.env["property.house.fact"].create(
                {
                    "community_id": self.second.id,
                    "building_id": self.building.id,
                    "text": "x",
                }
            )
