from datetime import date

import psycopg2
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.period import Range
from .common import OCTOBER, PropertyFeeCase


@tagged("post_install", "-at_install")
class TestFeeRate(PropertyFeeCase):
    def _price_on(self, day, unit=None):
        unit = unit or self.home
        key = (
            self.env["property.fee.assignment"]
            .new({"unit_id": unit.id, "item_id": self.management.id})
            ._get_rate_key()
        )
        timeline = self.env["property.fee.rate"]._get_timelines(
            [key], Range(date(2026, 1, 1), date(2026, 12, 31))
        )[key]
        return next((s.value.price for s in timeline if s.start <= day <= s.end), None)

    def _assert_refused(self, **values):
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self._create_rate(self.management, price=3, **values)

    def test_overlap_is_refused(self):
        self._assert_refused(date_start=OCTOBER)
        self._assert_refused(date_start=OCTOBER, unit_type=False)
        self._create_rate(self.management, price=3, unit_type="home")
        self._assert_refused(date_start=OCTOBER, unit_type="home")
        self._create_rate(
            self.management,
            price=3,
            unit_type="home",
            community_id=self.community.id,
        )
        self._assert_refused(
            date_start=OCTOBER, unit_type="home", community_id=self.community.id
        )

    def test_next_day_is_no_overlap(self):
        self.management_rate.date_end = date(2026, 9, 30)
        self._create_rate(self.management, price=3, date_start=OCTOBER)
        self.assertEqual(self._price_on(date(2026, 9, 30)), 2.5)
        self.assertEqual(self._price_on(OCTOBER), 3)

    def test_most_specific_counts(self):
        day = date(2026, 6, 1)
        self.assertEqual(self._price_on(day), 2.5)
        self._create_rate(self.management, price=2.6, unit_type="home")
        self.assertEqual(self._price_on(day), 2.6)
        self._create_rate(self.management, price=2.7, community_id=self.community.id)
        self.assertEqual(self._price_on(day), 2.7)
        self._create_rate(
            self.management,
            price=2.8,
            community_id=self.community.id,
            unit_type="home",
            date_end=date(2026, 6, 30),
        )
        self.assertEqual(self._price_on(day), 2.8)
        self.assertEqual(self._price_on(date(2026, 7, 1)), 2.7)

    def test_other_community_and_type_do_not_count(self):
        other = self._create_community("Hillside", "HILL")
        self._create_rate(self.management, price=9, community_id=other.id)
        self._create_rate(self.management, price=9, unit_type="shop")
        self.assertEqual(self._price_on(date(2026, 6, 1)), 2.5)

    def test_no_version_no_price(self):
        self.management_rate.date_start = date(2026, 3, 1)
        self.assertIsNone(self._price_on(date(2026, 2, 28)))

    def test_other_company_is_refused(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        other = self._create_community("Hillside", "HILL", company_id=company.id)
        with self.assertRaises(UserError):
            self._create_rate(self.management, price=3, community_id=other.id)

    def test_billed_version_is_frozen(self):
        self._assign(self.home)
        self._run()
        for values in (
            {"price": 2.6},
            {"basis": "fixed"},
            {"rounding": "yuan"},
            {"community_id": self.community.id},
            {"date_start": date(2026, 1, 1)},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self.management_rate.write(values)
        with self.assertRaises(UserError):
            self.management_rate.unlink()
        self.management_rate.write({"price": 2.5, "date_end": date(2026, 12, 31)})
        self.garbage_rate.price = 9

    def test_negative_price_is_refused(self):
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.garbage_rate.price = -1
            self.env.flush_all()
