from odoo.tests import tagged

from .common import TakeoverCase


@tagged("post_install", "-at_install")
class TestTakeoverDemo(TakeoverCase):
    def test_one_closed_and_one_running(self):
        estate = self.env["property.demo.estate"]
        community = self._create_community("Demo", "DM", developer_id=self.developer.id)
        closed = estate._fill_closed_takeover(community, self.today)
        self.assertEqual(closed.state, "closed")
        self.assertEqual(closed.document_progress, 100)
        self.assertLessEqual(closed.closed_on, self.today)
        running = estate._fill_running_takeover(community, self.today)
        self.assertEqual(running.state, "acceptance")
        self.assertEqual(running.owed_count, 13)
        self.assertEqual(running.ticket_count, 1)
        self.assertTrue(0 < running.progress < 100)
