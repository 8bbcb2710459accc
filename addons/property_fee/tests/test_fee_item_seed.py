from odoo.tests import tagged

from ..models.property_fee_item_seed import DEFAULT_ITEMS
from .common import PropertyFeeCase


@tagged("post_install", "-at_install")
class TestFeeItemSeed(PropertyFeeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Lakeside Services"})
        cls.Item = cls.env["property.fee.item"]

    def _create_account(self, code, account_type):
        return (
            self.env["account.account"]
            .with_company(self.company)
            .create(
                {
                    "code": code,
                    "name": code,
                    "account_type": account_type,
                    "company_ids": self.company.ids,
                }
            )
        )

    def test_without_a_chart(self):
        items = self.Item._ensure_default_items(self.company)
        self.assertEqual(len(items), len(DEFAULT_ITEMS))
        self.assertFalse(items.agency_account_id + items.income_account_id)
        self.assertFalse(self.Item._ensure_default_items(self.company))

    def test_accounts_of_a_chinese_chart(self):
        payables = self._create_account("2241", "liability_current")
        main = self._create_account("6001", "income")
        self._create_account("5001", "expense_direct_cost")
        other = self._create_account("6301", "income_other")
        tax = self.env["account.tax"].create(
            {
                "name": "6%",
                "amount": 6,
                "type_tax_use": "sale",
                "price_include_override": "tax_included",
                "company_id": self.company.id,
                "tax_group_id": self.env["account.tax.group"]
                .create({"name": "VAT", "company_id": self.company.id})
                .id,
                "country_id": self.env.ref("base.cn").id,
            }
        )
        items = {
            item.code: item for item in self.Item._ensure_default_items(self.company)
        }
        self.assertEqual(items["PM"].income_account_id, main)
        self.assertEqual(items["PM"].tax_ids, tax)
        self.assertEqual(items["LT"].income_account_id, other)
        self.assertEqual(items["WT"].agency_account_id, payables)
        self.assertEqual(items["RD"].agency_account_id, payables)
        self.assertRecordValues(
            items["WT"],
            [
                {
                    "kind": "metered",
                    "is_agency": True,
                    "measure": "ton",
                    "category": "water",
                }
            ],
        )
        self.assertFalse(items["PM"].agency_account_id)

    def test_charts_of_odoo(self):
        """The charts for small and for large enterprises have all that the items need."""
        Chart = self.env["account.chart.template"]
        for chart, main, other in (
            ("cn", "5001", "5301"),
            ("cn_large_bis", "6001", "6301"),
        ):
            with self.subTest(chart):
                company = self.env["res.company"].create(
                    {"name": chart, "country_id": self.env.ref("base.cn").id}
                )
                Chart.try_loading(chart, company=company, install_demo=False)
                found = self.Item.with_company(company).search(
                    [("company_id", "=", company.id)]
                )
                self.assertEqual(len(found), len(DEFAULT_ITEMS), "seeded by the chart")
                items = {item.code: item for item in found}
                for code, _name, _category, kind, income, vat in DEFAULT_ITEMS:
                    item = items[code]
                    own = kind in ("deposit",) or not income
                    self.assertEqual(bool(item.agency_account_id), own, code)
                    self.assertEqual(bool(item.income_account_id), bool(income), code)
                    self.assertEqual(sum(item.tax_ids.mapped("amount")), vat, code)
                    self.assertFalse(item._get_account_problem(company), code)
                self.assertEqual(items["WT"].agency_account_id.code, "224100")
                self.assertEqual(items["PM"].income_account_id.code, f"{main}00")
                self.assertEqual(items["LT"].income_account_id.code, f"{other}00")
                tax = items["PM"].tax_ids
                self.assertTrue(tax.price_include)
                self.assertEqual(tax, items["LF"].tax_ids, "made once")
                booked = tax.invoice_repartition_line_ids.account_id
                self.assertEqual(booked.code, "222100")
                result = tax.compute_all(106, currency=company.currency_id)
                self.assertEqual(
                    (result["total_included"], result["total_excluded"]), (106, 100)
                )
                self.assertFalse(self.Item._ensure_default_items(company))

    def test_what_exists_is_left_alone(self):
        own = self.Item.create(
            [
                {"code": "GB", "name": "Own", "company_id": self.company.id},
                {
                    "code": "X1",
                    "name": "Own Water",
                    "category": "water",
                    "active": False,
                    "company_id": self.company.id,
                },
            ]
        )
        items = self.Item._ensure_default_items(self.company)
        self.assertEqual(len(items), len(DEFAULT_ITEMS) - 2)
        self.assertEqual(own.mapped("name"), ["Own", "Own Water"])

    def test_names_in_every_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["property_fee"], ["zh_CN"])
        items = self.Item._ensure_default_items(self.company)
        item = items.filtered(lambda own: own.code == "PM")
        self.assertEqual(
            item.with_context(lang="en_US").name, "Property Management Fee"
        )
        self.assertEqual(item.with_context(lang="zh_CN").name, "物业管理费")

    def test_button(self):
        accountant = self.users["accountant"]
        Item = self.Item.with_user(accountant)
        before = Item.search_count([])
        Item.action_ensure_default_items()
        self.assertGreater(Item.search_count([]), before)
        # Garbage and management exist under their codes.
        self.assertEqual(Item.search_count([("code", "=", "PM")]), 1)

    def test_taxes_and_account_live_on_the_product(self):
        accountant = self.users["accountant"]
        item = self.Item.with_user(accountant).create(
            {
                "code": "LX",
                "name": "Lift",
                "tax_ids": self.tax_sale_a.ids,
                "income_account_id": self.company_data["default_account_revenue"].id,
            }
        )
        product = item.sudo().product_id
        self.assertEqual(product.taxes_id, self.tax_sale_a)
        self.assertEqual(
            product.property_account_income_id,
            self.company_data["default_account_revenue"],
        )
        item.tax_ids = False
        self.assertFalse(product.taxes_id)
