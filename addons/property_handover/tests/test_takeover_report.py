from lxml import html
from odoo.tests import tagged

from .common import TakeoverCase

REPORT = "property_handover.action_report_takeover_documents"


@tagged("post_install", "-at_install")
class TestTakeoverReport(TakeoverCase):
    def _render(self):
        content, _type = (
            self.env["ir.actions.report"]
            .with_user(self.users["frontdesk"])
            ._render_qweb_html(REPORT, self.project.ids)
        )
        return html.fromstring(content)

    def test_every_paper_is_listed_once(self):
        self.project.document_ids[0].write({"place": "Cabinet 4", "pages": 12})
        self.project.document_ids[0].action_receive()
        self.project.document_ids[1].defect = "<b>Stamp</b> missing"
        page = self._render()
        rows = page.xpath("//table[contains(@class, 'o_takeover_table')]/tbody/tr")
        self.assertEqual(len(rows), 31 + 5)
        self.assertIn("Cabinet 4", rows[1].text_content())
        self.assertIn("<b>Stamp</b>", rows[2].text_content())
        self.assertIn("Missing", rows[3].text_content())
        text = page.text_content()
        self.assertIn("Lakeside Development", text)
        self.assertIn("WG-2026-01", text)
        numbers = [row.xpath("td")[0].text_content().strip() for row in rows]
        self.assertEqual(
            [number for number in numbers if number.isdigit()],
            [str(number) for number in range(1, 32)],
        )
