"""Workers of a database as processes of their own, which a test may kill.

Runs inside Odoo's shell: the processes are forked from it, so each starts in milliseconds
with the registry loaded and a connection of its own.
"""

import os
import random
import signal
import sys
import time
import traceback


class Workers:
    """Forks workers that each do some work in their own transaction.

    :param env: environment of the shell, which must not hold a transaction open
    """

    def __init__(self, env):
        self.database = env.cr.dbname
        self.uid = env.uid

    def start(self, work):
        """Start a worker.

        :param work: function of an environment
        :return: its process id
        """
        sys.stdout.flush()
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            self._work(work)
            code = 0
        except BaseException:  # the worker must not go on as a second shell
            traceback.print_exc()
        finally:
            os._exit(code)

    def _work(self, work):
        from odoo import api, sql_db
        from odoo.modules.registry import Registry

        # The connections of the shell stay the shell's.
        sql_db._Pool = sql_db._Pool_readonly = None
        with Registry(self.database).cursor() as cr:
            work(api.Environment(cr, self.uid, {}))

    def run(self, works):
        """Start workers at once and wait for all.

        :return: how many of them failed
        """
        pids = [self.start(work) for work in works]
        return sum(os.waitpid(pid, 0)[1] != 0 for pid in pids)

    def start_and_kill(self, work, seconds):
        """Start a worker and kill it after a while, unless it has ended.

        :return: whether it was killed in the middle
        """
        pid = self.start(work)
        time.sleep(seconds)
        ended, _status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return False
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return True


def bill_and_kill(env, months, rounds, households, longest):
    """Bill months with workers that are killed at random moments, until all is billed.

    :param list months: first days of the months
    :param int rounds: how often a worker is killed in the middle of its work at least
    :param int households: number of homes
    :param float longest: seconds that a worker lives at most
    :return: dict with what was done
    """
    from bench.rows.billing import Billing

    community = Billing().prepare_homes(env, households)
    runs = env["property.fee.run"].create(
        [
            {"community_ids": community.ids, "period": month, "invoice_date": month}
            for month in months
        ]
    )
    env.cr.commit()
    workers, chance = Workers(env), random.Random(20261)
    killed = 0
    for run in runs[:-1]:
        run.action_start()
        env.cr.commit()

        def work(env, run=run):
            env["property.fee.run"].browse(run.id)._process_in_chunks()

        while True:
            run.invalidate_recordset()
            state = run.state
            env.cr.commit()
            if state not in ("queued", "running"):
                break
            if killed < rounds:
                killed += workers.start_and_kill(work, chance.uniform(0.05, longest))
            else:
                workers.run([work])
    return {
        "runs": runs.ids,
        "killed": killed,
        "failed_workers": _bill_at_once(env, workers, runs[-1]),
    }


def _bill_at_once(env, workers, run):
    """Bill a run with four workers, a double click and the scheduler, all at once."""

    def click(env):
        record = env["property.fee.run"].browse(run.id)
        for _click in range(2):
            try:
                record.action_start()
                env.cr.commit()
            except Exception:  # another click was first, and has the run
                env.cr.rollback()
        record._process_in_chunks()

    def schedule(env):
        time.sleep(0.3)
        env["property.fee.run"]._cron_process_runs()

    env.cr.commit()
    failed = workers.run([click, click, click, click, schedule])
    # Whatever a worker left to another is done by the next look of the scheduler.
    failed += workers.run([lambda env: env["property.fee.run"]._cron_process_runs()])
    return failed
