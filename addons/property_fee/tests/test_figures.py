import doctest
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, freeze_time, tagged

from odoo.addons.property_base.tools import figures_workbook, svg

from ..tools import figures
from ..tools.figures import Collection, RollForward
from .common import OCTOBER
from .figures_common import NOVEMBER, FiguresCase

AMOUNTS = st.decimals(min_value=0, max_value=10**7, places=2)


@tagged("post_install", "-at_install")
class TestFigureTools(BaseCase):
    """Arithmetic of the figures, for random amounts."""

    def test_examples(self):
        for module in (figures, figures_workbook):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted, module.__name__)
            self.assertFalse(result.failed, module.__name__)

    @given(AMOUNTS, st.lists(AMOUNTS, max_size=12))
    def test_shares_sum_to_the_total(self, total, parts):
        if not sum(parts):
            return
        shares = figures.split(total, parts)
        self.assertEqual(sum(shares), total)
        for share, part in zip(shares, parts, strict=True):
            self.assertLessEqual(
                abs(share - total * part / sum(parts)), Decimal("0.01")
            )

    @given(st.integers(-5000, 5000))
    def test_every_age_has_one_bucket(self, days):
        bucket = figures.bucket_of(days)
        order = [key for key, _last in figures.BUCKETS]
        self.assertIn(bucket, order)
        self.assertGreaterEqual(
            order.index(figures.bucket_of(days + 1)), order.index(bucket)
        )

    @given(AMOUNTS, AMOUNTS, AMOUNTS)
    def test_rate_is_a_share(self, billed, waived, collected):
        row = Collection(billed, min(waived, billed), min(collected, billed))
        if row.rate is not None and row.open >= 0:
            self.assertTrue(0 <= row.rate <= 100)
        self.assertEqual(row.receivable - row.collected, row.open)

    @given(st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), min_size=1, max_size=6))
    def test_roll_forward_adds_up(self, rows):
        parts = [
            figures.roll_forward(opening, {"billed": billed, "collected": -collected})
            for opening, billed, collected in rows
        ]
        total = RollForward()
        for part in parts:
            total += part
        self.assertEqual(total.closing, sum(part.closing for part in parts))

    def test_svg_is_safe(self):
        for picture in (
            svg.bars([("<script>", 1, "&")]),
            svg.columns(["<b>"], [[1]], names=['"><x']),
            svg.line(["<i>"], [1]),
        ):
            for bad in ("<script", "<b>", "<x", "<i>"):
                self.assertNotIn(bad, picture)


