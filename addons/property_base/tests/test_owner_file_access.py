from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged, users

from .test_owner_file import OwnerFileCase


@tagged("post_install", "-at_install")
class TestOwnerFileAccess(OwnerFileCase):
    @users("property_frontdesk")
    def test_scan_is_read_by_whoever_reads_the_document(self):
        scan = self.env["ir.attachment"].create(
            {
                "name": "card.pdf",
                "raw": b"%PDF-1.4",
                "res_model": "property.owner.document",
            }
        )
        document = self._document(self.contract).with_env(self.env)
        document.attachment_ids = scan
        self.assertEqual((scan.res_model, scan.res_id), (document._name, document.id))
        self.assertEqual(document.scan_count, 1)
        self.assertEqual(scan.with_user(self.users["manager"]).raw, b"%PDF-1.4")
        with self.assertRaises(AccessError):
            _content = scan.with_user(self.users["engineer"]).raw

    @users("property_frontdesk")
    def test_files_of_others_are_no_scans(self):
        """The portal hands scans out: whoever names a file has to be able to read it."""
        Attachment = self.env["ir.attachment"].sudo()
        cron = self.env["ir.cron"].sudo().search([], limit=1)
        foreign, loose = (
            Attachment.with_user(self.users["hq"])
            .sudo()
            .create(
                [
                    {
                        "name": "payroll.pdf",
                        "raw": b"%PDF-1.4",
                        "res_model": "ir.cron",
                        "res_id": cron.id,
                    },
                    {"name": "draft.pdf", "raw": b"%PDF-1.4"},
                ]
            )
        )
        document = self._document(self.contract).with_env(self.env)
        for scan in foreign + loose:
            with self.assertRaises(AccessError):
                document.write({"attachment_ids": [Command.link(scan.id)]})
            with self.assertRaises(AccessError):
                document.create(
                    {
                        "file_id": document.file_id.id,
                        "type_id": document.type_id.id,
                        "attachment_ids": [Command.set(scan.ids)],
                    }
                )
        self.assertFalse(document.attachment_ids)

    def test_confidential(self):
        for role in ("reader", "security", "engineer", "cashier", "accountant"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.file.with_user(self.users[role]).read(["name"])
            unit = self.home.with_user(self.users[role])
            self.assertNotIn("owner_file_id", unit.fields_get())

    @users("property_portal")
    def test_owner_sees_what_he_may_see_of_his_live_file(self):
        Document = self.env["property.owner.document"]
        contract = self._document(self.contract)
        scan = (
            self.env["ir.attachment"]
            .sudo()
            .create({"name": "contract.pdf", "raw": b"%PDF-1.4"})
        )
        contract.attachment_ids = scan
        self.assertEqual(Document.search([]).ids, contract.ids)
        self.assertEqual(contract.with_env(self.env).display_name, "Contract")
        self.assertEqual(scan.with_env(self.env).raw, b"%PDF-1.4")
        with self.assertRaises(AccessError):
            contract.with_env(self.env).read(["kept_where"])
        with self.assertRaises(AccessError):
            self._document(self.identity).with_env(self.env).read(["received_on"])
        with self.assertRaises(AccessError):
            self.file.with_env(self.env).read(["name"])
        self.assertFalse(Document.with_user(self.portal_neighbour).search([]))
        self.file._close(date(2026, 3, 31))
        self.assertFalse(Document.search([]))
