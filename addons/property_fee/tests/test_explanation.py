from odoo.tests import tagged

from .common import PropertyFeeCase

BASE = {
    "kind": "recurring",
    "basis": "gross_area",
    "quantity": "89.50",
    "price": "2.5000",
    "whole_months": 0,
    "parts": [[12, 31]],
    "amount": "86.61",
}
MONTH = {"whole_months": 1, "parts": []}
WATER = {
    "kind": "metered",
    "basis": "meter",
    "measure": "ton",
    "quantity": "200.00",
    "price": "3.4500",
    "amount": "717.60",
    "tiers": [["180.00", "3.4500"], ["260.00", "4.8300"], [None, "6.2100"]],
}
# What is recorded, and the line in both languages.
LINES = [
    (
        {},
        "89.50 m² x 2.50 per m² and month x 12/31 days = 86.61",
        "89.50㎡ × 2.50元/㎡·月 × 12/31天 = 86.61元",
    ),
    (
        {**MONTH, "vacancy": "70", "amount": "156.63"},
        "89.50 m² x 2.50 per m² and month x 70% (vacant) = 156.63",
        "89.50㎡ × 2.50元/㎡·月 × 70%(空置) = 156.63元",
    ),
    (
        {**MONTH, "override": {"price": "2.0000"}, "price": "2.0000", "amount": "179"},
        "89.50 m² x 2.00 per m² and month (agreed) = 179.00",
        "89.50㎡ × 2.00元/㎡·月(协议价) = 179.00元",
    ),
    (
        {**MONTH, "is_minimum": True, "minimum": "300.00", "amount": "300"},
        "at least 300.00 per month (instead of 89.50 m² x 2.50 per m² and month) = 300.00",
        "最低300.00元/月(按89.50㎡ × 2.50元/㎡·月不足最低) = 300.00元",
    ),
    (
        {"carry": "1/200", "amount": "86.62"},
        "89.50 m² x 2.50 per m² and month x 12/31 days = 86.62"
        " (with the rest of rounding the days before)",
        "89.50㎡ × 2.50元/㎡·月 × 12/31天 = 86.62元(含前段尾差)",
    ),
    (
        {**MONTH, "basis": "count", "quantity": "2.00", "price": "60", "amount": "120"},
        "2 spaces x 60.00 per space and month = 120.00",
        "2个车位 × 60.00元/个·月 = 120.00元",
    ),
    (
        {**MONTH, "basis": "fixed", "quantity": "1.00", "price": "8", "amount": "8"},
        "8.00 per month = 8.00",
        "8.00元/月 = 8.00元",
    ),
    (
        {
            **MONTH,
            "basis": "formula",
            "formula": "max(area, 60) * price",
            "formula_per": "month",
            "variables": {"area": 45.5, "price": 2.5},
            "rate_value": "150.00",
            "amount": "150",
        },
        "max(area, 60) × price [area=45.5, price=2.5] = 150.00 per month = 150.00",
        "较大值(建筑面积, 60) × 单价 [建筑面积=45.5, 单价=2.5] = 150.00元/月 = 150.00元",
    ),
    (
        WATER,
        "0-180 tons x 3.45 + 20 tons x 4.83 = 717.60",
        "0-180吨×3.45 + 20吨×4.83 = 717.60元",
    ),
    (
        {**WATER, "tiers": None, "quantity": "20.00", "amount": "69"},
        "20 tons x 3.45 = 69.00",
        "20吨×3.45 = 69.00元",
    ),
    (
        {
            **WATER,
            "quantity": "30.00",
            "already": "170.00",
            "amount": "131.10",
            "meter_kind": "water",
            "readings": [
                {
                    "value": "1280",
                    "previous": "1250",
                    "multiplier": "1",
                    "quantity": "30",
                }
            ],
        },
        "(1280 - 1250) = 30 tons; 10 tons x 3.45 + 20 tons x 4.83 (after 170 tons earlier in"
        " the year) = 131.10",
        "(1280-1250) = 30吨;10吨×3.45 + 20吨×4.83(本年已用170吨) = 131.10元",
    ),
    (
        {
            "kind": "shared",
            "basis": "shared",
            "quantity": "24.75",
            "price": "1.0000",
            "amount": "24.75",
            "cost": "12500",
            "weight": "89.5",
            "weights": "45210",
        },
        "12500.00 x 89.5/45210 = 24.75",
        "12500.00元 × 89.5/45210 = 24.75元",
    ),
]


@tagged("post_install", "-at_install")
class TestExplanation(PropertyFeeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"]._load_module_terms(["property_fee"], ["zh_CN"])

    def test_lines(self):
        Charge = self.env["property.charge"]
        for values, english, chinese in LINES:
            data = {**BASE, **values}
            for lang, line in (("en_US", english), ("zh_CN", chinese)):
                with self.subTest(line):
                    text = Charge.with_context(lang=lang)._render_explanation(data)
                    self.assertEqual(text.translate(WIDE), line)

    def test_nothing_recorded(self):
        self.assertFalse(self.env["property.charge"]._render_explanation(None))


# Punctuation of either width read the same.
WIDE = str.maketrans("（），；", "(),;")
