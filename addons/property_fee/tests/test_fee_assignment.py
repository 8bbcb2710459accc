from datetime import date

import psycopg2
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import START, PropertyFeeCase


@tagged("post_install", "-at_install")
class TestFeeAssignment(PropertyFeeCase):
    def _assert_refused(self, **values):
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self._assign(self.home, **values)

    def test_overlap_is_refused(self):
        first = self._assign(self.home)
        self._assert_refused(start=date(2026, 1, 1))
        first.date_end = date(2025, 12, 31)
        self.env.flush_all()
        self._assign(self.home, start=date(2026, 1, 1))
        self._assign(self.home, self.garbage)

    def test_dates_in_order(self):
        self._assert_refused(date_end=date(2024, 12, 31))

    def test_named_payer_is_needed(self):
        self._assert_refused(payer_rule="partner")
        self._assign(self.home, payer_rule="partner", partner_id=self.tenant.id)

    def test_company_must_match(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        item = self._create_item("PM", "Elsewhere", company_id=company.id)
        with self.assertRaises(ValidationError):
            self._assign(self.home, item)

    # === MANY UNITS AT ONCE === #

    def _wizard(self, **values):
        return self.env["property.fee.assign"].create(
            {
                "item_id": self.management.id,
                "community_id": self.community.id,
                **values,
            }
        )

    def test_assign_from_handover(self):
        self.homes[5].handover_date = False
        wizard = self._wizard()
        self.assertRecordValues(
            wizard,
            [
                {
                    "unit_count": 6,
                    "new_count": 5,
                    "undated_count": 1,
                    "assigned_count": 0,
                }
            ],
        )
        wizard.action_assign()
        assigned = self.env["property.fee.assignment"].search(
            [("item_id", "=", self.management.id)]
        )
        self.assertEqual(assigned.unit_id, self.homes[:5])
        self.assertEqual(set(assigned.mapped("date_start")), {date(2022, 6, 1)})

    def test_again_assigns_nothing(self):
        self._wizard().action_assign()
        wizard = self._wizard()
        self.assertEqual(wizard.assigned_count, 6)
        self.assertEqual(wizard.new_count, 0)
        with self.assertRaises(UserError):
            wizard.action_assign()

    def test_assign_the_rest(self):
        self._assign(self.home)
        ended = self._assign(self.neighbour_home, start=date(2020, 1, 1))
        ended.date_end = date(2022, 5, 31)
        wizard = self._wizard()
        self.assertEqual(wizard.assigned_count, 1)
        wizard.action_assign()
        self.assertEqual(
            self.env["property.fee.assignment"].search_count(
                [("unit_id", "in", self.homes.ids)]
            ),
            7,
        )

    def test_types_buildings_and_fixed_date(self):
        garage = self.building.copy({"code": "G", "name": "Garage", "kind": "parking"})
        space = self.env["property.unit"].create(
            {
                "community_id": self.community.id,
                "building_id": garage.id,
                "name": "P001",
                "unit_type": "parking",
            }
        )
        wizard = self._wizard(
            for_home=True,
            for_parking=True,
            building_ids=garage.ids,
            start_rule="fixed",
            date_start=START,
            payer_rule="occupant",
        )
        wizard.action_assign()
        self.assertRecordValues(
            self.env["property.fee.assignment"].search([("unit_id", "=", space.id)]),
            [{"date_start": START, "payer_rule": "occupant"}],
        )

    def test_form(self):
        form = Form(self.env["property.fee.assign"].with_user(self.users["accountant"]))
        form.item_id = self.management
        form.community_id = self.community
        self.assertEqual(form.new_count, 6)
        form.for_home = False
        self.assertEqual(form.new_count, 0)
