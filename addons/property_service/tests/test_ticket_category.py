import psycopg2
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PropertyServiceCase


@tagged("post_install", "-at_install")
class TestTicketCategory(PropertyServiceCase):
    def test_seed_covers_every_place(self):
        Category = self.env["property.ticket.category"]
        problems = Category.search([("parent_id", "!=", False)])
        self.assertGreaterEqual(len(problems), 40)
        self.assertEqual(
            set(problems.mapped("place")), {"home", "common", "facility", "service"}
        )
        for problem in problems:
            self.assertEqual(problem.place, problem.parent_id.place)
            self.assertTrue(problem.kind)

    def test_problem_takes_the_place_of_its_category(self):
        Category = self.env["property.ticket.category"].with_user(self.manager)
        category = Category.create({"name": "Balcony", "place": "home"})
        problem = Category.create({"name": "Railing loose", "parent_id": category.id})
        self.assertEqual(problem.place, "home")
        category.place = "common"
        self.assertEqual(problem.place, "common")
        self.assertEqual(problem.display_name, "Balcony / Railing loose")

    def test_third_level_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "belongs to"):
            self.env["property.ticket.category"].create(
                {"name": "Too deep", "parent_id": self.problem.id}
            )

    def test_same_name_twice_is_refused(self):
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.problem.copy()

    def test_ticket_needs_a_problem_not_a_category(self):
        with self.assertRaisesRegex(ValidationError, "choose a problem"):
            self._create_ticket(category_id=self.problem.parent_id.id)

    def test_counts_in_one_query(self):
        self._create_ticket()
        self._create_ticket(category_id=self.emergency.id)
        categories = self.env["property.ticket.category"].search([])
        categories.invalidate_model()
        categories.mapped("child_ids.name")
        self.env.flush_all()
        with self.assertQueryCount(3):
            categories.mapped("ticket_count")
        self.assertEqual(self.problem.parent_id.ticket_count, 1)
        self.assertEqual(self.problem.ticket_count, 1)

    def test_chinese_names(self):
        if "zh_CN" not in dict(self.env["res.lang"].get_installed()):
            self.skipTest("The language zh_CN is not loaded in this database.")
        self.assertEqual(
            self.problem.with_context(lang="zh_CN").display_name,
            "给排水 / 龙头、阀门滴漏",
        )