@freeze_time("2026-11-25")
@tagged("post_install", "-at_install")
class TestFigures(FiguresCase):
    """The figures against what was done by hand, see `FiguresCase`."""

    def test_detail_at_the_end(self):
        self.assertEqual(
            self._rows(date(2026, 11, 30)),
            [
                (10, "101", "PM", 223.75, 0, 0, 223.75, 0),
                (10, "101", "GB", 8, 0, 0, 8, 0),
                (10, "102", "PM", 223.75, 0, 0, 96.55, 127.2),
                (10, "102", "GB", 8, 0, 0, 3.45, 4.55),
                (11, "101", "PM", 223.75, 0, 0, 223.75, 0),
                (11, "101", "GB", 8, 0, 0, 8, 0),
                (11, "102", "PM", 223.75, 0, 30.65, 0, 193.1),
                (11, "102", "GB", 8, 0, 1.1, 0, 6.9),
            ],
        )

    def test_detail_as_of_earlier_days(self):
        self.assertEqual(self._rows(date(2026, 9, 30)), [])
        self.assertEqual(
            [row[-2:] for row in self._rows(date(2026, 10, 19))],
            [(0, 223.75), (0, 8), (0, 223.75), (0, 8)],
        )
        self.assertEqual(
            [row[-2:] for row in self._rows(date(2026, 10, 20))],
            [(223.75, 0), (8, 0), (0, 223.75), (0, 8)],
        )

    def test_collection_rates(self):
        row = self.figures._get_collection(NOVEMBER, date(2026, 11, 30), self.here)[
            None
        ]
        self.assertEqual(
            row["current"],
            Collection(Decimal("463.50"), Decimal("31.75"), Decimal("231.75")),
        )
        self.assertEqual(row["current"].rate, Decimal("53.68"))
        self.assertEqual(
            row["prior"], Collection(Decimal("231.75"), Decimal(0), Decimal("100.00"))
        )
        self.assertEqual(row["prior"].rate, Decimal("43.15"))
        row = self.figures._get_collection(OCTOBER, date(2026, 10, 31), self.here)[None]
        self.assertEqual(row["current"].rate, Decimal("50.00"))
        self.assertIsNone(row["prior"].rate)

    def test_rates_by_item_add_up(self):
        by_item = self.figures._get_collection(
            NOVEMBER, date(2026, 11, 30), self.here, "item_id"
        )
        total = self.figures._get_collection(NOVEMBER, date(2026, 11, 30), self.here)
        for what in ("current", "prior"):
            summed = Collection()
            for row in by_item.values():
                summed += row[what]
            self.assertEqual(summed, total[None][what])

    def test_monthly_rates(self):
        self.assertEqual(
            self.figures._get_monthly_rates(date(2026, 11, 30), 6, self.here),
            [(OCTOBER, Decimal("71.57")), (NOVEMBER, Decimal("53.68"))],
        )

    def test_aging(self):
        ages = self.figures._get_aging(date(2026, 11, 25), self.here)[self.community]
        self.assertEqual(
            {name: amount for name, amount in ages.items() if amount},
            {"1_30": Decimal("200.00"), "2_90": Decimal("131.75")},
        )
        by_item = self.figures._get_aging(date(2026, 11, 25), self.here, "item_id")
        self.assertEqual(by_item[self.garbage]["2_90"], Decimal("4.55"))

    def test_causes(self):
        self.env["property.dunning.case"].sudo().create(
            {
                "unit_id": self.neighbour_home.id,
                "partner_id": self.neighbour.id,
                "cause": "hardship",
            }
        )
        day = date(2026, 11, 25)
        self.assertEqual(
            self.figures._get_causes(day, self.here),
            {"hardship": (1, Decimal("331.75"))},
        )
        self.assertEqual(self.figures._get_causes(date(2026, 10, 10), self.here), {})

    def test_roll_forward(self):
        october = self.figures._get_roll_forward(
            OCTOBER, date(2026, 10, 31), self.here, None
        )[None]
        self.assertEqual(
            october,
            RollForward(billed=Decimal("463.50"), collected=Decimal("231.75")),
        )
        november = self.figures._get_roll_forward(
            NOVEMBER, date(2026, 11, 30), self.here, None
        )[None]
        self.assertEqual(
            november,
            RollForward(
                opening=Decimal("231.75"),
                billed=Decimal("463.50"),
                corrected=Decimal("31.75"),
                collected=Decimal("400.00"),
            ),
        )
        self.assertEqual(november.closing, Decimal("263.50"))
        by_unit = self.figures._get_roll_forward(
            NOVEMBER, date(2026, 11, 30), self.here, "unit_id"
        )
        self.assertEqual(by_unit[self.home].closing, Decimal("-68.25"))
        self.assertEqual(by_unit[self.neighbour_home].closing, Decimal("331.75"))

    def test_roll_forward_is_the_ledger(self):
        stray = self._pay(
            50, date(2026, 11, 20), self.env["property.unit"], self._bills(OCTOBER)[0]
        )
        company = self.env.company
        for day, households in (
            (date(2026, 10, 31), 231.75),
            (date(2026, 11, 30), 263.5),
        ):
            check = self.figures._get_ledger_check(day, company)
            self.assertEqual(check["households"], households)
            self.assertAlmostEqual(
                check["households"] + check["without_unit"], check["ledger"]
            )
        self.assertEqual(check["without_unit"], -50)
        Ledger = self.env["property.fee.report.ledger"]
        self.assertFalse(Ledger.search([("payment_id", "=", stray.id)]).unit_id)

    def test_cashiers(self):
        (row,) = self.figures._get_cashiers(NOVEMBER, date(2026, 11, 30), self.here)
        cash = self.company_data["default_journal_cash"]
        self.assertEqual(row, (self.env.user, cash, 2, Decimal("400.00"), 0, 0, 0))

    def test_what_a_cashier_took_back_is_not_collected(self):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.owner.id,
                "amount": 60,
                "date": date(2026, 11, 21),
                "journal_id": self.company_data["default_journal_cash"].id,
                "property_unit_id": self.home.id,
            }
        )
        payment.action_post()
        payment.move_id._reverse_moves([{"date": date(2026, 11, 22)}], cancel=True)
        (row,) = self.figures._get_cashiers(NOVEMBER, date(2026, 11, 30), self.here)
        self.assertEqual(row[:2], (self.env.user, payment.journal_id))
        self.assertEqual(row[3:5], (Decimal("400.00"), 0))

    def test_cashiers_take_deposits_too(self):
        """Deposits are in the drawer, but no fees: they stand in columns of their own."""
        liability = self.env["account.account"].create(
            {"name": "Held", "code": "224191", "account_type": "liability_current"}
        )
        item = self._create_item(
            "DEP", "Deposit", kind="deposit", agency_account_id=liability.id
        )
        cash = self.company_data["default_journal_cash"]
        deposit = self.env["property.deposit"].create(
            {
                "unit_id": self.home.id,
                "item_id": item.id,
                "amount": 2000,
                "date": NOVEMBER,
            }
        )
        for kind, amount, day in (
            ("receive", 2000, date(2026, 11, 10)),
            ("refund", 500, date(2026, 11, 20)),
            ("refund", 300, date(2026, 12, 1)),
        ):
            self.env["property.deposit.movement"].create(
                {
                    "deposit_id": deposit.id,
                    "kind": kind,
                    "amount": amount,
                    "date": day,
                    "journal_id": cash.id,
                }
            )._post()
        figures = self.figures.with_user(self.users["accountant"])
        (row,) = figures._get_cashiers(NOVEMBER, date(2026, 11, 30), self.here)
        self.assertEqual(row, (self.env.user, cash, 4, Decimal("400.00"), 0, 2000, 500))

    def test_access(self):
        detail = self.env["property.fee.report.detail"]
        for role in ("frontdesk", "cashier", "reader"):
            self.assertFalse(detail.with_user(self.users[role]).has_access("read"))
        other = self._create_community("Hillside", "HILL")
        self.users["accountant"].property_community_ids = other
        self.assertFalse(detail.with_user(self.users["accountant"]).search([]))
        self.assertFalse(
            self.env["property.fee.report.ledger"]
            .with_user(self.users["accountant"])
            .search([])
        )
