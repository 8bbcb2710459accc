import doctest
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from odoo.addons.property_base.tests import common  # noqa: F401  loads the profile
from odoo.addons.property_staff.tools import plan_rules

DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))
TEXTS = st.sampled_from([False, "", "  ", "Front desk"])


@tagged("post_install", "-at_install")
class TestPlanRules(BaseCase):
    def test_doctests(self):
        self.assertEqual(doctest.testmod(plan_rules).failed, 0)

    @given(DAYS)
    def test_reminders_come_in_december_for_the_coming_year(self, day):
        year = plan_rules.year_to_remind(day)
        self.assertEqual(year is not None, day.month == 12)
        if year:
            self.assertGreater(year, day.year)
            self.assertEqual(plan_rules.is_late(day, year), day.day >= 15)

    @given(DAYS, st.integers(2001, 2099))
    def test_once_late_always_late(self, day, year):
        later = min(date(day.year + 1, day.month, 1), date(2100, 12, 31))
        if plan_rules.is_late(day, year):
            self.assertTrue(plan_rules.is_late(later, year))

    @given(
        st.sampled_from([False, "01", "12"]),
        TEXTS,
        TEXTS,
        st.floats(0, 1e6),
        st.booleans(),
    )
    def test_nothing_missing_means_everything_named(
        self, month, standard, scope, budget, is_free
    ):
        missing = plan_rules.missing_parts(month, standard, scope, budget, is_free)
        complete = bool(
            month
            and (standard or "").strip()
            and (scope or "").strip()
            and (is_free or budget > 0)
        )
        self.assertEqual(not missing, complete)
        self.assertEqual(len(missing), len(set(missing)))
