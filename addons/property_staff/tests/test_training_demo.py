from odoo.tests import tagged

from .common import TrainingCase


@tagged("post_install", "-at_install")
class TestTrainingDemo(TrainingCase):
    def test_one_approved_and_one_draft(self):
        plans = self.env["property.demo.estate"]._fill_training_plans(
            self.community, self.today, self.users["hq"], self.approver
        )
        self.assertRecordValues(
            plans,
            [
                {"state": "approved", "year": 2026, "line_count": 12},
                {"state": "draft", "year": 2027, "line_count": 8},
            ],
        )
        self.assertGreater(plans[0].cost_total, 0)
        self.assertLess(plans[0].cost_total, plans[0].budget_total)
        plans[1].is_lawful = True
        plans[1].with_user(self.users["hq"]).action_submit()
        self.assertEqual(plans[1].state, "submitted")
