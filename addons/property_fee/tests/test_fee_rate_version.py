from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import OCTOBER, START, PropertyFeeCase


@tagged("post_install", "-at_install")
class TestFeeRateVersion(PropertyFeeCase):
    def _version(self, rates, day=OCTOBER, user="accountant", **values):
        wizard = (
            self.env["property.fee.rate.version"]
            .with_user(self.users[user])
            .create({"rate_ids": rates.ids, "date_start": day, **values})
        )
        wizard.action_create_versions()
        return self.env["property.fee.rate"].search(
            [("item_id", "in", rates.item_id.ids), ("date_start", "=", day)]
        )

    def test_new_version_ends_the_old(self):
        new = self._version(self.management_rate, price=2.8)
        self.assertEqual(self.management_rate.date_end, date(2026, 9, 30))
        self.assertRecordValues(
            new, [{"price": 2.8, "date_start": OCTOBER, "date_end": False}]
        )

    def test_form(self):
        action = self.management_rate.action_new_version()
        form = Form(
            self.env["property.fee.rate.version"]
            .with_user(self.users["accountant"])
            .with_context(**action["context"])
        )
        form.date_start = OCTOBER
        self.assertEqual(form.price, 2.5)
        form.percent = 10
        self.assertEqual(form.price, 2.75)
        form.save().action_create_versions()
        self.assertEqual(self.management.rate_ids.mapped("price"), [2.75, 2.5])

    def test_many_at_once_by_percent(self):
        tiered = self._create_rate(
            self.garbage,
            unit_type="home",
            basis="count",
            minimum=5,
            tier_ids=[
                Command.create({"up_to": 1, "price": 10}),
                Command.create({"price": 20}),
            ],
        )
        new = self._version(tiered + self.management_rate, percent=5)
        self.assertEqual(sorted(new.mapped("price")), [0, 2.625])
        self.assertEqual(new.tier_ids.mapped("price"), [10.5, 21])
        self.assertEqual(tiered.tier_ids.mapped("price"), [10, 20])
        self.assertEqual(max(new.mapped("minimum")), 5.25)

    def test_limited_version_stays_limited(self):
        self.management_rate.date_end = date(2026, 12, 31)
        new = self._version(self.management_rate, price=3)
        self.assertEqual(new.date_end, date(2026, 12, 31))

    def test_not_in_force_the_day_before(self):
        with self.assertRaisesRegex(UserError, "not in force on the day before"):
            self._version(self.management_rate, START)
        self.management_rate.date_end = date(2026, 8, 31)
        with self.assertRaisesRegex(UserError, "not in force on the day before"):
            self._version(self.management_rate)

    def test_billed_days_stay_billed(self):
        self.management_rate.cycle = "quarter"
        self._assign(self.home)
        self._run()
        wizard = self.env["property.fee.rate.version"].create(
            {"rate_ids": self.management_rate.ids, "date_start": date(2026, 12, 1)}
        )
        self.assertEqual(wizard.charged_count, 1)
        wizard.price = 9
        wizard.action_create_versions()
        self._run(date(2026, 12, 1))
        self.assertEqual(self._charges(self.home).mapped("amount"), [671.25])

    def test_ended_version_is_frozen(self):
        self.management_rate.date_end = date(2026, 9, 30)
        self.assertTrue(self.management_rate.is_closed)
        with self.assertRaisesRegex(UserError, "ended on 2026-09-30"):
            self.management_rate.price = 3
        self.management_rate.unlink()

    def test_history_may_be_entered(self):
        rate = self._create_rate(
            self.management,
            unit_type="home",
            date_end=date(2025, 12, 31),
            tier_ids=[Command.create({"price": 2})],
        )
        self.assertTrue(rate.is_closed)
        with self.assertRaises(UserError):
            rate.tier_ids.price = 3

    def test_cashier_may_not(self):
        with self.assertRaises(AccessError):
            self._version(self.management_rate, user="cashier")
