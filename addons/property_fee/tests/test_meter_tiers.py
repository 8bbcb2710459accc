from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .meter_common import MeterCase


@tagged("post_install", "-at_install")
class TestMeterTiers(MeterCase):
    """Tiers over the year go on where the reading before left them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.water_rate.write(
            {
                "basis": "meter",
                "tier_period": "year",
                "tier_ids": [
                    Command.create({"up_to": 30, "price": 2.0}),
                    Command.create({"up_to": 0, "price": 3.0}),
                ],
            }
        )
        cls._assign(cls.homes[:2], cls.water)
        cls.meter.initial_date = date(2025, 11, 30)

    def _amount(self, day, value):
        self._read(self.meter, day, value)
        month = day.replace(day=1)
        self._run(month)
        return self._metered(self.home, month)

    def test_bands_of_the_year(self):
        last_year = self._amount(date(2025, 12, 25), 1020)
        self.assertEqual(last_year.amount, 40)
        first = self._amount(date(2026, 1, 25), 1040)
        self.assertEqual(first.amount, 40, "a new year begins with the first tier")
        second = self._amount(date(2026, 2, 25), 1060)
        self.assertEqual(second.amount, 10 * 2 + 10 * 3)
        self.assertEqual(second.explanation["already"], "20.00")
        self.assertIn("1060 - 1040", second.explanation_text)
        third = self._amount(date(2026, 3, 25), 1070)
        self.assertEqual(third.amount, 30)
        self.assertFalse((first + second + third)._get_wrong_amounts())

    def test_two_readings_of_one_run(self):
        """Read on moving out and again: the second begins where the first ended."""
        self._read(self.meter, date(2026, 1, 10), 1025, kind="closing")
        self._read(self.meter, date(2026, 1, 25), 1040)
        self._run(date(2026, 1, 1))
        charges = self._metered(self.home, date(2026, 1, 1))
        self.assertEqual(charges.mapped("amount"), [50, 10 + 30])

    def test_months_of_a_monthly_tariff(self):
        self.water_rate.tier_period = "month"
        self.meter.initial_date = date(2026, 6, 30)
        charge = self._amount(date(2026, 8, 30), 1070)
        self.assertEqual(charge.explanation["tier_months"], "2")
        self.assertEqual(charge.amount, 60 * 2 + 10 * 3)
