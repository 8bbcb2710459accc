from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import TrainingCase


@tagged("post_install", "-at_install")
class TestTrainingAccess(TrainingCase):
    def test_roles(self):
        for role in ("reader", "security", "engineer", "frontdesk", "accountant"):
            plan = self.plan.with_user(self.users[role])
            self.assertEqual(plan.line_ids[0].name, "Receiving complaints")
            for forbidden in (
                lambda plan=plan: plan.write({"note": "changed"}),
                lambda plan=plan: plan.line_ids[0].write({"cost": 1}),
                lambda plan=plan: plan.create({"year": 2031}),
                plan.unlink,
            ):
                with self.assertRaises(AccessError):
                    forbidden()
        self.plan.with_user(self.approver).note = "changed"
        self.plan.with_user(self.users["hq"]).note = "changed"

    def test_personnel_reads(self):
        personnel = new_test_user(
            self.env, login="property_personnel", groups="hr.group_hr_user"
        )
        self.assertTrue(self.plan.with_user(personnel).line_ids[0].name)
        with self.assertRaises(AccessError):
            self.plan.with_user(personnel).note = "changed"

    def test_portal_sees_nothing(self):
        with self.assertRaises(AccessError):
            self.plan.with_user(self.portal_user).read(["name"])
        with self.assertRaises(AccessError):
            self.plan.line_ids.with_user(self.portal_user).read(["name"])

    def test_companies_and_communities(self):
        company = self.env["res.company"].create({"name": "Moon Service"})
        second = self._create_community("Hill", "HI")
        Plan = self.env["property.training.plan"]
        foreign, general, other, own = plans = Plan.create(
            [
                {"year": 2040, "company_id": company.id},
                {"year": 2040},
                {"year": 2040, "community_id": second.id},
                {"year": 2040, "community_id": self.community.id},
            ]
        )
        user = self.users["frontdesk"]
        found = Plan.with_user(user).search([("id", "in", plans.ids)])
        self.assertEqual(set(found.ids), set((general | other | own).ids))
        user.property_community_ids = [Command.set(self.community.ids)]
        self.env.registry.clear_cache()
        found = Plan.with_user(user).search([("id", "in", plans.ids)])
        self.assertEqual(set(found.ids), set((general | own).ids))

    def test_only_drafts_are_deleted(self):
        self.plan.action_submit()
        with self.assertRaisesRegex(Exception, "stays in the archive"):
            self.plan.unlink()
        self.plan.action_draft()
        self.plan.unlink()
        self.assertFalse(self.plan.exists())
