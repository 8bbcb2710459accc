import base64
import io
from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from openpyxl import load_workbook

from .figures_common import NOVEMBER, FiguresCase


@freeze_time("2026-11-25")
@tagged("post_install", "-at_install")
class TestStatement(FiguresCase):
    """The figures as a page and as a workbook, with the entries of `FiguresCase`."""

    def _statement(self, user="accountant", **values):
        return (
            self.env["property.fee.statement"]
            .with_user(self.users[user])
            .create(
                {
                    "date_from": NOVEMBER,
                    "date_to": date(2026, 11, 30),
                    "community_ids": self.community.ids,
                    **values,
                }
            )
        )

    def _workbook(self, statement, **options):
        statement.action_export()
        content = base64.b64decode(statement.file)
        return load_workbook(io.BytesIO(content), **options)

    def test_form(self):
        statement = self._statement()
        self.assertRecordValues(
            statement,
            [
                {
                    "current_receivable": 431.75,
                    "current_collected": 231.75,
                    "current_rate": 53.68,
                    "prior_receivable": 231.75,
                    "prior_collected": 100,
                    "prior_rate": 43.15,
                    "amount_open": 331.75,
                    "amount_overdue": 331.75,
                    "ledger_gap": 0,
                }
            ],
        )
        statement.action_last_month()
        self.assertEqual(statement.date_to, date(2026, 10, 31))
        self.assertEqual(statement.current_rate, 50)

    def test_wrong_days(self):
        statement = self._statement(date_to=date(2026, 10, 1))
        self.assertEqual(statement.amount_open, 0)
        with self.assertRaisesRegex(UserError, "ends before"):
            statement.action_export()

    def test_workbook_holds_numbers_and_days(self):
        book = self._workbook(self._statement(), data_only=True)
        sheet = book["Fee Detail"]
        head = [cell.value for cell in sheet[3]]
        first = dict(zip(head, (cell.value for cell in sheet[4]), strict=True))
        self.assertEqual(first["Due Date"], datetime(2026, 11, 16))
        self.assertEqual(first["Billed"], 223.75)
        self.assertEqual(
            sheet.cell(4, head.index("Billed") + 1).number_format,
            "#,##0.00;[Red]-#,##0.00",
        )
        self.assertEqual(
            sheet.cell(4, head.index("Period") + 1).number_format, "yyyy-mm"
        )

    def test_workbook_totals_are_formulas(self):
        statement = self._statement()
        values = self._workbook(statement, data_only=True)["Collection Rate"]
        formulas = self._workbook(statement)["Collection Rate"]
        self.assertEqual(values["A5"].value, "Total")
        self.assertEqual(values["E5"].value, 231.75)
        self.assertEqual(formulas["E5"].value, "=SUM(E4:E4)")
        self.assertAlmostEqual(values["G4"].value, 231.75 / 431.75)
        self.assertEqual(formulas["G4"].value, '=IF(D4=0,"",E4/D4)')
        roll = self._workbook(statement, data_only=True)["Roll-Forward"]
        self.assertEqual(
            [cell.value for cell in roll[4]][1:],
            [231.75, 463.5, 0, 0, 31.75, 400, 0, 0, 263.5],
        )

    def test_workbook_has_charts(self):
        book = self._workbook(self._statement())
        self.assertEqual(len(book.chartsheets), 2)
        self.assertTrue(all(sheet._charts for sheet in book.chartsheets))

    def test_no_text_becomes_a_formula(self):
        self.garbage.name = "=HYPERLINK(1)"
        self.community.name = "+1"
        sheet = self._workbook(self._statement())["Rate by Fee Item"]
        cells = [cell for (cell,) in sheet["A4:A5"]]
        self.assertIn("=HYPERLINK(1)", [cell.value for cell in cells])
        self.assertEqual({cell.data_type for cell in cells}, {"s"})

    def test_page(self):
        statement = self._statement()
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("property_fee.report_fee_statement", statement.ids)[0]
            .decode()
        )
        for text in (
            "53.68%",
            "43.15%",
            "263.50",
            "<svg",
            "Of the bills for the months",
        ):
            self.assertIn(text, html)

    def test_reports_open_as_of_the_day(self):
        statement = self._statement(
            date_to=date(2026, 10, 31), date_from=date(2026, 10, 1)
        )
        action = statement.action_view_aging()
        rows = (
            self.env["property.fee.report.detail"]
            .with_user(self.users["accountant"])
            .with_context(**action["context"])
            .search(action["domain"])
        )
        self.assertEqual(round(sum(rows.mapped("amount_open")), 2), 231.75)
        action = statement.action_view_ledger()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(round(sum(rows.mapped("amount")), 2), 231.75)

    def test_queries_do_not_grow(self):
        """More households cost no more queries."""

        def count():
            self.env.invalidate_all()
            statement = self._statement("manager")
            before = self.env.cr.sql_log_count
            statement._get_workbook()
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        homes = self._create_homes(6)
        self._assign(homes, self.management, start=NOVEMBER)
        self._run(NOVEMBER)
        self.assertLessEqual(count(), few + 2)
