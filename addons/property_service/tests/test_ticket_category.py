import psycopg2
from odoo.exceptions import ValidationError
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import PropertyServiceCase


@tagged("post_install", "-at_install")
class TestTicketCategory(PropertyServiceCase):
    def test_seed_covers_every_place(self):
        Category = self.env["property.ticket.category"]
        problems = Category.search([("parent_id", "!=", False)])
        self.assertGreaterEqual(len(problems), 120)
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

    def test_seed_proposes_everything(self):
        problems = self.env["property.ticket.category"].search(
            [("parent_id", "!=", False)]
        )
        known = self.env["property.procedure"].search([]).mapped("code")
        for problem in problems:
            self.assertTrue(problem._get_skill(), problem.display_name)
            self.assertTrue(problem._get_liable(), problem.display_name)
            code = problem._get_procedure_code()
            self.assertIn(code, [False, *known], problem.display_name)

    def test_no_triple_that_does_not_exist(self):
        """A place that is not the problem's is refused, on whatever way it comes."""
        lift = self.env.ref("property_service.problem_facility_lift_noise")
        with self.assertRaisesRegex(ValidationError, "belongs to Common Facility"):
            self._create_ticket(category_id=lift.id, place="home")
        ticket = self._create_ticket()
        with self.assertRaisesRegex(ValidationError, "belongs to Inside the Home"):
            ticket.write({"place": "facility"})
        with self.assertRaisesRegex(ValidationError, "Choose a problem of that place"):
            self._create_ticket(category_id=False, place="home")
        ticket.write({"category_id": lift.id})
        self.assertEqual(ticket.place, "facility")

    def test_no_triple_by_import(self):
        Ticket = self.env["property.ticket"].with_user(self.frontdesk)
        columns = ["subject", "unit_id/.id", "category_id/.id", "place"]
        row = ["Tap", str(self.unit.id), str(self.problem.id)]
        good = Ticket.load(columns, [[*row, "home"]])
        self.assertTrue(good["ids"], good["messages"])
        for bad, message in (
            ([*row, "facility"], "belongs to"),
            (
                ["Tap", str(self.unit.id), str(self.problem.parent_id.id), "home"],
                "choose a problem of",
            ),
        ):
            result = Ticket.load(columns, [bad])
            self.assertFalse(result["ids"])
            self.assertIn(message, result["messages"][0]["message"])

    def test_an_archived_problem_is_not_chosen_anew(self):
        ticket = self._create_ticket()
        self.problem.active = False
        ticket.subject = "Tap drips still"
        with self.assertRaisesRegex(ValidationError, "is archived"):
            self._create_ticket()

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


@tagged("post_install", "-at_install")
class TestProblemOnPortal(PropertyServiceCase, HttpCase):
    def test_only_problems_in_use(self):
        self.authenticate("svc_zhang", "svc_zhang")
        archived = self.problem.copy({"name": "Drips in the past", "active": False})
        page = self.url_open("/my/tickets/new").text
        self.assertNotIn("Drips in the past", page)
        domain = [("unit_id", "=", self.unit.id)]
        for value in (self.problem.parent_id.id, archived.id, "x", "0"):
            with self.subTest(value):
                page = self.url_open(
                    "/my/tickets/new",
                    data={
                        "csrf_token": Request.csrf_token(self),
                        "unit_id": self.unit.id,
                        "kind": "repair",
                        "category_id": value,
                        "subject": "Tap drips",
                    },
                ).text
                self.assertIn("alert-danger", page)
                self.assertFalse(self.env["property.ticket"].search_count(domain))
