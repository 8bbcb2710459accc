from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .collect_common import CollectCase


@freeze_time("2026-11-23")
@tagged("post_install", "-at_install")
class TestPrepay(CollectCase):
    """Months paid ahead are billed by the planning of the fee runs, and never again."""

    def _rule(self, **values):
        return self.env["property.prepay.discount"].create(
            {
                "item_id": self.management.id,
                "months": 12,
                "percent": 5,
                "date_start": date(2026, 1, 1),
                **values,
            }
        )

    def _prepay(self, months, amount, **values):
        return self._take(
            amount=amount,
            prepay=[{"item_id": self.management.id, "months": months}],
            **values,
        )

    def test_quote(self):
        quote = self._counter().quote_prepay(self.home.id, self.management.id, 3)
        self.assertEqual(
            [row["period"] for row in quote["months"]],
            ["2026-12", "2027-01", "2027-02"],
        )
        self.assertEqual((quote["total"], quote["discount"]), (671.25, 0))
        self.assertFalse(
            self.env["property.charge"].search_count([("period", ">", "2026-11-30")])
        )

    def test_pay_ahead_and_run(self):
        receipt = self._prepay(2, 447.5)
        self.assertEqual(receipt.amount, 447.5)
        self.assertEqual(
            set(receipt.prepaid_move_ids.mapped("payment_state")), {"paid"}
        )
        for month in (date(2026, 12, 1), date(2027, 1, 1)):
            self._run(month)
            bills = self._bill(self.home, month)
            lines = bills.invoice_line_ids
            self.assertEqual(
                sorted(lines.property_charge_id.item_id.mapped("code")), ["GB", "PM"]
            )
        self.assertEqual(self.home.amount_due, 463.5 + 16)
        # The next prepayment goes on where the first ended.
        quote = self._counter().quote_prepay(self.home.id, self.management.id, 1)
        self.assertEqual(quote["months"][0]["period"], "2027-02")

    def test_percent(self):
        self._rule()
        quote = self._counter().quote_prepay(self.home.id, self.management.id, 11)
        self.assertEqual(quote["discount"], 0)
        quote = self._counter().quote_prepay(self.home.id, self.management.id, 12)
        # 223.75 less 5 percent is 212.5625, each month rounded as its bill is
        self.assertAlmostEqual(quote["total"], 12 * 212.56)
        receipt = self._prepay(12, quote["total"])
        self.assertAlmostEqual(sum(receipt.line_ids.mapped("amount")), quote["total"])
        charges = receipt.prepaid_move_ids.property_charge_ids
        self.assertFalse(charges._get_wrong_amounts())

    def test_months_free(self):
        self._rule(kind="free", free_months=1, percent=0)
        quote = self._counter().quote_prepay(self.home.id, self.management.id, 12)
        self.assertEqual(quote["total"], 11 * 223.75)
        receipt = self._prepay(12, quote["total"])
        self.assertEqual(len(receipt.prepaid_move_ids), 12)
        self.assertFalse(sum(receipt.prepaid_move_ids.mapped("amount_residual")))
        # The household reads that all twelve are settled, and what it was spared.
        (row,) = receipt._get_print_lines()
        self.assertEqual(
            (row["days"], row["amount"]), ("2026-12 - 2027-11", 11 * 223.75)
        )
        self.assertEqual(receipt._get_prepay_discount(), 223.75)
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        page = report._render_qweb_html("property_fee.report_receipt", receipt.ids)[0]
        self.assertIn("223.75", page.decode())

    def test_best_rule(self):
        self._rule(months=6, percent=2)
        self._rule(months=12, percent=5)
        local = self._rule(months=6, percent=3, community_id=self.community.id)
        find = self.env["property.prepay.discount"]._find
        day = date(2026, 11, 23)
        self.assertEqual(find(self.management, self.community, 12, day), local)
        other = self._create_community("Hillside", "HILL")
        self.assertEqual(find(self.management, other, 12, day).percent, 5)
        self.assertEqual(find(self.management, other, 6, day).percent, 2)
        self.assertFalse(find(self.management, other, 5, day))

    def test_void_gives_the_months_back(self):
        receipt = self._prepay(2, 447.5)
        receipt.with_user(self.users["cashier"])._void("changed his mind")
        self.env.invalidate_all()
        self.assertEqual(
            set(receipt.prepaid_move_ids.mapped("payment_state")), {"reversed"}
        )
        quote = self._counter().quote_prepay(self.home.id, self.management.id, 1)
        self.assertEqual(quote["months"][0]["period"], "2026-12")

    def test_void_gives_free_and_discounted_months_back(self):
        for values in ({"kind": "free", "free_months": 1, "percent": 0}, {}):
            with self.subTest(**values):
                rule = self._rule(**values)
                quote = self._counter().quote_prepay(
                    self.home.id, self.management.id, 12
                )
                receipt = self._prepay(12, quote["total"])
                charges = receipt.prepaid_move_ids.property_charge_ids
                self.assertEqual(set(charges.mapped("state")), {"billed"})
                receipt.with_user(self.users["cashier"])._void("changed his mind")
                self.env.invalidate_all()
                self.assertEqual(set(charges.mapped("state")), {"cancelled"})
                self.assertFalse(sum(charges.mapped("amount_net")))
                quote = self._counter().quote_prepay(
                    self.home.id, self.management.id, 12
                )
                self.assertEqual(
                    [row["period"] for row in quote["months"]][::11],
                    ["2026-12", "2027-11"],
                )
                rule.unlink()

    def test_no_more_is_credited_than_was_asked_for(self):
        self._rule()
        receipt = self._prepay(12, 12 * 212.56)
        charge = receipt.prepaid_move_ids.property_charge_ids.sorted("period")[-1]
        self.assertAlmostEqual(charge.amount_net, 212.56)
        note = charge._create_credit_notes("moved out")
        self.assertAlmostEqual(note.amount_total, 212.56)
        self.assertEqual(charge.state, "cancelled")

    def test_refused(self):
        for months in (0, -1, 37):
            with self.assertRaises(UserError):
                self._counter().quote_prepay(self.home.id, self.management.id, months)
        with self.assertRaises(UserError):
            self._counter().quote_prepay(self.homes[4].id, self.management.id, 3)
        with self.assertRaises(UserError):
            self._prepay(2, 100)
        for values in ({"percent": 0}, {"percent": 100}, {"kind": "free"}):
            with self.assertRaises(ValidationError):
                self._rule(**values)
