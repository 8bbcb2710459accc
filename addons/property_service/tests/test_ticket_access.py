from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PropertyServiceCase


@tagged("post_install", "-at_install")
class TestTicketAccess(PropertyServiceCase):
    def test_roles(self):
        """Everybody on the staff reports and reads; who works on tickets writes."""
        ticket = self._create_ticket(user_id=self.manager.id)
        own = self._create_ticket(user_id=self.engineer.id)
        free = self._create_ticket()
        for user in (self.user, self.cashier, self.engineer, self.security):
            self.assertEqual(ticket.with_user(user).subject, "Kitchen tap drips")
            self.assertTrue(self._create_ticket(user).name)
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
                ticket.with_user(user).write({"subject": "Changed"})
        for writable in (own, free):
            writable.with_user(self.engineer).write({"subject": "Seen on site"})
        for user in (self.frontdesk, self.manager, self.admin):
            ticket.with_user(user).write({"subject": "Changed"})

    def test_only_hq_deletes(self):
        for user in (self.engineer, self.frontdesk, self.manager):
            with self.assertRaises(AccessError):
                self._create_ticket().with_user(user).unlink()

    def test_categories_are_kept_by_managers(self):
        with self.assertRaises(AccessError):
            self.problem.with_user(self.frontdesk).name = "Changed"
        self.problem.with_user(self.manager).sequence = 3

    def test_companies_and_communities(self):
        mine = self._create_ticket()
        second = self._create_ticket(unit_id=False, community_id=self.second.id)
        foreign = self.env["property.ticket"].create(
            {"community_id": self.foreign.id, "subject": "Other company"}
        )
        Ticket = self.env["property.ticket"].with_user(self.frontdesk)
        found = Ticket.search([("id", "in", (mine | second | foreign).ids)])
        self.assertEqual(found, mine | second)
        self.frontdesk.property_community_ids = [Command.set(self.community.ids)]
        self.env.registry.clear_cache()
        found = Ticket.search([("id", "in", (mine | second | foreign).ids)])
        self.assertEqual(found, mine)
        with self.assertRaises(AccessError):
            second.with_user(self.frontdesk).write({"subject": "Changed"})

    def test_portal_sees_own_household_only(self):
        own = self._create_ticket()
        neighbour = self._create_ticket(unit_id=self.neighbour_unit.id)
        public = self._create_ticket(
            unit_id=False,
            community_id=self.community.id,
            partner_id=self.wang.partner_id.id,
        )
        everything = own | neighbour | public
        for user, visible in (
            (self.zhang, own),
            (self.li, own),
            (self.wang, neighbour | public),
        ):
            Ticket = self.env["property.ticket"].with_user(user)
            found = Ticket.search([("id", "in", everything.ids)])
            self.assertEqual(found, visible, user.login)
            for ticket in everything - visible:
                with self.assertRaises(AccessError):
                    ticket.with_user(user).read(["subject"])
            with self.assertRaises(AccessError):
                visible[:1].with_user(user).write({"subject": "Changed"})
            with self.assertRaises(AccessError):
                Ticket.create({"unit_id": self.unit.id, "subject": "By RPC"})

    def test_portal_never_reads_internal_notes(self):
        ticket = self._create_ticket(internal_note="Owner is difficult")
        with self.assertRaises(AccessError):
            ticket.with_user(self.zhang).read(["internal_note"])

    def test_new_owner_does_not_see_the_old_owners_tickets(self):
        old = self._create_ticket(
            unit_id=self.neighbour_unit.id, reported_at="2026-03-01 08:00:00"
        )
        occupancy = self.neighbour_unit.occupancy_ids
        occupancy.date_end = "2026-03-31"
        self.env["property.occupancy"].create(
            {
                "unit_id": self.neighbour_unit.id,
                "partner_id": self.zhang.partner_id.id,
                "role": "owner",
                "share": 100,
                "date_start": "2026-04-01",
            }
        )
        new = self._create_ticket(
            unit_id=self.neighbour_unit.id,
            partner_id=self.zhang.partner_id.id,
            reported_at="2026-05-01 08:00:00",
        )
        both = [("id", "in", (old | new).ids)]
        Ticket = self.env["property.ticket"]
        self.assertEqual(Ticket.with_user(self.zhang).search(both), new)
        self.assertEqual(Ticket.with_user(self.wang).search(both), old)

    def test_emergency_contact_is_no_household(self):
        ticket = self._create_ticket(unit_id=self.neighbour_unit.id)
        self.env["property.occupancy"].create(
            {
                "unit_id": self.neighbour_unit.id,
                "partner_id": self.li.partner_id.id,
                "role": "emergency",
                "date_start": "2020-01-01",
            }
        )
        self.assertFalse(ticket.with_user(self.li).sudo().is_own_household)
        self.assertTrue(ticket.with_user(self.wang).is_own_household)
