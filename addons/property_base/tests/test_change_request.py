from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged, users

from .common import PropertyCase


@tagged("post_install", "-at_install")
class TestChangeRequest(PropertyCase):
    def _propose(self, kind="phone", user=None, **values):
        request = (
            self.env["property.change.request"]
            .with_user(user or self.portal_user)
            .create(
                {
                    "unit_id": self.home.id,
                    "partner_id": self.owner.id,
                    "kind": kind,
                    **values,
                }
            )
        )
        self.env.invalidate_all()
        return request.with_user(self.users["frontdesk"])

    def test_a_new_number_is_applied_when_it_is_approved(self):
        request = self._propose(phone="13600001111", phone2="0571-81110000")
        self.assertEqual(self.owner.phone, "13912345678")
        request.action_approve()
        self.assertEqual(self.owner.phone, "13600001111")
        self.assertEqual(self.owner.phone2, "0571-81110000")
        self.assertRecordValues(
            request,
            [
                {
                    "state": "approved",
                    "decided_by_id": self.users["frontdesk"].id,
                    "phone": "136****1111",
                    "phone2": "0571-****0000",
                }
            ],
        )

    def test_a_new_member_joins_the_household(self):
        request = self._propose(
            "member", member_name=" 张小三 ", date="2026-10-01", is_resident=True
        )
        request.action_approve()
        member = self.home.occupancy_ids.filtered(lambda one: one.role == "family")
        self.assertEqual(member.partner_id.name, "张小三")
        self.assertTrue(member.is_resident)
        self.assertEqual(str(member.date_start), "2026-10-01")

    def test_moving_out_ends_a_lease_and_leaves_the_ownership(self):
        self.home.occupancy_ids.is_resident = True
        lease = self._occupy(self.home, self.owner, "tenant", is_resident=True)
        self._propose("move_out", date="2026-12-31").action_approve()
        self.assertEqual(str(lease.date_end), "2026-12-31")
        owned = self.home.occupancy_ids - lease
        self.assertFalse(owned.date_end)
        self.assertFalse(owned.is_resident)

    def test_a_refusal_gives_a_reason(self):
        request = self._propose(phone="13600001111")
        with self.assertRaisesRegex(UserError, "Enter a reason"):
            request.action_refuse()
        request.decision_reason = "The number belongs to somebody else."
        request.action_refuse()
        seen = request.with_user(self.portal_user)
        self.assertEqual(seen.state, "refused")
        self.assertIn("somebody else", seen.decision_reason)
        self.assertEqual(self.owner.phone, "13912345678")
        for again in (request.action_approve, request.action_refuse):
            with self.assertRaisesRegex(UserError, "already"):
                again()
        with self.assertRaisesRegex(UserError, "already"):
            request.write({"phone": "13100000001"})

    def test_the_household_is_told_by_mail(self):
        self.owner.email = "zhang@example.com"
        request = self._propose(phone="13600001111")
        request.action_approve()
        message = request.sudo().message_ids.filtered("partner_ids")
        self.assertEqual(message.partner_ids, self.owner)
        self.assertIn("Approved", message.body)

    def test_a_proposal_starts_as_one(self):
        request = self._propose(
            phone="13600001111",
            state="approved",
            decided_by_id=self.users["manager"].id,
            decision_reason="x",
        )
        self.assertRecordValues(
            request,
            [{"state": "proposed", "decided_by_id": False, "decision_reason": False}],
        )
        with self.assertRaises(AccessError):
            request.write({"state": "approved"})

    def test_what_has_to_be_entered(self):
        for kind, values in (("phone", {}), ("member", {"member_name": " "})):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self._propose(kind, **values)

    def test_suspicious_numbers_are_flagged(self):
        self.assertTrue(self._propose(phone="1360000").is_suspicious)
        self.assertFalse(self._propose(phone="13600001111").is_suspicious)

    def test_the_manager_is_asked(self):
        self.community.manager_id = self.users["manager"]
        request = self._propose(phone="13600001111")
        self.assertEqual(request.sudo().activity_ids.user_id, self.users["manager"])
        request.with_user(self.users["manager"]).action_approve()
        self.assertFalse(request.sudo().activity_ids)

    def test_only_ones_own_household(self):
        for values in (
            {"unit_id": self.neighbour_home.id},
            {"partner_id": self.neighbour.id},
            {"unit_id": self.neighbour_home.id, "partner_id": self.neighbour.id},
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                self._propose(phone="13600001111", **values)

    def test_a_tenant_names_nobody_for_a_former_home(self):
        self._occupy(self.neighbour_home, self.owner, "emergency")
        with self.assertRaisesRegex(ValidationError, "owner or a tenant"):
            self._propose(
                "member", unit_id=self.neighbour_home.id, member_name="王小明"
            )
        self.home.occupancy_ids.date_end = "2023-01-01"
        with self.assertRaises(UserError):
            self._propose(phone="13600001111")

    def test_portal_users_see_and_decide_nothing_of_others(self):
        request = self._propose(phone="13600001111")
        other = request.with_user(self.portal_neighbour)
        self.assertFalse(other.search([]))
        with self.assertRaises(AccessError):
            other.read(["phone"])
        mine = request.with_user(self.portal_user)
        for change in (
            lambda: mine.write({"note": "x"}),
            mine.unlink,
            mine.action_approve,
            mine.action_refuse,
        ):
            with self.assertRaises(AccessError):
                change()

    def test_the_new_number_is_for_who_decides(self):
        request = self._propose(phone="13600001111", phone2="13700002222")
        auditor = new_test_user(
            self.env,
            login="property_auditor_of_changes",
            groups="property_base.group_property_auditor",
        )
        for user, phone, phone2 in (
            (self.users["frontdesk"], "13600001111", "13700002222"),
            (auditor, "136****1111", "137****2222"),
        ):
            self.env.invalidate_all()
            [shown] = request.with_user(user).read(["phone", "phone2"])
            self.assertEqual((shown["phone"], shown["phone2"]), (phone, phone2))
        request.action_approve()
        for user in (self.users["frontdesk"], auditor):
            self.env.invalidate_all()
            [shown] = request.with_user(user).read(["phone"])
            self.assertEqual(shown["phone"], "136****1111")

    def test_who_decides(self):
        request = self._propose(phone="13600001111")
        for role in ("reader", "engineer", "security", "cashier"):
            with self.assertRaises(AccessError):
                request.with_user(self.users[role]).action_approve()
        clerk = self.users["frontdesk"]
        clerk.property_community_ids = self._create_community("Hillside", "HILL")
        with self.assertRaises(AccessError):
            request.with_user(clerk).action_approve()

    @users("property_frontdesk")
    def test_nobody_decides_on_his_own(self):
        clerk = self.env.user.partner_id
        self._occupy(self.home, clerk, "tenant")
        request = self.env["property.change.request"].create(
            {
                "unit_id": self.home.id,
                "partner_id": clerk.id,
                "kind": "phone",
                "phone": "13600001111",
            }
        )
        with self.assertRaisesRegex(UserError, "Somebody else"):
            request.action_approve()
