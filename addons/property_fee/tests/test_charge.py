from datetime import date

import psycopg2
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OCTOBER, PropertyFeeCase


@tagged("post_install", "-at_install")
class TestCharge(PropertyFeeCase):
    def test_whole_month(self):
        self._assign(self.home)
        self._run()
        charge = self._charges(self.home)
        self.assertRecordValues(
            charge,
            [
                {
                    "amount": 223.75,
                    "quantity": 89.5,
                    "unit_price": 2.5,
                    "partner_id": self.owner.id,
                    "rate_id": self.management_rate.id,
                    "state": "billed",
                    "period_label": "2026-10",
                }
            ],
        )
        self.assertEqual(
            charge.with_context(lang="en_US").explanation_text,
            "89.50 m² x 2.50 per m² and month = 223.75",
        )

    def test_part_of_a_month(self):
        self._assign(self.home, start=date(2026, 10, 20))
        self._run()
        charge = self._charges(self.home)
        self.assertEqual(charge.amount, 86.61)
        self.assertEqual(charge.period_label, "2026-10-20 ~ 2026-10-31")
        self.assertEqual(
            charge.with_context(lang="en_US").explanation_text,
            "89.50 m² x 2.50 per m² and month x 12/31 days = 86.61",
        )

    def test_thirty_days(self):
        self.management_rate.proration = "thirty"
        self._assign(self.home, start=date(2026, 10, 20))
        self._run()
        self.assertEqual(self._charges(self.home).amount, 82.04)

    def test_rounding(self):
        self.management_rate.rounding = "yuan"
        self._assign(self.home)
        self._run()
        self.assertEqual(self._charges(self.home).amount, 224)

    def test_explanations(self):
        data = {
            "kind": "recurring",
            "basis": "fixed",
            "quantity": "1.00",
            "price": "60.0000",
            "amount": "60.00",
            "whole_months": 1,
            "parts": [],
        }
        render = self.env["property.charge"].with_context(lang="en_US")
        for values, expected in (
            ({}, "60.00 per month = 60.00"),
            (
                {"whole_months": 3, "amount": "180"},
                "60.00 per month x 3 months = 180.00",
            ),
            (
                {"whole_months": 2, "parts": [[12, 31]], "amount": "143.23"},
                "60.00 per month x (2 + 12/31) months = 143.23",
            ),
            (
                {"whole_months": 0, "parts": [[12, 31], [5, 30]], "amount": "33.23"},
                "60.00 per month x (12/31 + 5/30) months = 33.23",
            ),
            ({"kind": "one_off"}, "60.00 = 60.00"),
            (
                {"kind": "one_off", "basis": "inner_area", "price": "1.2345"},
                "1.00 m² x 1.2345 per m² = 60.00",
            ),
        ):
            with self.subTest(expected):
                text = render._render_explanation({**data, **values})
                self.assertEqual(text, expected)

    def test_days_cannot_be_charged_twice(self):
        self._assign(self.home)
        self._run()
        charge = self._charges(self.home).sudo()
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            charge.copy({"date_from": date(2026, 10, 31), "date_to": date(2026, 11, 5)})

    def test_rate_change_splits_the_month(self):
        self.management_rate.date_end = date(2026, 10, 15)
        new = self._create_rate(
            self.management, price=2.8, date_start=date(2026, 10, 16)
        )
        self._assign(self.home)
        self._run()
        self.assertRecordValues(
            self._charges(self.home),
            [
                {
                    "date_to": date(2026, 10, 15),
                    "rate_id": self.management_rate.id,
                    "amount": 108.27,
                },
                {"date_to": date(2026, 10, 31), "rate_id": new.id, "amount": 129.34},
            ],
        )
        self.assertEqual(self._bill(self.home).amount_total, 237.61)

    def test_owner_change_splits_the_month(self):
        occupancy = self.home.occupancy_ids
        for day in range(2, 32):
            with self.subTest(day), self.cr.savepoint() as savepoint:
                self._sell(occupancy, date(2026, 10, day))
                self._assign(self.home)
                self._run()
                old, new = self._charges(self.home)
                self.assertEqual(old.partner_id, self.owner)
                self.assertEqual(new.partner_id, self.tenant)
                self.assertEqual(new.date_from, date(2026, 10, day))
                self.assertEqual(round(old.amount + new.amount, 2), 223.75)
                self.assertEqual(
                    self._bill(self.home).partner_id, self.owner + self.tenant
                )
                savepoint.close(rollback=True)

    def _sell(self, occupancy, day):
        occupancy.date_end = date.fromordinal(day.toordinal() - 1)
        self._occupy(self.home, self.tenant, start=day)

    def test_occupant_pays(self):
        self._occupy(self.home, self.tenant, role="tenant", start=date(2026, 10, 11))
        self._assign(self.home, payer_rule="occupant")
        self._run()
        self.assertEqual(
            self._charges(self.home).mapped("partner_id"), self.owner + self.tenant
        )

    def test_family_changes_nothing(self):
        self._occupy(self.home, self.tenant, role="family", start=date(2026, 10, 11))
        self._assign(self.home)
        self._run()
        self.assertEqual(len(self._charges(self.home)), 1)

    def test_developer_pays_before_the_owner(self):
        developer = self.env["res.partner"].create({"name": "Developer"})
        self.community.developer_id = developer
        self.home.occupancy_ids.date_start = date(2026, 10, 5)
        self._assign(self.home)
        self._run()
        self.assertEqual(
            self._charges(self.home).mapped("partner_id"), developer + self.owner
        )

    def test_named_payer(self):
        self._assign(self.home, payer_rule="partner", partner_id=self.tenant.id)
        self._run()
        self.assertEqual(self._bill(self.home).partner_id, self.tenant)

    # === PROOF AND STATE === #

    def test_prove(self):
        self._assign(self.homes[:2], self.management + self.garbage)
        self._run()
        charges = self._charges(self.home) + self._charges(self.neighbour_home)
        self.assertEqual(
            [float(charge._recompute_amount()) for charge in charges],
            charges.mapped("amount"),
        )
        self.assertEqual(charges.action_prove()["params"]["type"], "success")
        charges[0].sudo().amount += 0.01
        self.assertEqual(charges._get_wrong_amounts(), charges[0])
        with self.assertRaises(UserError):
            charges.action_prove()

    def test_cancelled_bill_frees_the_days(self):
        self._assign(self.home)
        self._run()
        bill, charge = self._bill(self.home), self._charges(self.home)
        bill.button_draft()
        self.assertEqual(charge.state, "draft")
        bill.button_cancel()
        self.assertEqual(charge.state, "cancelled")
        self.assertEqual(self._run().charged_count, 1)
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            bill.button_draft()
            self.env.flush_all()

    def test_bill_posted_again(self):
        self._assign(self.home)
        self._run()
        bill = self._bill(self.home)
        bill.button_draft()
        bill.action_post()
        self.assertEqual(self._charges(self.home).state, "billed")

    def test_credit_note_frees_the_days(self):
        self._assign(self.home)
        self._run()
        bill = self._bill(self.home)
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=bill.ids)
            .create({"journal_id": bill.journal_id.id, "date": OCTOBER})
        )
        wizard.refund_moves()
        self.assertTrue(self._charges(self.home))
        self.assertEqual(wizard.new_move_ids.property_unit_id, self.home)
        wizard = wizard.copy()
        bill = self._bill(self.home)
        bill._reverse_moves(cancel=True)
        self.assertFalse(self._charges(self.home))
        self.assertEqual(self._run().charged_count, 1)

    def test_deleted_draft_frees_the_days(self):
        self._assign(self.home)
        self._run()
        bill = self._bill(self.home)
        bill.button_draft()
        bill.with_context(force_delete=True).unlink()
        self.assertFalse(self._charges(self.home))

    def test_billed_charge_stays(self):
        self._assign(self.home)
        self._run()
        with self.assertRaises(UserError):
            self._charges(self.home).unlink()

    def test_waived_days_stay_taken(self):
        self._assign(self.home)
        self._run()
        charge = self._charges(self.home).sudo()
        charge.state = "waived"
        again = self._run()
        self.assertEqual(again.line_ids.reason, "Already billed.")
        with self.assertRaises(UserError):
            charge.unlink()
        charge.state = "cancelled"
        self.assertEqual(self._run().charged_count, 1)

    def test_checked_becomes_billed_with_its_bill(self):
        self._assign(self.home)
        self._run()
        bill, charge = self._bill(self.home), self._charges(self.home)
        bill.button_draft()
        charge.sudo().state = "checked"
        bill.action_post()
        self.assertEqual(charge.state, "billed")
