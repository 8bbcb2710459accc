from datetime import datetime

from odoo.tests import tagged

from .common import PropertyServiceCase


@tagged("post_install", "-at_install")
class TestTicketNumber(PropertyServiceCase):
    def test_numbers_run_per_company_and_year(self):
        first = self._create_ticket(reported_at=datetime(2026, 5, 1))
        second = self._create_ticket(reported_at=datetime(2026, 6, 1))
        next_year = self._create_ticket(reported_at=datetime(2027, 1, 2))
        self.assertEqual(first.name, "T2026-00001")
        self.assertEqual(second.name, "T2026-00002")
        self.assertEqual(next_year.name, "T2027-00001")
        foreign = self.env["property.ticket"].create(
            {
                "community_id": self.foreign.id,
                "subject": "Other company",
                "reported_at": datetime(2026, 5, 1),
            }
        )
        self.assertEqual(foreign.name, "T2026-00001")

    def test_year_is_that_of_the_companys_clock(self):
        """Half past seven on New Year's morning in China is still 2026 in UTC."""
        for number, zone in enumerate(("Asia/Shanghai", "UTC", False), start=1):
            ticket = (
                self.env["property.ticket"]
                .with_user(self.frontdesk)
                .with_context(tz=zone)
                .create(
                    {
                        "unit_id": self.unit.id,
                        "subject": "New Year",
                        "reported_at": datetime(2026, 12, 31, 23, 30),
                    }
                )
            )
            self.assertEqual(ticket.name, f"T2027-{number:05d}")

    def test_batch_is_numbered_in_order(self):
        tickets = self.env["property.ticket"].create(
            [
                {
                    "unit_id": self.unit.id,
                    "subject": str(index),
                    "reported_at": datetime(2026, 5, 1),
                }
                for index in range(50)
            ]
        )
        self.assertEqual(
            tickets.mapped("name"), [f"T2026-{n:05d}" for n in range(1, 51)]
        )

    def test_new_company_has_its_own_numbering(self):
        company = self.env["res.company"].create({"name": "Third Service"})
        sequence = self.env["ir.sequence"].search(
            [("code", "=", "property.ticket"), ("company_id", "=", company.id)]
        )
        self.assertEqual(len(sequence), 1)
        again = self.env["property.ticket"]._ensure_sequences(company)
        self.assertEqual(again[company], sequence)

    def test_gapless_numbering_chosen_by_the_company(self):
        sequence = self.env["property.ticket"]._ensure_sequences(self.company)
        sequence[self.company].write(
            {"implementation": "no_gap", "prefix": "WO%(range_year)s/"}
        )
        tickets = self._create_ticket(reported_at=datetime(2026, 5, 1))
        self.assertEqual(tickets.name, "WO2026/00001")
