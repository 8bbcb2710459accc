from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import OCTOBER, PropertyFeeCase


@tagged("post_install", "-at_install")
class TestFeeRun(PropertyFeeCase):
    def test_bill_is_an_ordinary_invoice(self):
        self._assign(self.home, self.management + self.garbage)
        run = self._run()
        self.assertRecordValues(
            self._bill(self.home),
            [
                {
                    "move_type": "out_invoice",
                    "state": "posted",
                    "payment_state": "not_paid",
                    "partner_id": self.owner.id,
                    "amount_total": 231.75,
                    "amount_residual": 231.75,
                    "invoice_date": OCTOBER,
                    "invoice_date_due": date(2026, 10, 16),
                    "payment_reference": f"LAKE {self.home.code} 2026-10",
                    "property_community_id": self.community.id,
                    "property_period": OCTOBER,
                    "property_run_id": run.id,
                }
            ],
        )
        lines = self._bill(self.home).invoice_line_ids
        self.assertEqual(lines.property_charge_id, self._charges(self.home))
        self.assertEqual(lines.mapped("price_unit"), [223.75, 8])
        self.assertEqual(lines.account_id, self.company_data["default_account_revenue"])
        for text in ("Management Fee 2026-10", "89.50", "223.75"):
            self.assertIn(text, lines[0].name)

    def test_result(self):
        self._assign(self.homes[:2])
        run = self._create_run(date(2026, 10, 17))
        self.assertEqual(run.period, OCTOBER)
        self.assertEqual(run.name, "2026-10 Lakeside")
        run.action_preview()
        self.assertRecordValues(
            run,
            [
                {
                    "state": "draft",
                    "line_count": 2,
                    "todo_count": 2,
                    "amount_expected": 447.5,
                    "amount_charged": 0,
                    "move_count": 0,
                }
            ],
        )
        run._process_all()
        self.assertRecordValues(
            run,
            [
                {
                    "state": "done",
                    "charged_count": 2,
                    "failed_count": 0,
                    "progress": 100,
                    "amount_charged": 447.5,
                    "move_count": 2,
                }
            ],
        )
        self.assertEqual(sum(run.move_ids.mapped("amount_total")), run.amount_charged)
        self.assertEqual(run.line_ids.move_id, run.move_ids)

    def test_ledger_agrees(self):
        homes = self._create_homes(30)
        self._assign(homes, self.management + self.garbage)
        run = self._run()
        charged = sum(run.move_ids.property_charge_ids.mapped("amount"))
        revenue = self.company_data["default_account_revenue"]
        balance = -sum(
            run.move_ids.line_ids.filtered(
                lambda line: line.account_id == revenue
            ).mapped("balance")
        )
        self.assertEqual(charged, 30 * 258)
        self.assertEqual(balance, charged)

    def test_again_bills_nothing_and_says_so(self):
        self._assign(self.homes[:2])
        self._run()
        again = self._run()
        self.assertEqual(again.state, "done")
        self.assertFalse(again.move_ids)
        self.assertRecordValues(
            again.line_ids,
            [{"status": "skipped", "reason": "Already billed."}] * 2,
        )

    def test_item_added_later_is_billed_alone(self):
        self._assign(self.home)
        self._run()
        self._assign(self.home, self.garbage)
        run = self._run()
        self.assertEqual(run.amount_charged, 8)
        self.assertEqual(len(self._bill(self.home)), 2)

    def test_separate_bill(self):
        self.garbage.separate_bill = True
        self._assign(self.home, self.management + self.garbage)
        self._run()
        bills = self._bill(self.home)
        self.assertEqual(sorted(bills.mapped("amount_total")), [8, 223.75])
        self.assertIn(
            f"LAKE {self.home.code} 2026-10 GB", bills.mapped("payment_reference")
        )

    def test_scope(self):
        self._assign(self.homes[:2], self.management + self.garbage)
        other = self._create_community("Hillside", "HILL")
        run = self._run(item_ids=self.garbage.ids)
        self.assertEqual(run.amount_charged, 16)
        self.assertFalse(self._run(community_ids=other.ids).line_ids)

    def test_archived_unit_and_item_are_left_out(self):
        self._assign(self.homes[:2])
        self._assign(self.home, self.garbage)
        self.neighbour_home.active = False
        self.garbage.active = False
        self.assertEqual(self._run().amount_charged, 223.75)

    def test_assignment_ended(self):
        self._assign(self.home, date_end=date(2026, 10, 10))
        self.assertEqual(self._run().amount_charged, 72.18)
        self.assertFalse(self._run(date(2026, 11, 1)).line_ids)

    # === RHYTHM === #

    def _billed(self, *months):
        return [self._run(date(2026, month, 1)).amount_charged for month in months]

    def test_quarter_in_advance(self):
        self.garbage_rate.cycle = "quarter"
        self._assign(self.home, self.garbage)
        self.assertEqual(self._billed(9, 10, 11, 12), [0, 24, 0, 0])
        self.assertEqual(self._charges(self.home).period_label, "2026-10 ~ 2026-12")

    def test_quarter_in_arrears(self):
        self.garbage_rate.write({"cycle": "quarter", "timing": "arrears"})
        self._assign(self.home, self.garbage)
        self.assertEqual(self._billed(9, 10, 11, 12), [24, 0, 0, 24])

    def test_joining_during_a_quarter(self):
        self.garbage_rate.cycle = "quarter"
        self._assign(self.home, self.garbage, start=date(2026, 11, 16))
        self.assertEqual(self._billed(10, 11, 12), [0, 12, 0])

    def test_from_quarters_to_months(self):
        self.garbage_rate.write({"cycle": "quarter", "date_end": date(2026, 11, 30)})
        self._create_rate(
            self.garbage, price=9, basis="fixed", date_start=date(2026, 12, 1)
        )
        self._assign(self.home, self.garbage)
        self.assertEqual(self._billed(10, 11, 12), [16, 0, 9])

    def test_one_off(self):
        item = self._create_item("CARD", "Access Card", kind="one_off")
        self._create_rate(item, price=25, basis="fixed")
        self._assign(self.home, item, start=date(2026, 10, 9))
        self.assertEqual(self._billed(9, 10, 11), [0, 25, 0])
        self.assertFalse(self._run().charged_count)

    def test_due_date(self):
        self.management_rate.due_days = 30
        self._assign(self.home, self.management + self.garbage)
        self._run()
        self.assertEqual(self._bill(self.home).invoice_date_due, date(2026, 10, 16))

    def test_payment_term(self):
        self.management_rate.payment_term_id = self.pay_terms_a
        self._assign(self.home, self.management + self.garbage)
        self._run()
        bill = self._bill(self.home)
        self.assertEqual(bill.invoice_payment_term_id, self.pay_terms_a)
        self.assertEqual(bill.invoice_date_due, OCTOBER)

    def test_taxes(self):
        self.management.product_id.taxes_id = self.tax_sale_a
        self._assign(self.home, self.management + self.garbage)
        run = self._run()
        bill = self._bill(self.home)
        self.assertEqual(bill.amount_untaxed, 231.75)
        self.assertEqual(
            bill.amount_tax, round(223.75 * self.tax_sale_a.amount / 100, 2)
        )
        self.assertEqual(run.amount_charged, 231.75)

    # === STATES === #

    def test_background(self):
        homes = self._create_homes(7)
        self._assign(homes)
        run = self._create_run()
        with (
            patch.object(self.registry["property.fee.run"], "_run_chunk", 3),
            self.enter_registry_test_mode(),
        ):
            run.with_user(self.users["accountant"]).action_start()
            self.assertEqual(run.state, "queued")
            self.env.ref("property_fee.ir_cron_fee_run").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.charged_count, 7)
        self.assertEqual(run.move_count, 7)

    def test_start_twice(self):
        self._assign(self.home)
        run = self._create_run()
        run.action_start()
        self.assertTrue(run.action_start())
        self.assertEqual(run.line_count, 1)

    def test_nothing_due(self):
        run = self._run()
        self.assertEqual(run.state, "done")
        self.assertFalse(run.line_ids)

    def test_started_run_is_fixed(self):
        self._assign(self.home)
        run = self._run()
        with self.assertRaises(UserError):
            run.period = date(2026, 11, 1)
        with self.assertRaises(UserError):
            run.unlink()
        with self.assertRaises(UserError):
            run.action_preview()
        self._create_run().unlink()

    def test_communities_are_needed(self):
        with self.assertRaises(ValidationError):
            self._create_run(community_ids=[])

    def test_actions(self):
        self._assign(self.home)
        run = self._run()
        moves = self.env["account.move"].search(run.action_view_moves()["domain"])
        self.assertEqual(moves, run.move_ids)
        lines = self.env["property.fee.run.line"].search(
            run.action_view_lines()["domain"]
        )
        self.assertEqual(lines, run.line_ids)
        moves = self.env["account.move"].search(lines.action_view_bills()["domain"])
        self.assertEqual(moves, run.move_ids)
