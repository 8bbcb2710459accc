from lxml import html
from odoo.tests import tagged

from .common import TrainingCase


@tagged("post_install", "-at_install")
class TestTrainingReport(TrainingCase):
    def test_page(self):
        self.plan.line_ids[1].write({"budget": 0, "is_free": True})
        self.plan.action_submit()
        self.plan.with_user(self.approver).action_approve()
        content, _type = (
            self.env["ir.actions.report"]
            .with_user(self.users["frontdesk"])
            ._render_qweb_html(
                "property_staff.action_report_training_plan", self.plan.ids
            )
        )
        page = html.fromstring(content)
        rows = page.xpath("//table[contains(@class, 'o_training_table')]/tbody/tr")
        self.assertEqual(len(rows), 3)
        self.assertIn("March", rows[0].text_content())
        self.assertIn("300.00", rows[0].text_content())
        self.assertIn("no cost", rows[1].text_content())
        self.assertIn("300.00", rows[2].text_content())
        text = page.text_content()
        self.assertIn("2027", text)
        self.assertIn(self.approver.name, text)
