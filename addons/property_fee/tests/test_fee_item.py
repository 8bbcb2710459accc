import psycopg2
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PropertyFeeCase


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
