from datetime import date, timedelta

import psycopg2
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OCTOBER, PropertyFeeCase

DUE = date(2026, 10, 16)


@tagged("post_install", "-at_install")
class TestDunning(PropertyFeeCase):
    """The story of a reminder: nothing on day 14, a letter on day 15, no second one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["property.dunning.level"].search([]).active = False
        cls.level = cls.env["property.dunning.level"].create(
            {
                "name": "First Reminder",
                "days_overdue": 15,
                "interval_days": 30,
                "min_amount": 10,
            }
        )
        cls._assign(cls.homes[:2])
        cls._run()

    def _generate(self, days, user="accountant"):
        return (
            self.env["property.dunning.letter"]
            .with_user(self.users[user])
            ._generate(DUE + timedelta(days=days), self.community)
        )

    def test_story(self):
        self.assertFalse(self._generate(14))
        letters = self._generate(15)
        self.assertRecordValues(
            letters,
            [
                {
                    "unit_id": home.id,
                    "partner_id": partner.id,
                    "level_id": self.level.id,
                    "amount": 223.75,
                    "amount_open": 223.75,
                    "state": "draft",
                    "date_next": DUE + timedelta(days=45),
                }
                for home, partner in (
                    (self.home, self.owner),
                    (self.neighbour_home, self.neighbour),
                )
            ],
        )
        self.assertFalse(self._generate(15))
        self.assertFalse(self._generate(44))
        self._register_payment(self._bill(self.home))
        self.assertEqual(self._generate(45).unit_id, self.neighbour_home)

    def test_paid_is_not_reminded(self):
        self._register_payment(self._bill(self.home))
        self.assertEqual(self._generate(20).unit_id, self.neighbour_home)

    def test_part_paid_is_reminded_of_the_rest(self):
        self._register_payment(self._bill(self.home), amount=200)
        letter = self._generate(20)[0]
        self.assertEqual(letter.amount, 23.75)
        self.assertEqual(letter.line_ids.amount_billed, 223.75)

    def test_small_amount_is_left_alone(self):
        self._register_payment(self._bill(self.home), amount=220)
        self.assertEqual(self._generate(20).unit_id, self.neighbour_home)

    def test_credit_note_counts(self):
        refund = self._bill(self.home)._reverse_moves([{"invoice_date": OCTOBER}])
        refund.action_post()
        self.assertEqual(self._generate(20).unit_id, self.neighbour_home)

    def test_levels(self):
        second = self.level.copy({"name": "Second", "days_overdue": 40})
        elsewhere = self._create_community("Hillside", "HILL")
        self.level.copy({"days_overdue": 39, "community_id": elsewhere.id})
        self.assertEqual(self._generate(39).level_id, self.level)
        self.assertEqual(self._generate(40).level_id, second)

    def test_never_twice_in_the_database(self):
        letter = self._generate(15)[0]
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            letter.copy({"date": letter.date + timedelta(days=29)})
        letter.action_cancel()
        self.assertEqual(self._generate(15).unit_id, self.home)

    def test_print_refreshes_drafts(self):
        letters = self._generate(15)
        self._register_payment(self._bill(self.home))
        self._register_payment(self._bill(self.neighbour_home), amount=100)
        self.env.invalidate_all()
        action = letters.with_user(self.users["frontdesk"]).action_print()
        self.assertEqual(letters.mapped("state"), ["cancelled", "printed"])
        self.assertEqual(letters[1].amount, 123.75)
        self.assertEqual(action["report_name"], "property_fee.report_dunning_letter")
        with self.assertRaises(UserError):
            letters[0].action_print()

    def test_delivered_letter_stays(self):
        letter = self._generate(15)[0]
        letter.action_deliver()
        self.assertEqual(letter.state, "sent")
        with self.assertRaises(UserError):
            letter.action_cancel()
        with self.assertRaises(UserError):
            letter.sudo().unlink()

    def test_wizard(self):
        wizard = (
            self.env["property.dunning.find"]
            .with_user(self.users["cashier"])
            .create({"date": date(2026, 11, 23), "community_ids": self.community.ids})
        )
        self.assertEqual(wizard.household_count, 2)
        self.assertEqual(wizard.amount, 447.5)
        action = wizard.action_find()
        self.assertEqual(
            len(self.env["property.dunning.letter"].search(action["domain"])), 2
        )
        with self.assertRaises(UserError):
            wizard.action_find()

    def test_buyer_is_not_reminded_of_the_seller_s_debt(self):
        self.home.occupancy_ids.date_end = date(2026, 10, 31)
        self._occupy(self.home, self.tenant, start=date(2026, 11, 1))
        self._run(date(2026, 11, 1))
        letters = self._generate(60)
        ours = letters.filtered(lambda letter: letter.unit_id == self.home)
        self.assertEqual(
            {letter.partner_id: letter.amount for letter in ours},
            {self.owner: 223.75, self.tenant: 223.75},
        )
