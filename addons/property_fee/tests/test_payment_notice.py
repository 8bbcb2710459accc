import io
import unicodedata
from datetime import date

from odoo.tests import HttpCase, tagged
from pypdf import PdfReader

from ..tools.capitals import amount_in_capitals
from .common import OCTOBER, PropertyFeeCase


@tagged("post_install", "-at_install")
class TestPaymentNotice(PropertyFeeCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.partner.bank"].create(
            {
                "acc_number": "1234 5678 9012",
                "partner_id": cls.env.company.partner_id.id,
            }
        )
        cls.community.duty_phone = "0571-88880000"
        cls._assign(cls.homes[:2], cls.management + cls.garbage)
        cls._run(date(2026, 9, 1))
        cls._run()

    def _pdf(self, report, records):
        """Return the pages of a printed report as text, without white space."""
        self.env["ir.config_parameter"].sudo().set_param("report.url", self.base_url())
        content, kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(report, records.ids)
        )
        self.assertEqual(kind, "pdf")
        pages = PdfReader(io.BytesIO(content)).pages
        self.assertEqual(
            {tuple(round(float(side)) for side in page.mediabox[2:]) for page in pages},
            {(595, 842)},
            "A4 portrait",
        )
        return [self._read(page.extract_text()) for page in pages]

    @staticmethod
    def _read(text):
        """Return text of a PDF without white space.

        The font draws some characters with the glyph of their radical and says so.
        """
        text = unicodedata.normalize("NFKC", text).replace("\u2ec6", "\u89d2")
        return "".join(text.split())

    def test_notice(self):
        (page,) = self._pdf("property_fee.report_payment_notice", self._bill(self.home))
        for text in (
            self.env.company.name,
            self.community.name,
            self.home.code,
            self.owner.name,
            "2026-10",
            "2026-09",
            "223.75",
            "231.75",
            "463.50",
            amount_in_capitals(463.5),
            "123456789012",
            "0571-88880000",
        ):
            self.assertIn("".join(text.split()), page)

    def test_batch_in_floor_order(self):
        bills = self._bill(self.neighbour_home) + self._bill(self.home)
        pages = self._pdf("property_fee.report_payment_notice", bills)
        self.assertEqual(len(pages), 2)
        self.assertIn(self.home.code, pages[0])
        self.assertIn(self.neighbour_home.code, pages[1])

    def test_values(self):
        bill = self._bill(self.home)
        values = bill._get_notice_values()[bill]
        self.assertEqual(values["arrears"], 231.75)
        self.assertEqual(values["arrears_periods"], "2026-09")
        self.assertEqual(values["total"], 463.5)
        self.assertEqual([line["amount"] for line in values["lines"]], [223.75, 8])
        september = self._bill(self.home, date(2026, 9, 1))
        self.assertEqual(september._get_notice_values()[september]["arrears"], 0)

    def test_arrears_are_the_payer_s_own(self):
        """Whoever bought the unit is not told of the seller's debt."""
        self.home.occupancy_ids.date_end = date(2026, 10, 31)
        self._occupy(self.home, self.tenant, start=date(2026, 11, 1))
        self._run(date(2026, 11, 1))
        bill = self._bill(self.home, date(2026, 11, 1))
        self.assertEqual(bill.partner_id, self.tenant)
        self.assertEqual(bill._get_notice_values()[bill]["arrears"], 0)

    def test_part_paid(self):
        bill = self._bill(self.home)
        self._register_payment(bill, amount=31.75)
        values = bill._get_notice_values()[bill]
        self.assertEqual(values["paid"], 31.75)
        self.assertEqual(values["total"], 431.75)

    def test_reminder(self):
        letters = self.env["property.dunning.letter"]._generate(
            date(2026, 11, 23), self.community
        )
        self.assertEqual(len(letters), 2)
        pages = self._pdf("property_fee.report_dunning_letter", letters)
        self.assertEqual(len(pages), 2)
        for text in (
            self.home.code,
            self.owner.name,
            "2026-09",
            "2026-10",
            "463.50",
            amount_in_capitals(463.5),
        ):
            self.assertIn(text, pages[0])

    def test_other_invoices_have_no_notice(self):
        invoice = self.init_invoice("out_invoice", amounts=[10], post=True)
        values = self.env[
            "report.property_fee.report_payment_notice"
        ]._get_report_values(invoice.ids)
        self.assertFalse(values["docs"])
        self.assertEqual(self._bill(self.home).property_period, OCTOBER)
