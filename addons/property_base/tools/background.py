"""Work off what waits in the background: in chunks that commit, past what is bad."""

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

MAX_TRIES = 5
MAX_IDLE_ROUNDS = 3


def in_chunks(env, work, count_waiting, is_over=None):
    """Do chunk after chunk, each committed as a whole, while the scheduler gives time.

    A chunk whose rows somebody else changed meanwhile is done again. When others hold all
    that is left, it is left to them.

    :param env: environment of the scheduled action
    :param work: function that does the next chunk, and returns how many rows that were
    :param count_waiting: function that returns how many rows are still to do
    :param is_over: function that returns whether this work is done though others' rows wait
    :return: whether the scheduler has time left for other work
    """
    tries = idle = 0
    while True:
        try:
            done = work()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            tries += 1
            if tries == MAX_TRIES:
                raise
            # Nothing of this chunk is kept.
            env.cr.rollback()
            env.transaction.reset()
            continue
        tries = 0
        idle = 0 if done else idle + 1
        waiting = count_waiting()
        time_left = env["ir.cron"]._commit_progress(done, remaining=waiting)
        if not waiting or (is_over and is_over()) or idle == MAX_IDLE_ROUNDS:
            return bool(time_left)
        if not time_left:
            return False


def all_in_chunks(records, size, work):
    """Do known records chunk by chunk, each committed, while the scheduler gives time.

    :param records: what to do, in order
    :param int size: how many at once
    :param work: function that does some of the records
    :return: whether the scheduler gave time for all of them
    """
    for start in range(0, len(records), size):
        chunk = records[start : start + size]
        work(chunk)
        left = len(records) - start - len(chunk)
        if not records.env["ir.cron"]._commit_progress(len(chunk), remaining=left):
            return False
    return True


def in_halves(records, work, note):
    """Do records together; when that fails, in halves, down to those that are bad.

    :param records: what to do
    :param work: function of some of the records
    :param note: function of one record and the error that it met
    """
    try:
        with records.env.cr.savepoint():
            work(records)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception as error:  # one bad record must not stop the others
        if len(records) > 1:
            half = len(records) // 2
            in_halves(records[:half], work, note)
            in_halves(records[half:], work, note)
        else:
            note(records, error)
