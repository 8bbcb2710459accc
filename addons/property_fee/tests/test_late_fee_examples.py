from datetime import date
from decimal import Decimal
from fractions import Fraction

from odoo.tests import BaseCase, tagged

from ..tools.late_fee import Debt, Terms, late_fee
from ..tools.workdays import DayCounter

# A bill of 1000.00, due on Tuesday 2026-03-31, at 5/10000 a day: 0.50 for each full day.
# Columns: what the case shows; how it differs from that; day looked at; fee by hand.
# Payments, credit notes and holds are written as (month-day, yuan) and (first, last).
EXAMPLES = [
    # --- Days ---
    ("before it is due", {}, "03-20", "0.00"),
    ("on the due date", {}, "03-31", "0.00"),
    ("one day late", {}, "04-01", "0.50"),
    ("a month late: 30 x 0.50", {}, "04-30", "15.00"),
    ("across months: 30 + 31 + 30 = 91 x 0.50", {}, "06-30", "45.50"),
    ("the last day of grace", {"grace": 10}, "04-10", "0.00"),
    ("grace costs nothing: 30 - 10 = 20 x 0.50", {"grace": 10}, "04-30", "10.00"),
    # --- Rate and principal ---
    ("3/10000: 30 x 0.30", {"rate": 3}, "04-30", "9.00"),
    ("1/10000: 7 x 0.10", {"rate": 1}, "04-07", "0.70"),
    ("no rate, no fee", {"rate": 0}, "06-30", "0.00"),
    (
        "89.50 m2 x 2.50 = 223.75: x 0.0005 x 9 = 1.006875",
        {"total": "223.75"},
        "04-09",
        "1.01",
    ),
    ("600 of 1000 bear it: 10 x 0.30", {"chosen": "600"}, "04-10", "3.00"),
    ("nothing of it bears it", {"chosen": "0"}, "06-30", "0.00"),
    # --- Payments: the day it came still counts in full ---
    (
        "paid in full on day 10: 10 x 0.50",
        {"paid": [("04-10", "1000")]},
        "04-30",
        "5.00",
    ),
    ("looked at on the day it came", {"paid": [("04-10", "1000")]}, "04-10", "5.00"),
    (
        "looked at before it came: 9 x 0.50",
        {"paid": [("04-10", "1000")]},
        "04-09",
        "4.50",
    ),
    (
        "400 on day 10: 10 x 0.50 + 20 x 0.30",
        {"paid": [("04-10", "400")]},
        "04-30",
        "11.00",
    ),
    (
        "300 on day 5, 500 on day 15: 5 x 0.50 + 10 x 0.35 + 15 x 0.10",
        {"paid": [("04-05", "300"), ("04-15", "500")]},
        "04-30",
        "7.50",
    ),
    (
        "two on one day: 10 x 0.50 + 20 x 0.25",
        {"paid": [("04-10", "200"), ("04-10", "300")]},
        "04-30",
        "10.00",
    ),
    (
        "250 in advance: 30 x 0.375 = 11.25",
        {"paid": [("03-01", "250")]},
        "04-30",
        "11.25",
    ),
    ("paid in time", {"paid": [("03-31", "1000")]}, "06-30", "0.00"),
    ("paid within grace", {"grace": 10, "paid": [("04-10", "1000")]}, "06-30", "0.00"),
    (
        "half bears it, 400 on day 10: 10 x 0.25 + 20 x 0.15",
        {"chosen": "500", "paid": [("04-10", "400")]},
        "04-30",
        "5.50",
    ),
    (
        "paid more than the bill: 10 x 0.50",
        {"paid": [("04-10", "1200")]},
        "04-30",
        "5.00",
    ),
    # --- Credit notes ---
    (
        "200 too much billed: 30 x 0.40",
        {"credit": [("04-20", "200")]},
        "04-30",
        "12.00",
    ),
    (
        "200 let off on day 20: 20 x 0.50 + 10 x 0.40",
        {"credit": [("04-20", "200")], "credit_from_date": True},
        "04-30",
        "14.00",
    ),
    ("the whole bill was wrong", {"credit": [("04-20", "1000")]}, "04-30", "0.00"),
    (
        "200 credited, 300 paid on day 10: 10 x 0.40 + 20 x 0.25",
        {"credit": [("04-20", "200")], "paid": [("04-10", "300")]},
        "04-30",
        "9.00",
    ),
    # --- Holds ---
    (
        "held for days 11 to 20: 20 x 0.50",
        {"holds": [("04-11", "04-20")]},
        "04-30",
        "10.00",
    ),
    ("held since day 11: 10 x 0.50", {"holds": [("04-11", None)]}, "06-30", "5.00"),
    (
        "two holds that overlap, days 6 to 15: 20 x 0.50",
        {"holds": [("04-06", "04-12"), ("04-10", "04-15")]},
        "04-30",
        "10.00",
    ),
    (
        "held while in grace, 20 x 0.50 all the same",
        {"grace": 10, "holds": [("04-01", "04-10")]},
        "04-30",
        "10.00",
    ),
    (
        "400 paid on day 10, held for 6 to 15: 5 x 0.50 + 15 x 0.30",
        {"paid": [("04-10", "400")], "holds": [("04-06", "04-15")]},
        "04-30",
        "7.00",
    ),
    # --- Cap, minimum, rounding ---
    ("4 % at most: 40.00 of 45.50", {"cap": 4}, "06-30", "40.00"),
    (
        "the cap of a part: 4 % of 600 of 27.30",
        {"cap": 4, "chosen": "600"},
        "06-30",
        "24.00",
    ),
    ("below the minimum of 5: 9 x 0.50 = 4.50", {"minimum": "5"}, "04-09", "0.00"),
    ("at the minimum: 10 x 0.50", {"minimum": "5"}, "04-10", "5.00"),
    (
        "to the jiao: 223.75 x 0.0005 x 9 = 1.006875",
        {"total": "223.75", "rounding": "jiao"},
        "04-09",
        "1.0",
    ),
    ("to the yuan, halves up: 25 x 0.50 = 12.50", {"rounding": "yuan"}, "04-25", "13"),
    (
        "a cap of 12.70 is 12 yuan, not 13",
        {"rounding": "yuan", "cap": "1.27"},
        "04-30",
        "12",
    ),
    # --- Calendar: Qingming 2026 is April 4 to 6, May Day is May 1 to 5, worked on May 9 ---
    (
        "working days to April 10: 1 to 3, 7 to 10 = 7 x 0.50",
        {"working": True},
        "04-10",
        "3.50",
    ),
    (
        "working days of grace: 5 end on April 8, 9 and 10 count",
        {"working": True, "grace": 5},
        "04-10",
        "1.00",
    ),
    (
        "due on Saturday April 4, so on the 7th: 3 x 0.50",
        {"due": "04-04", "due_moves": True},
        "04-10",
        "1.50",
    ),
    (
        "due on Saturday April 4 all the same: 6 x 0.50",
        {"due": "04-04"},
        "04-10",
        "3.00",
    ),
    (
        "a worked Saturday: due on May 1, so on the 6th; 6 to 9 = 3 x 0.50",
        {"due": "05-01", "due_moves": True, "working": True},
        "05-10",
        "1.50",
    ),
]


