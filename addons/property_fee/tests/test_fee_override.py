from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .common import START, PropertyFeeCase


@tagged("post_install", "-at_install")
class TestFeeOverride(PropertyFeeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.assignment = cls._assign(cls.home)
        cls.manager, cls.hq = cls.users["manager"], cls.users["hq"]

    def _create_override(self, **values):
        return (
            self.env["property.fee.override"]
            .with_user(self.users["accountant"])
            .create(
                {
                    "assignment_id": self.assignment.id,
                    "date_start": START,
                    "price": 2,
                    "reason": "Settlement of a leak",
                    **values,
                }
            )
        )

    def _approve(self, override):
        override.action_approval_submit()
        override.with_user(self.manager).action_approval_approve()
        return override

    def _amounts(self):
        self._run()
        return self._charges(self.home).mapped("amount")

    def test_nothing_counts_before_approval(self):
        override = self._create_override()
        self.assertEqual(override.difference, -44.75)
        override.action_approval_submit()
        self.assertEqual(self._amounts(), [223.75])

    def test_refused_never_counts(self):
        override = self._create_override()
        override.action_approval_submit()
        override.with_user(self.manager)._approval_refuse("No ground for it")
        self.assertEqual(self._amounts(), [223.75])

    def test_approved_price_counts(self):
        self._approve(self._create_override(date_start=date(2026, 10, 16)))
        self.assertEqual(self._amounts(), [108.27, 92.38])
        charge = self._charges(self.home)[1].with_context(lang="en_US")
        self.assertEqual(charge.unit_price, 2)
        self.assertIn("2.00 per m² and month (agreed) x 16/31", charge.explanation_text)
        self.assertFalse(charge._get_wrong_amounts())

    def test_approved_quantity_counts(self):
        self.management_rate.minimum = 200
        self._approve(
            self._create_override(has_price=False, has_quantity=True, quantity=50)
        )
        self.assertEqual(self._amounts(), [200])

    def test_quantity_stands_in_for_a_missing_area(self):
        self.home.write({"gross_area": 0, "inner_area": 0})
        self._approve(
            self._create_override(has_price=False, has_quantity=True, quantity=40)
        )
        self.assertEqual(self._amounts(), [100])

    def test_ends(self):
        override = self._approve(self._create_override(date_end=date(2026, 10, 10)))
        self.assertFalse(override.is_in_force)
        self.assertEqual(len(self._amounts()), 2)
        with self.assertRaises(UserError):
            override.action_end()
        lasting = self._approve(self._create_override(date_start=date(2026, 10, 11)))
        lasting.action_end()
        self.assertFalse(lasting.is_in_force)
        self.assertTrue(lasting.date_end)

    def test_own_approval_is_no_approval(self):
        override = self._create_override()
        override.action_approval_submit()
        with self.assertRaises(AccessError):
            override.action_approval_approve()
        with self.assertRaises(AccessError):
            override.approval_state = "approved"
        with self.assertRaises(UserError):
            override.price = 0.01

    def test_large_sums_go_to_head_office(self):
        override = self._create_override(price=0)
        self.assertEqual(override.difference, -223.75)
        self._approve(override)
        self.assertEqual(override.approval_state, "submitted")
        self.assertEqual(self._amounts(), [223.75])
        override.with_user(self.hq).action_approval_approve()
        self.assertEqual(override.approval_state, "approved")

    def test_two_for_the_same_days(self):
        late = self._create_override(price=1.9)
        self._approve(self._create_override())
        with self.assertRaisesRegex(UserError, "Another price has been approved"):
            late.action_approval_submit()

    def test_outside_the_assignment(self):
        with self.assertRaisesRegex(ValidationError, "is not charged on 2024-12-31"):
            self._create_override(date_start=date(2024, 12, 31))

    def test_form_and_other_community(self):
        form = Form(
            self.env["property.fee.override"].with_user(self.users["accountant"])
        )
        form.assignment_id = self.assignment
        form.date_start = START
        form.price = 2.4
        form.reason = "Contract"
        self.assertEqual(form.difference, -8.95)
        override = form.save()
        other = self._create_community("Hillside", "HILL")
        stranger = new_test_user(
            self.env,
            login="hillside",
            groups="property_base.group_property_accountant",
            property_community_ids=other.ids,
        )
        with self.assertRaises(AccessError):
            override.with_user(stranger).reason = "Mine"
        with self.assertRaises(AccessError):
            override.with_user(self.users["cashier"]).unlink()
