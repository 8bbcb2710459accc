import io
import unicodedata
from datetime import date

from odoo.exceptions import UserError
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

    def _notice(self, bills):
        (notice,) = bills._get_notices()
        return notice

    def test_values(self):
        notice = self._notice(self._bill(self.home))
        self.assertEqual(notice["arrears_rows"], [(date(2026, 9, 1), 231.75)])
        self.assertEqual(notice["total"], 463.5)
        self.assertEqual([line["amount"] for line in notice["lines"]], [223.75, 8])
        september = self._bill(self.home, date(2026, 9, 1))
        self.assertEqual(self._notice(september)["arrears"], 0)

    def test_one_notice_for_a_household(self):
        """Two bills of a payer for a unit are one notice; the debt is told of once."""
        bills = self._bill(self.home) + self._bill(self.home, date(2026, 9, 1))
        notice = self._notice(bills)
        self.assertEqual(len(notice["lines"]), 4)
        self.assertEqual(notice["arrears"], 0)
        self.assertEqual(notice["total"], 463.5)
        self.assertEqual(notice["last"], self._bill(self.home))
        (page,) = self._pdf("property_fee.report_payment_notice", bills)
        self.assertIn("2026-09,2026-10", page)
        pages = self._pdf("property_fee.report_payment_notice_single", bills)
        self.assertEqual(len(pages), 2)

    def test_order_of_delivery(self):
        upper, ground = self.neighbour_home, self.home
        later = self.env["property.building"].create(
            {
                "community_id": self.community.id,
                "code": "2",
                "name": "2",
                "sequence": 2,
            }
        )
        other = self._create_homes(1)
        other.building_id = later
        self._assign(other)
        self._run()
        bills = self._bill(other) + self._bill(upper) + self._bill(ground)
        self.assertEqual(
            [notice["unit"] for notice in bills._get_notices()], [ground, upper, other]
        )

    def test_qr_code_opens_the_household(self):
        bill = self._bill(self.home)
        self.assertFalse(bill.access_token)
        (notice,) = bill._get_notices(with_qr=True)
        self.assertTrue(notice["qr"].startswith("data:image/png;base64,"))
        self.assertEqual(
            notice["url"],
            f"{bill.get_base_url()}/my/bills/{bill.id}?access_token={bill.access_token}",
        )
        self.assertEqual(self._notice(bill)["url"], notice["url"])
        self.assertEqual(bill._portal_ensure_token(), bill.access_token)

    def test_arrears_are_the_payer_s_own(self):
        """Whoever bought the unit is not told of the seller's debt."""
        self.home.occupancy_ids.date_end = date(2026, 10, 31)
        self._occupy(self.home, self.tenant, start=date(2026, 11, 1))
        self._run(date(2026, 11, 1))
        bill = self._bill(self.home, date(2026, 11, 1))
        self.assertEqual(bill.partner_id, self.tenant)
        self.assertEqual(self._notice(bill)["arrears"], 0)

    def test_part_paid(self):
        bill = self._bill(self.home)
        self._register_payment(bill, amount=31.75)
        notice = self._notice(bill)
        self.assertEqual(notice["paid"], 31.75)
        self.assertEqual(notice["total"], 431.75)

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
        self.assertFalse(values["notices"])
        self.assertEqual(self._bill(self.home).property_period, OCTOBER)

    # === MANY AT ONCE === #

    def _window(self, **values):
        return (
            self.env["property.notice.send"]
            .with_user(self.users["cashier"])
            .create({"community_id": self.community.id, **values})
        )

    def test_window_counts(self):
        self.owner.email = "owner@example.com"
        self.neighbour.email = False
        window = self._window()
        self.assertRecordValues(
            window,
            [
                {
                    "bill_count": 4,
                    "notice_count": 2,
                    "mail_count": 1,
                    "phone_count": 2,
                    "amount": 927,
                }
            ],
        )
        self.assertEqual(self._window(per_household=False).notice_count, 4)
        self.assertEqual(self._window(period=date(2026, 9, 15)).bill_count, 2)
        self._register_payment(self._bill(self.home))
        self.assertEqual(self._window().bill_count, 3)
        self.assertEqual(self._window(only_open=False).bill_count, 4)
        empty = self._window(building_ids=self._create_building().ids)
        self.assertEqual(empty.bill_count, 0)
        with self.assertRaisesRegex(UserError, "no bill"):
            empty.action_print()

    def _create_building(self):
        return self.env["property.building"].create(
            {"community_id": self.community.id, "code": "7", "name": "7"}
        )

    def test_window_of_a_run_and_of_bills(self):
        run = self._bill(self.home).property_run_id
        for records, count in ((run, 2), (self._bill(self.home), 1)):
            window = (
                self.env["property.notice.send"]
                .with_context(active_model=records._name, active_ids=records.ids)
                .create({})
            )
            self.assertEqual(window.bill_count, count)

    def test_window_prints(self):
        window = self._window()
        for action, report in (
            (window.action_print(), "report_payment_notice"),
            (window.action_print_delivery(), "report_notice_delivery"),
            (
                self._window(per_household=False).action_print(),
                "report_payment_notice_single",
            ),
        ):
            self.assertEqual(action["report_name"], f"property_fee.{report}")
            self.assertEqual(len(action["context"]["active_ids"]), 4)

    def test_delivery_list(self):
        bills = self._bill(self.neighbour_home) + self._bill(self.home)
        (page,) = self._pdf("property_fee.report_notice_delivery", bills)
        self.assertLess(
            page.index(self.home.code), page.index(self.neighbour_home.code)
        )
        for text in ("463.50", "927.00", "139****5678"):
            self.assertIn(text, page)
        self.assertNotIn("13912345678", page)

    def test_mail(self):
        """One message per household, with its link; it waits in Odoo's queue."""
        self.owner.email = "owner@example.com"
        self._window().action_mail()
        mail = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.owner.ids)], order="id desc"
        )
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.state, "outgoing")
        bill = self._bill(self.home)
        self.assertEqual(mail.res_id, bill.id)
        for text in ("463.50", bill.access_token, self.home.code, "89.50"):
            self.assertIn(text, mail.body_html)
        self.assertIn("2026-10", mail.subject)

    def test_odoo_s_own_send_uses_our_words(self):
        template = self.env.ref("property_fee.mail_template_bill")
        self.assertEqual(self._bill(self.home)._get_mail_template(), template)
        invoice = self.init_invoice("out_invoice", amounts=[10], post=True)
        self.assertNotEqual(invoice._get_mail_template(), template)

    def test_text_message(self):
        bill = self._bill(self.home)
        (notice,) = bill._get_notices()
        text = bill.with_context(lang="en_US")._get_text_message(notice)
        for part in (self.home.code, "463.50", notice["url"]):
            self.assertIn(part, text)
        window = self._window()
        if window.can_text:
            window.action_text()
            sent = self.env["sms.sms"].search(
                [("partner_id", "in", (self.owner + self.neighbour).ids)]
            )
            self.assertEqual(len(sent), 2)
            self.assertEqual(set(sent.mapped("state")), {"outgoing"})
