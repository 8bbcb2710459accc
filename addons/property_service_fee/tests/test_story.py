from datetime import date, datetime
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.property_fee.tools.figures import RollForward

from .story_common import StoryCase

# Worked out by hand: 250.00 a month for 100 square metres, due on the 16th; late fee of
# 0.05 % a day, so 0.125 for each day of a whole bill; the dispute of May 5 to 25 (21 days)
# costs nothing; what the waivers took off was never owed.
#
# fee of   days of the late fee                           amount
# March    17.3.-10.6. 86 days less 21 = 65 on 250           8.125 ->  8.13
# April    17.4.-10.6. 55 less 21 = 34 on 250, 92 on 200    13.45
# May      17.5.-10.9. 117 less 9 = 108 on 220              11.88
# June     17.6.-10.9. 86 on 40                              1.72
# July     17.7.-10.9. 56 on 112.90 (14 days of 31)          3.1612 -> 3.16
#          17.7.-5.10. 81 on 137.10 (17 days of 31)          5.5526 -> 5.55
# August   17.8.-5.10. 50 on 250                             6.25
# Sept.    17.9.-5.10. 19 on 250                             2.375 ->  2.38
SELLER_FEES = "30.21"  # 13.45 + 11.88 + 1.72 + 3.16
BUYER_FEES = "14.18"  # 5.55 + 6.25 + 2.38

# month, opening, billed, late fee, waived, collected, closing
ROLL_FORWARD = [
    (3, "0.00", "250.00", "0.00", "0.00", "0.00", "250.00"),
    (4, "250.00", "250.00", "0.00", "0.00", "0.00", "500.00"),
    (5, "500.00", "250.00", "0.00", "0.00", "0.00", "750.00"),
    (6, "750.00", "250.00", "8.13", "240.00", "300.00", "468.13"),
    (7, "468.13", "250.00", "0.00", "0.00", "0.00", "718.13"),
    (8, "718.13", "250.00", "0.00", "0.00", "0.00", "968.13"),
    # 572.90 of bills, 8.13 and 30.21 of late fee
    (9, "968.13", "250.00", "30.21", "0.00", "611.24", "637.10"),
    # 887.10 of bills and 14.18 of late fee
    (10, "637.10", "250.00", "14.18", "0.00", "901.28", "0.00"),
]
# month: collection rate of its bills, recovery rate of earlier ones, at its end
RATES = {
    5: ("0.00", "0.00"),
    6: ("0.00", "41.67"),  # 300 of 750 - 30
    7: ("0.00", "0.00"),
    8: ("0.00", "0.00"),
    9: ("10.78", "60.02"),  # 30.21 of 280.21; 581.03 of 968.13
    10: ("100.00", "100.00"),
}
# What is open on May 31 is 76, 45 and 15 days overdue.
AGES = {"1_30": "250.00", "2_90": "500.00"}


