from datetime import date

from odoo.tests import tagged

from .common import START, PropertyFeeCase


@tagged("post_install", "-at_install")
class TestFeeTransfer(PropertyFeeCase):
    """What a unit pays follows its owners."""

    def _transfer(self, day):
        buyer = self.env["res.partner"].create({"name": "赵六"})
        self.home.with_user(self.users["frontdesk"])._transfer(
            day,
            "sale",
            [{"partner_id": buyer.id, "share": 100, "is_resident": True}],
        )
        return buyer

    def test_every_day_of_a_month(self):
        for day in range(2, 32):
            with self.subTest(day), self.cr.savepoint() as savepoint:
                self._assign(self.home, self.management + self.garbage)
                buyer = self._transfer(date(2026, 10, day))
                self._run()
                charges = self._charges(self.home)
                self.assertEqual(round(sum(charges.mapped("amount")), 2), 231.75)
                for charge in charges:
                    payer = buyer if charge.date_from.day >= day else self.owner
                    self.assertEqual(charge.partner_id, payer)
                bills = self._bill(self.home)
                self.assertEqual(bills.partner_id, self.owner | buyer)
                savepoint.close(rollback=True)

    def test_named_payer_who_sold_stops(self):
        named = self._assign(
            self.home,
            payer_rule="partner",
            partner_id=self.owner.id,
            date_end="2027-12-31",
        )
        other = self._assign(
            self.home, self.garbage, payer_rule="partner", partner_id=self.tenant.id
        )
        buyer = self._transfer(date(2026, 10, 16))
        self.assertEqual(named.date_end, date(2026, 10, 15))
        following = self.home.fee_assignment_ids - named - other
        self.assertRecordValues(
            following,
            [
                {
                    "date_start": date(2026, 10, 16),
                    "date_end": date(2027, 12, 31),
                    "payer_rule": "owner",
                    "item_id": self.management.id,
                }
            ],
        )
        self.assertFalse(other.date_end)
        self._run()
        charges = self._charges(self.home).filtered(
            lambda charge: charge.item_id == self.management
        )
        self.assertEqual(charges.partner_id, self.owner | buyer)
        self.assertIn("no longer by", self.home.message_ids[0].body)

    def test_days_billed_to_the_seller_stay_his(self):
        named = self._assign(self.home, payer_rule="partner", partner_id=self.owner.id)
        self._run()
        self._transfer(date(2026, 10, 16))
        self.assertEqual(named.date_end, date(2026, 10, 31))
        following = self.home.fee_assignment_ids - named
        self.assertEqual(following.date_start, date(2026, 11, 1))
        self._run()
        self.assertEqual(self._charges(self.home).partner_id, self.owner)

    def test_named_payer_who_did_not_begin(self):
        named = self._assign(
            self.home,
            payer_rule="partner",
            partner_id=self.owner.id,
            start=date(2026, 12, 1),
        )
        self._transfer(date(2026, 10, 16))
        self.assertRecordValues(
            named,
            [
                {
                    "payer_rule": "owner",
                    "date_start": date(2026, 12, 1),
                    "date_end": False,
                }
            ],
        )

    def test_open_items(self):
        self._assign(self.home)
        unit = self.home.with_user(self.users["frontdesk"])
        models = [item["model"] for item in unit._transfer_open_items(START)]
        self.assertNotIn("account.move", models)
        self._run()
        for role, may_open in (("frontdesk", False), ("manager", True)):
            unit = self.home.with_user(self.users[role])
            (item,) = [
                item
                for item in unit._transfer_open_items(date(2026, 10, 16))
                if item["model"] == "account.move"
            ]
            self.assertEqual(item["count"], 1)
            self.assertIn("223.75", item["label"])
            self.assertFalse(item["blocking"])
            self.assertEqual(bool(item["action"]), may_open)
