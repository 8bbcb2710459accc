from datetime import date

from freezegun import freeze_time
from odoo.tests import tagged

from .common import OCTOBER, PropertyFeeCase


@tagged("post_install", "-at_install")
class TestFeeSchedule(PropertyFeeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.more = cls._create_homes(3)
        cls._assign(cls.more)

    def _schedule(self, **values):
        with freeze_time("2026-09-20"):
            schedule = self.env["property.fee.schedule"].create(
                {
                    "name": "Monthly",
                    "community_ids": self.community.ids,
                    "bill_day": 1,
                    "user_id": self.users["accountant"].id,
                    **values,
                }
            )
        self.env.cr.execute(
            "UPDATE property_fee_schedule SET create_date = '2026-09-20' WHERE id = %s",
            [schedule.id],
        )
        schedule.invalidate_recordset()
        return schedule

    def _on(self, day, schedule):
        with freeze_time(f"{day} 04:00:00"):
            schedule.invalidate_recordset()
            due = schedule._get_due(date.fromisoformat(day))
            for found in due & schedule:
                found._make_run(found.next_date)
        return schedule.run_ids

    def test_preview(self):
        schedule = self._schedule()
        self.assertFalse(self._on("2026-09-30", schedule))
        run = self._on("2026-10-01", schedule)
        self.assertRecordValues(
            run,
            [
                {
                    "state": "draft",
                    "period": OCTOBER,
                    "invoice_date": OCTOBER,
                    "todo_count": 3,
                    "user_id": self.users["accountant"].id,
                }
            ],
        )
        self.assertEqual(run.activity_ids.user_id, self.users["accountant"])
        self.assertEqual(self._on("2026-10-02", schedule), run)
        self.assertEqual(len(self._on("2026-11-03", schedule)), 2)
        self.assertEqual(schedule.run_count, 2)

    def test_bill(self):
        schedule = self._schedule(action="bill")
        run = self._on("2026-10-05", schedule)
        self.assertEqual(run.state, "queued")
        run._process_all()
        self.assertEqual(run.charged_count, 3)

    def test_bill_waits_for_approval(self):
        self.env.company.property_run_approval = True
        run = self._on("2026-10-05", self._schedule(action="bill"))
        self.assertEqual(run.state, "draft")
        self.assertIn("approved", run.activity_ids.note)

    def test_submit(self):
        self.env.company.property_run_approval = True
        run = self._on("2026-10-05", self._schedule(action="submit"))
        self.assertEqual(run.approval_state, "submitted")

    def test_flagged_run_waits(self):
        self._run(date(2026, 9, 1))
        self.more[0].gross_area = 150
        schedule = self._schedule(action="bill")
        run = self._on("2026-10-05", schedule)
        self.assertEqual((run.state, run.spike_count), ("draft", 1))
        self.assertTrue(run.activity_ids)

    def test_days(self):
        schedule = self._schedule(bill_day=31, month_offset="1")
        day = schedule._get_bill_date(date(2026, 11, 3))
        self.assertEqual(day, date(2026, 11, 30))
        self.assertEqual(schedule._get_period(day), date(2026, 12, 1))
        run = self._on("2026-10-31", schedule)
        self.assertEqual(run.period, date(2026, 11, 1))
        action = schedule.action_view_runs()
        self.assertEqual(self.env["property.fee.run"].search(action["domain"]), run)

    def test_cron(self):
        schedule = self._schedule()
        with freeze_time("2026-10-05 04:00:00"), self.enter_registry_test_mode():
            self.env.ref("property_fee.ir_cron_fee_schedule").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(schedule.run_ids.period, OCTOBER)
