import base64
import io

from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_work_order import WorkOrderCase

PIXEL = base64.b64decode(
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    b"awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestWorkPages(HttpCase, WorkOrderCase):
    """An engineer's orders on the phone, from acceptance to signature."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The pages are compared in English, whatever languages the database speaks.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")

    def _post(self, path, files=None, **data):
        data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(f"/property/orders/{path}", data=data, files=files)

    def test_from_acceptance_to_signature(self):
        order = self._given()
        self.authenticate("svc_engineer", "svc_engineer")
        self.assertIn(order.subject, self.url_open("/property/orders").text)
        self._post(f"{order.id}/accept")
        self._post(f"{order.id}/arrive")
        self.assertEqual(order.state, "arrived")
        photo = {"photos": ("tap.png", io.BytesIO(PIXEL), "image/png")}
        self._post(f"{order.id}/photos", files=photo, moment="before")
        self.assertEqual(order.before_ids.name, "tap.png")
        self._post(f"{order.id}/material", price_id=str(self.price.id), quantity="2")
        self.assertEqual(order.amount, 71.0)
        refused = self._post(
            f"{order.id}/material", price_id=str(self.price.id), quantity="many"
        )
        self.assertIn("must be a number", refused.text)
        signed = self.make_jsonrpc_request(
            f"/property/orders/{order.id}/sign",
            {"name": "Zhang", "signature": base64.b64encode(PIXEL).decode()},
        )
        self.assertTrue(signed["force_refresh"])
        self._post(f"{order.id}/done", result="Tap replaced")
        self.assertEqual((order.state, order.signed_by), ("done", "Zhang"))
        self.assertEqual(order.ticket_id.state, "done")

    def test_a_refused_step_says_why(self):
        order = self._given()
        self.authenticate("svc_engineer", "svc_engineer")
        page = self._post(f"{order.id}/done", result="Too early")
        self.assertIn("cannot become", page.text)
        self.assertEqual(order.state, "given")

    def test_grab_and_give_back(self):
        order = self._order()
        self.authenticate("svc_plumber_2", "svc_plumber_2")
        self.assertIn(order.name, self.url_open("/property/orders").text)
        self._post(f"{order.id}/grab")
        self.assertEqual(order.engineer_id, self.second)
        self._post(f"{order.id}/back", reason="No ladder")
        self.assertEqual(order.return_reason, "No ladder")

    def test_an_order_that_was_passed_on_is_left_alone(self):
        """The page of an order may still be open when a colleague has it already."""
        order = self._given(self.second)
        self.authenticate("svc_engineer", "svc_engineer")
        photo = {"photos": ("tap.png", io.BytesIO(PIXEL), "image/png")}
        for path, values in (
            ("accept", {}),
            ("arrive", {}),
            ("done", {"result": "Mine"}),
            ("back", {"reason": "Mine"}),
            ("material", {"price_id": str(self.price.id)}),
            ("photos", {"files": photo}),
        ):
            page = self._post(f"{order.id}/{path}", **values)
            self.assertIn("is not yours: svc_plumber_2", page.text, path)
        signed = self.make_jsonrpc_request(
            f"/property/orders/{order.id}/sign",
            {"name": "Zhang", "signature": base64.b64encode(PIXEL).decode()},
        )
        self.assertIn("is not yours", signed["error"])
        self.assertRecordValues(
            order,
            [
                {
                    "state": "given",
                    "engineer_id": self.second.id,
                    "return_count": 0,
                    "before_ids": [],
                    "line_ids": [],
                    "signed_at": False,
                }
            ],
        )

    def test_what_is_no_drawing_is_no_signature(self):
        order = self._given()
        order.action_accept()
        order.action_arrive()
        self.authenticate("svc_engineer", "svc_engineer")
        url = f"/property/orders/{order.id}/sign"
        for signature in ("!!!", "junk", base64.b64encode(b"<svg/>").decode(), 7):
            answer = self.make_jsonrpc_request(
                url, {"name": "Zhang", "signature": signature}
            )
            self.assertIn("not a photo", answer["error"])
        answer = self.make_jsonrpc_request(url, {"name": "Zhang"})
        self.assertIn("both needed", answer["error"])
        self.assertFalse(order.signed_at)

    def test_signs_that_no_page_shows_are_left_out(self):
        order = self._given()
        order.action_accept()
        order.action_arrive()
        self.authenticate("svc_engineer", "svc_engineer")
        page = self._post(f"{order.id}/material", price_id="\u00b2", quantity="1")
        self.assertIn("from the price list", page.text)
        self._post(f"{order.id}/done", result="Tap\x00 replaced")
        self.assertEqual(order.result, "Tap replaced")

    def test_what_is_free_lies_where_one_works(self):
        order = self._order()
        self.second.community_ids = self.second.community_ids.create(
            {"name": "Far Away", "code": "FA", "company_id": self.company.id}
        )
        self.authenticate("svc_plumber_2", "svc_plumber_2")
        self.assertNotIn(order.name, self.url_open("/property/orders").text)
        page = self._post(f"{order.id}/grab")
        self.assertIn("where you do not work", page.text)
        self.assertFalse(order.engineer_id)

    def test_what_a_caller_wrote_is_never_run(self):
        ticket = self._create_ticket(description="<script>alert(1)</script>")
        order = self._order(ticket)
        order._give({order: self.first})
        self.authenticate("svc_engineer", "svc_engineer")
        text = self.url_open(f"/property/orders/{order.id}").text
        self.assertNotIn("<script>alert(1)", text)
        self.assertIn("&lt;script&gt;alert(1)", text)

    @mute_logger("odoo.http")
    def test_the_pages_are_not_the_households(self):
        order = self._given()
        self.authenticate("svc_zhang", "svc_zhang")
        self.assertEqual(self.url_open("/property/orders").status_code, 403)
        self.assertEqual(self.url_open(f"/property/orders/{order.id}").status_code, 403)

    @mute_logger("odoo.http")
    def test_the_number_is_for_who_is_sent(self):
        order = self._given()
        order.ticket_id.phone = "13512345678"
        self.authenticate("svc_plumber_2", "svc_plumber_2")
        self.assertNotIn(
            "13512345678", self.url_open(f"/property/orders/{order.id}").text
        )
        self.authenticate("svc_engineer", "svc_engineer")
        self.assertIn("13512345678", self.url_open(f"/property/orders/{order.id}").text)
        self.assertEqual(self.url_open("/property/orders/999999").status_code, 404)
