from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..tools import approval
from .approval_common import ApprovalCase


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
