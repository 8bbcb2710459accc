from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import PropertyServiceCase


@tagged("post_install", "-at_install")
class TestComplaint(PropertyServiceCase):
    """A complaint is judged, answered and made good before it is closed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.attitude = cls.env.ref("property_service.problem_service_staff_attitude")
        cls.complaint = cls._create_ticket(category_id=cls.attitude.id)
        cls._walk(cls.complaint, "accepted", "in_progress", "done")

    def _judge(self, **vals):
        self.complaint.write(
            {
                "is_justified": "yes",
                "justified_reason": "The guard was rude",
                "cause": "attitude",
                "department": "security",
                "corrective_action": "Apology at the door",
                **vals,
            }
        )

    def test_closed_only_when_judged(self):
        with self.assertRaisesRegex(UserError, "Complaint Is"):
            self.complaint.action_close()
        self._judge(corrective_action=False)
        with self.assertRaisesRegex(UserError, "Corrective Action"):
            self.complaint.action_close()
        self._judge()
        self.complaint.action_close()
        self.assertEqual(self.complaint.state, "closed")

    def test_not_justified_needs_no_action(self):
        self.complaint.write(
            {"is_justified": "no", "justified_reason": "It was another estate"}
        )
        self.complaint.action_close()
        self.assertEqual(self.complaint.state, "closed")

    @mute_logger("odoo.sql_db")
    def test_a_finding_has_a_reason(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.complaint.is_justified = "no"
            self.env.flush_all()

    def test_compensation_is_approved_by_amount(self):
        Compensation = self.env["property.compensation"].with_user(self.frontdesk)
        small, large = Compensation.create(
            [
                {
                    "ticket_id": self.complaint.id,
                    "amount": amount,
                    "reason": "For the trouble",
                }
                for amount in (200, 900)
            ]
        )
        self.assertEqual(small.partner_id, self.complaint.partner_id)
        with self.assertRaisesRegex(UserError, "found to be justified"):
            small.action_approval_submit()
        self._judge()
        (small | large).action_approval_submit()
        with self.assertRaises(AccessError):
            small.action_approval_approve()
        (small | large).with_user(self.manager).action_approval_approve()
        self.assertEqual(small.approval_state, "approved")
        self.assertEqual(large.approval_state, "submitted")
        large.with_user(self.admin).action_approval_approve()
        self.assertEqual(large.approval_state, "approved")

    def test_who_is_liable(self):
        home = self._create_ticket()
        self.assertEqual(home.liable, "owner")
        lift = self.env.ref("property_service.problem_facility_lift_noise")
        self.assertEqual(self._create_ticket(category_id=lift.id).liable, "company")
        self.problem.parent_id.liable = "developer"
        self.assertEqual(self._create_ticket().liable, "developer")

    def test_a_complaint_follows_its_procedure(self):
        code = self.complaint.procedure_version_id.procedure_id.code
        self.assertEqual(code, "SOP-08")
