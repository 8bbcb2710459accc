from datetime import date

from odoo.fields import Domain

from .common import OCTOBER, PropertyFeeCase

NOVEMBER = date(2026, 11, 1)


class FiguresCase(PropertyFeeCase):
    """Two homes of 223.75 a month and 8 for garbage, October and November.

    | day   | what                                                       |
    |-------|------------------------------------------------------------|
    | 10-01 | 231.75 billed to each of two homes                         |
    | 10-20 | the first pays October                                     |
    | 11-01 | 231.75 billed to each                                      |
    | 11-10 | the second pays 100 of October, without naming a unit      |
    | 11-12 | a credit note of 31.75 on the second's November bill       |
    | 11-15 | the first pays 300: November, and 68.25 ahead              |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._assign(cls.homes[:2], cls.management + cls.garbage, start=OCTOBER)
        cls._run()
        first, second = cls._bills(OCTOBER)
        cls._pay(231.75, date(2026, 10, 20), cls.home, first)
        cls._run(NOVEMBER)
        first, second_now = cls._bills(NOVEMBER)
        cls._pay(100, date(2026, 11, 10), cls.env["property.unit"], second)
        note = second_now._reverse_moves(
            [{"invoice_date": date(2026, 11, 12), "date": date(2026, 11, 12)}]
        )
        note.invoice_line_ids[1:].unlink()
        note.invoice_line_ids.price_unit = 31.75
        note.action_post()
        cls._match(note + second_now)
        cls._pay(300, date(2026, 11, 15), cls.home, first)

    @classmethod
    def _bills(cls, period):
        return [
            cls.env["account.move"].search(
                [
                    ("property_unit_id", "=", home.id),
                    ("property_period", "=", period),
                    ("move_type", "=", "out_invoice"),
                ]
            )
            for home in cls.homes[:2]
        ]

    @classmethod
    def _match(cls, moves):
        moves.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()

    @classmethod
    def _pay(cls, amount, day, unit, bill):
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": bill.partner_id.id,
                "amount": amount,
                "date": day,
                "journal_id": cls.company_data["default_journal_cash"].id,
                "property_unit_id": unit.id,
            }
        )
        payment.action_post()
        cls._match(payment.move_id + bill)
        return payment

    def setUp(self):
        super().setUp()
        self.figures = self.env["property.fee.figures"].with_user(
            self.users["accountant"]
        )
        self.here = Domain("community_id", "=", self.community.id)

    def _rows(self, day):
        rows = self.figures._detail(day).search(
            [("unit_id", "in", self.homes.ids)], order="period, unit_id, item_id"
        )
        return [
            (
                row.period.month,
                row.unit_id.name,
                row.item_id.code,
                *(
                    round(row[f"amount_{name}"], 2)
                    for name in ("billed", "waived", "corrected", "collected", "open")
                ),
            )
            for row in rows
        ]
