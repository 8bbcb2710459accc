import base64
import io

from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .feedback_common import FeedbackCase

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)
MEGABYTE = 1024 * 1024
SCRIPT = "<script>window.hacked=1</script>"
MARKS = '<img src=x onerror="window.hacked=1">'


@tagged("post_install", "-at_install")
class TestSafeWeb(HttpCase, FeedbackCase):
    """Other people's tickets stay theirs; what somebody typed is never run."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The pages are compared in English, whatever languages the database speaks.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")

    def _post(self, url, files=None, **form):
        form["csrf_token"] = Request.csrf_token(self)
        return self.url_open(url, data=form, files=files)

    def _rpc(self, url, params):
        """Return the result of a JSON route, or the name of its error."""
        response = self.url_open(
            url,
            json={"jsonrpc": "2.0", "method": "call", "params": params},
        )
        answer = response.json()
        return answer.get("result", answer.get("error"))

    def _theirs(self):
        """Return a ticket of the neighbour with a visit and photos."""
        ticket = self._create_ticket(
            unit_id=self.neighbour_unit.id, subject="Secret of Wang"
        )
        order = self._order(ticket)
        order._give({order: self.first})
        photo = self.env["ir.attachment"].create(
            {
                "name": "secret.png",
                "raw": PIXEL,
                "res_model": "property.work.order",
                "res_id": order.id,
            }
        )
        order.write({"before_ids": [(4, photo.id)]})
        return ticket, order, photo

    # === OTHER PEOPLE'S === #

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_pages_of_others(self):
        ticket, order, photo = self._theirs()
        self._walk(ticket, "done")
        self.authenticate("svc_zhang", "svc_zhang")
        for url in (
            f"/my/tickets/{ticket.id}",
            f"/my/tickets/{ticket.id}?access_token=wrong",
        ):
            self.assertNotIn("Secret of Wang", self.url_open(url).text)
        for url in (
            f"/my/tickets/{ticket.id}/photos/{photo.id}",
            f"/my/tickets/{ticket.id}/photos/{photo.id}?access_token=wrong",
        ):
            self.assertEqual(self.url_open(url).status_code, 404)
        for answer in ("confirm", "reopen", "cancel", "rate", "photos"):
            response = self._post(
                f"/my/tickets/{ticket.id}/{answer}",
                files=[("photos", ("a.png", PIXEL, "image/png"))],
                note="Mine now",
                rate="1",
            )
            self.assertEqual(response.status_code, 404, answer)
            self.assertNotIn("Secret of Wang", response.text)
        self.assertEqual(self.url_open(f"/property/orders/{order.id}").status_code, 403)
        self.assertEqual(ticket.state, "done")
        self.assertFalse(
            ticket.message_ids.filtered(lambda message: "Mine now" in message.body)
        )

    @mute_logger("odoo.http")
    def test_photos_of_another_ticket_under_my_own(self):
        _ticket, _order, photo = self._theirs()
        mine = self._create_ticket()
        self.authenticate("svc_zhang", "svc_zhang")
        url = f"/my/tickets/{mine.id}/photos/{photo.id}"
        self.assertEqual(self.url_open(url).status_code, 404)
        # Odoo's own routes show a placeholder, or nothing.
        for url in (f"/web/image/{photo.id}", f"/web/content/{photo.id}"):
            self.assertNotEqual(self.url_open(url).content, PIXEL)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_json_routes_of_others(self):
        ticket, order, _photo = self._theirs()
        token = ticket.sudo()._rating_get_access_token()
        ticket.sudo().message_post(
            body="Secret word",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        before = len(ticket.message_ids)
        self.authenticate("svc_zhang", "svc_zhang")
        thread = {"thread_model": "property.ticket", "thread_id": ticket.id}
        for url, params in (
            ("/mail/chatter_fetch", {**thread, "fetch_params": {}}),
            ("/mail/thread/messages", thread),
            ("/mail/message/post", {**thread, "post_data": {"body": "Mine now"}}),
            ("/portal/chatter_init", thread),
            (
                f"/property/orders/{order.id}/sign",
                {"name": "Zhang", "signature": base64.b64encode(PIXEL).decode()},
            ),
            *(
                (
                    f"/web/dataset/call_kw/{model}/{method}",
                    {
                        "model": model,
                        "method": method,
                        "args": [[record.id], *args],
                        "kwargs": {},
                    },
                )
                for model, record, method, *args in (
                    ("property.ticket", ticket, "read", ["subject"]),
                    ("property.ticket", ticket, "write", {"subject": "Mine now"}),
                    ("property.ticket", ticket, "action_confirm"),
                    ("property.ticket", ticket, "message_post"),
                    ("property.ticket", ticket, "action_view_ratings"),
                    ("property.work.order", order, "read", ["result"]),
                    ("property.work.order", order, "action_done"),
                    ("rating.rating", ticket.rating_ids, "read", ["access_token"]),
                )
            ),
        ):
            answer = str(self._rpc(url, params))
            self.assertNotIn("Secret word", answer, url)
            self.assertNotIn("Secret of Wang", answer, url)
            self.assertNotIn(token, answer, url)
        self.env.invalidate_all()
        self.assertEqual(len(ticket.message_ids), before)
        self.assertFalse(order.signed_at)
        self.assertEqual(ticket.subject, "Secret of Wang")

    def test_internal_notes_never_reach_the_portal(self):
        ticket = self._create_ticket()
        ticket.with_user(self.frontdesk).message_post(
            body="He always complains",
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
        ticket.write({"internal_note": "Owes two years"})
        ticket.with_user(self.frontdesk).message_post(
            body="We come at two",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        token = ticket.sudo()._portal_ensure_token()
        thread = {"thread_model": "property.ticket", "thread_id": ticket.id}
        self.authenticate("svc_zhang", "svc_zhang")
        texts = [
            self.url_open(f"/my/tickets/{ticket.id}").text,
            str(self._rpc("/mail/chatter_fetch", {**thread, "fetch_params": {}})),
        ]
        self.authenticate(None, None)
        texts += [
            self.url_open(f"/my/tickets/{ticket.id}?access_token={token}").text,
            str(
                self._rpc(
                    "/mail/chatter_fetch",
                    {**thread, "token": token, "fetch_params": {}},
                )
            ),
        ]
        for text in texts:
            self.assertNotIn("He always complains", text)
            self.assertNotIn("Owes two years", text)
        self.assertIn("We come at two", texts[1])
        self.assertIn("We come at two", texts[3])

    def test_who_has_the_link_may_answer(self):
        ticket = self._create_ticket()
        self._walk(ticket, "accepted", "done")
        token = ticket.sudo()._portal_ensure_token()
        self.authenticate(None, None)
        page = self.url_open(f"/my/tickets/{ticket.id}?access_token={token}").text
        self.assertIn("o_property_confirm", page)
        self._post(
            f"/my/tickets/{ticket.id}/confirm",
            access_token=token,
            rate="5",
            note="Thank you",
        )
        self.assertEqual(ticket.state, "confirmed")
        self.assertRecordValues(
            ticket.sudo().rating_ids,
            [
                {
                    "rating": 5,
                    "feedback": "Thank you",
                    "partner_id": self.zhang.partner_id.id,
                }
            ],
        )

    def test_staff_look_but_do_not_answer_for_the_household(self):
        ticket = self._create_ticket()
        self._walk(ticket, "accepted", "done")
        self.authenticate("svc_frontdesk", "svc_frontdesk")
        page = self.url_open(f"/my/tickets/{ticket.id}").text
        self.assertIn(ticket.name, page)
        self.assertNotIn("o_property_confirm", page)
        response = self._post(f"/my/tickets/{ticket.id}/rate", rate="5")
        self.assertEqual(response.status_code, 404)
        self.assertFalse(ticket.sudo().rating_ids)

    def test_half_an_answer_is_none(self):
        ticket = self._create_ticket()
        self._walk(ticket, "accepted", "done")
        self.authenticate("svc_zhang", "svc_zhang")
        response = self._post(f"/my/tickets/{ticket.id}/confirm", rate="9")
        self.assertIn("one to five stars", response.text)
        self.assertEqual(ticket.state, "done")

    # === LARGE PHOTOS === #

    def _large(self, name="tap.png"):
        return ("photos", (name, PIXEL + b"0" * (30 * MEGABYTE), "image/png"))

    def test_thirty_megabytes_on_the_portal(self):
        self.authenticate("svc_zhang", "svc_zhang")
        before = self.env["property.ticket"].search_count([])
        response = self._post(
            "/my/tickets/new",
            files=[self._large()],
            unit_id=self.unit.id,
            kind="repair",
            subject="Tap drips",
        )
        self.assertIn("tap.png is larger than 10 MB", response.text)
        self.assertIn("Tap drips", response.text)
        self.assertEqual(self.env["property.ticket"].search_count([]), before)
        ticket = self._create_ticket()
        small = ("photos", ("small.png", PIXEL, "image/png"))
        response = self._post(
            f"/my/tickets/{ticket.id}/photos", files=[small, self._large()]
        )
        self.assertIn("tap.png is larger than 10 MB", response.text)
        self.assertFalse(ticket.message_ids.attachment_ids)

    def test_thirty_megabytes_on_the_phone(self):
        order = self._given()
        order.action_accept()
        order.action_arrive()
        self.authenticate("svc_engineer", "svc_engineer")
        small = ("photos", ("small.png", io.BytesIO(PIXEL), "image/png"))
        response = self._post(
            f"/property/orders/{order.id}/photos",
            files=[small, self._large()],
            moment="before",
        )
        self.assertIn("tap.png is larger than 10 MB", response.text)
        self.assertFalse(order.before_ids)

    # === SCRIPT === #

    def _hostile(self):
        self.zhang.partner_id.name = f"Zhang {SCRIPT}"
        order = self._order(
            self._create_ticket(
                subject=f"Tap {SCRIPT}{MARKS}",
                description=f"Drips {SCRIPT}{MARKS}",
                partner_id=self.zhang.partner_id.id,
            )
        )
        order._give({order: self.first})
        order.action_accept()
        order.action_arrive()
        order.result = f"Replaced {SCRIPT}{MARKS}"
        return order

    def test_script_on_the_pages(self):
        order = self._hostile()
        order.action_done()
        ticket = order.ticket_id
        ticket._rate(2, f"Bad {SCRIPT}{MARKS}", self.zhang.partner_id)
        pages = []
        self.authenticate("svc_zhang", "svc_zhang")
        pages += [
            self.url_open(url).text
            for url in ("/my", "/my/tickets", f"/my/tickets/{ticket.id}")
        ]
        self.authenticate("svc_engineer", "svc_engineer")
        pages += [
            self.url_open(url).text
            for url in ("/property/orders", f"/property/orders/{order.id}")
        ]
        for page in pages:
            self.assertNotIn(SCRIPT, page)
            self.assertNotIn(MARKS, page)
        self.assertIn("&lt;script&gt;", pages[2])
        self.assertIn("&lt;script&gt;", pages[4])

    def test_script_in_a_browser(self):
        order = self._hostile()
        ticket = order.ticket_id
        ticket.with_user(self.frontdesk).message_post(body=f"Hello {SCRIPT}{MARKS}")
        # Nothing is left to load when a page is looked at.
        chatter = "document.querySelector('.o-mail-Chatter .o-mail-Message')"
        portal = (
            "document.querySelector('#chatterRoot')?.shadowRoot?.querySelector("
            "'.o-mail-Composer')"
        )
        check = """
            const timer = setInterval(() => {
                if (window.hacked) {
                    console.error("what somebody typed was run");
                } else if (%s) {
                    clearInterval(timer);
                    console.log("test successful");
                }
            }, 200);
        """
        for url, shown, login in (
            (f"/odoo/property-tickets/{ticket.id}", chatter, "svc_manager"),
            (
                "/odoo/property-tickets",
                "document.querySelector('.o_data_row, .o_kanban_record')",
                "svc_manager",
            ),
            (f"/my/tickets/{ticket.id}", portal, "svc_zhang"),
        ):
            self.browser_js(url, check % shown, login=login)
