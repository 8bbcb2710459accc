import random

from odoo.tests import tagged

from ..builder import BillBatch
from .bill_builder_common import BillBuilderCase

SHAPES = 500
SEED = 20261


@tagged("post_install", "-at_install")
class TestBillBuilderEquality(BillBuilderCase):
    def test_random_shapes(self):
        chance = random.Random(SEED)
        seen = 0
        company = self.env.company
        for method, storno in (("round_per_line", True), ("round_globally", False)):
            company.tax_calculation_rounding_method = method
            company.account_storno = storno
            vals_list = []
            while len(vals_list) < SHAPES // 2:
                vals = self._random_bill(chance, seen)
                batch = BillBatch(self.env)
                batch.sort_out([vals])
                if batch.obstacles:
                    self.assertEqual(batch.obstacles, {0: "nothing to pay"})
                    continue
                vals_list.append(vals)
                seen += 1
            self._assert_same(vals_list)
        self.assertEqual(seen, SHAPES)
