from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from psycopg2.errors import SerializationFailure

from odoo.addons.base.models.ir_cron import IrCron

from ..tools.background import (
    MAX_IDLE_ROUNDS,
    MAX_TRIES,
    all_in_chunks,
    in_chunks,
    in_halves,
)


@tagged("post_install", "-at_install")
class TestBackground(TransactionCase):
    def _noting_commits(self, function, time_left=60.0):
        """Do something whose chunks are noted when they end, and not committed.

        :return: (what the function returns, list of (done, remaining) of the commits)
        """
        commits = []

        def commit(cron, processed=0, *, remaining=None, deactivate=False):
            commits.append((processed, remaining))
            return time_left

        with (
            patch.object(IrCron, "_commit_progress", commit),
            patch.object(self.env.cr, "rollback", lambda: None),
        ):
            return function(), commits

    def _in_chunks(self, work, waiting, time_left=60.0, **options):
        return self._noting_commits(
            lambda: in_chunks(self.env, work, waiting, **options), time_left
        )

    def _do_five(self, time_left):
        """Do five known records, two at once.

        :return: (how many were done, what `_noting_commits` returns)
        """
        countries = self.env["res.country"].search([], limit=5)
        self.assertEqual(len(countries), 5)
        done = []
        noted = self._noting_commits(
            lambda: all_in_chunks(countries, 2, done.append), time_left
        )
        number = sum(len(chunk) for chunk in done)
        self.assertEqual(countries.browse().concat(*done), countries[:number])
        return number, noted

    def test_known_records_one_chunk_after_the_other(self):
        self.assertEqual(self._do_five(60.0), (5, (True, [(2, 3), (2, 1), (1, 0)])))

    def test_known_records_as_far_as_the_time_reaches(self):
        self.assertEqual(self._do_five(0.0), (2, (False, [(2, 3)])))

    def test_until_nothing_waits(self):
        rows = [1, 2, 3, 4, 5]

        def work():
            done = rows[:2]
            del rows[:2]
            return len(done)

        result = self._in_chunks(work, lambda: len(rows))
        self.assertEqual(result, (True, [(2, 3), (2, 1), (1, 0)]))

    def test_until_the_time_is_over(self):
        result = self._in_chunks(lambda: 2, lambda: 7, time_left=0.0)
        self.assertEqual(result, (False, [(2, 7)]))

    def test_until_it_is_over_though_other_rows_wait(self):
        result = self._in_chunks(lambda: 2, lambda: 7, is_over=lambda: True)
        self.assertEqual(result, (True, [(2, 7)]))

    def test_what_others_hold_is_left_to_them(self):
        result = self._in_chunks(lambda: 0, lambda: 7)
        self.assertEqual(result, (True, [(0, 7)] * MAX_IDLE_ROUNDS))

    def test_a_chunk_that_met_another_is_done_again(self):
        tries = []

        def work():
            tries.append(1)
            if len(tries) < MAX_TRIES:
                raise SerializationFailure
            return 3

        self.assertEqual(self._in_chunks(work, lambda: 0), (True, [(3, 0)]))
        self.assertEqual(len(tries), MAX_TRIES)

    def test_not_for_ever(self):
        tries = []

        def work():
            tries.append(1)
            raise SerializationFailure

        with self.assertRaises(SerializationFailure):
            self._in_chunks(work, lambda: 7)
        self.assertEqual(len(tries), MAX_TRIES)

    def test_what_is_bad_is_found_and_the_rest_is_kept(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Partner {number}"} for number in range(9)]
        )
        bad, noted, calls = partners[3] + partners[8], [], []

        def work(part):
            calls.append(part)
            part.write({"ref": "done"})
            if part & bad:
                raise ValueError(f"{(part & bad)[0].name} is bad")

        in_halves(partners, work, lambda one, error: noted.append((one, str(error))))
        self.assertEqual(
            noted, [(one, f"{one.name} is bad") for one in (partners[3], partners[8])]
        )
        self.assertFalse(any(bad.mapped("ref")))
        self.assertEqual(set((partners - bad).mapped("ref")), {"done"})
        self.assertEqual(calls[0], partners)
        self.assertLess(len(calls), 2 * len(partners))

    def test_a_conflict_is_nobody_s_fault(self):
        partners = self.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        noted = []

        def work(part):
            raise SerializationFailure

        with self.assertRaises(SerializationFailure):
            in_halves(partners, work, lambda one, error: noted.append(one))
        self.assertFalse(noted)
