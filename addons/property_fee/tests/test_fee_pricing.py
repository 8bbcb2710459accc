from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import OCTOBER, START, PropertyFeeCase

NOVEMBER = date(2026, 11, 1)


@tagged("post_install", "-at_install")
class TestFeePricing(PropertyFeeCase):
    """What a month's run makes of start rules, vacancy, minimum, taxes and payers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Pays for what has no owner.
        cls.community.developer_id = cls.neighbour

    def _days(self, unit=None):
        return [
            (charge.date_from.day, charge.date_to.day, charge.amount)
            for charge in self._charges(unit or self.home)
        ]

    # === START RULES === #

    def test_from_handover(self):
        self.management_rate.start_rule = "handover"
        self.homes[0].handover_date = date(2026, 10, 20)
        self.homes[1].handover_date = False
        self.homes[2].handover_date = date(2026, 11, 5)
        self._assign(self.homes[:4])
        self._run()
        self.assertEqual(self._days(), [(20, 31, 86.61)])
        self.assertFalse(self._charges(self.homes[1]) + self._charges(self.homes[2]))
        self.assertEqual(self._days(self.homes[3]), [(1, 31, 223.75)])

    def test_from_first_sale(self):
        self.management_rate.start_rule = "sale"
        self.home.occupancy_ids.date_start = date(2026, 10, 20)
        self._occupy(self.homes[2], self.tenant, role="tenant", start=START)
        self._assign(self.homes[:3])
        self._run()
        self.assertEqual(self._days(), [(20, 31, 86.61)])
        self.assertEqual(self._days(self.homes[1]), [(1, 31, 223.75)])
        self.assertFalse(self._charges(self.homes[2]))

    def test_from_the_end_of_renovation(self):
        self.management_rate.start_rule = "renovation"
        self.home.write(
            {"renovation_start": date(2026, 9, 1), "renovation_end": date(2026, 10, 19)}
        )
        self._assign(self.homes[:2])
        self._run()
        self.assertEqual(self._days(), [(20, 31, 86.61)])
        self.assertFalse(self._charges(self.homes[1]))

    def test_quarter_begins_with_handover(self):
        """Whoever takes over in November is billed in November for the rest of the quarter."""
        self.management_rate.write({"start_rule": "handover", "cycle": "quarter"})
        self.home.handover_date = date(2026, 11, 16)
        self._assign(self.home)
        self._run()
        self.assertFalse(self._charges(self.home))
        self._run(NOVEMBER)
        charge = self._charges(self.home)
        self.assertEqual(charge.date_from, date(2026, 11, 16))
        self.assertEqual(charge.amount, 335.63)

    def test_one_off_from_handover(self):
        card = self._create_item("CARD", "Access Card", kind="one_off")
        self._create_rate(card, basis="fixed", price=20, start_rule="handover")
        self.home.handover_date = date(2026, 10, 20)
        assignment = self._assign(self.home, card)
        self._run()
        self.assertEqual(self._days(), [(20, 20, 20)])
        # Moved to another day, it is still billed once.
        self.home.handover_date = date(2026, 11, 3)
        assignment.date_start = date(2026, 2, 1)
        self._run(NOVEMBER)
        self.assertEqual(self._days(), [(20, 20, 20)])

    # === VACANCY === #

    def test_vacant_days_cost_less(self):
        self.management_rate.vacancy_percent = 70
        self._assign(self.home)
        self._occupy(
            self.home,
            self.tenant,
            role="tenant",
            start=date(2026, 10, 11),
            date_end="2026-10-20",
        )
        self._run()
        # 223.75 x (10 + 11)/31 x 0.7 + 223.75 x 10/31, in three parts that add up
        self.assertEqual(
            self._days(), [(1, 10, 50.52), (11, 20, 72.18), (21, 31, 55.58)]
        )
        charges = self._charges(self.home).with_context(lang="en_US")
        self.assertEqual(
            charges[0].explanation_text,
            "89.50 m² x 2.50 per m² and month x 10/31 days x 70% (vacant) = 50.52",
        )
        self.assertFalse(charges._get_wrong_amounts())

    def test_residents_renovation_and_builder_pay_in_full(self):
        self.management_rate.vacancy_percent = 70
        lived, renovated, undelivered, vacant = self.homes[:4]
        lived.occupancy_ids.is_resident = True
        renovated.renovation_start = date(2026, 9, 1)
        undelivered.handover_date = False
        self._assign(self.homes[:4])
        self._run()
        for unit in (lived, renovated, undelivered):
            self.assertEqual(self._days(unit), [(1, 31, 223.75)])
        self.assertEqual(self._days(vacant), [(1, 31, 156.63)])

    def test_free_while_vacant(self):
        self.management_rate.vacancy_percent = 0
        self._assign(self.home)
        run = self._run()
        self.assertFalse(self._charges(self.home))
        self.assertEqual(run.line_ids.mapped("reason"), [])

    # === MINIMUM, ROUNDING === #

    def test_minimum(self):
        self.management_rate.minimum = 310
        self._assign(self.home, start=date(2026, 10, 11))
        self._run()
        charge = self._charges(self.home)
        self.assertEqual(charge.amount, 210)
        self.assertTrue(charge.explanation["is_minimum"])
        self.assertFalse(charge._get_wrong_amounts())

    def test_parts_of_a_month_add_up(self):
        """Three owners and two equal prices cost what the month costs."""
        self.management_rate.date_end = date(2026, 10, 6)
        self._create_rate(self.management, price=2.5, date_start=date(2026, 10, 7))
        self.home.gross_area = 77.77
        first = self.home.occupancy_ids
        for day in range(8, 31, 2):
            with self.subTest(day), self.cr.savepoint() as savepoint:
                first.date_end = date(2026, 10, day - 1)
                self._occupy(
                    self.home,
                    self.tenant,
                    start=date(2026, 10, day),
                    date_end=date(2026, 10, day),
                )
                self._occupy(self.home, self.neighbour, start=date(2026, 10, day + 1))
                self._assign(self.home)
                self._run()
                charges = self._charges(self.home)
                self.assertEqual(len(charges), 4)
                self.assertEqual(round(sum(charges.mapped("amount")), 2), 194.43)
                self.assertFalse(charges._get_wrong_amounts())
                savepoint.close(rollback=True)

    def test_leap_year(self):
        self._create_rate(self.garbage, unit_type="home", price=2.9)
        self._assign(self.home, self.garbage, start=date(2028, 2, 29))
        self._run(date(2028, 2, 1))
        self.assertEqual(self._days(), [(29, 29, 8.95)])

    # === PAYERS AND TAXES === #

    def test_archived_payer(self):
        self._assign(self.homes[:2])
        self._assign(
            self.homes[:1],
            self.garbage,
            payer_rule="partner",
            partner_id=self.tenant.id,
        )
        self.tenant.active = False
        run = self._run()
        failed = run.line_ids.filtered(lambda line: line.status == "failed")
        self.assertEqual(failed.unit_id, self.home)
        self.assertRegex(failed.reason, "王五, who pays Garbage Fee, is archived")
        self.tenant.active = True
        self.portal_user.active = False
        self.owner.active = False
        run.action_retry_failed()
        run._process_all()
        self.assertRegex(failed.reason, "张三, who pays Management Fee, is archived")

    def test_zero_area(self):
        self.home.write({"gross_area": 0, "inner_area": 0})
        self._assign(self.homes[:2])
        run = self._run()
        failed = run.line_ids.filtered(lambda line: line.status == "failed")
        self.assertEqual(
            failed.reason,
            "Management Fee is charged by Gross Area, which the unit does not have. Enter"
            " it on the unit, or end the assignment.",
        )

    def _tax(self, included):
        return self.env["account.tax"].create(
            {
                "name": f"6% {included}",
                "amount": 6,
                "type_tax_use": "sale",
                "price_include_override": included,
            }
        )

    def test_tax_in_the_price(self):
        item = self.management.with_user(self.users["accountant"])
        item.tax_ids = self._tax("tax_included")
        self._assign(self.home)
        self._run()
        bill = self._bill(self.home)
        self.assertEqual((bill.amount_total, bill.amount_untaxed), (223.75, 211.08))
        self.assertEqual(self._charges(self.home).amount, 223.75)

    def test_tax_on_top(self):
        self.management.tax_ids = self._tax("tax_excluded")
        self._assign(self.home, self.management + self.garbage)
        self._run()
        bill = self._bill(self.home)
        self.assertEqual((bill.amount_total, bill.amount_untaxed), (245.18, 231.75))
        self.assertEqual(sum(self._charges(self.home).mapped("amount")), 231.75)

    def test_proof_finds_a_changed_amount(self):
        self._assign(self.home)
        self._run()
        charge = self._charges(self.home)
        self.assertTrue(charge.action_prove())
        charge.sudo().amount = 1
        with self.assertRaises(UserError):
            charge.action_prove()
        self.assertEqual(charge._recompute_amount(), charge._recompute_amount())
        self.assertEqual(charge.period, OCTOBER)
