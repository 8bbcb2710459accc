from dateutil.relativedelta import relativedelta
from odoo import fields, models

RUNNING = {
    "name": "云栖雅苑",
    "code": "YX",
    "city": "杭州市",
    "street": "云栖路 66 号",
}


class PropertyDemoEstate(models.AbstractModel):
    _inherit = "property.demo.estate"

    def _fill(self, community, today):
        """Add the closed take-over of the estate, and one of a new estate that runs."""
        result = super()._fill(community, today)
        Project = self.env["property.takeover.project"]
        if not Project.search_count([("community_id", "=", community.id)], limit=1):
            quiet = self.with_context(
                mail_create_nosubscribe=True,
                mail_auto_subscribe_no_notify=True,
                tracking_disable=True,
                lang=self._demo_lang(),
            )
            # Demo data comes before the translations of the templates it copies.
            self.env["ir.module.module"]._get(
                "property_handover"
            )._update_translations()
            quiet._fill_closed_takeover(community, today)
            quiet._fill_running_takeover(community, today)
        return result

    def _fill_closed_takeover(self, community, today):
        """Create the finished take-over by which the community came to the company."""
        day = community.takeover_date or today + relativedelta(years=-4)
        project = self._create_takeover(community, day, "CH-WG-001")
        self._receive_documents(project, project.document_ids, day)
        for milestone in project.milestone_ids:
            done = min(milestone.due_date, today)
            milestone.write({"state": "done", "done_date": done})
        for _step in range(4):
            project.action_next()
        project.write(
            {"handed_over_on": day, "closed_on": day + relativedelta(months=1)}
        )
        return project

    def _fill_running_takeover(self, community, today):
        """Create a take-over in the middle of the acceptance, with papers missing."""
        estate = self.env["property.community"].search(
            [
                ("code", "=", RUNNING["code"]),
                ("company_id", "=", community.company_id.id),
            ]
        )
        if not estate:
            developer = self.env["res.partner"].create(
                {"name": "云栖房地产开发有限公司", "is_company": True}
            )
            estate = self.env["property.community"].create(
                {
                    **RUNNING,
                    "company_id": community.company_id.id,
                    "developer_id": developer.id,
                    "manager_id": community.manager_id.id,
                }
            )
        project = self._create_takeover(
            estate, today + relativedelta(days=24), "YX-WG-002"
        )
        for milestone in project.milestone_ids:
            if milestone.stage == "preparation" or milestone.due_date <= today:
                done = min(milestone.due_date, today)
                milestone.write({"state": "done", "done_date": done})
        received = project.document_ids[:19]
        self._receive_documents(project, received, today + relativedelta(days=-6))
        received[6].defect = "缺给排水及地下管线综合竣工图"
        received[6].action_claim()
        project.action_next()
        return project

    def _create_takeover(self, community, day, contract):
        return self.env["property.takeover.project"].create(
            {
                "community_id": community.id,
                "contract_number": contract,
                "contract_date": day + relativedelta(days=-180),
                "takeover_date": day,
                "manager_id": (community.manager_id or self.env.user).id,
            }
        )

    def _receive_documents(self, project, documents, day):
        """Record papers as received, in folders numbered by group."""
        folders = {}
        for index, document in enumerate(documents):
            folder = folders.setdefault(document.group, len(folders) + 1)
            document.write(
                {
                    "received_on": fields.Date.to_date(day),
                    "received_by_id": project.manager_id.id,
                    "copies": 2 if document.group == "ownership" else 1,
                    "pages": 3 + index * 7 % 40,
                    "place": f"档案柜 A-{folder}",
                }
            )
