import base64
import re

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import PropertyCase


@tagged("post_install", "-at_install")
class TestPortalHome(PropertyCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wife, cls.lodger = cls.env["res.partner"].create(
            [
                {"name": "赵敏", "phone": "13611112222"},
                {"name": "孙乐", "phone": "13822223333"},
            ]
        )
        cls._occupy(cls.home, cls.wife, "family")
        cls._occupy(cls.home, cls.lodger, "tenant")
        cls.portal_lodger = new_test_user(
            cls.env,
            login="property_lodger",
            groups="base.group_portal",
            partner_id=cls.lodger.id,
            name=cls.lodger.name,
        )
        for user in (cls.portal_user, cls.portal_neighbour, cls.portal_lodger):
            user.password = "property_portal"

    def _open(self, url, user=None, **kwargs):
        if user:
            self.authenticate(user.login, "property_portal")
        return self.url_open(url, **kwargs)

    def _send(self, kind, user, unit=None, **form):
        unit = unit or self.home
        self.authenticate(user.login, "property_portal")
        form.setdefault("csrf_token", http.Request.csrf_token(self))
        return self.url_open(f"/my/homes/{unit.id}/change/{kind}", data=form)

    def _requests(self):
        return self.env["property.change.request"].search(
            [("unit_id", "=", self.home.id)]
        )

    def test_the_portal_page_counts_homes(self):
        page = self._open("/my/home", self.portal_user).text
        self.assertIn('href="/my/homes"', page)
        answer = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["property_home_count"]}
        )
        self.assertEqual(answer["property_home_count"], 1)

    def test_an_owner_sees_his_household(self):
        listed = self._open("/my/homes", self.portal_user)
        self.assertEqual(listed.status_code, 200)
        self.assertIn(f"/my/homes/{self.home.id}", listed.text)
        self.assertNotIn(f"/my/homes/{self.neighbour_home.id}", listed.text)
        page = self._open(f"/my/homes/{self.home.id}").text
        for text in ("Lakeside 1-1-101", "89.5", "张三", "赵敏", "孙乐", "136****2222"):
            self.assertIn(text, page)
        self.assertIn("13912345678", page)  # his own
        for text in ("13611112222", "13822223333", "990000197209105980", "李四"):
            self.assertNotIn(text, page)

    def test_a_tenant_sees_himself_only(self):
        page = self._open(f"/my/homes/{self.home.id}", self.portal_lodger).text
        self.assertIn("孙乐", page)
        for text in ("张三", "赵敏", "139****5678", "13912345678"):
            self.assertNotIn(text, page)

    def test_a_tenant_keeps_his_lease_when_the_home_is_sold(self):
        buyer = self.env["res.partner"].create({"name": "周买", "phone": "13699990000"})
        self.home._transfer(
            self.today,
            "sale",
            [{"partner_id": buyer.id, "share": 100, "is_resident": False}],
        )
        page = self._open(f"/my/homes/{self.home.id}", self.portal_lodger)
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("周买", page.text)
        self.assertEqual(
            self._open(f"/my/homes/{self.home.id}", self.portal_user).status_code, 404
        )
        unit = self.home.with_user(self.portal_user)
        with self.assertRaises(AccessError):
            unit.read(["code"])

    def test_a_neighbour_gets_nothing_on_any_route(self):
        document = self._document()
        scan = document.attachment_ids
        for url in (
            f"/my/homes/{self.home.id}",
            f"/my/homes/{self.home.id}/change/phone",
            f"/my/homes/{self.home.id}/documents/{document.id}/{scan.id}",
            f"/my/homes/{self.neighbour_home.id}/documents/{document.id}/{scan.id}",
            "/my/homes/999999999",
        ):
            with self.subTest(url=url):
                answer = self._open(url, self.portal_neighbour)
                self.assertEqual(answer.status_code, 404)
        answer = self._send(
            "phone", self.portal_neighbour, unit=self.home, phone="13600001111"
        )
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(self._requests())

    def test_strangers_are_asked_to_log_in(self):
        self.authenticate(None, None)
        for url in ("/my/homes", f"/my/homes/{self.home.id}"):
            answer = self.url_open(url, allow_redirects=False)
            self.assertIn("/web/login", answer.headers["Location"])

    def test_staff_see_their_own_homes_only(self):
        clerk = self.users["frontdesk"]
        clerk.password = "property_portal"
        self.assertEqual(
            self._open(f"/my/homes/{self.home.id}", clerk).status_code, 404
        )
        internal = new_test_user(
            self.env, login="property_internal", groups="base.group_user"
        )
        internal.password = "property_portal"
        self.assertEqual(self._open("/my/homes", internal).status_code, 200)

    def test_a_change_is_proposed(self):
        form = self._open(f"/my/homes/{self.home.id}/change/phone", self.portal_user)
        self.assertIn("csrf_token", form.text)
        answer = self._send("phone", self.portal_user, phone="１３６ 0000 1111")
        self.assertIn("alert-success", answer.text)
        self.assertRecordValues(
            self._requests(),
            [
                {
                    "kind": "phone",
                    "phone": "13600001111",
                    "partner_id": self.owner.id,
                    "state": "proposed",
                }
            ],
        )
        self.assertEqual(self.owner.phone, "13912345678")
        page = self._open(f"/my/homes/{self.home.id}").text
        self.assertIn("text-bg-info", page)

    def test_a_member_and_moving_out_are_proposed(self):
        self._send(
            "member",
            self.portal_user,
            member_name="张小三",
            date="2026-10-01",
            is_resident="1",
        )
        self._send("move_out", self.portal_lodger, date="2026-12-31", note="Good bye")
        self.assertEqual(set(self._requests().mapped("kind")), {"member", "move_out"})
        self.assertEqual(
            self._requests().filtered("is_resident").mapped("member_name")[-1],
            "张小三",
        )

    def test_mistakes_are_explained(self):
        for kind, form in (
            ("move_out", {"date": "2026-02-30"}),
            ("phone", {"phone": ""}),
            ("member", {"member_name": "", "date": "2026-10-01"}),
        ):
            with self.subTest(kind=kind):
                answer = self._send(kind, self.portal_user, note="<b>Hi", **form)
                self.assertIn("alert-danger", answer.text)
                self.assertIn(">&lt;b&gt;Hi</textarea>", answer.text)
        self.assertFalse(self._requests())

    def test_writing_takes_a_token_and_a_post(self):
        with mute_logger("odoo.http"):
            answer = self._send(
                "phone", self.portal_user, phone="13600001111", csrf_token="forged"
            )
        self.assertEqual(answer.status_code, 400)
        self._open(f"/my/homes/{self.home.id}/change/phone?phone=13600001111")
        self.assertFalse(self._requests())

    def test_not_more_proposals_than_can_be_read(self):
        for number in range(7):
            answer = self._send("phone", self.portal_user, phone=f"1360000111{number}")
        self.assertIn("alert-danger", answer.text)
        self.assertEqual(len(self._requests()), 5)

    def test_a_family_member_names_nobody(self):
        self.portal_lodger.partner_id.occupancy_ids.role = "family"
        page = self._open(f"/my/homes/{self.home.id}", self.portal_lodger).text
        self.assertFalse(re.search(r"/change/member", page))
        answer = self._open(f"/my/homes/{self.home.id}/change/member")
        self.assertEqual(answer.status_code, 404)

    def _document(self):
        File = self.env["property.owner.file"]
        file = File.search([("unit_id", "=", self.home.id)]) or File._open(
            self.home, self.today
        )
        kind = self.env["property.document.type"].create(
            {"name": "Delivery Letter", "code": "X1"}
        )
        return self.env["property.owner.document"].create(
            {
                "file_id": file.id,
                "type_id": kind.id,
                "visible_to_owner": True,
                "received_on": self.today,
                "attachment_ids": [
                    (
                        0,
                        0,
                        {"name": "letter.txt", "datas": base64.b64encode(b"Welcome")},
                    )
                ],
            }
        )

    def test_documents_the_owner_may_see(self):
        document = self._document()
        url = (
            f"/my/homes/{self.home.id}/documents/{document.id}/"
            f"{document.attachment_ids.id}"
        )
        page = self._open(f"/my/homes/{self.home.id}", self.portal_user).text
        self.assertIn("Delivery Letter", page)
        self.assertIn(url, page)
        answer = self._open(url)
        self.assertEqual(answer.content, b"Welcome")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        document.visible_to_owner = False
        self.assertEqual(self._open(url).status_code, 404)
        document.visible_to_owner = True
        self.assertEqual(self._open(url, self.portal_lodger).status_code, 404)
