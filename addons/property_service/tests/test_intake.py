from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCommon

from .common import PropertyServiceCase

MAIL = """From: {sender}
To: {to}
Subject: {subject}
Message-Id: <{number}@example.com>
{headers}Content-Type: text/plain; charset=utf-8

{body}
"""


@tagged("post_install", "-at_install")
class TestDuplicates(PropertyServiceCase):
    def test_the_same_problem_of_the_same_home(self):
        first = self._create_ticket()
        other = self._create_ticket(unit_id=self.neighbour_unit.id)
        again = self._create_ticket()
        self.assertEqual(again.duplicate_ids, first)
        self.assertFalse(other.duplicate_ids)
        again.action_same_matter()
        self.assertEqual((again.state, again.duplicate_of_id), ("cancelled", first))
        self.assertFalse(first.duplicate_ids)

    def test_a_common_matter_of_one_building(self):
        building = self.env["property.building"].create(
            {"community_id": self.community.id, "name": "1", "code": "1"}
        )
        (self.unit | self.neighbour_unit).building_id = building
        lift = self.env.ref("property_service.problem_facility_lift_noise")
        first = self._create_ticket(category_id=lift.id)
        again = self._create_ticket(category_id=lift.id, unit_id=self.neighbour_unit.id)
        self.assertEqual(again.duplicate_ids, first)


@tagged("post_install", "-at_install")
class TestMail(PropertyServiceCase, MailCommon):
    """A mail becomes a ticket, or goes on with one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        cls.zhang.partner_id.email = "zhang@example.com"
        cls.community.write(
            {"alias_name": "lake", "alias_domain_id": cls.mail_alias_domain.id}
        )
        cls.address = cls.community.alias_email

    def _receive(self, sender="Zhang <zhang@example.com>", **vals):
        values = {
            "sender": sender,
            "to": self.address,
            "subject": "Tap drips",
            "number": "1",
            "headers": "",
            "body": "Since <b>yesterday</b>",
            **vals,
        }
        before = self.env["property.ticket"].search([])
        self.env["mail.thread"].message_process(None, MAIL.format(**values))
        return self.env["property.ticket"].search([]) - before

    def test_a_known_sender_brings_his_home(self):
        ticket = self._receive()
        self.assertEqual((ticket.channel, ticket.unit_id), ("email", self.unit))
        self.assertEqual(ticket.partner_id, self.zhang.partner_id)
        self.assertEqual(ticket.community_id, self.community)
        self.assertEqual(ticket.subject, "Tap drips")

    def test_an_unknown_sender(self):
        ticket = self._receive(
            "stranger@example.com", subject="", body="Noise\nat night"
        )
        self.assertEqual(ticket.community_id, self.community)
        self.assertFalse(ticket.unit_id)
        self.assertEqual(ticket.email_from, "stranger@example.com")
        self.assertEqual(ticket.subject, "Noise")

    def test_an_answer_goes_on_with_the_ticket(self):
        ticket = self._receive()
        answer = self._receive(
            number="2", headers="In-Reply-To: <1@example.com>\n", body="Still drips"
        )
        self.assertFalse(answer)
        self.assertIn("Still drips", ticket.message_ids[0].body)

    def test_the_same_mail_twice_is_one_ticket(self):
        self._receive()
        self.assertFalse(self._receive())

    def test_a_mail_without_anything(self):
        ticket = self._receive("broken", subject="", body="")
        self.assertEqual(ticket.channel, "email")
        self.assertTrue(ticket.subject)
