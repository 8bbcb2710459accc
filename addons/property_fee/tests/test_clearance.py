from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .deposit_common import DepositCase
from .meter_common import MeterCase


@freeze_time("2026-11-25")
@tagged("post_install", "-at_install")
class TestClearance(DepositCase):
    """A certificate says that nothing is open, and only then exists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._assign(cls.homes[:2], start=date(2026, 10, 1))
        cls._run()
        cls._run(date(2026, 11, 1))

    def _create(self, user="cashier", **values):
        return (
            self.env["property.clearance.certificate"]
            .with_user(self.users[user])
            .create({"unit_id": self.home.id, **values})
        )

    def _pay(self, bills):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bills.ids
        ).create({"group_payment": True})._create_payments()

    def _pay_all(self, unit=None):
        bills = self.env["account.move"].search(
            [
                ("property_unit_id", "=", (unit or self.home).id),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
            ]
        )
        self._pay(bills)

    def _kinds(self, certificate):
        return {row["kind"] for row in certificate._get_matters() if row["blocking"]}

    def test_issued_when_all_is_paid(self):
        certificate = self._create(purpose="Sale")
        self.assertEqual(certificate.partner_id, self.owner)
        self.assertEqual(certificate.date_valid, date(2026, 12, 25))
        self.assertIn("bill", self._kinds(certificate))
        self.assertIn("447.50", certificate.open_matters)
        with self.assertRaisesRegex(UserError, r"Bills not paid: 2, .*447\.50"):
            certificate.action_issue()
        self.assertFalse(certificate.name)
        self._pay_all()
        certificate.action_issue()
        self.assertRegex(certificate.name, r"^CC/2026/\d{5}$")
        self.assertEqual(certificate.state, "issued")
        self.assertEqual(certificate.issued_by_id, self.users["cashier"])
        self.assertTrue(certificate.is_valid)
        self.assertIn(
            certificate,
            certificate.search([("is_valid", "=", True)]),
        )

    def test_fees_that_no_run_has_billed(self):
        self._pay_all()
        self._assign(self.home, self.garbage, start=date(2026, 11, 1))
        certificate = self._create()
        self.assertEqual(self._kinds(certificate), {"unbilled"})
        with self.assertRaisesRegex(UserError, r"no run has billed: 1, .*8\.00"):
            certificate.action_issue()
        self._run(date(2026, 11, 1))
        self.assertEqual(self._kinds(certificate), {"bill"})
        self._pay_all()
        certificate.action_issue()

    def test_december_is_not_due_in_november(self):
        self._pay_all()
        certificate = self._create(date=date(2026, 11, 30))
        with self.assertRaisesRegex(UserError, "Nobody knows"):
            certificate.action_issue()
        certificate.date = date(2026, 11, 25)
        certificate.action_issue()

    def test_bills_that_are_not_posted(self):
        self._pay_all()
        bill = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.owner.id,
                "property_unit_id": self.home.id,
                "invoice_line_ids": [
                    Command.create({"name": "Key", "price_unit": 20, "tax_ids": False})
                ],
            }
        )
        certificate = self._create()
        self.assertEqual(self._kinds(certificate), {"draft"})
        bill.unlink()
        self.assertFalse(self._kinds(certificate))

    def test_what_the_seller_owes(self):
        """A buyer is not answerable for the seller, but the unit's certificate says so."""
        self.home._transfer(
            date(2026, 11, 20),
            "sale",
            [
                {
                    "partner_id": self.tenant.id,
                    "share": 100,
                    "is_resident": True,
                }
            ],
        )
        certificate = self._create()
        self.assertEqual(certificate.partner_id, self.tenant)
        with self.assertRaises(UserError):
            certificate.action_issue()
        certificate.whole_unit = False
        certificate.action_issue()

    def test_deposits_are_noted(self):
        self._pay_all()
        self._receive(self._create_deposit())
        certificate = self._create()
        self.assertIn("2,000.00", certificate.open_matters)
        certificate.action_issue()
        self.assertEqual(certificate.state, "issued")

    def test_disputes_and_waivers(self):
        self._pay_all()
        case = (
            self.env["property.dunning.case"]
            .sudo()
            .create({"unit_id": self.home.id, "partner_id": self.owner.id})
        )
        case._start_hold("Bill disputed")
        certificate = self._create()
        self.assertEqual(self._kinds(certificate), {"dispute"})
        case._end_hold()
        self.assertFalse(self._kinds(certificate))

    def test_revoked(self):
        self._pay_all()
        certificate = self._create()
        certificate.action_issue()
        with self.assertRaisesRegex(UserError, "not changed"):
            certificate.date = date(2026, 11, 1)
        with self.assertRaises(AccessError):
            certificate.state = "draft"
        with self.assertRaises(AccessError):
            certificate.action_revoke()
        accountant = certificate.with_user(self.users["accountant"])
        with self.assertRaisesRegex(UserError, "Say why"):
            accountant.action_revoke()
        accountant.revoke_reason = "The cheque bounced"
        accountant.action_revoke()
        self.assertEqual(certificate.state, "revoked")
        self.assertFalse(certificate.is_valid)
        with self.assertRaisesRegex(UserError, "stays"):
            accountant.unlink()

    def test_expires(self):
        self._pay_all()
        certificate = self._create()
        certificate.action_issue()
        with freeze_time("2026-12-26"):
            certificate.invalidate_recordset(["is_valid"])
            self.assertFalse(certificate.is_valid)
            self.assertNotIn(certificate, certificate.search([("is_valid", "=", True)]))

    def test_print(self):
        report = self.env["ir.actions.report"]
        name = "property_fee.report_clearance_certificate"
        certificate = self._create(purpose="Sale")
        with self.assertRaisesRegex(UserError, "Issue"):
            report._render_qweb_html(name, certificate.ids)
        self._pay_all()
        certificate.action_issue()
        html = report._render_qweb_html(name, certificate.ids)[0].decode()
        for text in (certificate.name, self.owner.name, "Management Fee", "2026/11/30"):
            self.assertIn(text, html)

    def test_transfer_lists_the_bills(self):
        items = self.home.with_user(self.users["manager"])._transfer_open_items(
            date(2026, 11, 25)
        )
        (item,) = [item for item in items if item["model"] == "account.move"]
        self.assertEqual((item["count"], item["blocking"]), (2, False))
        self.assertIn("447.50", item["label"])

    def test_other_people(self):
        certificate = self._create()
        self.assertFalse(certificate.with_user(self.portal_user).has_access("read"))
        desk = certificate.with_user(self.users["frontdesk"])
        self.assertTrue(desk.unit_id)
        self.assertFalse(desk.open_matters, "the front desk does not read the books")
        with self.assertRaises(AccessError):
            desk.action_issue()


@freeze_time("2026-11-25")
@tagged("post_install", "-at_install")
class TestClearanceMeters(MeterCase):
    def test_readings_that_nobody_confirmed(self):
        self._read(self.meter, date(2026, 11, 20), 1012, confirm=False)
        kinds = {row["kind"] for row in self.home._get_open_matters(date(2026, 11, 25))}
        self.assertIn("reading", kinds)
        kinds = {row["kind"] for row in self.home._get_open_matters(date(2026, 11, 19))}
        self.assertNotIn("reading", kinds)
