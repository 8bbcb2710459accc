import base64

from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import PropertyServiceCase

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestTicketPortal(PropertyServiceCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The pages are compared in English, whatever languages the database speaks.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")

    def _post(self, url, files=None, **form):
        form["csrf_token"] = Request.csrf_token(self)
        return self.url_open(url, data=form, files=files)

    def _new(self, files=None, **form):
        values = {
            "unit_id": self.unit.id,
            "kind": "repair",
            "category_id": self.problem.id,
            "subject": "Tap drips",
            **form,
        }
        return self._post("/my/tickets/new", files=files, **values)

    def _last_ticket(self):
        return self.env["property.ticket"].search(
            [("community_id", "=", self.community.id)], order="id desc", limit=1
        )

    def test_household_reports_follows_and_agrees(self):
        self.authenticate("svc_zhang", "svc_zhang")
        self.assertIn("New Request", self.url_open("/my/tickets").text)
        self.assertIn("101", self.url_open("/my/tickets/new").text)
        response = self._new(description="<script>alert(1)</script>")
        ticket = self._last_ticket()
        self.assertIn(ticket.name, response.text)
        self.assertNotIn("<script>alert(1)</script>", response.text)
        self.assertIn("&lt;script&gt;alert(1)", response.text)
        self.assertRecordValues(
            ticket,
            [
                {
                    "channel": "portal",
                    "state": "new",
                    "partner_id": self.zhang.partner_id.id,
                    "category_id": self.problem.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertIn(self.zhang.partner_id, ticket.message_partner_ids)
        self.assertIn(ticket.name, self.url_open("/my/tickets").text)
        self._walk(ticket, "accepted", "done")
        self._post(f"/my/tickets/{ticket.id}/reopen", note="Still drips")
        self.assertEqual(ticket.state, "accepted")
        self.assertEqual(ticket.reopened_count, 1)
        answer = ticket.message_ids.filtered(lambda m: "Still drips" in m.body)
        self.assertEqual(answer.author_id, self.zhang.partner_id)
        self._walk(ticket, "done")
        self._post(f"/my/tickets/{ticket.id}/confirm")
        self.assertEqual(ticket.state, "confirmed")

    def test_only_the_fields_of_the_form_count(self):
        self.authenticate("svc_zhang", "svc_zhang")
        self._new(
            state="closed", urgency="emergency", user_id=self.manager.id, name="T1"
        )
        ticket = self._last_ticket()
        self.assertRecordValues(
            ticket, [{"state": "new", "urgency": "general", "user_id": False}]
        )
        self.assertNotEqual(ticket.name, "T1")

    def test_photos(self):
        self.authenticate("svc_zhang", "svc_zhang")
        self._new(files=[("photos", ("tap.png", PIXEL, "image/png"))])
        ticket = self._last_ticket()
        self.assertEqual(ticket.message_ids.attachment_ids.mapped("name"), ["tap.png"])
        response = self._new(files=[("photos", ("a.png", b"<html>", "image/png"))])
        self.assertIn("a.png is not a photo", response.text)
        many = [("photos", (f"{n}.png", PIXEL, "image/png")) for n in range(7)]
        self.assertIn("at most 6 photos", self._new(files=many).text)
        self.assertEqual(self._last_ticket(), ticket)

    def test_form_keeps_what_was_typed_when_refused(self):
        self.authenticate("svc_zhang", "svc_zhang")
        before = self._last_ticket()
        response = self._new(subject="x" * 101, description="Long story")
        self.assertIn("Long story", response.text)
        self.assertIn("1 to 100 characters", response.text)
        self.assertIn(
            "what your request is about", self._new(kind="rectification").text
        )
        self.assertEqual(self._last_ticket(), before)

    def test_signs_that_no_page_shows_are_left_out(self):
        self.authenticate("svc_zhang", "svc_zhang")
        self._new(subject="Ta\x00p \U0001f4a7", description="a\x00\nb", phone="1\x000")
        ticket = self._last_ticket()
        self.assertRecordValues(
            ticket,
            [{"subject": "Tap \U0001f4a7", "description": "a\nb", "phone": "10"}],
        )
        photo = ("photos", ("a\x00b.png", PIXEL, "image/png"))
        self._post(f"/my/tickets/{ticket.id}/photos", files=[photo], note="\x00Here")
        self.assertEqual(ticket.message_ids.attachment_ids.name, "ab.png")
        self._post(f"/my/tickets/{ticket.id}/cancel", note="No\x00 more")
        self.assertEqual(ticket.close_reason, "No more")

    def test_numbers_that_name_nothing(self):
        self.authenticate("svc_zhang", "svc_zhang")
        for number in ("\u00b2", "9" * 20, "-1", "1.5"):
            self.assertIn("in the list", self._new(category_id=number).text)
            self.assertIn("own homes", self._new(unit_id=number).text)
            page = self.url_open(f"/my/tickets/{number}")
            self.assertIn(page.status_code, (200, 404), number)

    def test_neighbours_home_and_ticket_are_out_of_reach(self):
        theirs = self._create_ticket(unit_id=self.neighbour_unit.id, subject="Secret")
        self._walk(theirs, "accepted", "done")
        self.authenticate("svc_zhang", "svc_zhang")
        self.assertIn(
            "one of your own homes", self._new(unit_id=self.neighbour_unit.id).text
        )
        self.assertNotIn("Secret", self.url_open("/my/tickets").text)
        response = self.url_open(f"/my/tickets/{theirs.id}")
        self.assertNotIn("Secret", response.text)
        self.assertTrue(response.url.endswith("/my"))
        for answer in ("confirm", "reopen", "cancel"):
            self._post(f"/my/tickets/{theirs.id}/{answer}", note="Mine now")
        self.assertEqual(theirs.state, "done")
        self.assertFalse(
            theirs.message_ids.filtered(lambda message: "Mine now" in message.body)
        )
        self.assertTrue(self.url_open("/my/tickets/999999999").url.endswith("/my"))

    def test_answers_only_where_they_belong(self):
        ticket = self._create_ticket()
        self.authenticate("svc_zhang", "svc_zhang")
        response = self._post(f"/my/tickets/{ticket.id}/confirm")
        self.assertIn("cannot become Confirmed", response.text)
        self._post(f"/my/tickets/{ticket.id}/cancel")
        self.assertRecordValues(
            ticket,
            [{"state": "cancelled", "close_reason": "Cancelled by the household"}],
        )
        response = self._post(f"/my/tickets/{ticket.id}/cancel")
        self.assertIn("has ended already", response.text)
        working = self._create_ticket()
        working.action_accept()
        response = self._post(f"/my/tickets/{working.id}/cancel")
        self.assertIn("already working on it", response.text)

    def test_post_needs_a_token_and_get_changes_nothing(self):
        ticket = self._create_ticket()
        self._walk(ticket, "accepted", "done")
        self.authenticate("svc_zhang", "svc_zhang")
        self.url_open(f"/my/tickets/{ticket.id}/confirm")
        with mute_logger("odoo.http"):
            self.url_open(f"/my/tickets/{ticket.id}/confirm", data={"csrf_token": "no"})
        self.assertEqual(ticket.state, "done")

    def test_strangers_need_the_link(self):
        ticket = self._create_ticket(subject="Secret")
        self.assertNotIn("Secret", self.url_open(f"/my/tickets/{ticket.id}").text)
        token = ticket.sudo()._portal_ensure_token()
        url = f"/my/tickets/{ticket.id}?access_token={token}"
        self.assertIn("Secret", self.url_open(url).text)

    def test_person_without_a_home(self):
        self.li.partner_id.occupancy_ids.unlink()
        self.authenticate("svc_li", "svc_li")
        self.assertIn("No home is registered", self.url_open("/my/tickets/new").text)
