from datetime import date

import psycopg2
from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import TrainingCase


@tagged("post_install", "-at_install")
class TestTrainingPlan(TrainingCase):
    def test_name_totals_and_due_date(self):
        self.assertRecordValues(
            self.plan,
            [
                {
                    "name": "Training Plan 2027 Customer Service",
                    "line_count": 2,
                    "hours_total": 6.0,
                    "budget_total": 1100.0,
                    "due_date": date(2026, 12, 15),
                }
            ],
        )

    def test_story_submit_refuse_submit_approve(self):
        plan, approver = self.plan, self.plan.with_user(self.approver)
        with freeze_time("2026-12-10"):
            plan.action_submit()
        self.assertRecordValues(
            plan,
            [
                {
                    "state": "submitted",
                    "submitted_on": date(2026, 12, 10),
                    "submitted_by_id": self.author.id,
                    "is_late": False,
                }
            ],
        )
        self.assertEqual(plan.activity_ids.user_id, self.approver)
        wizard = self.env["property.training.refusal"].with_user(self.approver)
        context = approver.action_refuse()["context"]
        with Form(wizard.with_context(**context)) as form:
            form.reason = "Too little about fire safety"
        form.record.action_refuse()
        self.assertEqual(plan.state, "refused")
        self.assertEqual(plan.refusal_reason, "Too little about fire safety")
        self.assertFalse(plan.activity_ids)
        plan.action_draft()
        plan.line_ids[1].budget = 900.0
        with freeze_time("2026-12-16"):
            plan.action_submit()
            approver.action_approve()
        self.assertRecordValues(
            plan,
            [
                {
                    "state": "approved",
                    "decided_by_id": self.approver.id,
                    "decided_on": date(2026, 12, 16),
                    "refusal_reason": False,
                    "is_late": True,
                }
            ],
        )
        self.assertFalse(plan.activity_ids)

    def test_every_training_names_the_four_things(self):
        for field, value, part in (
            ("month", False, "time"),
            ("standard", False, "standard of assessment"),
            ("audience", "  ", "scope"),
            ("budget", 0.0, "budget"),
        ):
            line = self.plan.line_ids[0]
            before = line[field]
            line[field] = value
            with self.assertRaisesRegex(
                UserError, f'"Receiving complaints" does not name: {part}'
            ):
                self.plan.action_submit()
            line[field] = before
        self.plan.line_ids[0].write({"budget": 0.0, "is_free": True})
        self.plan.action_submit()

    def test_empty_or_unchecked_plans_are_not_submitted(self):
        self.plan.is_lawful = False
        with self.assertRaisesRegex(UserError, "against laws and regulations"):
            self.plan.action_submit()
        self.plan.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "has no training yet"):
            self.plan.action_submit()

    def test_nobody_approves_his_own_plan(self):
        self.plan.action_submit()
        with self.assertRaisesRegex(UserError, "Nobody decides on his own plan"):
            self.plan.action_approve()
        with self.assertRaisesRegex(UserError, "Nobody decides on his own plan"):
            self.plan.write({"state": "approved"})
        with self.assertRaisesRegex(UserError, "back to draft"):
            self.plan.manager_id = self.approver

    def test_whoever_submits_for_another_does_not_approve_either(self):
        self.plan.manager_id = self.users["hq"]
        self.plan.action_submit()
        with self.assertRaisesRegex(UserError, "Nobody decides on his own plan"):
            self.plan.action_approve()
        self.plan.with_user(self.approver).action_approve()

    def test_the_record_of_the_steps_cannot_be_written(self):
        self.plan.manager_id = self.users["hq"]
        self.plan.action_submit()
        with self.assertRaisesRegex(UserError, "recorded by the steps"):
            self.plan.submitted_by_id = self.users["hq"]
        with self.assertRaisesRegex(UserError, "back to draft"):
            self.plan.with_user(self.approver).write(
                {"state": "approved", "manager_id": self.author.id}
            )
        other = self._create_plan(year=2031)
        with self.assertRaisesRegex(UserError, "are fixed"):
            other.line_ids.write({"plan_id": self.plan.id})

    def test_approver_is_another_manager(self):
        self.plan.approver_id = self.author
        with self.assertRaisesRegex(UserError, "drew up"):
            self.plan.action_submit()
        self.plan.approver_id = self.users["frontdesk"]
        with self.assertRaisesRegex(UserError, "is no community manager"):
            self.plan.action_submit()
        self.plan.approver_id = False
        with self.assertRaisesRegex(UserError, "Choose who approves"):
            self.plan.action_submit()

    def test_community_names_its_manager_as_approver(self):
        self.community.manager_id = self.approver
        plan = self._create_plan(
            community_id=self.community.id, approver_id=False, department_id=False
        )
        self.assertFalse(plan.approver_id, "what is given stays")
        plan = self.env["property.training.plan"].create(
            {"year": 2029, "community_id": self.community.id}
        )
        self.assertEqual(plan.approver_id, self.approver)

    def test_steps_are_not_skipped(self):
        with self.assertRaisesRegex(UserError, "cannot become Approved"):
            self.plan.with_user(self.approver).write({"state": "approved"})
        with self.assertRaisesRegex(UserError, "begins as a draft"):
            self._create_plan(year=2030, state="approved")

    def test_submitted_trainings_are_fixed_but_can_be_recorded(self):
        self.plan.action_submit()
        line = self.plan.line_ids[0]
        for change in (
            lambda: line.write({"budget": 1.0}),
            line.unlink,
            lambda: line.copy(),
        ):
            with self.assertRaisesRegex(UserError, "are fixed"), self.cr.savepoint():
                change()
        self.plan.with_user(self.approver).action_approve()
        line.write({"cost": 280.0, "held_on": "2027-03-12", "participant_count": 9})
        self.assertEqual(self.plan.cost_total, 280.0)

    def test_approved_plan_goes_back_only_by_a_decider(self):
        self.plan.action_submit()
        self.plan.with_user(self.approver).action_approve()
        with self.assertRaisesRegex(UserError, "Nobody decides"):
            self.plan.action_draft()
        self.plan.with_user(self.approver).action_draft()
        self.assertRecordValues(self.plan, [{"state": "draft", "decided_by_id": False}])

    def test_exact_day_lies_in_the_plan(self):
        line = self.plan.line_ids[0]
        line.date = date(2027, 4, 2)
        self.assertEqual(line.month, "04")
        with self.assertRaisesRegex(ValidationError, "month and year"):
            line.date = date(2026, 4, 2)
        with self.assertRaisesRegex(ValidationError, "month and year"):
            line.month = "05"

    def test_copy_is_the_draft_of_the_next_year(self):
        self.plan.action_submit()
        self.plan.with_user(self.approver).action_approve()
        copy = self.plan.copy()
        self.assertRecordValues(
            copy,
            [
                {
                    "year": 2028,
                    "state": "draft",
                    "line_count": 2,
                    "is_lawful": False,
                    "name": "Training Plan 2028 Customer Service",
                }
            ],
        )

    def test_one_plan_per_department_and_year(self):
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self._create_plan()

    def test_only_managers_decide(self):
        self.plan.action_submit()
        with self.assertRaises(AccessError):
            self.plan.with_user(self.users["frontdesk"]).action_approve()

    def test_list_costs_the_same_for_any_number_of_plans(self):
        spec = {
            name: {}
            for name in (
                "name",
                "year",
                "state",
                "is_late",
                "budget_total",
                "line_count",
            )
        } | {
            name: {"fields": {"display_name": {}}}
            for name in ("department_id", "manager_id", "approver_id", "currency_id")
        }
        Plan = self.env["property.training.plan"].with_user(self.users["frontdesk"])

        def count_queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            Plan.web_search_read([], spec)
            return self.cr.sql_log_count - before

        count_queries()
        few = count_queries()
        for year in range(2030, 2038):
            self._create_plan(year=year)
        self.assertEqual(count_queries(), few)
