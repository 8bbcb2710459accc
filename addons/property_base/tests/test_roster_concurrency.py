import base64
import threading
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..models.roster_writer import RosterWriter
from ..tools import workbook

HEADER = ["楼号", "单元", "房间", "房屋类型", "建筑面积", "业主姓名", "联系电话"]


@tagged("post_install", "-at_install")
class TestRosterConcurrency(BaseCase):
    """Two people import overlapping rosters at once, each with a database session."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            community = self._env(cr)["property.community"].create(
                {"name": "Two Rosters", "code": "TWOROSTERS"}
            )
            self.community_id = community.id
        self.addCleanup(self._clean)

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def _clean(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            mine = [("community_id", "=", self.community_id)]
            jobs = env["property.roster.import"].search(mine)
            people = env["property.occupancy"].search(mine).partner_id
            env["property.occupancy"].search(mine).unlink()
            jobs.unlink()
            env["property.unit"].search(mine).unlink()
            env["property.building"].search(mine).unlink()
            env["property.community"].browse(self.community_id).unlink()
            people.unlink()

    def _job(self, env, rooms, owner, building=7):
        """Queue a roster of which every room belongs to an owner of this name."""
        rows = [
            [building, 1, str(room), "住宅", 89.5, f"{owner}{room}", 13900000000 + room]
            for room in rooms
        ]
        sheet = {"name": "A", "header": HEADER, "rows": rows}
        job = env["property.roster.import"].create(
            {
                "community_id": self.community_id,
                "file": base64.b64encode(workbook.write_workbook([sheet])),
                "filename": "roster.xlsx",
            }
        )
        job.action_start()
        return job.id

    def _import_at_once(self, *jobs):
        """Run the imports in threads; both look at the database before either writes."""
        meeting = threading.Barrier(len(jobs))
        look_around, met, broken = RosterWriter.__init__, set(), []

        def look_and_wait(writer, *args):
            look_around(writer, *args)
            if threading.get_ident() not in met:
                met.add(threading.get_ident())
                meeting.wait(20)

        def work(job):
            try:
                self.assertTrue(job._run())
            except Exception as error:  # looked at below, in the test's own thread
                job.env.cr.rollback()
                broken.append(error)

        cursors = [self.registry.cursor() for _job in jobs]
        threads = []
        for cr, job_id in zip(cursors, jobs, strict=True):
            # made here: a thread of a test may not load the registry
            job = self._env(cr)["property.roster.import"].browse(job_id)
            threads.append(threading.Thread(target=work, args=(job,)))
        with (
            mute_logger("odoo.sql_db"),
            patch.object(RosterWriter, "__init__", look_and_wait),
        ):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        for cr in cursors:
            cr.close()
        self.assertFalse(broken)
        self.assertEqual(len(met), len(jobs))

    def _queue(self, *rosters):
        with self.registry.cursor() as cr:
            return [self._job(self._env(cr), *roster) for roster in rosters]

    def test_the_same_rows_arrive_once(self):
        jobs = self._queue((range(101, 111), "业主"), (range(106, 116), "业主"))
        self._import_at_once(*jobs)
        with self.registry.cursor() as cr:
            env = self._env(cr)
            units = env["property.unit"].search(
                [("community_id", "=", self.community_id)]
            )
            self.assertEqual(len(units), 15)
            for unit in units:
                self.assertEqual(len(unit.occupancy_ids), 1, unit.code)
            self.assertEqual(len(units.owner_ids), 15, "nobody is on file twice")
            done = env["property.roster.import"].browse(jobs)
            self.assertEqual(done.mapped("state"), ["done", "done"])
            self.assertEqual(sum(done.mapped("created_count")), 15)
            self.assertEqual(sum(done.mapped("unchanged_count")), 5)
            self.assertEqual(sum(done.mapped("refused_count")), 0)
            self.assertEqual(len(done.line_ids), 20)

    def test_one_wins_where_they_contradict_and_the_other_is_told(self):
        with self.registry.cursor() as cr:
            building = self._env(cr)["property.building"].create(
                {"community_id": self.community_id, "code": "7", "name": "7"}
            )
            self._env(cr)["property.entrance"].create(
                {"building_id": building.id, "code": "1", "name": "1"}
            )
        jobs = self._queue((range(101, 106), "甲"), (range(104, 109), "乙"))
        self._import_at_once(*jobs)
        with self.registry.cursor() as cr:
            env = self._env(cr)
            done = env["property.roster.import"].browse(jobs)
            self.assertEqual(sum(done.mapped("created_count")), 8)
            refused = done.line_ids.filtered(lambda line: line.outcome == "refused")
            self.assertEqual(
                sorted(refused.mapped("unit_code")), ["7-1-104", "7-1-105"]
            )
            self.assertEqual(len(refused.import_id), 1)
            for line in refused:
                self.assertIn(line.problems[0]["value"][0], "甲乙")
                self.assertEqual(line.problems[0]["column"], "业主姓名")
            units = env["property.unit"].search(
                [("community_id", "=", self.community_id)]
            )
            self.assertEqual(len(units), 8)
            for unit in units:
                self.assertEqual(len(unit.occupancy_ids), 1, unit.code)
