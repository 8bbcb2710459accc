from datetime import date

import psycopg2
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OCTOBER, PropertyFeeCase


@tagged("post_install", "-at_install")
class TestFeeItem(PropertyFeeCase):
    def test_product_is_made(self):
        product = self.management.product_id
        self.assertRecordValues(
            product,
            [
                {
                    "name": "Management Fee",
                    "type": "service",
                    "default_code": "PM",
                    "company_id": self.env.company.id,
                }
            ],
        )
        self.assertFalse(product.taxes_id)

    def test_product_is_kept(self):
        item = self._create_item("X", "Other", product_id=self.product_a.id)
        self.assertEqual(item.product_id, self.product_a)

    def test_accountant_creates_item(self):
        item = (
            self.env["property.fee.item"]
            .with_user(self.users["accountant"])
            .create({"name": "Lift", "code": "LF"})
        )
        self.assertEqual(item.product_id.name, "Lift")

    def test_code_is_unique(self):
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self._create_item("PM", "Again")

    def test_assignment_count(self):
        self._assign(self.homes[:3])
        self.assertEqual(self.management.assignment_count, 3)
        self.assertEqual(self.garbage.assignment_count, 0)
        action = self.management.action_view_assignments()
        self.assertEqual(
            self.env["property.fee.assignment"].search_count(action["domain"]), 3
        )

    def test_agency_is_no_income(self):
        water = self._create_item("WT", "Water for the Utility", is_agency=True)
        water.product_id.sudo().taxes_id = self.tax_sale_a
        self._create_rate(water, basis="fixed", price=30)
        self._assign(self.home, water)
        run = self._run()
        self.assertIn("liability account", run.line_ids.reason)
        water.agency_account_id = self.env["account.account"].create(
            {"name": "Utilities", "code": "224199", "account_type": "liability_current"}
        )
        run.action_retry_failed()
        run._process_all()
        line = self._bill(self.home).invoice_line_ids
        self.assertEqual(line.account_id, water.agency_account_id)
        self.assertFalse(line.tax_ids)
        self.assertEqual(line.move_id.amount_total, 30)

    def test_deposit_is_billed_once(self):
        deposit = self._create_item(
            "DP",
            "Renovation Deposit",
            kind="deposit",
            agency_account_id=self.company_data["default_account_payable"]
            .copy({"account_type": "liability_current", "reconcile": False})
            .id,
        )
        self._create_rate(deposit, basis="fixed", price=2000)
        self._assign(self.home, deposit, start=OCTOBER)
        self._run()
        self._run(date(2026, 11, 1))
        self.assertEqual(self._charges(self.home).mapped("amount"), [2000])
