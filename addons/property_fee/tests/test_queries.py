from datetime import date

from odoo.tests import tagged

from .common import OCTOBER, PropertyFeeCase


@tagged("post_install", "-at_install")
class TestQueries(PropertyFeeCase):
    """The number of queries does not grow with the number of households."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.few = cls._create_homes(4, prefix="8")
        cls.many = cls._create_homes(40, prefix="9")
        cls._assign(cls.few + cls.many, cls.management + cls.garbage)

    def _count(self, function, records):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function(records)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _assert_constant(self, function, few, many):
        self._count(function, few)  # fills caches that belong to nobody
        self.assertEqual(self._count(function, few), self._count(function, many))

    def test_plan(self):
        run = self._create_run()
        self._assert_constant(run._plan_units, self.few, self.many)

    def test_plan_of_billed(self):
        self._run()
        again = self._create_run()
        self._assert_constant(again._plan_units, self.few, self.many)

    def test_charges(self):
        def create(units):
            plans = run._plan_units(units)
            self.env["property.charge"].sudo().create(
                [vals for plan in plans.values() for vals in plan.vals_list]
            )

        run = self._create_run()
        self._count(create, self.few[:1])
        few = self._count(create, self.few[1:])
        self.assertEqual(few, self._count(create, self.many))

    def test_units(self):
        self._run()
        self._assert_constant(
            lambda units: units.mapped("amount_overdue"), self.few, self.many
        )

    def test_notice(self):
        self._run(date(2026, 9, 1))
        self._run()
        # Links are drawn once in the life of a bill, see `_ensure_portal_tokens`.
        self.env["account.move"].search([])._ensure_portal_tokens()
        self._assert_constant(
            lambda units: (
                self.env["account.move"]
                .search(
                    [
                        ("property_unit_id", "in", units.ids),
                        ("property_period", "=", OCTOBER),
                    ]
                )
                ._get_notices()
            ),
            self.few,
            self.many,
        )
