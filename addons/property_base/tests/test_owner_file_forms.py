import io
import re
import unicodedata
from datetime import date

import pdfplumber
from lxml import html
from odoo.tests import HttpCase, tagged, users
from odoo.tools import mute_logger

from .common import PropertyCase

LONG_NAME = "阿不都热合曼·买买提江·欧阳慕容司徒诸葛"
FORMS = ("cover", "index", "register", "receipt", "commitment")


class HouseholdOfTwelve(PropertyCase):
    """A household of twelve with long names, and a file of forty papers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner.write(
            {
                "phone2": "0571-88886666",
                "wechat": "wx_zhangsan",
                "email": "a.very.long.mail.address.of.the.owner@example-company.com.cn",
                "street": "浙江省杭州市西湖区翠湖路十八号翠湖花园三栋二单元五〇二室"
                * 2,
            }
        )
        cls.members = cls.env["res.partner"].create(
            [
                {
                    "name": f"{LONG_NAME}{number:02d}",
                    "phone": f"1370000{number:04d}",
                    "identity_number": "990000197209105980" if number == 1 else False,
                }
                for number in range(1, 12)
            ]
        )
        for member in cls.members:
            cls._occupy(cls.home, member, "family", is_resident=True)
        cls.uncle = cls.env["res.partner"].create(
            {"name": "赵六", "phone": "13611112222"}
        )
        cls._occupy(cls.home, cls.uncle, "emergency", note="舅舅")
        cls.env["property.vehicle"].create(
            [
                {
                    "unit_id": cls.home.id,
                    "plate": "浙A12345",
                    "date_start": date(2022, 6, 1),
                },
                {
                    "unit_id": cls.home.id,
                    "plate": "浙A99999",
                    "date_start": date(2022, 6, 1),
                    "date_end": date(2023, 6, 1),
                },
            ]
        )
        cls.env["property.pet"].create({"unit_id": cls.home.id, "name": "豆豆"})
        cls.file = cls.env["property.owner.file"].create(
            {"unit_id": cls.home.id, "date_opened": date(2022, 6, 2)}
        )
        types = cls.env["property.document.type"].create(
            [
                {
                    "name": f"{number:02d} {'商品住宅使用说明书及保修卡' * 3}",
                    "code": f"t_{kind}_{number}",
                    "kind": kind,
                }
                for kind in ("filed", "handout")
                for number in range(1, 41)
            ]
        )
        for kind in ("filed", "handout"):
            wanted = types.filtered(lambda each, kind=kind: each.kind == kind)
            slots = cls.file.document_ids if kind == "filed" else cls.file.handout_ids
            slots.unlink()
            cls.env["property.owner.document"].create(
                [{"file_id": cls.file.id, "type_id": each.id} for each in wanted]
            )
        cls.file.invalidate_recordset()


@tagged("post_install", "-at_install")
class TestOwnerFileForms(HouseholdOfTwelve):
    def _text(self, form, files=None, user=None):
        """Return the text of a form as HTML, blanks folded."""
        report = self.env["ir.actions.report"].with_user(user or self.env.user)
        content, _kind = report._render_qweb_html(
            f"property_base.report_owner_file_{form}", (files or self.file).ids
        )
        return " ".join(html.fromstring(content).text_content().split())

    @users("property_frontdesk")
    def test_cover(self):
        self.file.write({"cabinet": "A-03", "box": "7"})
        text = self._text("cover")
        for expected in (
            "Lakeside",
            "1栋",
            "1-1-101",
            "张三",
            self.file.name,
            "A-03 / 7",
        ):
            self.assertIn(expected, text)

    @users("property_frontdesk")
    def test_register_masks_who_may_not_see_and_logs_what_is_printed(self):
        Log = self.env["property.disclosure.log"].sudo()
        before = Log.search([])
        text = self._text("register")
        for expected in (
            "13912345678",
            "0571-88886666",
            "wx_zhangsan",
            "9900**********5980",
            "浙A12345",
            "豆豆",
            "舅舅",
            *self.members.mapped("name"),
        ):
            self.assertIn(expected, text)
        self.assertNotIn("990000197209105980", text)
        self.assertNotIn("浙A99999", text)
        logged = Log.search([]) - before
        self.assertEqual(logged.partner_id, self.owner + self.members + self.uncle)
        self.assertEqual(set(logged.mapped("field_names")), {"phone,phone2"})
        self.assertEqual(logged.user_id, self.env.user)
        self.assertEqual(logged.unit_id, self.home)

    @users("property_frontdesk")
    def test_register_in_full_for_the_confidential_group(self):
        # one pixel
        self.owner.image_1920 = (
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
            "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
        )
        self.assertNotIn("data:image", self._html("register"))
        self.users["frontdesk"].group_ids += self.env.ref(
            "property_base.group_property_confidential"
        )
        text = self._text("register")
        self.assertIn("990000197209105980", text)
        self.assertIn("1972-09-10", text)
        self.assertIn("data:image", self._html("register"))

    def _html(self, form):
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            f"property_base.report_owner_file_{form}", self.file.ids
        )
        return content.decode()

    @users("property_frontdesk")
    def test_closed_file_prints_the_household_of_its_last_day(self):
        self.home.occupancy_ids.filtered(
            lambda occupancy: occupancy.partner_id in self.owner + self.members[0]
        ).date_end = date(2026, 3, 31)
        self._occupy(self.home, self.neighbour, start=date(2026, 4, 1))
        self.home.pet_ids.write({"partner_id": self.owner.id, "active": False})
        new = self.env["property.owner.file"]._renew(
            self.home.with_env(self.env), date(2026, 4, 1), self.neighbour
        )
        old_text, new_text = self._text("register"), self._text("register", new)
        self.assertIn("张三", old_text)
        self.assertIn(self.members[0].name, old_text)
        self.assertNotIn("李四", old_text)
        self.assertIn("豆豆", old_text)
        self.assertNotIn("豆豆", new_text)
        self.assertIn("李四", new_text)
        self.assertNotIn("张三", new_text)
        self.assertNotIn(self.members[0].name, new_text)
        self.assertIn(self.members[1].name, new_text)

    @users("property_frontdesk")
    def test_company_words_its_own_commitment(self):
        self.assertIn("fire safety", self._text("commitment"))
        self.community.commitment_text = "<p>We are quiet after ten.</p>"
        text = self._text("commitment")
        self.assertIn("We are quiet after ten.", text)
        self.assertNotIn("fire safety", text)

    @users("property_frontdesk")
    def test_batch_of_registers_costs_the_same_for_each_more(self):
        File = self.env["property.owner.file"]
        files = self.file + File.create(
            [{"unit_id": home.id} for home in self.homes[1:]]
        )

        def queries(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_env(self.env)._print_households()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(files)
        self.assertEqual(queries(files[:2]), queries(files))

    @users("property_frontdesk")
    def test_steward_stands_on_the_receipt(self):
        manager = self.users["manager"]
        manager.partner_id.write({"wechat": "steward_88", "phone": "13500001111"})
        self.community.manager_id = manager
        text = self._text("receipt")
        self.assertIn("steward_88", text)
        self.assertIn("13500001111", text)
        self.users["frontdesk"].partner_id.wechat = "butler_66"
        self.community.steward_id = self.users["frontdesk"]
        text = self._text("receipt")
        self.assertIn("butler_66", text)
        self.assertNotIn("steward_88", text)


@tagged("post_install", "-at_install")
class TestOwnerFilePdf(HouseholdOfTwelve, HttpCase):
    """The forms on paper: nothing is lost, nothing runs over the edge of the page."""

    @mute_logger("odoo.addons.base.models.ir_actions_report")
    def _pages(self, form, files=None):
        """Return the pages of a form: size, words with their places, text as written."""
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf(
            f"property_base.report_owner_file_{form}", (files or self.file).ids
        )
        self.assertEqual(kind, "pdf")
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            return [
                {
                    "width": page.width,
                    "height": page.height,
                    "words": page.extract_words(),
                    # Cell by cell; some characters come out as radicals that look alike.
                    "text": "".join(
                        unicodedata.normalize("NFKC", char["text"])
                        for char in page.chars
                        if not char["text"].isspace()
                    ),
                }
                for page in pdf.pages
            ]

    def _check_pages(self, pages):
        """Check that the pages are A4 and all words stand inside the margins."""
        for page in pages:
            self.assertAlmostEqual(page["height"] / page["width"], 297 / 210, places=2)
            self.assertTrue(page["words"])
            margin = page["width"] * 13 / 210
            for word in page["words"]:
                self.assertGreaterEqual(word["x0"], margin, word["text"])
                self.assertLessEqual(word["x1"], page["width"] - margin, word["text"])
                self.assertGreaterEqual(word["top"], margin - 5, word["text"])
                self.assertLessEqual(word["bottom"], page["height"] - 10, word["text"])

    def test_forty_papers_twelve_people_and_long_names(self):
        self.file.partner_ids += self.members[:3]
        self.community.name = "翠湖花园国际社区二期东区" * 2
        self.community.company_id.name = "阳光物业服务有限公司浙江分公司杭州项目部" * 2
        pages = self._pages("set")
        self._check_pages(pages)
        # Each form counts its own pages; the cover has no number.
        numbers = [re.search(r"Page(\d+)of(\d+)", page["text"]) for page in pages]
        self.assertEqual(
            [number and tuple(map(int, number.groups())) for number in numbers],
            [
                None,
                *((page, 4) for page in range(1, 5)),
                *((page, 4) for page in range(1, 5)),
                *((page, 4) for page in range(1, 5)),
                (1, 1),
            ],
        )
        cover, index, register, receipt = (
            pages[0]["text"],
            "".join(page["text"] for page in pages[1:5]),
            "".join(page["text"] for page in pages[5:9]),
            "".join(page["text"] for page in pages[9:13]),
        )
        for name in self.file.partner_ids.mapped("name"):
            self.assertIn(name, cover)
        for person in self.owner + self.members + self.uncle:
            self.assertIn(person.name, register)
            self.assertIn(person.phone, register)
        for text, papers in (
            (index, self.file.document_ids),
            (receipt, self.file.handout_ids),
        ):
            for paper in papers:
                self.assertIn(paper.type_id.name.replace(" ", ""), text)

    def test_batch_prints_one_after_the_other(self):
        other = self.env["property.owner.file"].create(
            {"unit_id": self.neighbour_home.id}
        )
        pages = self._pages("commitment", self.file + other)
        self._check_pages(pages)
        self.assertEqual(len(pages), 2)
        for page, file in zip(pages, self.file + other, strict=True):
            self.assertIn(file.name, page["text"])
            self.assertIn("Page1of1", page["text"])
