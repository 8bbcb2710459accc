from datetime import date

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TakeoverCase


@tagged("post_install", "-at_install")
class TestTakeoverAccess(TakeoverCase):
    def test_roles(self):
        for role in ("reader", "security", "cashier", "engineer", "frontdesk"):
            project = self.project.with_user(self.users[role])
            self.assertTrue(project.name)
            with self.assertRaises(AccessError):
                project.write({"contract_number": "changed"})
            with self.assertRaises(AccessError):
                project.create(
                    {
                        "community_id": self.community.id,
                        "takeover_date": date(2027, 1, 1),
                    }
                )
        for role in ("engineer", "frontdesk"):
            user = self.users[role]
            self.project.milestone_ids[0].with_user(user).action_done()
            self.project.document_ids[0].with_user(user).action_receive()
        for role in ("reader", "security", "cashier"):
            with self.assertRaises(AccessError):
                self.project.document_ids[1].with_user(
                    self.users[role]
                ).action_receive()
        self.project.with_user(self.users["manager"]).contract_number = "changed"
        with self.assertRaises(AccessError):
            self.project.with_user(self.users["manager"]).unlink()

    def test_templates_belong_to_headquarters(self):
        template = self.env.ref("property_handover.milestone_keys")
        with self.assertRaises(AccessError):
            template.with_user(self.users["manager"]).offset_days = 1
        template.with_user(self.users["hq"]).offset_days = 1

    def test_companies_and_communities(self):
        company = self.env["res.company"].create({"name": "Moon Service"})
        foreign = self._create_community("Moon Bay", "MB", company_id=company.id)
        second = self._create_community("Hill Garden", "HG")
        projects = self.project | self.env["property.takeover.project"].create(
            [
                {"community_id": community.id, "takeover_date": date(2027, 1, 1)}
                for community in (foreign, second)
            ]
        )
        user = self.users["manager"]

        def visible(model):
            field = "id" if model == "property.takeover.project" else "project_id"
            found = (
                self.env[model].with_user(user).search([(field, "in", projects.ids)])
            )
            return found if field == "id" else found.project_id

        for model in (
            "property.takeover.project",
            "property.takeover.milestone",
            "property.takeover.document",
        ):
            self.assertEqual(len(visible(model)), 2)
        user.property_community_ids = [Command.set(self.community.ids)]
        self.env.registry.clear_cache()
        for model in (
            "property.takeover.project",
            "property.takeover.milestone",
            "property.takeover.document",
        ):
            self.assertEqual(visible(model).ids, self.project.ids)

    def test_portal_sees_nothing(self):
        for record in (
            self.project,
            self.project.milestone_ids[0],
            self.project.document_ids[0],
        ):
            with self.assertRaises(AccessError):
                record.with_user(self.portal_user).read(["name"])
