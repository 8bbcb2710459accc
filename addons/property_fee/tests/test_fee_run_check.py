from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import OCTOBER, PropertyFeeCase

NOVEMBER = date(2026, 11, 1)


@tagged("post_install", "-at_install")
class TestFeeRunCheck(PropertyFeeCase):
    """Before a run is billed: what stands out, who approves it; afterwards: taking it back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.more = cls._create_homes(4)

    def _preview(self, period=NOVEMBER, **values):
        run = self._create_run(period, **values)
        run.action_preview()
        return run

    def _spikes(self, run):
        return {(spike.unit_id, spike.item_id): spike.kind for spike in run.spike_ids}

    # === COMPARISON === #

    def test_totals(self):
        self._assign(self.more, self.management + self.garbage)
        self._run()
        self._assign(self.home)
        run = self._preview()
        self.assertRecordValues(
            run.total_ids.sorted("item_id"),
            [
                {
                    "item_id": self.management.id,
                    "unit_count_before": 4,
                    "amount_before": 1000,
                    "unit_count": 5,
                    "amount": 1223.75,
                    "difference": 223.75,
                    "difference_percent": 22.4,
                },
                {
                    "item_id": self.garbage.id,
                    "unit_count_before": 4,
                    "amount_before": 32,
                    "unit_count": 4,
                    "amount": 32,
                    "difference": 0,
                    "difference_percent": 0,
                },
            ],
        )
        self.assertEqual(run.amount_previous, 1032)
        self.assertEqual(run.amount_expected, 1255.75)
        self.assertAlmostEqual(run.change_percent, 21.7, places=1)
        line = run.line_ids.filtered(lambda line: line.unit_id == self.more[0])
        self.assertEqual((line.amount_previous, line.amount_expected), (258, 258))

    def test_flags(self):
        self._assign(self.more[:3], self.management + self.garbage)
        self._run()
        area, gone, dearer = self.more[:3]
        area.gross_area = 120
        self.env["property.fee.assignment"].search(
            [("unit_id", "=", gone.id), ("item_id", "=", self.garbage.id)]
        ).date_end = date(2026, 10, 31)
        self._assign(self.more[3])
        self.garbage_rate.date_end = date(2026, 10, 31)
        self._create_rate(self.garbage, price=20, basis="fixed", date_start=NOVEMBER)
        run = self._preview()
        self.assertEqual(
            self._spikes(run),
            {
                (area, self.management): "area",
                (area, self.garbage): "amount",
                (gone, self.garbage): "gone",
                (dearer, self.garbage): "amount",
                (self.more[3], self.management): "new",
            },
        )
        line = run.line_ids.filtered(lambda line: line.unit_id == area)
        self.assertEqual(line.spike_count, 2)
        self.assertIn("100.00 → 120.00", line.spike_text)
        self.assertEqual(run.spike_count, 5)
        spikes = self.env["property.fee.run.spike"].search(
            run.action_view_spikes()["domain"]
        )
        self.assertEqual(spikes, run.spike_ids)
        self.assertEqual(spikes[0].action_view_unit()["res_model"], "property.unit")

    def test_household_that_is_gone_altogether(self):
        self._assign(self.more[:2])
        self._run()
        self.more[0].active = False
        run = self._preview()
        self.assertEqual(self._spikes(run), {(self.more[0], self.management): "gone"})
        self.assertFalse(run.spike_ids.line_id)

    def test_first_period_flags_nothing(self):
        self._assign(self.more)
        run = self._preview(OCTOBER)
        self.assertFalse(run.spike_ids)
        self.assertFalse(run.amount_previous)

    def test_quarter_is_compared_with_the_quarter_before(self):
        self.garbage_rate.cycle = "quarter"
        self._assign(self.more[:2], self.garbage)
        self._run(date(2026, 7, 1))
        self._assign(self.more[:2])
        self._run(date(2026, 8, 1))
        self._run(date(2026, 9, 1))
        self.assertFalse(self._preview(date(2026, 9, 1)).spike_ids)
        run = self._preview(OCTOBER)
        self.assertFalse(run.spike_ids)
        total = run.total_ids.filtered(lambda total: total.item_id == self.garbage)
        self.assertEqual((total.amount_before, total.amount), (48, 48))

    def test_what_is_billed_is_not_gone(self):
        self._assign(self.more[:2])
        self._run()
        self._run(NOVEMBER)
        self.assertFalse(self._preview().spike_ids)

    def test_preview_again(self):
        self._assign(self.more[:2])
        run = self._preview()
        self._assign(self.more[2])
        run.action_preview()
        self.assertEqual(run.todo_count, 3)
        self.assertEqual(run.total_ids.unit_count, 3)

    def test_buildings(self):
        other = self.env["property.building"].create(
            {"community_id": self.community.id, "name": "9", "code": "9"}
        )
        self.more[0].building_id = other
        self._assign(self.more)
        run = self._run(building_ids=other.ids)
        self.assertEqual(run.line_ids.unit_id, self.more[0])

    # === APPROVAL === #

    def _submitted(self):
        self.env.company.property_run_approval = True
        self._assign(self.more)
        run = self._create_run().with_user(self.users["accountant"])
        with self.assertRaises(UserError):
            run.action_approval_submit()
        run.action_preview()
        self.assertFalse(run.can_start)
        with self.assertRaises(UserError):
            run.action_start()
        run.action_approval_submit()
        return run

    def test_approved_run_starts(self):
        run = self._submitted()
        with self.assertRaises(UserError):
            run.action_preview()
        with self.assertRaises(UserError):
            run.period = NOVEMBER
        with self.assertRaises(AccessError):
            run.action_approval_approve()
        run.with_user(self.users["manager"]).action_approval_approve()
        self.assertEqual(run.approval_state, "approved")
        self.assertTrue(run.can_start)
        run.action_start()
        run._process_all()
        self.assertEqual(run.charged_count, 4)

    def test_refused_run_does_not_start(self):
        run = self._submitted()
        run.with_user(self.users["manager"])._approval_refuse("Wrong area")
        with self.assertRaises(UserError):
            run.action_start()
        run.action_approval_draft()
        run.action_preview()

    def test_what_was_approved_is_billed(self):
        run = self._submitted()
        run.with_user(self.users["manager"]).action_approval_approve()
        self.more[0].gross_area = 300
        self._assign(self.home)
        run.action_start()
        run._process_all()
        self.assertEqual(run.charged_count, 3)
        self.assertFalse(self._bill(self.home))
        failed = run.line_ids.filtered(lambda line: line.status == "failed")
        self.assertEqual(failed.unit_id, self.more[0])
        self.assertIn("250.00", failed.reason)
        self.assertIn("750.00", failed.reason)

    def test_no_approval_where_none_is_wanted(self):
        self._assign(self.more)
        run = self._create_run().with_user(self.users["accountant"])
        self.assertTrue(run.can_start)
        self.assertFalse(run.can_submit)

    def test_form_says_nothing_of_approval_then(self):
        arch = self.env["property.fee.run"].get_view(view_type="form")["arch"]
        self.assertIn('invisible="not needs_approval"', arch)

    # === TAKING BACK === #

    def test_undo(self):
        self._assign(self.more, self.management + self.garbage)
        run = self._run()
        self.assertTrue(run.can_undo)
        run.with_user(self.users["accountant"]).action_undo()
        self.assertEqual(run.state, "undoing")
        run._process_all()
        self.assertEqual((run.state, run.undone_count), ("undone", 4))
        self.assertEqual(set(run.line_ids.mapped("status")), {"undone"})
        bills = run.move_ids.filtered(lambda move: move.move_type == "out_invoice")
        self.assertEqual(set(bills.mapped("payment_state")), {"reversed"})
        self.assertEqual(set(bills.property_charge_ids.mapped("state")), {"cancelled"})
        again = self._run()
        self.assertEqual(again.charged_count, 4)
        self.assertEqual(again.amount_charged, 1032)

    def test_undo_removes_drafts(self):
        self._assign(self.more[:2])
        run = self._run()
        draft = self._bill(self.more[0])
        draft.button_draft()
        run.action_undo()
        run._process_all()
        self.assertFalse(draft.exists() and draft.state == "posted")
        self.assertEqual(run.undone_count, 2)
        self.assertEqual(self._run().charged_count, 2)

    def test_paid_run_stays(self):
        self._assign(self.more[:2])
        run = self._run()
        self._register_payment(self._bill(self.more[0]))
        with self.assertRaises(UserError):
            run.action_undo()
        self.assertEqual(run.state, "done")

    def test_paid_while_it_is_undone(self):
        self._assign(self.more[:2])
        run = self._run()
        run.action_undo()
        self._register_payment(self._bill(self.more[0]))
        run._process_all()
        self.assertEqual(run.undone_count, 1)
        failed = run.line_ids.filtered(lambda line: line.status == "failed")
        self.assertEqual(failed.unit_id, self.more[0])
        self.assertIn("has been paid", failed.reason)

    def test_draft_run_cannot_be_undone(self):
        with self.assertRaises(UserError):
            self._create_run().action_undo()

    # === WHAT IS WRONG === #

    def _reasons(self, run):
        lines = run.line_ids.filtered(lambda line: line.status == "failed")
        return {line.unit_id: line.reason for line in lines}

    def test_locked_period(self):
        self._assign(self.more)
        self.env.company.sale_lock_date = date(2026, 10, 31)
        run = self._run()
        self.assertEqual(run.failed_count, 4)
        self.assertIn("2026-10-01", run.line_ids[0].reason)
        self.assertFalse(run.move_ids)
        self.assertFalse(self._charges(self.more[0]))
        run.invoice_date = NOVEMBER
        run.action_retry_failed()
        run._process_all()
        self.assertEqual(run.charged_count, 4)
        self.assertEqual(set(run.move_ids.mapped("date")), {NOVEMBER})

    def test_archived_payer(self):
        self._assign(self.more)
        self.more[0].occupancy_ids.partner_id.active = False
        run = self._run()
        self.assertEqual(self._reasons(run).keys(), {self.more[0]})
        self.assertIn("archived", self._reasons(run)[self.more[0]])
        self.assertEqual(run.charged_count, 3)

    def test_missing_account(self):
        self._assign(self.more[:2])
        self._assign(self.more[1:2], self.garbage)
        product = self.garbage.product_id
        revenue = self.company_data["default_account_revenue"]
        product.property_account_income_id = revenue.copy({"code": "600199"})
        product.property_account_income_id.active = False
        run = self._run()
        self.assertEqual(self._reasons(run).keys(), {self.more[1]})
        self.assertIn("no income account", self._reasons(run)[self.more[1]])
        self.assertFalse(self._charges(self.more[1]))

    def test_archived_tax(self):
        self._assign(self.more[:1], self.garbage)
        self.garbage.product_id.taxes_id = self.tax_sale_a
        self.tax_sale_a.active = False
        run = self._run()
        self.assertIn(self.tax_sale_a.name, self._reasons(run)[self.more[0]])

    def test_archived_product(self):
        self._assign(self.more[:1], self.garbage)
        self.garbage.product_id.active = False
        self.assertIn("product", self._reasons(self._run())[self.more[0]])

    def test_journal_archived_meanwhile(self):
        self._assign(self.more)
        run = self._create_run()
        run.action_start()
        self.env["account.journal"].search([("type", "=", "sale")]).active = False
        run._process_all()
        self.assertEqual(run.failed_count, 4)
        self.assertIn("no sales journal", run.line_ids[0].reason)

    # === AGAIN === #

    def _touch(self, records):
        """Let records be written later than the charges, which share our transaction."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET write_date = write_date + interval '1 s' WHERE id IN %s",
                SQL.identifier(records._table),
                tuple(records.ids),
            )
        )

    def test_settled_households_are_not_planned(self):
        self._assign(self.more)
        self._run()
        again = self._create_run()
        again._prepare_rows()
        self.assertEqual(again.skipped_count, 4)
        self._touch(self.more[0])
        changed = self._create_run()
        changed._prepare_rows()
        self.assertEqual(changed.todo_count, 1)

    def test_settled_until_a_rate_or_charge_changes(self):
        self._assign(self.more[:2], self.management + self.garbage)
        self._run()
        again = self._create_run()
        again._prepare_rows()
        self.assertEqual(again.skipped_count, 2)
        self._touch(self.garbage_rate)
        again = self._create_run()
        again._prepare_rows()
        self.assertEqual(again.todo_count, 2)
        self._charges(self.more[0])[0].sudo().state = "cancelled"
        again = self._create_run(item_ids=self.management.ids)
        again._prepare_rows()
        self.assertEqual((again.todo_count, again.skipped_count), (1, 1))

    def test_item_scope(self):
        self._assign(self.more[:1], self.management + self.garbage)
        self._run(item_ids=[Command.set(self.management.ids)])
        run = self._run()
        self.assertEqual(run.amount_charged, 8)
