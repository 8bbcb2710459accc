import csv
from datetime import date

from odoo import Command, models
from odoo.tools.misc import file_open

DEPARTMENT = "客户服务部"


class PropertyDemoEstate(models.AbstractModel):
    _inherit = "property.demo.estate"

    def _fill(self, community, today):
        """Add this year's approved training plan and the draft of the next."""
        result = super()._fill(community, today)
        Plan = self.env["property.training.plan"]
        if not Plan.search_count([("community_id", "=", community.id)], limit=1):
            users = self._demo_users(community)
            self._fill_training_plans(community, today, users["hq"], users["manager"])
        return result

    def _fill_training_plans(self, community, today, author, approver):
        """Create two plans: the running year approved and under way, the next a draft.

        :return: the plans, the running year first
        """
        quiet = self.with_context(
            mail_create_nosubscribe=True,
            mail_auto_subscribe_no_notify=True,
            tracking_disable=True,
            lang=self._demo_lang(),
        )
        department = quiet.env["hr.department"].create(
            {"name": DEPARTMENT, "company_id": community.company_id.id}
        )
        with file_open("property_staff/demo/trainings.csv") as samples_file:
            samples = list(csv.DictReader(samples_file))
        common = {
            "company_id": community.company_id.id,
            "community_id": community.id,
            "department_id": department.id,
            "manager_id": author.id,
            "approver_id": approver.id,
        }
        return quiet.env["property.training.plan"].create(
            [
                {
                    **common,
                    "year": today.year,
                    "state": "approved",
                    "is_lawful": True,
                    "submitted_on": date(today.year - 1, 12, 8),
                    "submitted_by_id": author.id,
                    "decided_on": date(today.year - 1, 12, 11),
                    "decided_by_id": approver.id,
                    "line_ids": self._draw_trainings(samples, today.year, today),
                },
                {
                    **common,
                    "year": today.year + 1,
                    "line_ids": self._draw_trainings(samples[:8], today.year + 1),
                },
            ]
        )

    def _draw_trainings(self, samples, year, today=None):
        """Return the commands of the trainings; those before today have been held."""
        commands = []
        for sample in samples:
            day = date(year, int(sample["month"]), 16)
            budget = float(sample["budget"])
            vals = {
                "name": sample["topic"],
                "audience": sample["audience"],
                "month": sample["month"],
                "date": day,
                "trainer": sample["trainer"],
                "hours": float(sample["hours"]),
                "standard": sample["standard"],
                "budget": budget,
                "is_free": not budget,
            }
            if today and day < today:
                vals.update(
                    held_on=day, cost=round(budget * 0.92, 2), participant_count=14
                )
            commands.append(Command.create(vals))
        return commands
