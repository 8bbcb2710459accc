import base64
import io
from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users
from PIL import Image

from .common import PropertyCase


@tagged("post_install", "-at_install")
class TestAnonymise(PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["manager"].group_ids += cls.env.ref(
            "property_base.group_property_confidential"
        )
        file = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(file, "PNG")
        cls.owner.write(
            {
                "phone2": "0571-88886666",
                "email": "zhangsan@example.com",
                "street": "翠湖路 18 号",
                "comment": "Knows the plumber",
                "image_1920": base64.b64encode(file.getvalue()),
            }
        )
        cls.address = cls.env["res.partner"].create(
            {
                "name": "张三父母",
                "phone": "13400000001",
                "parent_id": cls.owner.id,
                "type": "other",
            }
        )
        cls.owner.message_post(body="Called about his divorce")
        cls.home.message_post(body="张三 complained about the lift")
        cls.request = cls.env["property.change.request"].create(
            {
                "unit_id": cls.home.id,
                "partner_id": cls.owner.id,
                "kind": "phone",
                "phone": "13600001111",
            }
        )
        cls.owner._disclose(["phone"], "call", note="his wife asked")
        cls.vehicle = cls.env["property.vehicle"].create(
            {"unit_id": cls.home.id, "partner_id": cls.owner.id, "plate": "浙A12345"}
        )

    def _leave(self):
        self.home.occupancy_ids.date_end = "2026-01-31"
        self.env.invalidate_all()

    @users("property_manager")
    def test_nothing_is_left_of_the_person(self):
        self._leave()
        wizard = self.env["property.anonymise"].create(
            {"partner_id": self.owner.id, "reason": "letter of 3 May"}
        )
        with self.assertRaisesRegex(UserError, "cannot be undone"):
            wizard.action_anonymise()
        wizard.is_understood = True
        wizard.action_anonymise()
        self.env.invalidate_all()
        owner = self.owner
        self.assertEqual(owner.name, f"Former resident {owner.id}")
        for name in (
            "phone",
            "phone2",
            "email",
            "street",
            "comment",
            "identity_number",
            "birthdate",
            "image_1920",
        ):
            self.assertFalse(owner[name], name)
        self.assertFalse(self.address.phone)
        self.assertEqual(self.address.name, owner.name)
        self.assertFalse(owner.message_ids)
        self.assertFalse(self.portal_user.active)
        self.assertNotIn("property_portal", self.portal_user.login)
        self.assertEqual(self.request.phone, "-")
        self.assertFalse(self.vehicle.exists())
        self.env.flush_all()
        # the history of the unit stays
        self.assertEqual(self.home._get_owners(date(2025, 1, 1))[self.home], owner)
        told = self.home.message_ids.filtered(lambda message: "lift" in message.body)
        self.assertIn(f"{owner.name} complained", told.body)

    def test_it_is_logged(self):
        self._leave()
        self.owner.with_user(self.users["manager"])._anonymise("letter of 3 May")
        log = self.env["property.disclosure.log"].search(
            [("partner_id", "=", self.owner.id), ("kind", "=", "anonymise")]
        )
        self.assertRecordValues(
            log,
            [
                {
                    "user_id": self.users["manager"].id,
                    "unit_id": self.home.id,
                    "note": "letter of 3 May",
                }
            ],
        )
        asked = self.env["property.disclosure.log"].search(
            [("partner_id", "=", self.owner.id), ("kind", "=", "reveal")]
        )
        self.assertEqual(len(asked), 1)
        self.assertFalse(asked.note)
        if "privacy.log" in self.env:
            entry = self.env["privacy.log"].search([], limit=1, order="id desc")
            self.assertIn(str(self.owner.id), entry.execution_details)
            self.assertEqual(entry.anonymized_name, "张*")
            self.assertNotIn("zhangsan", entry.anonymized_email)

    def test_odoo_s_privacy_lookup_finds_nothing_afterwards(self):
        if "privacy.lookup.wizard" not in self.env:
            self.skipTest("privacy_lookup is not installed")
        self._leave()
        self.owner.with_user(self.users["manager"])._anonymise("letter of 3 May")
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": "张三", "email": "zhangsan@example.com"}
        )
        wizard.action_lookup()
        self.assertFalse(wizard.line_ids.mapped("res_name"))

    def test_bookkeeping_stays(self):
        if "account.move" not in self.env:
            self.skipTest("account is not installed")
        journal = self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.env.company.id)], limit=1
        )
        if not journal:
            self.skipTest("no chart of accounts")
        bill = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.owner.id,
                "invoice_date": "2026-01-10",
                "invoice_line_ids": [
                    Command.create({"name": "物业费", "price_unit": 200.0})
                ],
            }
        )
        bill.action_post()
        self._leave()
        self.owner.with_user(self.users["manager"])._anonymise("letter of 3 May")
        self.assertEqual(bill.state, "posted")
        self.assertEqual(bill.partner_id, self.owner)
        self.assertEqual(bill.amount_residual, bill.amount_total)
        self.assertEqual(bill.line_ids.partner_id, self.owner)

    def test_not_while_the_person_has_a_role(self):
        manager = self.users["manager"]
        with self.assertRaisesRegex(UserError, "still has a role in 1-1-101"):
            self.owner.with_user(manager)._anonymise("x")
        self._leave()
        self._occupy(self.neighbour_home, self.owner, "tenant", date(2099, 1, 1))
        with self.assertRaisesRegex(UserError, "still has a role"):
            self.owner.with_user(manager).action_anonymise()

    def test_not_the_staff(self):
        with self.assertRaisesRegex(UserError, "works for the company"):
            self.users["frontdesk"].partner_id.with_user(
                self.users["manager"]
            )._anonymise("x")

    def test_who_may(self):
        self._leave()
        self.users["frontdesk"].group_ids += self.env.ref(
            "property_base.group_property_confidential"
        )
        self.users["hq"].group_ids -= self.env.ref(
            "property_base.group_property_confidential"
        )
        for role in ("frontdesk", "accountant", "hq"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.owner.with_user(self.users[role])._anonymise("x")
        self.assertEqual(self.owner.name, "张三")
