from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.property_fee.tests.dunning_common import DUE, DunningCase

DISPUTED = date(2026, 11, 5)


@tagged("post_install", "-at_install")
class TestDispute(DunningCase):
    """A disputed fee: reminders and late fee stand still while the ticket is open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        category = cls.env["property.ticket.category"].search(
            [("parent_id", "!=", False)], limit=1
        )
        cls.category = category
        cls.policy_fee = cls.env["property.late.fee.policy"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )

    def setUp(self):
        super().setUp()
        self._sync()
        self.case = self._case()

    def _ticket(self, user="frontdesk", unit=None, **values):
        return (
            self.env["property.ticket"]
            .with_user(self.users[user])
            .create(
                {
                    "subject": "The bill counts days before the handover",
                    "kind": "complaint",
                    "category_id": self.category.id,
                    "unit_id": (unit or self.home).id,
                    "partner_id": self.owner.id,
                    **values,
                }
            )
        )

    def _finish(self, ticket, user="manager"):
        """Let the work on the ticket end."""
        ticket = ticket.with_user(self.users[user])
        ticket.write({"user_id": self.users["engineer"].id})
        ticket.write({"state": "accepted"})
        ticket.write({"state": "in_progress"})
        ticket.write({"state": "done", "result": "Explained; the days are right."})

    def test_hold_and_go_on(self):
        with freeze_time(DISPUTED):
            ticket = self._ticket()
            self.assertEqual(ticket.unit_amount_overdue, 223.75)
            ticket.action_dispute()
            self.assertEqual(ticket.dunning_case_id, self.case)
            self.assertTrue(ticket.holds_dunning)
            self.assertEqual(self.case.hold_reference, ticket.name)
            self.assertEqual(self.case.ticket_count, 1)
            ticket.action_dispute()
            self.assertEqual(len(self.case.hold_ids), 1, "held once")
        self.assertTrue(self.case._is_on_hold(date(2026, 12, 20)))
        with freeze_time("2026-11-20"):
            self._finish(ticket)
            self.assertFalse(ticket.holds_dunning)
        self.assertEqual(self.case.hold_ids.date_to, date(2026, 11, 20))
        self.assertTrue(self.case._is_on_hold(date(2026, 11, 20)))
        self.assertFalse(self.case._is_on_hold(date(2026, 11, 21)))

    def test_nobody_is_reminded_meanwhile(self):
        with freeze_time(DISPUTED):
            ticket = self._ticket()
            ticket.action_dispute()
        self.assertNotIn(self.home, self._generate(25).unit_id)
        with freeze_time(DUE + timedelta(days=40)):
            self._finish(ticket)
        self.assertIn(self.home, self._generate(42).unit_id)

    def test_reopened(self):
        with freeze_time(DISPUTED):
            ticket = self._ticket()
            ticket.action_dispute()
        with freeze_time("2026-11-20"):
            self._finish(ticket)
        with freeze_time("2026-11-28"):
            ticket.with_user(self.users["manager"]).write({"state": "accepted"})
        self.assertFalse(self.case._is_on_hold(date(2026, 11, 25)))
        self.assertTrue(self.case._is_on_hold(date(2026, 11, 28)))

    def test_other_holds_go_on(self):
        with freeze_time(DISPUTED):
            ticket = self._ticket()
            ticket.action_dispute()
            self.case.hold_ids.date_to = date(2026, 11, 8)
        with freeze_time("2026-11-10"):
            self.case._start_hold("Court", reference="(2026) 114")
            self._finish(ticket)
            self.assertTrue(self.case._is_on_hold(date(2026, 12, 1)))

    def test_nothing_to_hold(self):
        ticket = self._ticket(unit=self.homes[2])
        with self.assertRaisesRegex(UserError, "nothing to hold"):
            ticket.action_dispute()

    def test_who_may(self):
        with freeze_time(DISPUTED):
            ticket = self._ticket()
            for role in ("engineer", "security"):
                with self.assertRaises(AccessError):
                    ticket.with_user(self.users[role]).action_dispute()
            ticket.action_dispute()
            with self.assertRaises(AccessError):
                ticket.action_end_dispute()
            ticket.with_user(self.users["manager"]).action_end_dispute()
            self.assertFalse(ticket.holds_dunning)

    def test_engineers_do_not_see_arrears(self):
        ticket = self._ticket().with_user(self.users["engineer"])
        names = ticket.fields_get()
        for name in ("unit_amount_overdue", "dunning_case_id", "holds_dunning"):
            self.assertNotIn(name, names)
        views = ticket.get_views([(False, "form")])
        self.assertNotIn("unit_amount_overdue", views["views"]["form"]["arch"])

    def test_engineer_ends_the_work(self):
        """Whoever closes the ticket need know nothing of dunning."""
        with freeze_time(DISPUTED):
            ticket = self._ticket()
            ticket.action_dispute()
            self._finish(ticket, "engineer")
        self.assertEqual(self.case.hold_ids.date_to, DISPUTED)

    def test_from_the_case(self):
        with freeze_time(DISPUTED):
            ticket = self._ticket()
            ticket.action_dispute()
        action = self.case.with_user(self.users["frontdesk"]).action_view_tickets()
        found = self.env["property.ticket"].search(action["domain"])
        self.assertEqual(found, ticket.with_env(self.env))
        self.assertEqual(ticket.action_view_dunning_case()["res_id"], self.case.id)
