from datetime import date, timedelta

import psycopg2
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OCTOBER
from .dunning_common import DUE, DunningCase


@tagged("post_install", "-at_install")
class TestDunning(DunningCase):
    """The story of a reminder: nothing on day 14, a notice on day 15, no second one."""

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
        letters = self._generate(45)
        self.assertEqual(letters.unit_id, self.neighbour_home)
        self.assertEqual(letters.level_id, self.second)

    def test_text_is_filled_in(self):
        letter = self._generate(15)[0]
        self.assertEqual(letter.text, "<p>张三 owes 223.75 for 1-1-101 (2026-10).</p>")

    def test_a_name_cannot_carry_markup(self):
        self.owner.name = "<b>A</b> & {unit}"
        letter = self._generate(15)[0]
        self.assertIn("&lt;b&gt;A&lt;/b&gt; &amp; {unit} owes", letter.text)

    def test_paid_is_not_reminded(self):
        self._register_payment(self._bill(self.home))
        self.assertEqual(self._generate(20).unit_id, self.neighbour_home)

    def test_part_paid_is_reminded_of_the_rest(self):
        self._register_payment(self._bill(self.home), amount=200)
        letter = self._generate(20)[0]
        self.assertEqual(letter.amount, 23.75)
        self.assertEqual(letter.line_ids.amount_billed, 223.75)

    def test_money_that_waits_for_a_bill_counts(self):
        """Who has paid in advance is not reminded of what that covers."""
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.owner.id,
                "amount": 220,
                "payment_type": "inbound",
                "partner_type": "customer",
                "property_unit_id": self.home.id,
                "date": DUE,
            }
        )
        payment.action_post()
        self.assertEqual(self._generate(20).unit_id, self.neighbour_home)

    def test_small_amount_is_left_alone(self):
        self._register_payment(self._bill(self.home), amount=220)
        self.assertEqual(self._generate(20).unit_id, self.neighbour_home)

    def test_credit_note_counts(self):
        refund = self._bill(self.home)._reverse_moves([{"invoice_date": OCTOBER}])
        refund.action_post()
        self.assertEqual(self._generate(20).unit_id, self.neighbour_home)

    def test_never_skips_a_level(self):
        letters = self._generate(100)
        self.assertEqual(letters.level_id, self.level)
        self.assertEqual(self._generate(101).level_id, self.second)

    def test_may_skip_levels(self):
        self.policy.step_by_step = False
        self.assertEqual(self._generate(100).level_id, self.second)

    def test_months_are_enough(self):
        self.second.months_owed = 2
        self._generate(15)
        self._run(date(2026, 11, 1))  # due on the 16th
        self.assertEqual(self._generate(32).level_id, self.second)

    def test_community_has_its_own_policy(self):
        policy = self.env["property.dunning.policy"].create(
            {"name": "Here", "community_ids": self.community.ids, "quiet_days": False}
        )
        own = self.level.copy({"policy_id": policy.id, "days_overdue": 20})
        self.assertFalse(self._generate(19))
        self.assertEqual(self._generate(20).level_id, own)
        with self.assertRaises(ValidationError):
            policy.copy({"community_ids": self.community.ids})
        with self.assertRaises(ValidationError):
            self.policy.copy()

    def test_never_twice_in_the_database(self):
        letter = self._generate(15)[0]
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            letter.sudo().copy({"date": letter.date + timedelta(days=29)})
        letter.action_cancel()
        self.assertEqual(self._generate(15).unit_id, self.home)

    def test_cancelled_puts_the_case_back(self):
        letter = self._generate(15)[0]
        self.assertEqual(self._case().level_id, self.level)
        letter.action_cancel()
        self.assertFalse(self._case().level_id)

    def test_print_refreshes_drafts(self):
        letters = self._generate(15)
        self._register_payment(self._bill(self.home))
        self._register_payment(self._bill(self.neighbour_home), amount=100)
        self.env.invalidate_all()
        action = letters.with_user(self.users["frontdesk"]).action_print()
        self.assertEqual(letters.mapped("state"), ["cancelled", "printed"])
        self.assertEqual(letters[1].amount, 123.75)
        self.assertIn("owes 123.75", letters[1].text)
        self.assertEqual(action["report_name"], "property_fee.report_dunning_letter")
        with self.assertRaises(UserError):
            letters[0].action_print()

    def test_delivered_letter_stays(self):
        letter = self._generate(15)[0]
        letter.with_user(self.users["frontdesk"]).action_deliver()
        self.assertEqual(letter.state, "sent")
        self.assertEqual(letter.delivered_by_id, self.users["frontdesk"])
        self.assertEqual(letter.delivery_way, "person")
        with self.assertRaises(UserError):
            letter.action_cancel()
        with self.assertRaises(UserError):
            letter.sudo().unlink()

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
        self.assertTrue(self._case(partner=self.tenant))
        self.assertNotEqual(self._case(partner=self.tenant), self._case())

    def test_spared(self):
        exemption = self.env["property.dunning.exemption"].create(
            {
                "unit_id": self.home.id,
                "kind": "hardship",
                "reason": "Subsistence allowance",
                "date_from": DUE,
                "date_to": DUE + timedelta(days=30),
            }
        )
        self.assertEqual(self._generate(15).unit_id, self.neighbour_home)
        self.policy.spare_hardship = False
        self.assertEqual(self._generate(16).unit_id, self.home)
        self.assertEqual(exemption.community_id, self.community)


@tagged("post_install", "-at_install")
class TestDunningLevel(DunningCase):
    """Article 944: what may not be cut is no level, and no text threatens it."""

    def test_no_channel_cuts_anything(self):
        channels = dict(self.level._fields["channel"].selection)
        self.assertEqual(
            set(channels),
            {"sms", "email", "phone", "visit", "notice", "letter", "lawyer", "suit"},
        )
        with self.assertRaises(ValueError):
            self.level.channel = "cut_water"

    def test_no_text_threatens(self):
        for field, text in (
            ("name", "停水停电"),
            ("subject", "停电通知"),
            ("text", "<p>逾期将<b>停止</b>供水</p>"),
            ("short_text", "We will cut off your electricity."),
        ):
            with self.subTest(field), self.assertRaises(ValidationError):
                self.level[field] = text
        # Nor in another language.
        self.env["res.lang"]._activate_lang("zh_CN")
        with self.assertRaises(ValidationError):
            self.level.with_context(lang="zh_CN").name = "限制门禁"

    def test_unknown_names(self):
        with self.assertRaises(ValidationError) as caught:
            self.level.text = "<p>{amuont} is open</p>"
        self.assertIn("{amuont}", str(caught.exception))

    def test_a_call_is_a_task(self):
        with self.assertRaises(ValidationError):
            self._create_level("Call", 30, channel="phone", mode="auto")
        self.assertEqual(self._create_level("Call", 30, channel="phone").mode, "task")

    def test_standard_policy_is_lawful(self):
        policy = self.env.ref("property_fee.property_dunning_policy_standard")
        levels = policy.with_context(active_test=False).level_ids
        self.assertEqual(len(levels), 7)
        for lang in ("en_US", "zh_CN"):
            levels.with_context(lang=lang)._check_texts()
