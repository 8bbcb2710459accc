from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import START, PropertyFeeCase

RULE_LOGGER = "odoo.addons.property_fee.models.property_fee_assignment_rule"


@tagged("post_install", "-at_install")
class TestFeeAssignmentRule(PropertyFeeCase):
    def _create_rule(self, **values):
        return (
            self.env["property.fee.assignment.rule"]
            .with_user(self.users["accountant"])
            .create(
                {
                    "item_id": self.management.id,
                    "community_id": self.community.id,
                    **values,
                }
            )
        )

    def test_applied_twice_assigns_once(self):
        self.homes[5].handover_date = False
        rule = self._create_rule()
        self.assertRecordValues(
            rule,
            [{"name": "Lakeside Management Fee", "new_count": 5, "undated_count": 1}],
        )
        rule.action_apply()
        self.assertEqual(rule.assignment_ids.unit_id, self.homes[:5])
        self.assertEqual(
            set(rule.assignment_ids.mapped("date_start")), {date(2022, 6, 1)}
        )
        rule.action_apply()
        self.assertRecordValues(
            rule, [{"assignment_count": 5, "new_count": 0, "last_count": 0}]
        )

    def test_newly_delivered_units_are_caught(self):
        self.homes.handover_date = False
        rule = self._create_rule()
        other = self._create_rule(
            item_id=self.garbage.id, start_rule="fixed", date_start=START
        )
        with self.enter_registry_test_mode():
            self._cron()
        self.assertFalse(rule.assignment_ids)
        self.assertEqual(len(other.assignment_ids), 6)
        self.homes[2].handover_date = date(2026, 10, 5)
        with self.enter_registry_test_mode():
            self._cron()
        self.assertEqual(rule.assignment_ids.unit_id, self.homes[2])
        self.assertEqual(rule.last_count, 1)

    def _cron(self):
        self.env.ref("property_fee.ir_cron_fee_assignment_rule").method_direct_trigger()

    def test_ended_by_hand_stays_ended(self):
        rule = self._create_rule()
        rule.action_apply()
        rule.assignment_ids[0].unlink()
        rule.assignment_ids[0].date_end = date(2026, 9, 30)
        rule.action_apply()
        self.assertEqual(rule.assignment_count, 6)

    def test_one_bad_rule_leaves_the_others(self):
        bad = self._create_rule()
        good = self._create_rule(item_id=self.garbage.id)
        # Ends before the day on which it would begin: the database refuses it.
        self.env["property.fee.assignment"].create(
            {
                "unit_id": self.home.id,
                "item_id": self.management.id,
                "date_start": date(2022, 6, 2),
                "date_end": date(2022, 6, 3),
            }
        )
        self.patch(
            type(self.env["property.fee.scope.mixin"]),
            "_sort_units",
            lambda rule: (self.homes, self.homes[:0], self.homes[:0], self.homes),
        )
        with (
            self.enter_registry_test_mode(),
            mute_logger(
                "odoo.sql_db",
                "odoo.addons.property_fee.models.property_fee_assignment_rule",
            ),
        ):
            self._cron()
        self.assertTrue(bad.last_error)
        self.assertFalse(bad.assignment_ids)
        self.assertEqual(good.assignment_count, 6)

    def test_bad_scope(self):
        other = self._create_community("Hillside", "HILL")
        company = self.env["res.company"].create({"name": "Other Company"})
        foreign = self._create_community("Seaside", "SEA", company_id=company.id)
        for values in (
            {"community_id": other.id, "building_ids": self.building.ids},
            {"community_id": foreign.id},
            {"start_rule": "fixed", "date_start": False},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.env["property.fee.assignment.rule"].create(
                    {
                        "item_id": self.management.id,
                        "community_id": self.community.id,
                        **values,
                    }
                )

    def test_wizard_keeps_a_rule(self):
        wizard = (
            self.env["property.fee.assign"]
            .with_user(self.users["accountant"])
            .create(
                {
                    "item_id": self.management.id,
                    "community_id": self.community.id,
                    "building_ids": self.building.ids,
                    "for_shop": True,
                    "keep_rule": True,
                }
            )
        )
        wizard.action_assign()
        rule = self.env["property.fee.assignment.rule"].search(
            [("community_id", "=", self.community.id)]
        )
        self.assertRecordValues(
            rule, [{"assignment_count": 6, "for_shop": True, "for_parking": False}]
        )
        self.assertEqual(rule.building_ids, self.building)

    def test_cashier_sees_no_rules(self):
        rule = self._create_rule()
        with self.assertRaises(AccessError):
            rule.with_user(self.users["cashier"]).read(["name"])
