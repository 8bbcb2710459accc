from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.property_charge_bill import PropertyCharge
from .common import OCTOBER, PropertyFeeCase


@tagged("post_install", "-at_install")
class TestFeeRunFailures(PropertyFeeCase):
    """What goes wrong stays with its row; nothing is billed in part, lost or doubled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.more = cls._create_homes(8)

    def _failed(self, run):
        lines = run.line_ids.filtered(lambda line: line.status == "failed")
        return {line.unit_id: line.reason for line in lines}

    def test_reasons(self):
        unowned, no_area, no_rate = self.homes[2], self.more[0], self.more[1]
        no_area.gross_area = 0
        lift = self._create_item("LF", "Lift")
        self._assign(unowned + self.more)
        self._assign(no_rate, lift)
        run = self._run()
        failed = self._failed(run)
        self.assertEqual(failed.keys(), {unowned, no_area, no_rate})
        self.assertIn("has no owner", failed[unowned])
        self.assertIn("Gross Area", failed[no_area])
        self.assertIn("No rate of Lift covers 2026-10", failed[no_rate])
        self.assertFalse(self._charges(no_rate), "no household is billed in part")
        self.assertEqual(run.state, "failed")
        self.assertEqual(run.charged_count, 6)

    def test_retry(self):
        self._assign(self.homes[2] + self.more)
        run = self._run()
        self.assertEqual(run.failed_count, 1)
        self._occupy(self.homes[2], self.tenant)
        run.with_user(self.users["accountant"]).action_retry_failed()
        self.assertEqual(run.state, "queued")
        run._process_all()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.charged_count, 9)
        self.assertEqual(run.move_count, 9)

    def test_one_bad_row_does_not_stop_the_others(self):
        """Billing that raises is narrowed down to the row it comes from."""
        self._assign(self.more)
        bad = self.more[5]
        prepare = PropertyCharge._prepare_bill
        reason = "The tax of this unit is closed."

        def raising(charges, *args):
            if bad in charges.unit_id:
                raise UserError(reason)
            return prepare(charges, *args)

        with patch.object(PropertyCharge, "_prepare_bill", raising):
            run = self._run()
        self.assertEqual(self._failed(run), {bad: reason})
        self.assertEqual(run.charged_count, 7)
        self.assertEqual(run.move_count, 7)
        self.assertFalse(self._charges(bad))

    def test_unexpected_error(self):
        self._assign(self.more[:2])

        def broken(charges, *args):
            if self.more[0] in charges.unit_id:
                raise KeyError("oops")
            return original(charges, *args)

        original = PropertyCharge._prepare_bill
        with (
            patch.object(PropertyCharge, "_prepare_bill", broken),
            mute_logger(
                "odoo.addons.property_fee.models.property_background_run_mixin"
            ),
        ):
            run = self._run()
        self.assertEqual(
            self._failed(run), {self.more[0]: "Unexpected error: KeyError: 'oops'"}
        )
        self.assertEqual(run.charged_count, 1)

    def test_no_sales_journal(self):
        self._assign(self.more)
        self.env["account.journal"].search([("type", "=", "sale")]).active = False
        run = self._create_run()
        with self.assertRaises(UserError):
            run.action_start()
        self.assertEqual(run.state, "draft")

    def test_killed_in_the_middle(self):
        """A server that dies in the third chunk leaves two whole ones and goes on later."""
        self._assign(self.more)
        run = self._create_run()
        run.action_start()
        cron = self.env.ref("property_fee.ir_cron_fee_run")
        post = self.registry["account.move"]._post
        calls = []

        def dying(moves, soft=True):
            result = post(moves, soft)
            calls.append(moves)
            if len(calls) == 3:
                raise SystemExit("killed")
            return result

        with (
            patch.object(self.registry["property.fee.run"], "_run_chunk", 3),
            self.enter_registry_test_mode(),
        ):
            # No assertRaises: it would take back what has been committed.
            killed = False
            with patch.object(self.registry["account.move"], "_post", dying):
                try:
                    cron.method_direct_trigger()
                except SystemExit:
                    killed = True
            self.assertTrue(killed)
            self.env.invalidate_all()
            self.assertEqual(run.state, "running")
            self.assertEqual((run.charged_count, run.todo_count), (6, 2))
            self.assertEqual(run.move_count, 6)
            self.assertEqual(
                self.env["property.charge"].search_count([("run_id", "=", run.id)]), 6
            )
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.charged_count, 8)
        for home in self.more:
            self.assertEqual(len(self._bill(home)), 1)
            self.assertEqual(len(self._charges(home)), 1)

    def test_billed_meanwhile(self):
        """Rows that another run bills between preview and start are skipped."""
        self._assign(self.more)
        first, second = self._create_run(), self._create_run()
        (first + second).action_start()
        (first + second)._process_all()
        self.assertEqual(first.charged_count, 8)
        self.assertEqual(second.skipped_count, 8)
        self.assertFalse(second.move_ids)
        self.assertEqual(second.line_ids[0].reason, "Already billed.")

    def test_two_periods_are_two_bills(self):
        self._assign(self.more[:1])
        self._run()
        self._run(OCTOBER.replace(month=11))
        self.assertEqual(len(self._charges(self.more[0])), 2)
