import base64
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users

from ..models.roster_writer import RosterWriter
from ..tools import workbook
from .roster_common import RosterImportCase


@tagged("post_install", "-at_install")
class TestRosterImport(RosterImportCase):
    HEADER = ["楼号", "单元", "房间", "房屋类型", "建筑面积", "业主姓名", "联系电话"]

    def _run(self, job):
        job.action_start()
        self._run_cron()
        return job

    def _homes(self, count):
        return [
            [
                5,
                1,
                f"{index // 4 + 1}{index % 4 + 1:02d}",
                "住宅",
                89.5,
                f"业主{index}",
                13900000000 + index,
            ]
            for index in range(count)
        ]

    @users("property_frontdesk")
    def test_the_scheduled_action_works_off_what_is_queued(self):
        job = self._job(self._homes(2))
        job.action_start()
        cron = self.env.ref("property_base.ir_cron_roster_import").sudo()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(job.state, "done")

    @users("property_frontdesk")
    def test_row_by_row_result(self):
        rows = self._homes(3)
        rows[1][4] = "八十九"
        job = self._run(self._job(rows))
        self.assertEqual(
            (job.state, job.created_count, job.refused_count, job.progress),
            ("done", 2, 1, 100),
        )
        refused = job.line_ids.filtered(lambda line: line.outcome == "refused")
        self.assertEqual(refused.row, 3)
        self.assertIn("八十九", refused.message)
        self.assertIn("建筑面积", refused.message)
        self.assertEqual(refused.problems[0]["cell"], "E")

    @users("property_frontdesk")
    def test_refused_rows_come_back_and_can_be_imported_corrected(self):
        rows = self._homes(3)
        rows[2][3] = "别墅"
        job = self._run(self._job(rows))
        refused = job.line_ids.filtered(lambda line: line.outcome == "refused")
        self.assertIn('房屋类型: "别墅" is not a known unit type.', refused.message)
        self.assertIn("Write one of: 住宅, 商铺", refused.message)
        correct_here = workbook.read_rows(base64.b64decode(job.error_file))
        self.assertEqual(correct_here[1][:4], [5, 1, "103", "别墅"])
        correct_here[1][3] = "住宅"
        again = self._run(self._job(correct_here[1:], correct_here[0]))
        self.assertEqual((again.created_count, again.refused_count), (1, 0))
        self.assertFalse(again.error_file)

    @users("property_frontdesk")
    def test_again_changes_nothing_and_says_so(self):
        rows = self._homes(5)
        self._run(self._job(rows))
        before = self.env["res.partner"].search_count([])
        job = self._run(self._job(rows))
        self.assertEqual(
            (job.unchanged_count, job.created_count, job.updated_count), (5, 0, 0)
        )
        self.assertIn("Nothing changed", job.message_ids.mapped("body")[0])
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    @users("property_frontdesk")
    def test_a_stopped_import_goes_on_where_it_was(self):
        job = self._job(self._homes(25))
        job.action_start()
        write = RosterWriter.write_rows

        def stop_in_third_chunk(writer, rows):
            if rows[0].number > 21:
                raise RuntimeError("power cut")
            return write(writer, rows)

        with patch.object(
            type(self.env["property.roster.import"]), "_import_chunk", 10
        ):
            with patch.object(RosterWriter, "write_rows", stop_in_third_chunk):
                # Not assertRaises: it would roll back what the first chunks committed.
                try:
                    self._run_cron()
                except RuntimeError as error:
                    stopped = str(error)
            self.assertEqual(stopped, "power cut")
            self.assertEqual(
                (job.state, job.rows_done, len(job.line_ids)), ("running", 20, 20)
            )
            self._run_cron()
        self.assertEqual(
            (job.state, job.created_count, len(job.line_ids)), ("done", 25, 25)
        )

    @users("property_frontdesk")
    def test_what_the_database_refuses_is_one_row_only(self):
        rows = self._homes(4)
        job = self._job(rows)
        job.action_start()
        # Somebody adds the third unit by hand, under another building, after the check.
        self.env["property.unit"].sudo().create(
            {
                "community_id": self.community.id,
                "name": "x",
                "code": "5-1-103",
                "active": True,
            }
        )
        self._run_cron()
        self.assertEqual(
            (job.state, job.created_count, job.updated_count), ("done", 3, 1)
        )

    @users("property_frontdesk")
    def test_files_that_are_no_rosters_are_refused_at_once(self):
        for content, message in (
            (b"", "is empty"),
            (b"PK\x03\x04 broken", "not a workbook"),
            ("姓名,电话\n张三,139".encode(), "No header row"),
        ):
            job = self.env["property.roster.import"].create(
                {
                    "community_id": self.community.id,
                    "file": base64.b64encode(content or b" "),
                    "filename": "x",
                }
            )
            with self.assertRaisesRegex(UserError, message):
                job.action_start()
            self.assertEqual(job.state, "draft")

    @users("property_frontdesk")
    def test_not_started_twice(self):
        job = self._job(self._homes(1))
        job.action_start()
        with self.assertRaisesRegex(UserError, "already started"):
            job.action_start()

    @users("property_cashier")
    def test_a_cashier_cannot_import(self):
        with self.assertRaises(AccessError):
            self._job(self._homes(1))
