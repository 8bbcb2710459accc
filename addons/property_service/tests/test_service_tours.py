import base64
import io

from odoo.tests import HttpCase, tagged
from PIL import Image

from .feedback_common import FeedbackCase


class TourCase(HttpCase, FeedbackCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The pages are read in English, whatever languages the database speaks.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")


@tagged("post_install", "-at_install")
class TestPortalTour(TourCase):
    """An owner on the portal, from the request to the rating."""

    browser_size = "375x812"
    touch_enabled = True

    def _visit(self, ticket):
        order = self._order(ticket)
        order._give({order: self.first})
        order.action_accept()
        order.action_arrive()
        order.result = "Valve replaced"
        order.action_done()

    def test_from_request_to_rating(self):
        self.start_tour("/my/tickets", "property_portal_request", login="svc_zhang")
        ticket = self.env["property.ticket"].search(
            [("unit_id", "=", self.unit.id)], order="id desc", limit=1
        )
        self.assertEqual(ticket.channel, "portal")
        self.assertEqual(
            set(ticket.message_ids.attachment_ids.mapped("name")),
            {"tap.png", "floor.png"},
        )
        self.assertTrue(ticket.awaits_answer)
        self._visit(ticket)
        url = f"/my/tickets/{ticket.id}"
        self.start_tour(url, "property_portal_rating", login="svc_zhang")
        self.assertEqual((ticket.state, ticket.reopened_count), ("accepted", 1))
        self._visit(ticket)
        self.start_tour(url, "property_portal_confirm", login="svc_zhang")
        self.assertEqual(ticket.state, "confirmed")
        rating = ticket.sudo().rating_ids.filtered("consumed")
        self.assertEqual((rating.rating, rating.feedback), (4, "Friendly and quick"))


@tagged("post_install", "-at_install")
class TestWorkTour(TourCase):
    """An engineer with a phone, from acceptance to signature."""

    browser_size = "375x812"
    touch_enabled = True

    def test_from_acceptance_to_signature(self):
        order = self._given()
        self.start_tour(
            "/property/orders", "property_work_order", login=self.engineer.login
        )
        self.assertRecordValues(
            order,
            [
                {
                    "state": "done",
                    "amount": 71.0,
                    "result": "Tap replaced, tested",
                    "signed_by": self.zhang.name,
                }
            ],
        )
        self.assertEqual(order.before_ids.mapped("name"), ["before.png"])
        self.assertEqual(order.after_ids.mapped("name"), ["after.png"])
        drawn = Image.open(io.BytesIO(base64.b64decode(order.signature)))
        self.assertGreater(drawn.convert("RGBA").getchannel("A").getextrema()[1], 0)
        self.assertEqual(order.ticket_id.state, "done")