@tagged("post_install", "-at_install")
class TestStory(StoryCase):
    """Eight months of one home, from the first bill to the certificate of the buyer."""

    # === THE STORY === #

    def test_story(self):
        self._reminded_promised_broken()
        self._disputed_and_solved()
        self._paid_in_part_by_somebody_else()
        self._waived_within_and_beyond_the_limit()
        self._sold()
        self._seller_pays()
        self._buyer_pays()
        self._check_figures()

    def _reminded_promised_broken(self):
        with freeze_time("2026-03-01"):
            self._bill_month(3)
        with freeze_time("2026-03-30"):
            self.assertFalse(self._remind(), "14 days overdue")
        with freeze_time("2026-03-31"):
            self.assertEqual(self._remind(), self.first)
            self.assertEqual(self._case(self.seller).amount_overdue, 250)
        with freeze_time("2026-04-01"):
            self._bill_month(4)
            self.assertFalse(self._remind(), "within the interval")
        with freeze_time("2026-04-05"):
            promise = self.env["property.dunning.promise"].create(
                {
                    "case_id": self._case(self.seller).id,
                    "amount": 250,
                    "date": date(2026, 4, 15),
                }
            )
            self.assertEqual(self._case(self.seller).state, "promised")
        with freeze_time("2026-04-15"):
            promise._break_overdue(date.today())
            self.assertEqual(promise.state, "open", "he has until the end of the day")
        with freeze_time("2026-04-16"):
            promise._break_overdue(date.today())
            self.assertEqual(promise.state, "broken")
            self.assertEqual(self._case(self.seller).level_id, self.second)
            self.assertEqual(self._remind(), self.second, "31 days overdue, but broken")

    def _disputed_and_solved(self):
        case = self._case(self.seller)
        with freeze_time("2026-05-01"):
            self._bill_month(5)
        with freeze_time("2026-05-04"):
            # 49 days of March, 18 of April
            self.assertEqual(self._late_fee(self.seller), "8.38")
        with freeze_time("2026-05-05"):
            ticket = (
                self.env["property.ticket"]
                .with_user(self.users["frontdesk"])
                .create(
                    {
                        "subject": "Nobody cleans our staircase",
                        "kind": "complaint",
                        "category_id": self.env["property.ticket.category"]
                        .search([("parent_id", "!=", False)], limit=1)
                        .id,
                        "unit_id": self.home.id,
                        "partner_id": self.seller.id,
                    }
                )
            )
            ticket.action_dispute()
            self.assertEqual(case.state, "held")
            self.assertEqual(case.hold_reference, ticket.name)
        with freeze_time("2026-05-20"):
            self.assertFalse(self._remind(), "on hold")
            self.assertEqual(self._late_fee(self.seller), "8.38")
        with freeze_time("2026-05-25"):
            manager = ticket.with_user(self.users["manager"])
            manager.user_id = self.users["engineer"]
            manager.state = "accepted"
            manager.state = "in_progress"
            manager.write({"state": "done", "result": "Cleaned every day again."})
            self.assertEqual(self._late_fee(self.seller), "8.38")
        with freeze_time("2026-05-26"):
            # As the scheduled action does every morning.
            self.env.add_to_compute(case._fields["state"], case)
            self.assertEqual(case.state, "open")
            # one day more of three bills
            self.assertEqual(self._late_fee(self.seller), "8.76")
            self.assertEqual(self._remind(), self.second)

    def _paid_in_part_by_somebody_else(self):
        with freeze_time("2026-06-01"):
            self._bill_month(6)
        with freeze_time("2026-06-10"):
            bills = self._open_bills(self.seller)
            receipt = self._take(bills[:2], 300, "His sister")
            self.assertEqual(receipt.payer_name, "His sister")
            self.assertEqual(bills[:2].mapped("payment_state"), ["paid", "partial"])
            self.assertEqual(bills[1].amount_residual, 200)
            self.assertEqual(bills.partner_id, self.seller)
            # The night after: the fee of the bill that was paid becomes a bill.
            fee = bills[0]._create_late_fee_bills(date.today(), "payment")
            self.assertEqual(fee.amount_total, 8.13)

    def _waived_within_and_beyond_the_limit(self):
        with freeze_time("2026-06-20"):
            small = self._waive(5, 30)
            small.with_user(self.users["accountant"]).action_approval_approve()
            self.assertEqual(small.approval_state, "approved")
            large = self._waive(6, 210)
            with self.assertRaises(AccessError):
                large.with_user(self.users["accountant"]).action_approval_approve()
            large.with_user(self.users["manager"]).action_approval_approve()
            self.env.invalidate_all()
            self.assertEqual(
                self._open_bills(self.seller)
                .filtered(lambda bill: bill.invoice_date_due < date(2026, 6, 17))
                .mapped("amount_residual"),
                [200, 220, 8.13, 40],
            )

    def _sold(self):
        with freeze_time("2026-06-28"):
            self.home._transfer(
                date(2026, 7, 15),
                "sale",
                [{"partner_id": self.tenant.id, "share": 100, "is_resident": True}],
            )
        self.buyer = self.tenant
        for month in (7, 8, 9):
            with freeze_time(datetime(2026, month, 1)):
                self._bill_month(month)
        july = self._charges(self.home).filtered(
            lambda charge: charge.period == date(2026, 7, 1)
        )
        self.assertEqual(
            {charge.partner_id: charge.amount for charge in july},
            {self.seller: 112.9, self.buyer: 137.1},
        )
        with freeze_time("2026-08-01"):
            self._remind()
            self.assertEqual(self._case(self.buyer).amount_due, 137.1 + 250 + 250)
            self.assertEqual(
                self._case(self.buyer).level_id, self.first, "his own, 16 days overdue"
            )
            self.assertEqual(self._case(self.seller).amount_due, 581.03)

    def _seller_pays(self):
        with freeze_time("2026-09-10"):
            self.assertEqual(self._late_fee(self.seller), SELLER_FEES)
            certificate = self._certificate(self.seller, whole_unit=False)
            with self.assertRaisesRegex(UserError, "581.03.*\n.*30.21"):
                certificate.action_issue()
            bills = self._open_bills(self.seller)
            self._take(bills, 611.24, self.seller.name, late=True)
            self.assertFalse(self._open_bills(self.seller))
            self.assertEqual(self._case(self.seller).state, "closed")
            certificate.action_issue()
            self.assertEqual(certificate.state, "issued")
            with self.assertRaises(UserError):
                self._certificate(self.buyer, whole_unit=True).action_issue()

    def _buyer_pays(self):
        with freeze_time("2026-10-01"):
            self._bill_month(10)
        with freeze_time("2026-10-05"):
            self.assertEqual(self._late_fee(self.buyer), BUYER_FEES)
            self._take(self._open_bills(self.buyer), 901.28, "王五", late=True)
            self.assertEqual(self.home.amount_due, 0)
            self.assertEqual(self._case(self.buyer).state, "closed")
            certificate = self._certificate(self.buyer, whole_unit=True)
            certificate.action_issue()
            self.assertEqual(certificate.state, "issued")

    # === THE FIGURES === #

    def _check_figures(self):
        Figures = self.env["property.fee.figures"].with_user(self.users["accountant"])
        here = [("unit_id", "=", self.home.id)]
        for month, *row in ROLL_FORWARD:
            opening, billed, late_fee, waived, collected, closing = map(Decimal, row)
            first, last = self._month(month)
            found = Figures._get_roll_forward(first, last, here, None)[None]
            with self.subTest(month=month):
                self.assertEqual(
                    found,
                    RollForward(
                        opening=opening,
                        billed=billed,
                        late_fee=late_fee,
                        waived=waived,
                        collected=collected,
                    ),
                )
                self.assertEqual(found.closing, closing)
                self.assertEqual(self._ledger(last), closing)
                check = Figures._get_ledger_check(last, self.company)
                self.assertAlmostEqual(
                    check["households"] + check["without_unit"], check["ledger"]
                )
        for month, (current, prior) in RATES.items():
            row = Figures._get_collection(*self._month(month), here)[None]
            with self.subTest(month=month):
                self.assertEqual(row["current"].rate, Decimal(current))
                self.assertEqual(row["prior"].rate, Decimal(prior))
        ages = Figures._get_aging(date(2026, 5, 31), here, "unit_id")[self.home]
        self.assertEqual(
            {key: f"{amount:.2f}" for key, amount in ages.items() if amount}, AGES
        )

    def _month(self, month):
        first = date(2026, month, 1)
        return first, date.fromordinal(date(2026, month + 1, 1).toordinal() - 1)

    def _ledger(self, day):
        """Return what the seller and the buyer owe by the books, from Odoo's own lines."""
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "in", (self.seller + self.buyer).ids),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("date", "<=", day),
            ]
        )
        return Decimal(f"{sum(lines.mapped('balance')):.2f}")
