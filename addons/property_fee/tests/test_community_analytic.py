from odoo.tests import tagged

from .common import PropertyFeeCase


@tagged("post_install", "-at_install")
class TestCommunityAnalytic(PropertyFeeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.env["account.analytic.plan"].create({"name": "Estates"})
        cls.lake, cls.other = cls.env["account.analytic.account"].create(
            [{"name": name, "plan_id": cls.plan.id} for name in ("Lake", "Other")]
        )
        liability = cls.company_data["default_account_revenue"].copy(
            {
                "code": "224198",
                "name": "Collected for the city",
                "account_type": "liability_current",
            }
        )
        cls.garbage.write({"is_agency": True, "agency_account_id": liability.id})
        cls._assign(cls.home + cls.neighbour_home, cls.management + cls.garbage)

    def _billed_lines(self):
        run = self._run()
        lines = self.env["account.move.line"].search(
            [("move_id.property_run_id", "=", run.id), ("display_type", "=", "product")]
        )
        self.assertEqual(len(lines), 4)
        return lines

    def _accounts(self, lines):
        return lines.analytic_line_ids[self.plan._column_name()]

    def test_income_is_booked_on_the_community(self):
        self.community.analytic_account_id = self.lake
        lines = self._billed_lines()
        earned = lines.filtered(
            lambda line: line.property_charge_id.item_id == self.management
        )
        distribution = {str(self.lake.id): 100.0}
        self.assertEqual(
            earned.mapped("analytic_distribution"), [distribution, distribution]
        )
        self.assertEqual(self._accounts(earned), self.lake)
        self.assertAlmostEqual(
            sum(earned.analytic_line_ids.mapped("amount")),
            -sum(earned.mapped("balance")),
        )
        self.assertFalse((lines - earned).analytic_line_ids)
        self.assertEqual(lines.move_id.mapped("state"), ["posted", "posted"])

    def test_bills_are_built_as_any_other(self):
        self.community.analytic_account_id = self.lake
        with self.assertNoLogs("odoo.addons.property_fee.models.property_bill_builder"):
            self._billed_lines()

    def test_a_distribution_model_comes_first(self):
        self.community.analytic_account_id = self.lake
        self.env["account.analytic.distribution.model"].create(
            {
                "partner_id": self.owner.id,
                "analytic_distribution": {str(self.other.id): 100},
            }
        )
        lines = self._billed_lines().filtered(
            lambda line: line.property_charge_id.item_id == self.management
        )
        accounts = {line.partner_id: self._accounts(line) for line in lines}
        self.assertEqual(accounts, {self.owner: self.other, self.neighbour: self.lake})

    def test_communities_without_an_account(self):
        self.assertFalse(self._billed_lines().analytic_line_ids)
