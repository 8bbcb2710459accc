from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import PropertyFeeCase

CONFIGURATION = ("property.fee.item", "property.fee.rate", "property.fee.assignment")


@tagged("post_install", "-at_install")
class TestAccess(PropertyFeeCase, HttpCase):
    """Who may do what, tried as each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._assign(cls.homes[:2])
        cls.fee_run = cls._run()
        cls.bill = cls.env["account.move"].search(
            [("property_unit_id", "=", cls.home.id)]
        )
        cls.neighbour_bill = cls.env["account.move"].search(
            [("property_unit_id", "=", cls.neighbour_home.id)]
        )
        cls.charge = cls.bill.property_charge_ids

    def _may(self, user, records, operation):
        return records.with_user(user).has_access(operation)

    def test_accountant_configures_and_runs(self):
        user = self.users["accountant"]
        for model in CONFIGURATION:
            for operation in ("read", "write", "create", "unlink"):
                self.assertTrue(self._may(user, self.env[model], operation), model)
        run = self._create_run(date(2026, 11, 1)).with_user(user)
        run.action_preview()
        self.assertEqual(run.amount_expected, 447.5)
        run.action_start()
        self.assertEqual(run.state, "queued")
        self.bill.with_user(user).button_draft()
        self.bill.with_user(user).button_cancel()
        self.assertEqual(self.charge.state, "cancelled")

    def test_accountant_cannot_forge_charges_or_results(self):
        user = self.users["accountant"]
        for records in (self.charge, self.fee_run.line_ids):
            self.assertTrue(self._may(user, records, "read"))
            for operation in ("write", "create", "unlink"):
                self.assertFalse(self._may(user, records, operation), records._name)

    def test_cashier_takes_money_only(self):
        user = self.users["cashier"]
        for model in CONFIGURATION:
            self.assertTrue(self._may(user, self.env[model], "read"))
            for operation in ("write", "create", "unlink"):
                self.assertFalse(self._may(user, self.env[model], operation), model)
        with self.assertRaises(AccessError):
            self.fee_run.with_user(user).action_start()
            self._create_run().with_user(user).action_start()
        bill = self.bill.with_user(user)
        self.assertEqual(bill.amount_residual, 223.75)
        for operation in ("write", "unlink"):
            self.assertFalse(self._may(user, bill, operation))
        with self.assertRaises(AccessError):
            bill.button_draft()
        with self.assertRaises(AccessError):
            bill.invoice_line_ids.price_unit = 1
        wizard = (
            self.env["account.payment.register"]
            .with_user(user)
            .with_context(active_model="account.move", active_ids=bill.ids)
            .create({})
        )
        wizard.action_create_payments()
        self.assertEqual(self.bill.payment_state, "paid")

    def test_front_desk_reads_what_is_owed(self):
        user = self.users["frontdesk"]
        self.assertEqual(self.home.with_user(user).amount_due, 223.75)
        charge = self.charge.with_user(user)
        self.assertEqual(charge.payment_state, "not_paid")
        self.assertTrue(charge.explanation_text)
        for operation in ("write", "create", "unlink"):
            self.assertFalse(self._may(user, charge, operation))
        self.assertFalse(self._may(user, self.env["account.move"], "read"))
        self.assertFalse(self._may(user, self.env["property.fee.run"], "read"))

    def test_others_do_not_see_who_owes(self):
        for role in ("reader", "security", "engineer"):
            user = self.users[role]
            with self.subTest(role):
                for model in (
                    *CONFIGURATION,
                    "property.charge",
                    "property.dunning.letter",
                ):
                    self.assertFalse(self._may(user, self.env[model], "read"), model)
                with self.assertRaises(AccessError):
                    _ = self.home.with_user(user).amount_due
                self.assertTrue(self.home.with_user(user).code)

    def test_forms_open_for_each_role(self):
        for role in ("reader", "frontdesk", "cashier", "accountant", "manager", "hq"):
            with self.subTest(role):
                Unit = self.env["property.unit"].with_user(self.users[role])
                views = Unit.get_views([(False, "form"), (False, "list")])
                names = views["models"]["property.unit"]["fields"]
                self.assertEqual("amount_due" in names, role != "reader")
                Unit.browse(self.home.id).web_read(
                    {
                        name: {}
                        for name in ("code", "amount_overdue", "fee_assignment_ids")
                        if name in names
                    }
                )

    def test_communities_of_the_user(self):
        other = self._create_community("Hillside", "HILL")
        user = self.users["accountant"]
        user.property_community_ids = [Command.set(other.ids)]
        for records in (
            self.charge,
            self.charge.assignment_id,
            self.fee_run,
            self.fee_run.line_ids,
            self.bill,
            self.bill.line_ids,
        ):
            self.assertFalse(self._may(user, records, "read"), records._name)
        user.property_community_ids = [Command.set(self.community.ids)]
        for records in (self.charge, self.fee_run, self.bill, self.bill.line_ids):
            self.assertTrue(self._may(user, records, "read"), records._name)

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        user = new_test_user(
            self.env,
            login="elsewhere",
            groups="property_base.group_property_accountant",
            company_id=company.id,
        )
        for records in (self.management, self.charge, self.fee_run, self.bill):
            self.assertFalse(self._may(user, records, "read"), records._name)

    # === PORTAL === #

    def test_portal_owner_reads_his_bills_only(self):
        user = self.portal_user
        self.assertTrue(self._may(user, self.bill, "read"))
        self.assertFalse(self._may(user, self.neighbour_bill, "read"))
        self.assertFalse(self._may(user, self.bill, "write"))
        found = self.env["account.move"].with_user(user).search([])
        self.assertEqual(found, self.bill)
        for model in ("property.charge", "property.fee.run", "property.dunning.letter"):
            self.assertFalse(self._may(user, self.env[model], "read"), model)

    def test_portal_pages(self):
        self.authenticate(self.portal_user.login, self.portal_user.login)
        page = self.url_open(f"/my/invoices/{self.bill.id}")
        self.assertIn(self.bill.name, page.text)
        page = self.url_open(f"/my/invoices/{self.bill.id}?report_type=html")
        self.assertIn("89.50", page.text, "the bill shows its calculation")
        page = self.url_open(f"/my/invoices/{self.neighbour_bill.id}")
        self.assertNotIn(self.neighbour_bill.name, page.text)
        self.assertTrue(page.url.endswith("/my"))
        page = self.url_open("/my/invoices")
        self.assertIn(self.bill.name, page.text)
        self.assertNotIn(self.neighbour_bill.name, page.text)
