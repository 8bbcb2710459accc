import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged, users

from .privacy_common import IDENTITY, MASK, PHONE, STAFF, PrivacyCase


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

    def test_initials_stand_in_for_the_photo(self):
        [values] = self._as("frontdesk").read(["image_1920", "avatar_128"])
        self.assertFalse(values["image_1920"])
        self.assertIn(b"<svg", base64.b64decode(values["avatar_128"]))
        sized = self._as("frontdesk").with_context(bin_size=True)
        [values] = sized.read(["image_1920", "avatar_128"])
        self.assertFalse(values["image_1920"])
        self.assertRegex(str(values["avatar_128"]), "bytes|[Kk]b")
        [values] = self._as("confidential").read(["image_1920", "avatar_128"])
        self.assertEqual(values["image_1920"], self.owner.image_1920)

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
        [values] = self._as("frontdesk").copy_data()
        self.assertNotIn("phone", values)
        copy = self._as("frontdesk").copy()
        self.assertFalse(copy.phone)
        self.assertFalse(copy.image_1920)
        self.assertEqual(self._as("confidential").copy().phone, PHONE)

    def test_the_chatter_keeps_numbers_masked(self):
        self.cr.precommit.clear()  # new records are not tracked
        owner = self.owner.with_context(tracking_disable=False)
        owner.phone = "13600009999"
        self.env.flush_all()
        self.cr.precommit.run()
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
        form = Form(self.env["res.partner"], view="base.view_partner_form")
        # saving warns once more
        with self.assertLogs("odoo.tests.form", "WARNING") as caught:
            form.name = "王小虎"
            form.phone = "1391234567"
            form.identity_number = "990000197209105981"
            person = form.save()
        self.assertIn("does not look like one", str(caught.output))
        self.assertIn("check digit", str(caught.output))
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
