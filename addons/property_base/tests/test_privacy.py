import base64
import io

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, new_test_user, tagged, users
from PIL import Image

from .common import PropertyCase

PHONE, MASK = "13912345678", "139****5678"
IDENTITY = "990000197209105980"
STAFF = ("reader", "security", "engineer", "frontdesk", "cashier", "accountant")


def photo(color):
    file = io.BytesIO()
    Image.new("RGB", (64, 64), color).save(file, "PNG")
    return base64.b64encode(file.getvalue())


class PrivacyCase(PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner.write({"phone2": "0571-88886666", "image_1920": photo("red")})
        cls.users["confidential"] = new_test_user(
            cls.env,
            login="property_confidential",
            groups="property_base.group_property_frontdesk,"
            "property_base.group_property_confidential,base.group_allow_export",
        )
        cls.users["internal"] = new_test_user(
            cls.env, login="property_internal", groups="base.group_user"
        )
        cls.supplier = cls.env["res.partner"].create(
            {"name": "Lift Company", "phone": "13800001234"}
        )

    def _as(self, role, record=None):
        """Return a record (the owner) as a role sees it, with nothing in the cache."""
        self.env.invalidate_all()
        return (record or self.owner).with_user(self.users[role])

    def _log(self, **conditions):
        return self.env["property.disclosure.log"].search(
            [(name, "=", value) for name, value in conditions.items()]
        )


@tagged("post_install", "-at_install")
class TestConfidentialReading(PrivacyCase):
    def test_numbers_are_masked_for_everybody_but_the_group(self):
        for role in (*STAFF, "manager", "hq", "internal"):
            with self.subTest(role=role):
                partner = self._as(role)
                [values] = partner.read(["name", "phone", "phone2"])
                self.assertEqual(values["name"], "张三")
                self.assertEqual(values["phone"], MASK)
                self.assertEqual(values["phone2"], "0571-****6666")
                found = partner.search_read([("phone", "like", "345678")], ["phone"])
                self.assertEqual([row["phone"] for row in found], [MASK])
                with self.assertRaises(AccessError):
                    partner.read(["identity_number"])
                with self.assertRaises(AccessError):
                    partner.read(["birthdate"])
        [values] = self._as("confidential").read(
            ["phone", "phone2", "identity_number", "birthdate"]
        )
        self.assertEqual(values["phone"], PHONE)
        self.assertEqual(values["identity_number"], IDENTITY)
        self.assertEqual(str(values["birthdate"]), "1972-09-10")

    def test_the_masks_are_fields_too(self):
        [values] = self._as("reader").read(
            ["phone_masked", "phone2_masked", "identity_masked", "birthdate_masked"]
        )
        self.assertEqual(values["phone_masked"], MASK)
        self.assertEqual(values["identity_masked"], "9900**********5980")
        self.assertEqual(values["birthdate_masked"], "1972-**-**")

    def test_what_is_no_household_stays_readable(self):
        self.assertEqual(
            self._as("internal", self.supplier).read(["phone"])[0]["phone"],
            "13800001234",
        )

    def test_ones_own_number_stays_readable(self):
        clerk = self.users["frontdesk"].partner_id
        clerk.phone = "13611112222"
        self._occupy(self.homes[2], clerk)
        self.assertEqual(
            self._as("frontdesk", clerk).read(["phone"])[0]["phone"], "13611112222"
        )
        self.assertEqual(
            self._as("manager", clerk).read(["phone"])[0]["phone"], "136****2222"
        )
        own = self.owner.with_user(self.portal_user)
        self.assertEqual(own.read(["phone"])[0]["phone"], PHONE)

    def test_related_fields_of_other_models_are_masked(self):
        occupancy = self._as("frontdesk", self.home.occupancy_ids)
        self.assertEqual(occupancy.read(["phone"])[0]["phone"], MASK)
        login = self._as("internal", self.portal_user)
        self.assertEqual(login.read(["phone"])[0]["phone"], MASK)
        unit = self._as("frontdesk", self.home)
        spec = {
            "occupancy_ids": {
                "fields": {
                    "phone": {},
                    "partner_id": {"fields": {"phone": {}, "image_128": {}}},
                }
            }
        }
        [row] = unit.web_read(spec)[0]["occupancy_ids"]
        self.assertEqual(row["phone"], MASK)
        self.assertEqual(row["partner_id"]["phone"], MASK)
        self.assertFalse(row["partner_id"]["image_128"])
        occupancy = self._as("confidential", self.home.occupancy_ids)
        self.assertEqual(occupancy.read(["phone"])[0]["phone"], PHONE)

    def test_a_sanitized_number_is_masked(self):
        if "phone_sanitized" not in self.owner._fields:
            self.skipTest("phone_validation is not installed")
        self.owner.country_id = self.env.ref("base.cn")
        [values] = self._as("frontdesk").read(["phone_sanitized"])
        self.assertIn("139****5678", values["phone_sanitized"])

    def test_groups_and_aggregates_do_not_tell_numbers(self):
        Partner = self.env["res.partner"].with_user(self.users["manager"])
        domain = [("id", "=", self.owner.id)]
        for groupby, aggregates in (
            (["phone"], ["__count"]),
            ([], ["phone:array_agg"]),
            ([], ["phone2:max"]),
        ):
            with self.assertRaises(AccessError):
                Partner.formatted_read_group(domain, groupby, aggregates)
        Occupancy = self.env["property.occupancy"].with_user(self.users["manager"])
        with self.assertRaises(AccessError):
            Occupancy.formatted_read_group([], ["partner_id.phone"], ["__count"])
        counted = Partner.formatted_read_group(domain, [], ["phone:count_distinct"])
        self.assertEqual(counted[0]["phone:count_distinct"], 1)
        Partner = self.env["res.partner"].with_user(self.users["confidential"])
        [row] = Partner.formatted_read_group(domain, ["phone"], ["__count"])
        self.assertEqual(row["phone"], PHONE)

    def test_onchange_masks_what_is_stored_and_keeps_what_is_typed(self):
        spec = {"phone": {}, "phone2": {}, "name": {}}
        partner = self._as("frontdesk")
        answer = partner.onchange({"phone": "13700007777"}, ["phone"], spec)
        self.assertNotIn("****7777", str(answer["value"]))
        keeper = new_test_user(
            self.env, login="property_keeper", groups="base.group_erp_manager"
        )
        User = self.env["res.users"].with_user(keeper)
        answer = User.onchange(
            {"partner_id": self.owner.id}, ["partner_id"], {"phone": {}, **spec}
        )
        self.assertNotIn(PHONE, str(answer["value"]))

    def test_copies_do_not_tell_numbers(self):
        self.assertNotIn("phone", self._as("frontdesk").copy_data()[0])
        copy = self._as("frontdesk").copy()
        self.assertFalse(copy.phone)
        self.assertFalse(copy.image_1920)
        self.assertEqual(self._as("confidential").copy().phone, PHONE)

    def test_the_chatter_keeps_numbers_masked(self):
        self.cr.precommit.clear()  # new records are not tracked
        owner = self.owner.with_context(tracking_disable=False)
        owner.phone = "13600009999"
        self.cr.flush()
        values = self.env["mail.tracking.value"].search(
            [
                ("mail_message_id.model", "=", "res.partner"),
                ("mail_message_id.res_id", "=", owner.id),
                ("field_id.name", "=", "phone"),
            ]
        )
        self.assertRecordValues(
            values, [{"old_value_char": MASK, "new_value_char": "136****9999"}]
        )


@tagged("post_install", "-at_install")
class TestConfidentialWriting(PrivacyCase):
    def test_a_mask_that_comes_back_changes_nothing(self):
        self._as("frontdesk").write({"phone": MASK, "name": "张三丰"})
        self.assertEqual(self.owner.phone, PHONE)
        self.assertEqual(self.owner.name, "张三丰")
        with self.assertRaisesRegex(UserError, "in full"):
            self._as("frontdesk").write({"phone": "138****0000"})
        with self.assertRaisesRegex(UserError, "in full"):
            self._as("frontdesk", self.supplier).create(
                {"name": "x", "phone": "138****0000"}
            )

    @users("property_frontdesk")
    def test_the_front_desk_enters_what_it_may_not_read(self):
        person = self.env["res.partner"].create(
            {"name": "李小明", "identity_masked": "11010519491231002X"}
        )
        stored = person.sudo()
        self.assertEqual(stored.identity_number, "11010519491231002X")
        self.assertEqual(str(stored.birthdate), "1949-12-31")
        person.write({"identity_masked": "1101**********002X"})
        self.assertEqual(stored.identity_number, "11010519491231002X")
        with self.assertRaisesRegex(UserError, "in full"):
            person.write({"identity_masked": "9900**********0021"})
        person.write({"birthdate_entry": "2015-05-01"})
        self.assertEqual(str(stored.birthdate), "2015-05-01")
        self.assertEqual(person.birthdate_masked, "2015-**-**")

    @users("property_confidential")
    def test_suspicious_numbers_warn_and_are_kept(self):
        with Form(self.env["res.partner"], view="base.view_partner_form") as form:
            form.name = "王小虎"
            with self.assertLogs("odoo.tests.form", "WARNING") as caught:
                form.phone = "1391234567"
            self.assertIn("does not look like one", str(caught.output))
            form.identity_number = "990000197209105981"
        person = form.record
        self.assertEqual(person.phone, "1391234567")
        self.assertTrue(person.suspicious_number)
        self.assertIn("check digit", person.number_warning)
        found = self.env["res.partner"].search([("suspicious_number", "=", True)])
        self.assertIn(person, found)
        self.assertFalse((self.owner | self.neighbour) & found)

    @users("property_frontdesk")
    def test_fewer_than_two_numbers_are_flagged(self):
        warn = {
            person: person.with_env(self.env).phone_warning
            for person in (self.owner, self.neighbour)
        }
        self.assertEqual(warn, {self.owner: False, self.neighbour: "one"})
        self.neighbour.phone = False
        self.assertEqual(self.neighbour.with_env(self.env).phone_warning, "none")


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
