from datetime import timedelta

from freezegun import freeze_time
from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .approval_common import DAY, ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalDelegation(ApprovalCase):
    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(DAY))
        self.engineer = self.users["engineer"]

    def test_delegate_counts_from_the_first_to_the_last_day(self):
        self._delegate(self.manager, self.engineer, "2026-10-16", "2026-10-20")
        document = self._submitted()
        for day, expected in (
            ("2026-10-15", False),
            ("2026-10-16", True),
            ("2026-10-20", True),
            ("2026-10-21", False),
        ):
            with freeze_time(day):
                self.env.invalidate_all()
                self.assertEqual(
                    document.with_user(self.engineer).can_approve, expected, day
                )
        with self.assertRaises(AccessError):
            document.with_user(self.engineer).action_approval_approve()
        with freeze_time("2026-10-20"):
            document.with_user(self.engineer).action_approval_approve()
        log = document.approval_log_ids[:1]
        self.assertEqual(log.user_id, self.engineer)
        self.assertEqual(log.on_behalf_id, self.manager)

    def test_nobody_approves_his_own_by_delegation(self):
        self._delegate(self.manager, self.desk, DAY, DAY)
        own = self._submitted(user=self.desk)
        self.assertFalse(own.with_user(self.desk).can_approve)
        self.assertNotIn(self.desk, self._approvers(own))
        with self.assertRaises(AccessError):
            own.with_user(self.desk).action_approval_approve()
        of_the_manager = self._submitted(user=self.manager)
        self.assertFalse(of_the_manager.with_user(self.desk).can_approve)
        self.assertNotIn(self.desk, self._approvers(of_the_manager))
        with self.assertRaises(AccessError):
            of_the_manager.with_user(self.desk).action_approval_approve()

    def test_delegation_is_not_handed_on(self):
        self._delegate(self.manager, self.engineer, DAY, DAY)
        self._delegate(self.engineer, self.users["cashier"], DAY, DAY)
        document = self._submitted()
        self.assertTrue(document.with_user(self.engineer).can_approve)
        self.assertFalse(document.with_user(self.users["cashier"]).can_approve)

    def test_activities_follow_the_leave(self):
        document = self._submitted()
        self.assertEqual(self._approvers(document), self.manager + self.hq)
        self._delegate(self.manager, self.engineer, "2026-10-16", "2026-10-17")
        for day, present in (
            ("2026-10-15", False),
            ("2026-10-16", True),
            ("2026-10-18", False),
        ):
            with freeze_time(day), self.enter_registry_test_mode():
                self.env.ref(
                    "property_base.ir_cron_approval_activities"
                ).method_direct_trigger()
                found = self.engineer in self._approvers(document)
                self.assertEqual(found, present, day)

    def test_users_set_their_own_leave_only(self):
        desk = self.desk.with_user(self.desk)
        self._delegate(desk, self.engineer, DAY, DAY)
        self.assertEqual(self.desk.property_delegate_id, self.engineer)
        with self.assertRaises(AccessError):
            self._delegate(self.manager.with_user(self.desk), self.desk, DAY, DAY)
        with self.assertRaises(ValidationError):
            self._delegate(self.manager, self.manager, DAY, DAY)
        with self.assertRaises(ValidationError):
            self._delegate(self.manager, self.portal_user, DAY, DAY)
        with self.assertRaises(ValidationError):
            self.manager.property_delegate_id = self.engineer


