from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import OCTOBER, PropertyFeeCase

TIERS = ((0, 50, 2.0), (50, 80, 3.0), (80, 0, 4.0))


@tagged("post_install", "-at_install")
class TestFeeRateTier(PropertyFeeCase):
    def _create_tiered(self, tiers=TIERS, **values):
        names = ("quantity_from", "up_to", "price")
        return self._create_rate(
            self.management,
            date_start=OCTOBER,
            community_id=self.community.id,
            tier_ids=[
                Command.create(dict(zip(names, row, strict=True))) for row in tiers
            ],
            **values,
        )

    def test_tiers_are_charged(self):
        rate = self._create_tiered()
        self._assign(self.home, start=date(2026, 10, 20))
        self._run()
        charge = self._charges(self.home)
        # (50 x 2 + 30 x 3 + 9.5 x 4) x 12/31
        self.assertEqual(charge.amount, 88.26)
        self.assertEqual(charge.rate_id, rate)
        self.assertEqual(str(charge._recompute_amount()), "88.26")
        self.assertFalse(charge._get_wrong_amounts())

    def test_start_follows_on(self):
        rate = self._create_rate(
            self.garbage,
            date_start=OCTOBER,
            community_id=self.community.id,
            basis="meter",
            tier_ids=[
                Command.create({"up_to": 180, "price": 3.45}),
                Command.create({"up_to": 260, "price": 4.83}),
                Command.create({"price": 6.21}),
            ],
        )
        self.assertEqual(rate.tier_ids.mapped("quantity_from"), [0, 180, 260])

    def test_bad_tariffs(self):
        for tiers, text in (
            ([(0, 50, 2), (60, 0, 3)], "Tier 2 of .* gap .* begin at 50"),
            ([(0, 50, 2), (40, 0, 3)], "Tier 2 of .* overlaps .* begin at 50"),
            ([(10, 0, 2)], "Tier 1 of .* begin at 0"),
            ([(0, 50, 2)], "Tier 1 of .* without an end"),
            ([(0, 0, 2), (0, 0, 2)], "Tier 1 of .* only the last"),
        ):
            with self.subTest(text), self.cr.savepoint() as savepoint:
                with self.assertRaisesRegex(ValidationError, text):
                    self._create_tiered(tiers)
                savepoint.close(rollback=True)

    def test_tier_changed_alone(self):
        rate = self._create_tiered()
        with self.assertRaises(ValidationError):
            rate.tier_ids[1].up_to = 90
        rate.write(
            {
                "tier_ids": [
                    Command.update(rate.tier_ids[1].id, {"up_to": 90}),
                    Command.update(rate.tier_ids[2].id, {"quantity_from": 90}),
                ]
            }
        )
        with self.assertRaises(ValidationError):
            rate.tier_ids[2].unlink()
            rate._check_tariff()

    def test_tiers_need_a_quantity(self):
        with self.assertRaisesRegex(ValidationError, "Tiers need a quantity"):
            self._create_tiered(basis="fixed")

    def test_billed_tiers_are_frozen(self):
        rate = self._create_tiered()
        self._assign(self.home)
        self._run()
        for change in (
            lambda: rate.tier_ids[0].write({"price": 1}),
            lambda: rate.tier_ids[2].unlink(),
            lambda: rate.write({"tier_ids": [Command.clear()]}),
            lambda: rate.tier_ids.create({"rate_id": rate.id, "price": 1}),
        ):
            with self.assertRaises(UserError):
                change()

    def test_form(self):
        accountant = self.users["accountant"]
        with Form(self.env["property.fee.rate"].with_user(accountant)) as form:
            form.item_id = self.management
            form.community_id = self.community
            form.date_start = OCTOBER
            with form.tier_ids.new() as tier:
                tier.up_to = 50
                tier.price = 2
            with form.tier_ids.new() as tier:
                tier.price = 3
        self.assertEqual(form.record.tier_ids.mapped("quantity_from"), [0, 50])
        self.assertIn("(0-50 m² x 2.00", form.record.example)
