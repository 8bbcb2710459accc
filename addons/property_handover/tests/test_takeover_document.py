from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TakeoverCase


@tagged("post_install", "-at_install")
class TestTakeoverDocument(TakeoverCase):
    def test_receive(self):
        clerk = self.project.document_ids.with_user(self.users["frontdesk"])
        clerk[0].copies = 3
        clerk[:2].action_receive()
        self.assertRecordValues(
            clerk[:2],
            [
                {
                    "status": "received",
                    "copies": copies,
                    "received_by_id": self.users["frontdesk"].id,
                }
                for copies in (3, 1)
            ],
        )
        self.assertEqual(self.project.document_progress, 6)
        self.assertEqual(self.project.owed_count, 29)

    def test_status_follows_the_facts(self):
        document = self.project.document_ids[0]
        self.assertEqual(document.status, "missing")
        document.is_required = False
        self.assertEqual(document.status, "not_required")
        document.write({"received_on": date(2026, 1, 5), "defect": "Stamp missing"})
        self.assertEqual(document.status, "defective")
        document.action_receive()
        self.assertEqual(document.status, "received")
        with self.assertRaisesRegex(UserError, "in the future"):
            document.received_on = date(2999, 1, 1)

    def test_claim_raises_one_rectification_ticket_each(self):
        documents = self.project.document_ids[:2].with_user(self.users["frontdesk"])
        documents[1].write({"received_on": date(2026, 1, 5), "defect": "Page 3 torn"})
        action = documents.action_claim()
        tickets = self.env["property.ticket"].search(action["domain"], order="id")
        self.assertRecordValues(
            tickets,
            [
                {
                    "kind": "rectification",
                    "community_id": self.community.id,
                    "partner_id": self.developer.id,
                    "user_id": self.users["manager"].id,
                    "takeover_project_id": self.project.id,
                }
            ]
            * 2,
        )
        self.assertIn("not received", tickets[0].description)
        self.assertIn("Page 3 torn", tickets[1].description)
        self.assertEqual(documents.ticket_id, tickets)
        with self.assertRaisesRegex(UserError, "claimed already"):
            documents.action_claim()
        tickets[0].write({"state": "accepted"})
        tickets[0].write({"state": "done", "result": "Said to be delivered"})
        documents[0].action_claim()
        self.assertEqual(self.project.ticket_count, 3)
        self.assertEqual(self.project.open_ticket_count, 2)
        shown = self.env["property.ticket"].search(
            self.project.action_view_tickets()["domain"]
        )
        self.assertEqual(len(shown), 3)

    def test_received_papers_stay_on_the_list(self):
        document = self.project.document_ids[0]
        document.action_receive()
        with self.assertRaisesRegex(UserError, "stay on the list"):
            document.unlink()
        self.project.document_ids[1].unlink()