@tagged("post_install", "-at_install")
class TestApprovalInbox(ApprovalCase):
    def test_everything_that_waits_is_in_one_place(self):
        waiting = self._submitted() | self._submitted(6000)
        self._submitted(user=self.manager)
        self._document()
        Document = self.env["test.approval.document"].with_user(self.manager)
        self.assertEqual(Document.search([("can_approve", "=", True)]), waiting)
        self.assertNotIn(waiting[0], Document.search([("can_approve", "=", False)]))
        Request = self.env["property.approval.request"].with_user(self.manager)
        ours = [("res_model", "=", waiting._name)]
        mine = Request.search([*ours, ("can_approve", "=", True)])
        self.assertEqual(set(mine.mapped("res_id")), set(waiting.ids))
        self.assertEqual(mine, mine.filtered("can_approve"))
        mine.action_approve()
        self.assertEqual(
            waiting.sorted("amount").mapped("approval_state"), ["approved", "submitted"]
        )
        self.assertFalse(Request.search([*ours, ("can_approve", "=", True)]))
        self.assertEqual(mine[0].action_open_document()["res_model"], waiting._name)

    def test_refuse_from_the_inbox(self):
        document = self._submitted()
        request = document.approval_request_id.with_user(self.manager)
        action = request.action_refuse()
        self.assertEqual(action["context"]["default_res_ids"], document.ids)

    def test_trail_follows_the_document(self):
        hill = self._create_community("Hillside", "HILL")
        document = self._submitted(community_id=hill.id)
        self.env["ir.rule"].create(
            {
                "name": "test",
                "model_id": self.env["ir.model"]._get_id(document._name),
                "domain_force": "[('community_id', '!=', %d)]" % hill.id,
                "groups": [
                    Command.set(self.env.ref("property_base.group_property_user").ids)
                ],
            }
        )
        for model, record in (
            ("property.approval.request", document.sudo().approval_request_id),
            ("property.approval.log", document.sudo().approval_log_ids),
        ):
            for user, visible in ((self.manager, False), (self.hq, True)):
                found = self.env[model].with_user(user).search([("id", "=", record.id)])
                self.assertEqual(bool(found), visible)
                self.assertEqual(record.with_user(user).has_access("read"), visible)

    def test_portal_and_public_see_nothing(self):
        document = self._submitted()
        for user in (self.portal_user, self.env.ref("base.public_user")):
            for record in (
                document,
                document.approval_request_id,
                document.approval_log_ids,
                self.first,
            ):
                with self.assertRaises(AccessError):
                    record.with_user(user).read()
            with self.assertRaises(AccessError):
                document.with_user(user).action_approval_approve()

    def test_views_carry_the_approval(self):
        Document = self.env["test.approval.document"].with_user(self.manager)
        arch = Document.get_view(view_type="form")["arch"]
        for name in (
            "action_approval_submit",
            "action_approval_approve",
            "action_approval_refuse",
            "action_approval_draft",
            "approval_log_ids",
        ):
            self.assertIn(f'name="{name}"', arch)
        self.assertIn("approval_state != 'draft'", arch)
        search = Document.get_view(view_type="search")["arch"]
        self.assertIn("approval_waiting_me", search)

    def test_lists_run_a_constant_number_of_queries(self):
        self._submitted()

        # With a time zone: whether the user is read for it differs from run to run.
        env = self.env(user=self.manager, context={"tz": "Asia/Shanghai"})

        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            documents = env["test.approval.document"].search([])
            documents.mapped("can_approve")
            documents.mapped("can_submit")
            documents.mapped("can_reset")
            documents.mapped("approval_step_id.name")
            requests = env["property.approval.request"].search(
                [("can_approve", "=", True)]
            )
            requests.mapped("can_approve")
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        documents = self.env["test.approval.document"].with_user(self.desk)
        documents = documents.create(
            [
                {"name": str(n), "amount": n, "community_id": self.community.id}
                for n in range(40)
            ]
        )
        documents.action_approval_submit()
        self.env.flush_all()
        count()
        self.assertEqual(count(), few)

    def test_deadline_of_the_activity(self):
        self.first.days = 3
        with freeze_time(DAY):
            document = self._submitted()
        self.assertEqual(
            set(document.sudo().activity_ids.mapped("date_deadline")),
            {fields.Date.to_date(DAY) + timedelta(days=3)},
        )

    def test_another_company_does_not_decide(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            login="approval_stranger",
            groups="property_base.group_property_admin",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        document = self._submitted()
        self.assertFalse(document.with_user(stranger).can_approve)
        self.assertNotIn(stranger, document.sudo().activity_ids.user_id)
        with self.assertRaises(AccessError):
            document.with_user(stranger).action_approval_approve()
