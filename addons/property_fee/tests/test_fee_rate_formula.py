from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import START, PropertyFeeCase


@tagged("post_install", "-at_install")
class TestFeeRateFormula(PropertyFeeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Pays for what has no owner.
        cls.community.developer_id = cls.neighbour
        cls.lift = cls._create_item("LF", "Lift")

    def _create_formula(self, formula, **values):
        return self._create_rate(
            self.lift, basis="formula", formula=formula, price=1.5, **values
        )

    def test_formula_is_charged(self):
        self._create_formula("area * price if floor > 1 else 0")
        self._assign(self.homes[1::2], self.lift)
        run = self._run()
        self.assertFalse(self._charges(self.homes[1]))
        self.assertEqual(run.line_ids.unit_id, self.homes[3] | self.homes[5])
        charge = self._charges(self.homes[3])
        self.assertRecordValues(
            charge, [{"amount": 134.25, "quantity": 1, "unit_price": 134.25}]
        )
        self.assertFalse(charge._get_wrong_amounts())
        self.assertEqual(
            charge.with_context(lang="en_US").explanation_text,
            "area × price if floor > 1 else 0 [area=89.5, floor=2, price=1.5]"
            " = 134.25 per month = 134.25",
        )

    def test_amount_of_all_days(self):
        self._create_formula("days * 2", formula_per="charge")
        self._assign(self.home, self.lift, start="2026-10-20")
        self._run()
        self.assertEqual(self._charges(self.home).amount, 24)

    def test_fails_for_one_unit(self):
        """The row fails with its reason, the others are billed."""
        self._create_formula("100 / inner_area")
        self._assign(self.homes, self.lift)
        self.homes[2].inner_area = 0
        run = self._run()
        failed = run.line_ids.filtered(lambda line: line.status == "failed")
        self.assertEqual(failed.unit_id, self.homes[2])
        self.assertEqual(
            failed.reason,
            "The formula of Lift fails for this unit: it divides by zero.",
        )
        self.assertEqual(run.charged_count, 5)
        self.assertFalse(self._charges(self.homes[2]))

    def test_tried_before_saving(self):
        for formula, text in (
            ("area *", "no expression"),
            ("aera * 2", "no variable aera. Known are: area, inner_area"),
            ("-area", "below zero"),
            ("1 / (floor - 1)", "divides by zero"),
            ("   ", "is empty"),
            ("unit_type", "is no number"),
        ):
            with self.subTest(formula), self.cr.savepoint() as savepoint:
                with self.assertRaisesRegex(ValidationError, text):
                    self._create_formula(formula, community_id=self.community.id)
                savepoint.close(rollback=True)

    def test_example_in_the_form(self):
        form = Form(self.env["property.fee.rate"].with_user(self.users["accountant"]))
        form.item_id = self.lift
        form.community_id = self.community
        form.date_start = START
        form.basis = "formula"
        form.formula = "aera"
        self.assertIn("no variable aera", form.example)
        form.formula = "area + spaces"
        self.assertEqual(
            form.example,
            "area + spaces [area=89.5, spaces=0] = 89.50 per month = 89.50",
        )
        form.save()

    def test_spaces(self):
        self.env["property.unit"].create(
            [
                {
                    "community_id": self.community.id,
                    "name": f"P{number}",
                    "code": f"P{number}",
                    "unit_type": unit_type,
                    "parent_id": self.home.id,
                }
                for number, unit_type in enumerate(("parking", "parking", "storage"))
            ]
        )
        self._create_rate(self.lift, basis="count", price=60)
        self._assign(self.homes[:2], self.lift)
        run = self._run()
        self.assertEqual(self._charges(self.home).amount, 120)
        failed = run.line_ids.filtered(lambda line: line.status == "failed")
        self.assertIn("charged by Number of Spaces", failed.reason)
