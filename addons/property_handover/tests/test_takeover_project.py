from datetime import date

import psycopg2
from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TakeoverCase


@tagged("post_install", "-at_install")
class TestTakeoverProject(TakeoverCase):
    def test_new_project_brings_the_lists_of_the_trade(self):
        self.assertEqual(len(self.project.document_ids), 31)
        groups = self.project.document_ids.grouped("group")
        self.assertEqual(
            {group: len(documents) for group, documents in groups.items()},
            {
                "ownership": 6,
                "completion": 10,
                "construction": 9,
                "equipment": 4,
                "owners": 2,
            },
        )
        self.assertGreaterEqual(len(self.project.milestone_ids), 35)
        self.assertEqual(self.project.name, "Take-over of Lakeside")
        self.assertEqual(self.project.developer_id, self.developer)

    def test_due_dates_follow_the_day_of_takeover(self):
        contract = self.project.milestone_ids[0]
        self.assertEqual(contract.due_date, date(2026, 6, 4))
        contract.write({"state": "done", "done_date": date(2026, 6, 2)})
        letter = self.project.milestone_ids.filtered(
            lambda m: m.stage == "handover" and m.offset_days == 0
        )[0]
        self.project.takeover_date = date(2026, 12, 15)
        self.assertEqual(letter.due_date, date(2026, 12, 15))
        self.assertEqual(contract.due_date, date(2026, 6, 4), "done stays as it was")

    def test_story_gate_by_gate(self):
        project = self.project
        with self.assertRaisesRegex(
            UserError,
            r"cannot step to Acceptance\. Milestones still open \(18\): Entrustment",
        ):
            project.action_next()
        self._finish("preparation")
        project.action_next()
        self._finish("acceptance")
        project.action_next()
        self.assertEqual(project.state, "rectification")
        self._finish("rectification", "handover")
        with self.assertRaisesRegex(UserError, r"Papers missing \(31\): Approval"):
            project.action_next()
        project.document_ids[:30].action_receive()
        project.action_claim_documents()
        with freeze_time("2026-12-02"):
            project.action_next()
        self.assertRecordValues(
            project, [{"state": "handed_over", "handed_over_on": date(2026, 12, 2)}]
        )
        self.assertEqual(self.community.takeover_date, date(2026, 12, 2))
        self._finish("opening")
        with self.assertRaisesRegex(
            UserError, r"Papers missing \(1\): Buyers: payment.*not finished: 1"
        ):
            project.action_next()
        ticket = project.ticket_ids
        ticket.write({"state": "accepted"})
        ticket.write({"state": "done", "result": "Delivered"})
        project.document_ids[30].action_receive()
        project.action_next()
        self.assertEqual(project.state, "closed")
        self.assertEqual(project.progress, 100)
        self.assertEqual(project.document_progress, 100)

    def test_no_stage_is_skipped(self):
        with self.assertRaisesRegex(UserError, "cannot step to Closed"):
            self.project.write({"state": "closed"})
        with self.assertRaisesRegex(UserError, "begins with its preparation"):
            self.project.create(
                {
                    "community_id": self._create_community("Hill", "HI").id,
                    "takeover_date": date(2026, 12, 1),
                    "state": "closed",
                }
            )

    def test_step_back(self):
        self._finish("preparation")
        self.project.action_next()
        self.project.action_back()
        self.assertEqual(self.project.state, "preparation")
        self.project.action_back()
        self.assertEqual(self.project.state, "preparation")

    def test_what_does_not_apply_needs_a_reason(self):
        rooms = self.project.milestone_ids.filtered(lambda m: "Commercial" in m.name)
        rooms.note = False
        with self.assertRaisesRegex(UserError, "does not apply here"):
            rooms.action_skip()
        rooms.note = "The estate has no commercial rooms"
        rooms.action_skip()
        others = self.project.milestone_ids - rooms
        others.action_done()
        self.assertEqual(self.project.progress, 100)

    def test_closed_project_is_final(self):
        self.project.milestone_ids.action_done()
        self._receive_all()
        for _step in range(4):
            self.project.action_next()
        with self.assertRaisesRegex(UserError, "milestones are final"):
            self.project.milestone_ids[0].action_reopen()

    def test_overdue(self):
        with freeze_time("2026-06-10"):
            self.project.invalidate_recordset()
            self.assertEqual(self.project.overdue_count, 1)
            overdue = self.env["property.takeover.milestone"].search(
                [("project_id", "=", self.project.id), ("is_overdue", "=", True)]
            )
            self.assertEqual(overdue, self.project.milestone_ids[0])
            self.assertTrue(overdue.is_overdue)

    def test_one_running_takeover_per_community(self):
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.project.copy()

    def test_begun_projects_stay(self):
        self._finish("preparation")
        self.project.action_next()
        with self.assertRaisesRegex(UserError, "stays in the archive"):
            self.project.with_user(self.users["hq"]).unlink()

    def test_list_costs_the_same_for_any_number_of_projects(self):
        spec = {
            "name": {},
            "state": {},
            "progress": {},
            "document_progress": {},
            "owed_count": {},
            "overdue_count": {},
            "open_ticket_count": {},
            "developer_id": {"fields": {"display_name": {}}},
            "manager_id": {"fields": {"display_name": {}}},
        }
        Project = self.env["property.takeover.project"].with_user(self.users["manager"])

        def count_queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            Project.web_search_read([], spec)
            return self.cr.sql_log_count - before

        count_queries()
        few = count_queries()
        for number in range(6):
            community = self._create_community(f"Estate {number}", f"E{number}")
            community.developer_id = self.developer
            Project.create(
                {"community_id": community.id, "takeover_date": date(2027, 1, 1)}
            )
        self.assertEqual(count_queries(), few)
