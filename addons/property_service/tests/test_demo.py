from datetime import date

from odoo.tests import tagged

from .common import PropertyServiceCase


@tagged("post_install", "-at_install")
class TestDemoTickets(PropertyServiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.units.handover_date = "2022-01-01"
        cls.estate = cls.env["property.demo.estate"]

    def test_tickets_in_every_stage(self):
        today = date(2026, 11, 20)
        tickets = self.estate._fill_tickets(self.community, today)
        self.assertEqual(len(tickets), 60)
        states = set(tickets.mapped("state"))
        self.assertGreaterEqual(states, {"closed", "waiting", "new", "done"})
        self.assertLessEqual(max(tickets.mapped("reported_at")).date(), today)
        for ticket in tickets.filtered("closed_at"):
            self.assertLessEqual(ticket.reported_at, ticket.closed_at)

    def test_same_seed_same_tickets(self):
        today = date(2026, 11, 20)
        fields = ["subject", "state", "unit_id", "reported_at", "channel"]
        first = self.estate._fill_tickets(self.community, today, count=20)
        second = self.estate._fill_tickets(self.community, today, count=20)
        without_id = [
            [{key: row[key] for key in fields} for row in tickets.read(fields)]
            for tickets in (first, second)
        ]
        self.assertEqual(*without_id)
