from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import plan_rules

ACTIVITY_DRAW_UP = "property_staff.mail_activity_draw_up_plan"


class PropertyCommunity(models.Model):
    _inherit = "property.community"

    @api.model
    def _cron_remind_training_plan(self, date=None):
        """Remind managers in December when next year's plan is not handed in.

        One activity for each manager of a company, on the first of his communities.
        Running it again, on the same or a later day, adds nothing for who has it or has
        marked it as done.

        :param date: the day, today if left out
        :return: the new activities
        """
        Activity = self.env["mail.activity"]
        year = plan_rules.year_to_remind(date or fields.Date.context_today(self))
        if not year:
            return Activity
        communities = self.search(
            Domain("company_id", "not in", self._get_companies_with_plan(year).ids)
            & Domain("manager_id", "!=", False),
            order="company_id, id",
        )
        wanted = communities.grouped(lambda c: (c.company_id, c.manager_id))
        for reminded in self._get_reminded(year, communities):
            wanted.pop(reminded, None)
        activities = Activity
        for (_company, manager), managed in wanted.items():
            activities += managed[0].activity_schedule(
                ACTIVITY_DRAW_UP,
                date_deadline=self._get_reminder_deadline(year),
                user_id=manager.id,
                summary=self.env._("Draw up the training plan for %(year)s", year=year),
            )
        return activities

    @api.model
    def _get_companies_with_plan(self, year):
        """Return the companies that have handed in a plan for a year."""
        plans = self.env["property.training.plan"].search_fetch(
            [("year", "=", year), ("state", "in", ("submitted", "approved"))],
            ["company_id"],
        )
        return plans.company_id

    @api.model
    def _get_reminder_deadline(self, year):
        """Return the last day on which the plan of a year is in time."""
        return fields.Date.subtract(plan_rules.due_date(year), days=1)

    def _get_training_reminders(self, year):
        """Return the reminders of a year on the communities, done ones included."""
        # Each user sees his own activities; the reminders of all are looked at.
        Activity = self.env["mail.activity"].sudo().with_context(active_test=False)
        return Activity.search(
            Domain("activity_type_id", "=", self.env.ref(ACTIVITY_DRAW_UP).id)
            & Domain("date_deadline", "=", self._get_reminder_deadline(year))
            & Domain("res_model", "=", "property.community")
            & Domain("res_id", "in", self.ids)
        )

    def _get_reminded(self, year, communities):
        """Return the (company, user) pairs that were reminded already."""
        company = {community.id: community.company_id for community in communities}
        return {
            (company[activity.res_id], activity.user_id)
            for activity in communities._get_training_reminders(year)
        }

    @api.model
    def _close_training_reminders(self, company, year, plan_name):
        """Mark the reminders of a company as done, since its plan was handed in."""
        # Also on communities in which whoever hands the plan in does not work.
        communities = self.sudo().search([("company_id", "=", company.id)])
        reminders = communities._get_training_reminders(year).filtered("active")
        reminders.action_feedback(
            feedback=self.env._("%(plan)s was submitted.", plan=plan_name)
        )
