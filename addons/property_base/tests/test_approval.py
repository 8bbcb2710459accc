from datetime import timedelta

from freezegun import freeze_time
from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..tools import approval
from .approval_tester import add_tester
from .common import PropertyCase

DAY = "2026-10-15"
ACTIVITY = "property_base.mail_activity_approval"


@tagged("post_install", "-at_install")
class ApprovalCase(PropertyCase):
    """Documents of the front desk: up to 5000 the manager approves, above also headquarters."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_tester(cls)
        cls.desk, cls.manager, cls.hq = (
            cls.users[role] for role in ("frontdesk", "manager", "hq")
        )
        cls.first, cls.second = cls.env["property.approval.step"].create(
            [
                {
                    "name": "Manager",
                    "res_model": "test.approval.document",
                    "sequence": 10,
                    "group_id": cls.env.ref("property_base.group_property_manager").id,
                },
                {
                    "name": "Headquarters",
                    "res_model": "test.approval.document",
                    "sequence": 20,
                    "group_id": cls.env.ref("property_base.group_property_admin").id,
                    "amount_from": 5000,
                },
            ]
        )

    @classmethod
    def _document(cls, amount=100.0, user=None, **values):
        return (
            cls.env["test.approval.document"]
            .with_user(user or cls.desk)
            .create(
                {
                    "name": "Waiver",
                    "amount": amount,
                    "community_id": cls.community.id,
                    **values,
                }
            )
        )

    def _submitted(self, amount=100.0, user=None, **values):
        document = self._document(amount, user, **values)
        document.action_approval_submit()
        return document

    def _approvers(self, document):
        """Return who has an open approval activity on the document."""
        activities = self.env["mail.activity"].search(
            [
                ("res_model", "=", document._name),
                ("res_id", "=", document.id),
                ("activity_type_id", "=", self.env.ref(ACTIVITY).id),
            ]
        )
        return activities.user_id & self.env["res.users"].union(*self.users.values())

    def _refuse(self, document, user, reason="Too much"):
        action = document.with_user(user).action_approval_refuse()
        self.env[action["res_model"]].with_user(user).with_context(
            **action["context"]
        ).create({"reason": reason}).action_refuse()

    def _delegate(self, user, delegate, start, end):
        user.write(
            {
                "property_delegate_id": delegate.id,
                "property_delegate_from": start,
                "property_delegate_until": end,
            }
        )


@tagged("post_install", "-at_install")
class TestApproval(ApprovalCase):
    def test_one_step(self):
        document = self._submitted(5000)
        self.assertEqual(document.approval_state, "submitted")
        self.assertEqual(self._approvers(document), self.manager + self.hq)
        document.with_user(self.manager).action_approval_approve()
        self.assertRecordValues(
            document.sudo(), [{"approval_state": "approved", "outcome": "done"}]
        )
        self.assertFalse(self._approvers(document))

    def test_two_steps_above_the_limit(self):
        document = self._submitted(5000.01)
        document.with_user(self.manager).action_approval_approve()
        self.assertEqual(document.approval_state, "submitted")
        self.assertFalse(document.outcome)
        self.assertEqual(document.approval_step_id, self.second)
        self.assertEqual(self._approvers(document), self.hq)
        with self.assertRaises(AccessError):
            document.with_user(self.manager).action_approval_approve()
        document.with_user(self.hq).action_approval_approve()
        self.assertEqual(document.approval_state, "approved")
        self.assertEqual(document.outcome, "done")

    def test_log_tells_the_whole_story(self):
        document = self._submitted(6000)
        document.with_user(self.manager).action_approval_approve()
        self._refuse(document, self.hq, "No contract attached")
        document.with_user(self.desk).action_approval_draft()
        document.with_user(self.desk).action_approval_submit()
        document.with_user(self.desk).action_approval_draft()
        document.with_user(self.desk).amount = 90
        document.action_approval_submit()
        document.with_user(self.manager).action_approval_approve()
        self.assertRecordValues(
            document.approval_log_ids.sorted("id"),
            [
                {"decision": decision, "user_id": user.id, "step_id": step.id}
                | {"amount": amount, "reason": reason}
                for decision, user, step, amount, reason in (
                    ("submitted", self.desk, self.first, 6000, False),
                    ("approved", self.manager, self.first, 6000, False),
                    ("refused", self.hq, self.second, 6000, "No contract attached"),
                    ("reopened", self.desk, self.second, 6000, False),
                    ("submitted", self.desk, self.first, 6000, False),
                    ("withdrawn", self.desk, self.first, 6000, False),
                    ("submitted", self.desk, self.first, 90, False),
                    ("approved", self.manager, self.first, 90, False),
                )
            ],
        )
        self.assertEqual(set(document.approval_log_ids.mapped("res_name")), {"Waiver"})
        for user in (self.desk, self.hq):
            with self.assertRaises(AccessError):
                document.approval_log_ids[:1].with_user(user).write({"reason": "x"})
            with self.assertRaises(AccessError):
                document.approval_log_ids[:1].with_user(user).unlink()

    def test_refusal_needs_a_reason_and_tells_the_submitter(self):
        document = self._submitted()
        with self.assertRaises(UserError):
            self._refuse(document, self.manager, "   ")
        self._refuse(document, self.manager, "Too much")
        self.assertRecordValues(
            document.sudo(),
            [
                {
                    "approval_state": "refused",
                    "approval_reason": "Too much",
                    "outcome": "refused: Too much",
                }
            ],
        )
        self.assertFalse(self._approvers(document))
        message = document.message_ids.filtered(
            lambda message: self.desk.partner_id in message.partner_ids
        )
        self.assertIn("Too much", message.body)
        with self.assertRaises(UserError):
            self._refuse(document, self.manager)

    def test_own_submission_is_refused(self):
        document = self._submitted(100, user=self.manager)
        self.assertFalse(document.with_user(self.manager).can_approve)
        with self.assertRaises(AccessError):
            document.with_user(self.manager).action_approval_approve()
        with self.assertRaises(AccessError):
            document.with_user(self.manager).action_approval_refuse()
        self.assertNotIn(self.manager, self._approvers(document))
        document.with_user(self.hq).action_approval_approve()
        self.assertEqual(document.approval_state, "approved")

    def test_other_roles_are_refused(self):
        document = self._submitted()
        for role in set(self.users) - {"manager", "hq"}:
            user = self.users[role]
            with self.subTest(role=role):
                self.assertFalse(document.with_user(user).can_approve)
                with self.assertRaises(AccessError):
                    document.with_user(user).action_approval_approve()
                with self.assertRaises(AccessError):
                    document.with_user(user).action_approval_refuse()
                with self.assertRaises(AccessError):
                    self.env["property.approval.refuse"].with_user(user).create(
                        {
                            "res_model": document._name,
                            "res_ids": document.ids,
                            "reason": "x",
                        }
                    ).action_refuse()
        self.assertEqual(document.approval_state, "submitted")
        draft = self._document()
        with self.assertRaises(AccessError):
            draft.with_user(self.users["engineer"]).action_approval_submit()

    def test_state_is_not_written_directly(self):
        document = self._document()
        request = self._submitted().approval_request_id
        for user in (self.desk, self.hq):
            for values in (
                {"approval_state": "approved"},
                {"approval_request_id": request.id},
            ):
                with self.assertRaises(AccessError):
                    document.with_user(user).write(values)
                with self.assertRaises(AccessError):
                    self._document(user=user, **values)
        pretended = self.env["test.approval.document"].with_user(self.desk)
        pretended = pretended.with_context(
            default_approval_state="approved", default_approval_request_id=request.id
        ).create({"name": "x"})
        self.assertEqual(pretended.approval_state, "draft")
        self.assertFalse(pretended.approval_request_id)
        with self.assertRaises(AccessError):
            request.with_user(self.hq).write({"state": "approved"})
        with self.assertRaises(AccessError):
            document.with_user(self.hq).write(
                {
                    "approval_log_ids": [
                        Command.create({"decision": "approved", "res_name": "x"})
                    ]
                }
            )

    def test_copy_starts_as_a_draft(self):
        document = self._submitted()
        duplicate = document.copy()
        self.assertEqual(duplicate.approval_state, "draft")
        self.assertFalse(duplicate.approval_request_id)
        self.assertFalse(duplicate.approval_log_ids)

    def test_content_is_locked_outside_draft(self):
        document = self._submitted()
        for values in ({"name": "x"}, {"amount": 1}, {"community_id": False}):
            with self.assertRaises(UserError):
                document.write(values)
        document.note = "may be added to"
        with self.assertRaises(UserError):
            document.unlink()
        self._refuse(document, self.manager)
        with self.assertRaises(UserError):
            document.name = "x"
        document.action_approval_draft()
        document.name = "x"
        document.unlink()

    def test_back_to_draft(self):
        document = self._submitted()
        for user in (self.manager, self.users["engineer"]):
            self.assertFalse(document.with_user(user).can_reset)
            with self.assertRaises(AccessError):
                document.with_user(user).action_approval_draft()
        self.assertTrue(document.can_reset)
        document.action_approval_draft()
        self.assertEqual(document.approval_state, "draft")
        self.assertFalse(self._approvers(document))
        document.action_approval_submit()
        document.with_user(self.manager).action_approval_approve()
        self.assertFalse(document.with_user(self.desk).can_reset)
        with self.assertRaises(AccessError):
            document.with_user(self.desk).action_approval_draft()
        document.with_user(self.manager).action_approval_draft()
        self.assertEqual(document.approval_state, "draft")
        self.assertEqual(document.approval_log_ids[:1].decision, "reopened")

    def test_second_click_does_not_approve_the_next_step(self):
        document = self._submitted(9000)
        seen = document.with_user(self.hq).with_context(
            approval_expected_step=self.first.id
        )
        seen.action_approval_approve()
        with self.assertRaisesRegex(UserError, "meanwhile"):
            seen.action_approval_approve()
        self.assertEqual(document.approval_state, "submitted")

    def test_no_step_no_approval(self):
        self.first.active = False
        document = self._document(100)
        with self.assertRaisesRegex(UserError, "No approval step"):
            document.action_approval_submit()

    def test_nobody_to_decide_is_told_at_submission(self):
        lonely = self.env["res.groups"].create(
            {"name": "Lonely", "user_ids": [Command.set(self.desk.ids)]}
        )
        self.second.group_id = lonely
        self._submitted(100)
        with self.assertRaisesRegex(UserError, "Lonely"):
            self._submitted(6000)

    def test_scopes_of_steps(self):
        hill = self._create_community("Hillside", "HILL")
        own = self.first.copy({"amount_to": 1000})
        own.community_id = hill
        self.assertEqual(own.company_id, hill.company_id)
        for amount, community, expected in (
            (900, hill, own),
            (900, self.community, self.first),
            (1001, hill, self.first),
        ):
            document = self._submitted(amount, community_id=community.id)
            self.assertEqual(document.approval_step_id, expected)
        with self.assertRaises(ValidationError):
            own.company_id = self.env["res.company"].create({"name": "Other"})

    def test_managers_decide_in_their_communities(self):
        hill = self._create_community("Hillside", "HILL")
        self.manager.property_community_ids = hill
        document = self._submitted()
        self.assertNotIn(self.manager, self._approvers(document))
        self.assertFalse(document.with_user(self.manager).can_approve)
        with self.assertRaises(AccessError):
            document.with_user(self.manager).action_approval_approve()
        on_the_hill = self._submitted(community_id=hill.id)
        self.assertTrue(on_the_hill.with_user(self.manager).can_approve)

    def test_tool(self):
        import doctest  # noqa: PLC0415

        result = doctest.testmod(approval)
        self.assertGreater(result.attempted, 0)
        self.assertEqual(result.failed, 0)

    def test_step_validation(self):
        Step = self.env["property.approval.step"].with_user(self.hq)
        form = Form(Step)
        form.name, form.res_model = "Chief", "property.procedure.version"
        form.group_id = self.env.ref("property_base.group_property_admin")
        self.assertTrue(form.save())
        self._submitted()
        with self.assertRaisesRegex(UserError, "Archive"):
            self.first.with_user(self.hq).unlink()


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
