from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .privacy_common import IDENTITY, MASK, PHONE, PrivacyCase


@tagged("post_install", "-at_install")
class TestDisclosure(PrivacyCase):
    def _reveal(self, role, what="phone", **values):
        self.env.invalidate_all()
        return (
            self.env["property.disclosure"]
            .with_user(self.users[role])
            .create(
                {
                    "partner_id": self.owner.id,
                    "unit_id": self.home.id,
                    "what": what,
                    **values,
                }
            )
        )

    def test_a_number_is_shown_on_stating_a_reason_and_logged(self):
        for role in ("frontdesk", "engineer", "security", "cashier"):
            with self.subTest(role=role):
                wizard = self._reveal(role, reason="call", note="ticket 12")
                self.assertFalse(wizard.phone)
                wizard.action_show()
                [values] = wizard.read(["phone", "phone2", "identity_number"])
                self.assertEqual(values["phone"], PHONE)
                self.assertFalse(values["identity_number"])
                log = self._log(user_id=self.users[role].id)
                self.assertRecordValues(
                    log,
                    [
                        {
                            "partner_id": self.owner.id,
                            "unit_id": self.home.id,
                            "community_id": self.community.id,
                            "kind": "reveal",
                            "field_names": "phone,phone2",
                            "reason": "call",
                            "note": "ticket 12",
                        }
                    ],
                )

    def test_identity_is_for_front_desk_and_manager(self):
        wizard = self._reveal("frontdesk", "identity", reason="verify")
        wizard.action_show()
        self.assertEqual(wizard.identity_number, IDENTITY)
        self.assertEqual(str(wizard.birthdate), "1972-09-10")
        wizard = self._reveal("manager", "photo", reason="verify")
        wizard.action_show()
        self.assertTrue(wizard.photo)
        for role in ("engineer", "security", "cashier"):
            wizard = self._reveal(role, "identity", reason="verify")
            self.assertNotIn("identity", dict(wizard._selection_what()))
            with self.assertRaises(AccessError):
                wizard.action_show()

    def test_the_reader_may_not_ask(self):
        for role in ("reader", "internal"):
            with self.assertRaises(AccessError):
                self._reveal(role, reason="call")
            with self.assertRaises(AccessError):
                self._as(role)._disclose(["phone"], "call")

    def test_nothing_is_shown_that_is_not_logged(self):
        own = self._reveal("frontdesk", reason="call")
        own.action_show()
        others = self._reveal("engineer", reason="call", log_id=own.log_id.id)
        self.assertFalse(others.is_shown)
        self.assertFalse(others.phone)
        swapped = self._reveal(
            "frontdesk", partner_id=self.neighbour.id, log_id=own.log_id.id
        )
        self.assertFalse(swapped.phone)
        own.log_id.sudo().date = "2026-01-01 00:00:00"
        self.env.invalidate_all()
        self.assertFalse(own.phone)

    def test_a_reason_is_needed(self):
        with self.assertRaisesRegex(UserError, "Choose the reason"):
            self._reveal("frontdesk").action_show()

    def test_other_reasons_are_stated_in_words(self):
        wizard = self._reveal("frontdesk", reason="other")
        with self.assertRaisesRegex(UserError, "in words"):
            wizard.action_show()

    def test_only_people_of_communities_one_works_in(self):
        clerk = self.users["frontdesk"]
        clerk.property_community_ids = self._create_community("Hillside", "HILL")
        with self.assertRaises(AccessError):
            self.owner.with_user(clerk)._disclose(["phone"], "call")
        with self.assertRaises(AccessError):
            self.supplier.with_user(clerk)._disclose(["phone"], "call")

    def test_the_log_is_append_only(self):
        log, _values = self._as("frontdesk")._disclose(["phone"], "call")
        for role in ("manager", "hq", "confidential"):
            mine = log.with_user(self.users[role])
            for change in (
                lambda mine=mine: mine.write({"note": "x"}),
                mine.unlink,
                lambda mine=mine: mine.create({"partner_id": self.owner.id}),
            ):
                with self.assertRaises(AccessError):
                    change()
        with self.assertRaises(AccessError):
            log.with_user(self.users["frontdesk"]).read(["note"])
        seen = log.with_user(self.users["manager"])
        self.assertIn("Phone", seen.data)
        self.users["manager"].property_community_ids = self._create_community(
            "Hillside", "HILL"
        )
        self.assertFalse(seen.search([("id", "=", log.id)]))


