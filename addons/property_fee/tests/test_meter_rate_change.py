from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from odoo.fields import Command
from odoo.tests import BaseCase, tagged

from ..tools import amount, meter, period
from .meter_common import MeterCase
from .test_tools import ranges
from .test_tools_pricing import PRICES, ROUNDINGS, tariffs

SEP_25, OCT_25 = date(2026, 9, 25), date(2026, 10, 25)
QUANTITIES = st.decimals(0, 5000, places=2)


@tagged("post_install", "-at_install")
class TestMeterRateChange(MeterCase):
    """A reading whose days belong to two prices is divided by days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._assign(cls.homes[:2], cls.water)
        # 30 days: the last 5 of September, 25 of October.
        cls.meter.initial_date = SEP_25

    def _change(self, **values):
        self.water_rate.date_end = date(2026, 9, 30)
        return self._create_rate(
            self.water, **{"date_start": date(2026, 10, 1), "basis": "fixed", **values}
        )

    def _charge(self, value=1034):
        self._read(self.meter, OCT_25, value)
        self._run()
        charge = self._metered(self.home)
        self.assertFalse(charge._get_wrong_amounts())
        return charge

    def test_new_price(self):
        rate = self._change(price=3.5)
        charge = self._charge()
        self.assertRecordValues(
            charge,
            [
                {
                    "quantity": 34,
                    "amount": 115.6,
                    "rate_id": rate.id,
                    "unit_price": 3.3999,
                }
            ],
        )
        self.assertEqual(
            [part["quantity"] for part in charge.explanation["rate_parts"]],
            ["5.67", "28.33"],
        )
        text = charge.with_context(lang="en_US").explanation_text
        self.assertIn("09-26 to 09-30 5.67 x 2.90", text)
        self.assertIn("10-01 to 10-25 28.33 x 3.50", text)
        self.assertIn("(1034 - 1000) = 34", text)
        self.assertFalse(charge._has_fixed_price())

    def test_same_price_is_not_divided(self):
        rate = self._change(price=2.9)
        charge = self._charge()
        self.assertRecordValues(charge, [{"amount": 98.6, "rate_id": rate.id}])
        self.assertNotIn("rate_parts", charge.explanation)

    def test_tiers_go_on(self):
        """The days of the new tariff begin where those of the old one ended."""
        self.water_rate.write(self._tiers(4, 2, 3))
        self._change(**self._tiers(10, 3, 5))
        charge = self._charge(1030)
        old, new = charge.explanation["rate_parts"]
        self.assertEqual((old["quantity"], old["already"]), ("5.00", "0.00"))
        self.assertEqual((new["quantity"], new["already"]), ("25.00", "5.00"))
        self.assertEqual(charge.amount, 4 * 2 + 1 * 3 + 5 * 3 + 20 * 5)
        later = self._read(self.meter, date(2026, 11, 25), 1032)
        self._run(date(2026, 11, 1))
        self.assertEqual(later.charge_id.explanation["already"], "30.00")
        self.assertEqual(later.charge_id.amount, 10)

    def _tiers(self, limit, first, second):
        rows = [{"up_to": limit, "price": first}, {"up_to": 0, "price": second}]
        return {
            "basis": "meter",
            "tier_period": "year",
            "tier_ids": [Command.create(row) for row in rows],
        }

    def test_formula_counts_for_its_days(self):
        self._change(basis="formula", formula="10 + quantity")
        charge = self._charge(1030)
        self.assertEqual(charge.amount, round(5 * 2.9 + 40 * 25 / 30, 2))
        text = charge.with_context(lang="en_US").explanation_text
        self.assertIn("10 + quantity [quantity=30] x 25/30 days", text)

    def test_agreed_price_is_one_price(self):
        self._change(price=3.5)
        override = self.env["property.fee.override"].create(
            {
                "assignment_id": self.home.fee_assignment_ids.id,
                "date_start": date(2026, 10, 1),
                "price": 1.5,
                "reason": "Agreed",
            }
        )
        override.action_approval_submit()
        override.with_user(self.users["manager"]).action_approval_approve()
        self.assertEqual(self._charge().amount, 51)

    def test_days_without_a_rate(self):
        self._change(price=3.5)
        self.water_rate.date_end = date(2026, 9, 28)
        self._read(self.meter, OCT_25, 1034)
        row = self._run().line_ids.filtered(lambda line: line.unit_id == self.home)
        self.assertEqual(row.status, "failed")
        self.assertIn("2026-09-29", row.reason)


@tagged("post_install", "-at_install")
class TestDivideByDays(BaseCase):
    """Dividing what was measured loses nothing and costs nothing."""

    def _parts(self, quantity, span, cuts):
        days = {period.ONE_DAY * cut + span.start for cut in cuts}
        spans = period.cut_before(span, days)
        return spans, meter.divide_by_days(quantity, spans)

    @given(QUANTITIES, ranges(400), st.sets(st.integers(1, 400), max_size=4))
    def test_parts_add_up(self, quantity, span, cuts):
        spans, parts = self._parts(quantity, span, cuts)
        self.assertEqual(sum(parts), quantity)
        for part, days in zip(parts, spans, strict=True):
            exact = quantity * meter.days_of(days) / meter.days_of(span)
            self.assertLess(abs(part - exact), Decimal("0.01"))

    @given(
        *(QUANTITIES, QUANTITIES, PRICES, tariffs(), ROUNDINGS, st.integers(1, 3)),
        *(st.booleans(), ranges(400), st.sets(st.integers(1, 400), max_size=4)),
    )
    def test_equal_rates_cost_the_same(
        self, quantity, already, price, tariff, rounding, months, tiered, span, cuts
    ):
        whole = {"kind": "metered", "rounding": rounding, "price": price}
        whole["quantity"] = str(quantity)
        if tiered:
            whole.update(tiers=tariff, already=str(already), tier_months=str(months))
        split = {**whole, "rate_parts": []}
        spans, parts = self._parts(quantity, span, cuts)
        for days, part in zip(spans, parts, strict=True):
            own = {**whole, "quantity": str(part), "days": meter.days_of(days)}
            own["already"] = str(already)
            already += part
            split["rate_parts"].append(own)
        self.assertEqual(amount.amount_of(split), amount.amount_of(whole))
