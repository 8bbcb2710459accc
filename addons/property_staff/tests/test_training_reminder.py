from datetime import date

from odoo.tests import tagged

from .common import TrainingCase


@tagged("post_install", "-at_install")
class TestTrainingReminder(TrainingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Estates of other companies in the database would be reminded as well.
        cls.env["property.community"].search([]).manager_id = False
        cls.community.manager_id = cls.author
        cls.second = cls._create_community("Hill", "HI", manager_id=cls.author.id)
        cls.third = cls._create_community("Bay", "BA", manager_id=cls.approver.id)

    def _remind(self, *day):
        return self.env["property.community"]._cron_remind_training_plan(date(*day))

    def test_story_of_december(self):
        self.assertFalse(self._remind(2026, 11, 30))
        activities = self._remind(2026, 12, 1)
        self.assertEqual(activities.user_id, self.author | self.approver)
        self.assertEqual(len(activities), 2, "one for each manager")
        self.assertEqual(set(activities.mapped("date_deadline")), {date(2026, 12, 14)})
        self.assertIn("2027", activities[0].summary)
        self.assertFalse(self._remind(2026, 12, 1), "again on the same day")
        self.assertFalse(self._remind(2026, 12, 9), "and later")
        self.plan.action_submit()
        self.assertFalse(activities.filtered("active"))
        self.assertFalse(self._remind(2026, 12, 20))
        self.assertFalse(self._remind(2027, 1, 5))
        self.assertEqual(len(self._remind(2027, 12, 1)), 2, "next year anew")

    def test_done_reminders_do_not_come_back(self):
        self._remind(2026, 12, 1).action_feedback()
        self.assertFalse(self._remind(2026, 12, 2))

    def test_new_manager_is_reminded_too(self):
        self._remind(2026, 12, 1)
        self.second.manager_id = self.users["hq"]
        self.assertEqual(self._remind(2026, 12, 2).user_id, self.users["hq"])

    def test_refused_plan_is_no_plan(self):
        self.plan.action_submit()
        self.assertFalse(self._remind(2026, 12, 1))
        self.plan.with_user(self.approver)._refuse("Too short")
        self.assertEqual(len(self._remind(2026, 12, 2)), 2)

    def test_companies_are_looked_at_one_by_one(self):
        company = self.env["res.company"].create({"name": "Moon Service"})
        self.plan.action_submit()
        foreign = self._create_community(
            "Moon Bay", "MB", company_id=company.id, manager_id=self.author.id
        )
        activities = self._remind(2026, 12, 1)
        self.assertEqual(activities.res_id, foreign.id)

    def test_scheduled_action(self):
        cron = self.env.ref("property_staff.ir_cron_remind_training_plan")
        self.assertEqual(cron.code, "model._cron_remind_training_plan()")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