def day(text):
    return text and date.fromisoformat(f"2026-{text}")


def fen(yuan):
    return int(Decimal(yuan) * 100)


@tagged("post_install", "-at_install")
class TestLateFeeExamples(BaseCase):
    def test_worked_by_hand(self):
        self.assertGreaterEqual(len(EXAMPLES), 40)
        for title, case, as_of, expected in EXAMPLES:
            with self.subTest(title):
                fee = late_fee(*self._read(case, as_of))
                self.assertEqual(fee.amount, Decimal(expected))

    @staticmethod
    def _read(case, as_of):
        cap = case.get("cap")
        terms = Terms(
            rate=Fraction(case.get("rate", 5), 10000),
            grace_days=case.get("grace", 0),
            cap=None if cap is None else Fraction(cap) / 100,
            minimum=Decimal(case.get("minimum", 0)),
            rounding=case.get("rounding", "fen"),
            due_moves=case.get("due_moves", False),
            credit_from_date=case.get("credit_from_date", False),
        )
        total = case.get("total", "1000")
        debt = Debt(
            total=fen(total),
            chosen=fen(case.get("chosen", total)),
            whole=fen(total),
            due=day(case.get("due", "03-31")),
            payments=tuple((day(d), fen(yuan)) for d, yuan in case.get("paid", ())),
            credits=tuple((day(d), fen(yuan)) for d, yuan in case.get("credit", ())),
            holds=tuple((day(a), day(b)) for a, b in case.get("holds", ())),
        )
        return terms, debt, day(as_of), DayCounter(case.get("working", False))
