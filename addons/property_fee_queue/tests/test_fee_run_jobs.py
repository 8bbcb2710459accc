from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.property_fee.tests.common import PropertyFeeCase
from odoo.addons.queue_job.tests.common import trap_jobs

from ..models import property_fee_run


@tagged("post_install", "-at_install")
class TestFeeRunJobs(PropertyFeeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.more = cls._create_homes(7)
        cls._assign(cls.more)

    def _start(self):
        run = self._create_run().with_user(self.users["accountant"])
        with (
            patch.object(property_fee_run, "JOB_SIZE", 3),
            trap_jobs() as trap,
        ):
            run.action_start()
        return run, trap

    def test_chunks_become_jobs(self):
        run, trap = self._start()
        trap.assert_jobs_count(3, only=run._job_process)
        self.assertEqual(run.state, "queued")
        trap.perform_enqueued_jobs()
        self.assertEqual((run.state, run.charged_count), ("done", 7))
        self.assertEqual(run.move_count, 7)

    def test_a_job_done_twice_bills_once(self):
        run, trap = self._start()
        job = trap.enqueued_jobs[0]
        trap.perform_enqueued_jobs()
        job.perform()
        self.assertEqual(run.move_count, 7)

    def test_a_lost_job_is_made_up_for(self):
        run, trap = self._start()
        trap.enqueued_jobs[1].perform()
        self.assertEqual(run.charged_count, 3)
        run._process_all()
        self.assertEqual((run.state, run.charged_count), ("done", 7))

    def test_failures_are_retried_by_jobs(self):
        self.more[0].gross_area = 0
        run, trap = self._start()
        trap.perform_enqueued_jobs()
        self.assertEqual((run.state, run.failed_count), ("failed", 1))
        self.more[0].gross_area = 100
        with trap_jobs() as again:
            run.action_retry_failed()
        again.assert_jobs_count(1)
        again.perform_enqueued_jobs()
        self.assertEqual((run.state, run.charged_count), ("done", 7))

    def test_undo(self):
        run, trap = self._start()
        trap.perform_enqueued_jobs()
        with trap_jobs() as again:
            run.action_undo()
        again.assert_jobs_count(1)
        again.perform_enqueued_jobs()
        self.assertEqual((run.state, run.undone_count), ("undone", 7))

    def test_nothing_to_do(self):
        self.env["property.fee.assignment"].search([]).unlink()
        run, trap = self._start()
        trap.assert_jobs_count(0)
        run._process_all()
        self.assertEqual(run.state, "done")
