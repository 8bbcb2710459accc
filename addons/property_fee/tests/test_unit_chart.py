from datetime import date

from freezegun import freeze_time
from odoo.tests import tagged, users

from .common import OCTOBER, PropertyFeeCase


@tagged("post_install", "-at_install")
class TestUnitChart(PropertyFeeCase):
    """Arrears in the building chart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._assign(cls.homes[:2])
        cls._run(period=OCTOBER)
        cls.bills = cls.env["account.move"].search(
            [("property_unit_id", "in", cls.homes.ids)]
        )

    def _cells(self, data):
        return {
            cell["code"]: cell["text"]
            for block in data["blocks"]
            for row in block["rows"]
            for cell in row
            if cell
        }

    @users("property_cashier")
    def test_arrears_colour_the_chart(self):
        self.assertEqual(len(self.bills), 2)
        self.assertLess(max(self.bills.mapped("invoice_date_due")), date(2026, 12, 31))
        # what is the same for every chart is known by now: rights and groups
        self.env["property.building"].chart_data(self.building.id, "arrears")
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        with freeze_time("2026-12-31"):
            data = self.env["property.building"].chart_data(self.building.id, "arrears")
        self.assertLessEqual(self.env.cr.sql_log_count - before, 6)
        cells = self._cells(data)
        self.assertEqual(cells["1-1-101"], "223.75")
        self.assertEqual(cells["1-1-201"], "")
        nothing = data["legend"][0]
        self.assertEqual((nothing["label"], nothing["count"]), ("No Arrears", 4))

    @users("property_engineer")
    def test_who_may_not_see_arrears_is_not_offered_them(self):
        Building = self.env["property.building"]
        offered = Building.chart_index()["measures"]
        self.assertNotIn("arrears", [measure["id"] for measure in offered])
        data = Building.chart_data(self.building.id, "arrears")
        self.assertEqual(data["measure"], "status")
