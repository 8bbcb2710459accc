import base64
from datetime import date, datetime
from io import BytesIO

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from openpyxl import load_workbook

from .test_work_order import WorkOrderCase
from .test_work_pages import PIXEL

SCRIPT = '<script>alert("x")</script>'


@tagged("post_install", "-at_install")
class TestServiceForms(WorkOrderCase):
    """Work order, slip, complaint form, register and monthly report on paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Shanghai"

    def _html(self, name, records, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.frontdesk)
        html, _kind = report._render_qweb_html(f"property_service.{name}", records.ids)
        return html.decode()

    def test_work_order(self):
        order = self._given(
            skill_id=self.plumbing.id,
            line_ids=[Command.create({"price_id": self.price.id, "quantity": 2})],
        )
        html = self._html("report_work_order", order)
        for text in (order.name, "Kitchen tap drips", "71.00", self.company.name):
            self.assertIn(text, html)
        order.with_user(self.engineer).action_accept()
        order.with_user(self.engineer).action_arrive()
        order.with_user(self.engineer)._sign("Zhang San", base64.b64encode(PIXEL))
        html = self._html("report_work_order", order)
        self.assertIn("Zhang San", html)
        self.assertIn("data:image/png;base64", html)

    def test_number_of_the_caller_on_paper(self):
        order = self._given()
        number = order.ticket_id.phone
        self.assertTrue(number)
        # whoever is sent has to call; everybody else sees what he sees on the screen
        self.assertIn(number, self._html("report_work_order", order))
        self.assertIn(number, self._html("report_work_order", order, self.engineer))
        self.assertNotIn(number, self._html("report_work_order", order, self.cashier))
        slip = self._html("report_ticket_slip", order.ticket_id)
        self.assertNotIn(number, slip)
        self.env.user.invalidate_recordset()

    def test_complaint_form(self):
        ticket = self._create_ticket(
            kind="complaint",
            is_justified="yes",
            justified_reason="Nobody came",
            cause="slow",
            department="engineering",
            corrective_action="Apology",
            preventive_action="Second shift",
        )
        html = self._html("report_complaint", ticket)
        for text in ("Justified", "Nobody came", "Slow Response", "Second shift"):
            self.assertIn(text, html)

    def test_script_is_only_text(self):
        ticket = self._create_ticket(
            subject=SCRIPT,
            description=SCRIPT,
            kind="complaint",
            is_justified="no",
            justified_reason=SCRIPT,
            corrective_action=SCRIPT,
        )
        order = self._order(ticket)
        order._give({order: self.first})
        order.result = SCRIPT
        for name, records in (
            ("report_work_order", order),
            ("report_ticket_slip", ticket),
            ("report_complaint", ticket),
            ("report_ticket_register", ticket),
            ("report_service_monthly", self._monthly(date.today())),
        ):
            with self.subTest(report=name):
                html = self._html(name, records)
                self.assertNotIn(SCRIPT, html)
                self.assertIn("&lt;script&gt;", html)

    def test_forms_are_for_the_staff(self):
        ticket = self._create_ticket()
        for name in (
            "report_ticket_slip",
            "report_complaint",
            "report_ticket_register",
        ):
            with self.subTest(report=name), self.assertRaises(AccessError):
                self._html(name, ticket, self.zhang)

    def test_register(self):
        tickets = self._create_ticket() | self._create_ticket(subject="Lamp is dark")
        html = self._html("report_ticket_register", tickets)
        for ticket in tickets:
            self.assertIn(ticket.name, html)
            self.assertIn(ticket.subject, html)

    def test_return_visits(self):
        ticket = self._create_ticket()
        self._walk(ticket, "accepted", "done")
        visit = (
            self.env["property.return.visit"]
            .with_user(self.manager)
            .create({"ticket_id": ticket.id, "result": "partly", "comment": SCRIPT})
        )
        html = self._html("report_return_visit_register", visit)
        self.assertIn(ticket.name, html)
        self.assertIn("Partly Satisfied", html)
        self.assertNotIn(SCRIPT, html)

    def test_register_as_workbook(self):
        ticket = self._create_ticket(
            subject="=1+1", reported_at=datetime(2026, 10, 7, 17)
        )
        action = ticket.action_export_register()
        attachment = self.env["ir.attachment"].browse(
            int(action["url"].split("/")[3].split("?")[0])
        )
        sheet = load_workbook(BytesIO(attachment.raw)).active
        row = {
            heading.value: cell
            for heading, cell in zip(sheet[3], sheet[4], strict=True)
        }
        self.assertEqual(row["Number"].value, ticket.name)
        self.assertEqual(
            (row["Subject"].value, row["Subject"].data_type), ("=1+1", "s")
        )
        # one o'clock in the night, where the company is
        self.assertEqual(row["Reported"].value, datetime(2026, 10, 8, 1))
        self.assertEqual(row["Reported"].number_format, "yyyy-mm-dd hh:mm")

    # === MONTHLY REPORT === #

    def _monthly(self, month):
        return (
            self.env["property.service.monthly"]
            .with_user(self.frontdesk)
            .with_company(self.company)
            .create({"month": month, "community_ids": self.community.ids})
        )

    @freeze_time("2026-11-05 04:00:00")
    def test_monthly_report(self):
        tickets = [
            self._create_ticket(reported_at=datetime(2026, 10, 8, hour))
            for hour in (1, 2, 3, 4)
        ]
        complaint = self._create_ticket(
            kind="complaint", subject="Too loud", reported_at=datetime(2026, 10, 9, 1)
        )
        self._create_ticket(reported_at=datetime(2026, 11, 1, 1))
        for ticket in tickets[:3]:
            self._walk(ticket, "accepted", "done")
        wizard = self._monthly(date(2026, 10, 15))
        self.assertEqual((wizard.tickets, wizard.finished), (5, 3))
        self.assertEqual((wizard.completion, wizard.complaint), ("60.00%", "20.00%"))
        html = self._html("report_service_monthly", wizard)
        for text in ("60.00%", "2026-10", complaint.name, "Too loud", "<svg"):
            self.assertIn(text, html)
        for _name, definition in (
            self.env["property.service.figures"]._get_definitions().values()
        ):
            self.assertIn(definition.split(":")[0], html)
        wizard.action_export()
        book = load_workbook(BytesIO(base64.b64decode(wizard.file)))
        rates = {
            row[0].value: row for row in book["Rates"].iter_rows(min_row=4, max_row=14)
        }
        completion = rates["Completion"]
        self.assertEqual([cell.value for cell in completion[1:3]], [3, 5])
        self.assertEqual(completion[3].value, '=IF(C8=0,"",B8/C8)')
        self.assertEqual(completion[3].number_format, "0.00%")
        register = book["Register"]
        self.assertEqual(register.max_row, 3 + 5 + 1)
        self.assertEqual(len(book.chartsheets), 2)
        community = book["Community"]
        self.assertEqual(community["A4"].value, self.community.display_name)
        self.assertEqual(community["B5"].value, "=SUM(B4:B4)")

    @freeze_time("2026-11-01 01:00:00")
    def test_sent_once_on_the_first(self):
        self.manager.partner_id.email = "manager@example.com"
        self.community.monthly_report_user_ids = self.manager
        cron = self.env.ref("property_service.ir_cron_monthly_report")
        for _run in range(2):
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
        self.assertEqual(self.community.monthly_report_sent, date(2026, 10, 1))
        mails = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.manager.partner_id.ids)]
        )
        self.assertEqual(len(mails), 1)
        self.assertIn("2026-10", mails.subject)
        self.assertEqual(
            sorted(
                name.rsplit(".", 1)[1] for name in mails.attachment_ids.mapped("name")
            ),
            ["pdf", "xlsx"],
        )
