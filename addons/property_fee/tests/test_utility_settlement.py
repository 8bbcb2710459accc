from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import OCTOBER
from .meter_common import MeterCase

OCT_25, OCT_31 = date(2026, 10, 25), date(2026, 10, 31)


@tagged("post_install", "-at_install")
class TestUtilitySettlement(MeterCase):
    """What was billed for the utility stands against its bill; the rest is the loss."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.utility = cls.env["res.partner"].create({"name": "Waterworks"})
        accounts = cls.company_data
        cls.liability = cls.env["account.account"].create(
            {
                "name": "Water collected",
                "code": "224199",
                "account_type": "liability_current",
            }
        )
        cls.loss = accounts["default_account_expense"].copy({"name": "Water lost"})
        cls.water.write(
            {
                "is_agency": True,
                "agency_partner_id": cls.utility.id,
                "agency_account_id": cls.liability.id,
            }
        )
        cls._assign(cls.homes[:2], cls.water)
        main = cls._create_meter(
            cls.env["property.unit"], "MAIN", item_id=False, digits=6
        )
        (cls.meter + cls.neighbour_meter).parent_id = main
        cls._read(main, OCT_25, 1050)
        cls._read(cls.meter, OCT_25, 1030)
        cls._read(cls.neighbour_meter, OCT_25, 1015)
        cls._run()

    def _settlement(self, **values):
        return self.env["property.utility.settlement"].create(
            {
                "community_id": self.community.id,
                "item_id": self.water.id,
                "date_from": OCTOBER,
                "date": OCT_31,
                "loss_account_id": self.loss.id,
                **values,
            }
        )

    def _bill(self, amount, account=None):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.utility.id,
                "invoice_date": OCT_31,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Water",
                            "price_unit": amount,
                            "account_id": (account or self.liability).id,
                            "tax_ids": [],
                        }
                    )
                ],
            }
        )
        bill.action_post()
        return bill

    def _balance(self, account):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return round(sum(lines.mapped("balance")), 2)

    def test_figures(self):
        settlement = self._settlement(bill_id=self._bill(145).id)
        self.assertRecordValues(
            settlement,
            [
                {
                    "partner_id": self.utility.id,
                    "master_quantity": 50,
                    "billed_quantity": 45,
                    "loss_quantity": 5,
                    "loss_rate": 10,
                    "master_amount": 145,
                    "billed_amount": 130.5,
                    "collected_amount": 0,
                    "loss_amount": 14.5,
                    "charge_count": 2,
                }
            ],
        )
        move = self._charges(self.home).move_id
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({})._create_payments()
        settlement.invalidate_recordset()
        self.assertEqual(settlement.collected_amount, 87)

    def test_bill_on_the_liability(self):
        self.assertEqual(self._balance(self.liability), -130.5)
        settlement = self._settlement(bill_id=self._bill(145).id)
        settlement.with_user(self.users["accountant"]).action_confirm()
        self.assertEqual(self._balance(self.liability), 0)
        self.assertEqual(self._balance(self.loss), 14.5)
        self.assertEqual(settlement.move_id.state, "posted")

    def test_bill_on_an_expense(self):
        expense = self.company_data["default_account_expense"]
        before = self._balance(expense)
        settlement = self._settlement(bill_id=self._bill(145, expense).id)
        settlement.action_confirm()
        self.assertEqual(self._balance(self.liability), 0)
        self.assertEqual(self._balance(expense), before)
        self.assertEqual(self._balance(self.loss), 14.5)

    def test_surplus(self):
        settlement = self._settlement(bill_id=self._bill(130).id)
        settlement.action_confirm()
        self.assertEqual(self._balance(self.liability), 0)
        self.assertEqual(self._balance(self.loss), -0.5)

    def test_exact(self):
        settlement = self._settlement(
            bill_id=self._bill(130.5).id, loss_account_id=False
        )
        settlement.action_confirm()
        self.assertFalse(settlement.move_id, "nothing is left to clear")
        self.assertEqual(self._balance(self.liability), 0)

    def test_cancelled_and_done_again(self):
        settlement = self._settlement(bill_id=self._bill(145).id)
        settlement.action_confirm()
        again = self._settlement(bill_id=self._bill(10).id)
        self.assertEqual(again.charge_count, 0, "a charge is settled once")
        with self.assertRaisesRegex(UserError, "Cancel it first"):
            settlement.master_amount = 1
        with self.assertRaisesRegex(UserError, "has been settled"):
            settlement.action_confirm()
        settlement.action_cancel()
        self.assertEqual(self._balance(self.loss), 0)
        self.assertFalse(settlement.charge_ids)
        settlement.action_draft()
        settlement.action_confirm()
        self.assertEqual(self._balance(self.loss), 14.5)

    def test_what_is_missing(self):
        settlement = self._settlement(bill_id=self._bill(145).id, loss_account_id=False)
        with self.assertRaisesRegex(UserError, "14.50 more"):
            settlement.action_confirm()
        settlement.bill_id.button_draft()
        with self.assertRaisesRegex(UserError, "posted bill"):
            settlement.action_confirm()
        self.water.is_agency = False
        self.water.agency_account_id = False
        with self.assertRaisesRegex(UserError, "no liability account"):
            settlement.action_confirm()

    def test_draft_of_the_bill(self):
        settlement = self._settlement(master_amount=145)
        action = settlement.action_create_bill()
        bill = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(bill.invoice_line_ids.account_id, self.liability)
        self.assertEqual(bill.amount_total, 145)
        bill.action_post()
        settlement.action_confirm()
        self.assertEqual(self._balance(self.liability), 0)

    def test_print_and_roles(self):
        settlement = self._settlement(bill_id=self._bill(145).id)
        html = str(
            self.env["ir.actions.report"]._render_qweb_html(
                "property_fee.report_utility_settlement", settlement.ids
            )[0],
            "utf-8",
        )
        for text in ("Waterworks", "10.00", "14.50"):
            self.assertIn(text, html)
        with self.assertRaises(AccessError):
            settlement.with_user(self.users["cashier"]).action_confirm()
        for role in ("frontdesk", "engineer", "security"):
            user = self.users[role]
            self.assertFalse(settlement.with_user(user).has_access("read"), role)
