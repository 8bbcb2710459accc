"""The same run shared by two workers of ``queue_job``, against one."""

import time

from bench.row import Outcome

from .billing import Billing

PENDING = (
    "SELECT uuid FROM queue_job WHERE state = 'pending'"
    " ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"
)


class BillingQueue(Billing):
    name = "billing_queue"
    title = "posted invoices of a run whose jobs two workers share, against one worker"
    modules = ("property_fee_queue",)
    peer_modules = ()
    peer_packages = ()
    peer_has_own_data = False
    needs_queue = True
    sizes = (4000,)  # jobs enough for both to end at about the same time

    def ours(self, env, data):
        return self._share(env, data, 2)

    def peer(self, env, data):
        return self._share(env, data, 1)

    def explain(self, env, data):
        return []  # the work is that of a run without jobs

    def _share(self, env, data, count):
        """Let some workers do the jobs of a run; count only the time they work."""
        from tests.support.workers import Workers

        run = self._create_run(env, data)
        run.action_start()
        env.cr.commit()
        started = time.perf_counter()
        failed = Workers(env).run([_work] * count)
        seconds = time.perf_counter() - started
        assert not failed
        outcome = self._outcome(env)
        return Outcome(outcome.rows, outcome.total, seconds)


def _work(env):
    """Do jobs until none is left, as the controller of ``queue_job`` does one."""
    from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

    from odoo.addons.queue_job.job import Job

    while True:
        env.cr.execute(PENDING)
        row = env.cr.fetchone()
        if not row:
            return
        try:
            job = Job.load(env, row[0])
            job.set_started()
            job.perform()
            job.set_done()
            job.store()
            env.flush_all()
            env.cr.commit()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            env.cr.rollback()
            env.transaction.reset()