@tagged("post_install", "-at_install")
class TestConfidentialExport(PrivacyCase):
    def _export(self, role, record, fields):
        self.users[role].group_ids += self.env.ref("base.group_allow_export")
        return self._as(role, record).export_data(fields)["datas"]

    def test_export_without_the_right(self):
        for role in ("frontdesk", "manager", "internal"):
            with self.subTest(role=role):
                rows = self._export(role, self.owner, ["name", "phone", "image_128"])
                self.assertEqual(rows, [["张三", MASK, ""]])
                for name in ("identity_number", "birthdate"):
                    with self.assertRaises(AccessError):
                        self._export(role, self.owner, [name])
        rows = self._export(
            "frontdesk",
            self.home,
            ["code", "occupancy_ids/partner_id/phone", "occupancy_ids/phone"],
        )
        self.assertEqual(rows, [["1-1-101", MASK, MASK]])
        rows = self._export(
            "frontdesk", self.owner + self.supplier, ["phone", "child_ids/phone"]
        )
        self.assertEqual(rows, [[MASK, ""], ["13800001234", ""]])
        self.assertFalse(self._log(kind="export"))

    def test_export_with_the_right_is_logged(self):
        rows = self._export(
            "confidential",
            self.owner + self.supplier,
            ["name", "phone", "identity_number"],
        )
        self.assertEqual(rows[0], ["张三", PHONE, IDENTITY])
        self.assertRecordValues(
            self._log(kind="export"),
            [
                {
                    "partner_id": self.owner.id,
                    "user_id": self.users["confidential"].id,
                    "unit_id": self.home.id,
                    "field_names": "identity_number,phone",
                }
            ],
        )
        rows = self._export("confidential", self.home, ["occupancy_ids/phone"])
        self.assertEqual(rows, [[PHONE]])
        self.assertEqual(len(self._log(kind="export")), 2)

    def test_an_export_of_many_units_costs_no_more_queries(self):
        for number, home in enumerate(self.homes[2:]):
            person = self.env["res.partner"].create(
                {"name": f"住户{number}", "phone": f"1360000000{number}"}
            )
            self._occupy(home, person)
        fields = ["code", "occupancy_ids/partner_id/phone", "occupancy_ids/phone2"]
        for role in ("frontdesk", "confidential"):
            with self.subTest(role=role):
                self._export(role, self.homes, fields)
                counts = []
                for homes in (self.homes[:2], self.homes):
                    exporting = self._as(role, homes)
                    before = self.env.cr.sql_log_count
                    rows = exporting.export_data(fields)["datas"]
                    counts.append(self.env.cr.sql_log_count - before)
                    self.assertEqual(len(rows), len(homes))
                self.assertEqual(*counts)
        self.assertEqual(len(self._log(kind="export")), 6 + 2 + 6)

    def test_nothing_confidential_is_no_disclosure(self):
        self._export("confidential", self.owner, ["name", "email"])
        self.assertFalse(self._log(kind="export"))


@tagged("post_install", "-at_install")
class TestConfidentialPhoto(PrivacyCase, HttpCase):
    def _image(self, role, url):
        self.users[role].password = "property_role"
        self.authenticate(self.users[role].login, "property_role")
        return self.url_open(url)

    def test_photos_are_streamed_to_the_group_only(self):
        for url in (
            f"/web/image/res.partner/{self.owner.id}/avatar_128",
            f"/web/image/res.partner/{self.owner.id}/image_1920",
            f"/web/content/res.partner/{self.owner.id}/image_512",
            f"/web/image/res.users/{self.portal_user.id}/avatar_128",
        ):
            with self.subTest(url=url):
                self.assertIn(
                    "svg", self._image("frontdesk", url).headers["Content-Type"]
                )
                answer = self._image("confidential", url)
                self.assertEqual(answer.headers["Content-Type"], "image/png")

    def test_the_file_behind_a_photo_is_not_read_as_attachment(self):
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_field", "=", "image_1920"),
                ("res_id", "=", self.owner.id),
            ]
        )
        self.assertTrue(attachment)
        with self.assertRaises(AccessError):
            self._as("manager", attachment).read(["raw"])
        self.assertTrue(self._as("confidential", attachment).read(["raw"]))
        url = f"/web/content/{attachment.id}"
        self.assertNotEqual(
            self._image("frontdesk", url).headers.get("Content-Type"), "image/png"
        )

    def test_a_visiting_card_has_no_number(self):
        try:
            import vobject  # noqa: F401, PLC0415
        except ImportError:
            self.skipTest("vobject is not installed")
        url = f"/web/partner/vcard?partner_ids={self.owner.id}"
        self.assertNotIn(PHONE, self._image("frontdesk", url).text)
        self.assertIn(PHONE, self._image("confidential", url).text)
