import base64
import csv
import io

import openpyxl
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .collect_common import CollectCase

RESULT = ["序号", "协议号", "金额", "扣款结果", "失败原因"]


@freeze_time("2026-11-23")
@tagged("post_install", "-at_install")
class TestDebit(CollectCase):
    """A file goes to the bank, a result comes back; each line counts once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandates = cls.env["property.debit.mandate"].create(
            [
                {
                    "unit_id": unit.id,
                    "partner_id": partner.id,
                    "agreement_no": f"XY{number}",
                    "holder": partner.name,
                    "account": f"62170000000000{number:04d}",
                    "bank_name": "翠湖银行",
                    "date_start": "2026-01-01",
                }
                for number, (unit, partner) in enumerate(
                    ((cls.home, cls.owner), (cls.neighbour_home, cls.neighbour))
                )
            ]
        )

    def _batch(self, **values):
        batch = (
            self.env["property.debit.batch"]
            .with_user(self.users["accountant"])
            .create({"journal_id": self.bank.id, **values})
        )
        batch.action_collect()
        return batch

    def _answer(self, batch, rows, header=None):
        out = io.StringIO()
        csv.writer(out).writerows([["回盘文件"], header or RESULT, *rows])
        batch.result_file = base64.b64encode(out.getvalue().encode("gb18030"))
        batch.result_name = "result.csv"
        batch.action_read_result()
        self.env.invalidate_all()

    def test_file_for_the_bank(self):
        batch = self._batch(due_until="2026-11-10")
        # November is due on the last of the month.
        self.assertEqual(batch.line_ids.mapped("amount"), [231.75, 231.75])
        batch.action_send()
        rows = list(
            csv.reader(io.StringIO(base64.b64decode(batch.out_csv).decode("gb18030")))
        )
        self.assertEqual(
            rows[1],
            [
                batch.line_ids[0].reference,
                "XY0",
                "张三",
                "621700000000000000",
                "翠湖银行",
                "231.75",
                "Lakeside 1-1-101",
            ],
        )
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(batch.out_xlsx)))
        self.assertEqual(book.active.cell(2, 4).value, "621700000000000000")
        with self.assertRaises(UserError):
            batch.action_collect()
        with self.assertRaises(UserError):
            batch.unlink()

    def test_bills_at_the_bank_are_not_sent_again(self):
        first = self._batch(due_until="2026-12-31")
        first.action_send()
        with self.assertRaises(UserError):
            self._batch(due_until="2026-12-31").action_send()

    def test_results(self):
        batch = self._batch(due_until="2026-12-31")
        batch.action_send()
        paid, failed = batch.line_ids.sorted("id")
        rows = [
            [paid.reference, "", "463.50", "成功", ""],
            ["", "XY1", "463.50", "失败", "余额不足"],
        ]
        self._answer(batch, rows)
        self.assertEqual(batch.state, "done")
        self.assertEqual((paid.state, failed.state), ("paid", "failed"))
        self.assertEqual(failed.reason, "余额不足")
        self.assertEqual(set(paid.move_ids.mapped("payment_state")), {"paid"})
        self.assertEqual(set(failed.move_ids.mapped("payment_state")), {"not_paid"})
        self.assertEqual(paid.payment_ids.property_unit_id, self.home)
        # Again: nothing is booked twice.
        self._answer(batch, rows)
        self.assertFalse(self.home._get_credit())
        self.assertEqual(len(paid.payment_ids), 1)
        # What failed can go to the bank once more.
        self.assertEqual(
            self._batch(due_until="2026-12-31").line_ids.unit_id, self.neighbour_home
        )

    def test_paid_meanwhile_is_credit(self):
        batch = self._batch(due_until="2026-12-31")
        batch.action_send()
        self._take(self._october(), 231.75)
        line = batch.line_ids.filtered(lambda line: line.unit_id == self.home)
        self._answer(batch, [[line.reference, "", "463.50", "成功", ""]])
        self.assertEqual(self.home._get_credit(), {self.home: 231.75})
        self.assertEqual(batch.state, "sent")

    def test_amount_that_cannot_be_read_is_not_booked(self):
        batch = self._batch(due_until="2026-12-31")
        batch.action_send()
        line = batch.line_ids.sorted("id")[0]
        self._answer(batch, [[line.reference, "", "463.505", "成功", ""]])
        self.assertEqual(line.state, "pending")
        self.assertIn("463.505", batch.message_ids[0].body)

    def test_rows_that_do_not_fit(self):
        batch = self._batch(due_until="2026-12-31")
        batch.action_send()
        line = batch.line_ids[0]
        self._answer(
            batch,
            [
                ["no such", "", "1", "成功", ""],
                [line.reference, "", "1.00", "成功", ""],
                [line.reference, "", "463.50", "maybe", ""],
            ],
        )
        self.assertEqual(set(batch.line_ids.mapped("state")), {"pending"})
        text = batch.message_ids[0].body
        for words in ("Row 3 is none", "says 1.00 where 463.50", "maybe is not known"):
            self.assertIn(words, text)
        with self.assertRaises(UserError):
            self._answer(batch, [["1", "2"]], header=["a", "b"])

    def test_rights(self):
        cashier = self.users["cashier"]
        self.assertFalse(self.mandates.with_user(cashier).has_access("write"))
        self.assertNotIn(
            "account", self.mandates.with_user(cashier).fields_get(["account"])
        )
        self.assertEqual(self.mandates[0].with_user(cashier).account_masked, "****0000")
        batch = self._batch()
        self.assertFalse(batch.with_user(cashier).has_access("read"))
        accountant = batch.line_ids.with_user(self.users["accountant"])
        for operation in ("write", "create", "unlink"):
            self.assertFalse(accountant.has_access(operation))
