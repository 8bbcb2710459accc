from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import OCTOBER
from .meter_common import MeterCase

OCT_25, OCT_31 = date(2026, 10, 25), date(2026, 10, 31)


@tagged("post_install", "-at_install")
class TestSharedCost(MeterCase):
    """A cost is divided to the cent, billed with the month, and never twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lift = cls._create_item("LF", "Lift", kind="shared", sequence=8)
        for home in cls.homes[2:]:
            owner = cls.env["res.partner"].create({"name": f"Owner {home.code}"})
            cls._occupy(home, owner, is_resident=True)
        cls.homes[:2].occupancy_ids.is_resident = True

    def _cost(self, **values):
        return self.env["property.shared.cost"].create(
            {
                "name": "Lift electricity",
                "community_id": self.community.id,
                "item_id": self.lift.id,
                "period": OCTOBER,
                "amount": 1234.56,
                **values,
            }
        )

    def _amounts(self, cost):
        return {line.unit_id: line.amount for line in cost.line_ids}

    def test_by_area(self):
        self.homes[0].write({"gross_area": 120.5})
        cost = self._cost()
        cost.action_preview()
        self.assertEqual(len(cost.line_ids), 6)
        self.assertEqual(cost.amount_allocated, 1234.56)
        whole = 120.5 + 5 * 89.5
        self.assertAlmostEqual(
            self._amounts(cost)[self.homes[0]], 1234.56 * 120.5 / whole, delta=0.01
        )
        cost.action_confirm()
        self._run()
        charge = self._charges(self.homes[0])
        self.assertEqual(charge.amount, self._amounts(cost)[self.homes[0]])
        self.assertEqual(charge.partner_id, self.owner)
        self.assertIn(
            "Lift electricity 1,234.56 x 120.50/568.00", charge.explanation_text
        )
        self.assertFalse(charge._get_wrong_amounts())
        charges = self.env["property.charge"].search([("item_id", "=", self.lift.id)])
        self.assertAlmostEqual(sum(charges.mapped("amount")), 1234.56)
        self.assertEqual(cost.amount_billed, 1234.56)

    def test_never_twice_and_free_when_cancelled(self):
        cost = self._cost()
        cost.action_confirm()
        self._run()
        self._run()
        self._run(date(2026, 11, 1))
        self.assertEqual(len(self._charges(self.home)), 1)
        with self.assertRaisesRegex(UserError, "billed to 6 units"):
            cost.action_cancel()
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            cost.amount = 1
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            cost.line_ids[0].percent = 1
        for move in (
            self.env["property.charge"].search([("item_id", "=", self.lift.id)]).move_id
        ):
            move.button_draft()
            move.button_cancel()
        self.assertFalse(cost.line_ids.charge_id)
        self._run()
        self.assertEqual(len(self._charges(self.home)), 1, "billed again")

    def test_second_cost_of_the_same_days(self):
        self._cost().action_confirm()
        with self.assertRaisesRegex(UserError, "same days"):
            self._cost(name="Again").action_confirm()
        other = self._create_item("LT", "Lighting", kind="shared")
        self._cost(name="Light", item_id=other.id, amount=60).action_confirm()
        self._run()
        self.assertEqual(len(self._charges(self.home)), 2)

    def test_by_household_and_share(self):
        cost = self._cost(method="household", amount=100)
        cost.action_preview()
        self.assertEqual(
            sorted(self._amounts(cost).values()),
            [16.66, 16.66, 16.67, 16.67, 16.67, 16.67],
        )
        self.assertEqual(
            list(self._amounts(cost).values())[:4], [16.67] * 4, "the first doors first"
        )
        cost.method = "weight"
        cost.line_ids[0].factor = 5
        cost.action_preview()
        self.assertEqual(self._amounts(cost)[self.homes[0]], 50)
        cost.action_confirm()
        self._run()
        self.assertIn(
            "x 5/10 shares = 50.00", self._charges(self.home).explanation_text
        )

    def test_by_consumption(self):
        self._read(self.meter, OCT_25, 1030)
        self._read(self.neighbour_meter, OCT_25, 1010)
        cost = self._cost(method="consumption", amount=100)
        cost.action_preview()
        amounts = self._amounts(cost)
        self.assertEqual(amounts[self.home], 75)
        self.assertEqual(amounts[self.neighbour_home], 25)
        self.assertEqual(amounts[self.homes[3]], 0)
        cost.action_confirm()
        self._run()
        self.assertFalse(self._charges(self.homes[3]), "nothing to pay, no charge")

    def test_excluded_and_vacant(self):
        vacant = self.homes[5]
        vacant.occupancy_ids.is_resident = False
        self.assertEqual(vacant.status, "vacant")
        cost = self._cost(
            amount=100,
            method="household",
            excluded_unit_ids=[Command.set(self.homes[:2].ids)],
            vacant_rule="exclude",
        )
        cost.action_preview()
        amounts = self._amounts(cost)
        self.assertNotIn(self.home, amounts)
        self.assertEqual(amounts[vacant], 0)
        self.assertEqual(sum(amounts.values()), 100)
        cost.write({"vacant_rule": "percent", "vacant_percent": 50})
        cost.action_preview()
        amounts = self._amounts(cost)
        self.assertAlmostEqual(amounts[vacant], 100 * 0.5 / 3.5, delta=0.01)
        self.assertAlmostEqual(sum(amounts.values()), 100)
        cost.write({"unit_ids": [Command.set(vacant.ids)], "vacant_rule": "exclude"})
        with self.assertRaisesRegex(UserError, "nobody takes a part"):
            cost.action_preview()

    def test_selected_units_and_types(self):
        cost = self._cost(unit_ids=[Command.set(self.homes[:3].ids)])
        cost.action_preview()
        self.assertEqual(cost.line_ids.unit_id, self.homes[:3])
        cost.write({"unit_ids": [Command.clear()], "for_home": False})
        with self.assertRaisesRegex(UserError, "no unit takes part"):
            cost.action_preview()

    def test_from_common_meter(self):
        meter = self._create_meter(
            self.env["property.unit"],
            "E1",
            kind="electricity",
            multiplier=20,
            item_id=False,
            building_id=self.building.id,
        )
        self._read(meter, OCT_25, 1003.1)
        cost = self._cost(
            source="meter", meter_ids=[Command.set(meter.ids)], meter_price=0.538
        )
        self.assertEqual(cost.meter_quantity, 62)
        self.assertEqual(cost.amount, 33.36)

    def test_from_vendor_bill(self):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.owner.id,
                "invoice_date": OCT_31,
                "invoice_line_ids": [
                    Command.create({"name": "Power", "price_unit": 500, "tax_ids": []})
                ],
            }
        )
        bill.action_post()
        cost = self._cost(source="bill", bill_id=bill.id)
        self.assertEqual(cost.amount, 500)

    def test_payer_is_who_pays_on_the_last_day(self):
        buyer = self.env["res.partner"].create({"name": "Buyer"})
        self.home._transfer(
            date(2026, 10, 20),
            "sale",
            [{"partner_id": buyer.id, "share": 100, "is_resident": True}],
        )
        self._cost().action_confirm()
        self._run()
        self.assertEqual(self._charges(self.home).partner_id, buyer)

    def test_assignments_come_with_the_cost(self):
        self._assign(self.home, self.lift)
        self._cost().action_confirm()
        assignments = self.lift.assignment_ids
        self.assertEqual(len(assignments), 6)
        self.assertEqual(
            set(
                (
                    assignments - assignments.filtered(lambda a: a.unit_id == self.home)
                ).mapped("date_start")
            ),
            {OCTOBER},
        )

    def test_amount_and_roles(self):
        with self.assertRaisesRegex(UserError, "enter the amount"):
            self._cost(amount=0).action_confirm()
        cost = self._cost()
        accountant = cost.with_user(self.users["accountant"])
        accountant.action_preview()
        accountant.action_confirm()
        self.assertEqual(cost.state, "confirmed")
        for role in ("frontdesk", "cashier"):
            with self.subTest(role), self.assertRaises(AccessError):
                cost.with_user(self.users[role]).action_cancel()
        for role in ("reader", "security", "engineer"):
            self.assertFalse(cost.with_user(self.users[role]).has_access("read"), role)

    def test_costs_the_same_for_any_number(self):
        def count(cost):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            cost.action_preview()
            cost.action_confirm()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        few, many, warm = (
            self._cost(
                unit_ids=[Command.set(self._create_homes(size, prefix).ids)],
                vacant_rule="percent",
            )
            for size, prefix in ((3, "7"), (40, "8"), (2, "6"))
        )
        count(warm)
        self.assertEqual(count(few), count(many))
