import base64
import csv
import io
from datetime import date

import psycopg2
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.property_base.tools import workbook

from .collect_common import CollectCase

HEADER = [
    "交易日期",
    "交易时间",
    "收入金额",
    "支出金额",
    "账户余额",
    "对方户名",
    "对方账号",
    "摘要",
    "附言",
]


class BankFileCase(CollectCase):
    """Two homes with open bills, and files as a bank exports them."""

    def _line(self, memo="", amount=231.75, name="", balance=None, **cells):
        self.balance = getattr(self, "balance", 10000) + amount
        values = {
            "day": "20261105",
            "time": "10:00:00",
            "account": "6217***0001",
            "summary": "网银转账",
            **cells,
        }
        return [
            values["day"],
            values["time"],
            f"{amount:,.2f}" if amount > 0 else "",
            f"{-amount:,.2f}" if amount < 0 else "",
            f"{self.balance if balance is None else balance:,.2f}",
            name,
            values["account"],
            values["summary"],
            memo,
        ]

    def _job(self, rows, header=None):
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["账号:6222****0019,户名:某物业"])
        writer.writerow(header or HEADER)
        writer.writerows(rows)
        return self._job_of(out.getvalue().encode("gb18030"), "bank.csv")

    def _job_of(self, content, filename):
        return (
            self.env["property.bank.import"]
            .with_user(self.users["accountant"])
            .create(
                {
                    "journal_id": self.bank.id,
                    "file": base64.b64encode(content),
                    "filename": filename,
                }
            )
        )

    def _import(self, rows, **options):
        job = self._job(rows, **options)
        job.action_start()
        self._run_cron()
        return job

    def _run_cron(self):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env["property.bank.import"].with_env(
                self.env(cr=cr, su=True)
            )._cron_process()
        self.env.invalidate_all()

    def _find(self, job, memo):
        return job.line_ids.filtered(lambda line: memo in (line.memo or ""))


@freeze_time("2026-11-23")
@tagged("post_install", "-at_install")
class TestBankImport(BankFileCase):
    """A bank's export becomes statement lines, each once, and finds its households."""

    # === EACH LINE ONCE === #

    def test_each_line_once(self):
        twice = self._line("1-1-102物业费", balance=20000)
        moved_on = [*twice]
        moved_on[4] = "20,231.75"
        repeated = [*twice]
        rows = [twice, moved_on, repeated, self._line("保洁费", -500)]
        job = self._import(rows)
        self.assertEqual(job.state, "done")
        self.assertEqual((job.new_count, job.repeated_count), (3, 1))
        statements = job.line_ids.statement_line_id
        self.assertEqual(sorted(statements.mapped("amount")), [-500.0, 231.75, 231.75])
        again = self._import(rows)
        self.assertEqual((again.new_count, again.repeated_count), (0, 4))
        self.assertIn("4 were known", again.message_ids[0].body)

    def test_same_line_is_refused_by_the_database(self):
        job = self._import([self._line("房租", 100)])
        statement = job.line_ids.sudo().statement_line_id
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            statement.create(
                {
                    "journal_id": self.bank.id,
                    "date": statement.date,
                    "amount": 100,
                    "payment_ref": "again",
                    "property_fingerprint": statement.property_fingerprint,
                }
            )

    def test_without_balances_equal_lines_are_counted(self):
        header = ["日期", "贷方发生额", "对方户名", "用途"]
        row = ["2026-11-05", "231.75", "某人", "物业费"]
        job = self._import([row, row], header=header)
        self.assertEqual(job.new_count, 2)
        again = self._import([row, row, row], header=header)
        self.assertEqual((again.new_count, again.repeated_count), (1, 2))

    def test_xlsx_with_remembered_columns(self):
        content = workbook.write_workbook(
            [
                {
                    "name": "流水",
                    "header": ["过账时刻", "金额", "收支", "来款人", "说明"],
                    "rows": [
                        ["2026年11月5日", 231.75, "收", "张三", "1-1-101"],
                        ["2026/11/6", 80.5, "支", "某公司", "电费"],
                    ],
                }
            ]
        )
        job = self._job_of(content, "flow.xlsx")
        with self.assertRaisesRegex(UserError, "No header row"):
            job.action_start()
        meanings = {"过账时刻": "date", "来款人": "name", "说明": "memo"}
        for column in job.column_ids:
            column.column = meanings.get(column.header, column.column)
        job.action_start()
        self._run_cron()
        self.assertEqual(job.line_ids.mapped("amount"), [-80.5, 231.75])
        self.assertEqual(self._find(job, "1-1-101").unit_id, self.home)
        second = self._job_of(content, "flow.xlsx")
        self.assertEqual(
            {column.header: column.column for column in second.column_ids},
            {"金额": "amount", "收支": "direction", **meanings},
        )

    def test_bad_rows_and_bad_files(self):
        job = self._import(
            [
                self._line("no day", day="5.11."),
                self._line("good"),
                ["20261105", "", "a lot", "", "", "", "", "", "no amount"],
                ["20261105", "", "12.345", "", "", "", "", "", "a third decimal"],
                ["20261105", "", "", "", "", "", "", "", "nothing"],
            ]
        )
        self.assertEqual((job.new_count, job.refused_count), (1, 4))
        self.assertIn("5.11.", self._find(job, "no day").reason)
        for content in (b"", b"PK\x03\x04broken", b"\x00\x01"):
            with (
                self.assertRaises(UserError),
                mute_logger("odoo.tools.mimetypes.guess_mimetype"),
            ):
                self._job_of(content, "x").action_start()
        with self.assertRaises(UserError):
            job.action_start()
        with self.assertRaises(UserError):
            job.unlink()

    # === MATCHING === #

    def test_ways_to_name_a_unit(self):
        ways = (
            "1-1-101物业费",
            "Lakeside1栋1单元101 张三 物业费",
            "1#1-101 10月",
            "一栋一单元101室",
            "１－１－１０１",
            "1号楼1单元101",
            "2026年10月 1/1/101 231.75元",
        )
        job = self._import([self._line(memo, 10) for memo in ways])
        self.assertEqual(job.settled_count, len(ways))
        self.assertEqual(job.line_ids.unit_id, self.home)
        self.assertEqual(self._october().amount_residual, 231.75 - 70)
        self.assertTrue(all(line.is_automatic for line in job.line_ids))

    def test_sure_line_pays_exactly_its_bills(self):
        job = self._import([self._line("1-1-101 物业费", 463.5, "王五")])
        line = job.line_ids
        self.assertEqual((line.state, line.score), ("settled", 0.99))
        self.assertIn("names the unit", line.reason)
        bills = self._october() + self._november()
        self.assertEqual(set(bills.mapped("payment_state")), {"paid"})
        statement = line.statement_line_id
        self.assertTrue(statement.is_reconciled)
        self.assertEqual(statement.partner_id, self.owner)
        _liquidity, suspense, other = statement._seek_for_lines()
        self.assertFalse(suspense)
        self.assertEqual(sorted(other.mapped("balance")), [-231.75, -231.75])

    def test_what_is_too_much_is_credit(self):
        self._import([self._line("1-1-101", 500)])
        self.assertEqual(self.home._get_credit(), {self.home: 36.5})
        self._take(amount=0.5)
        self.assertEqual(self.home._get_credit(), {self.home: 37})

    def test_name_and_amount_are_proposed(self):
        job = self._import(
            [
                self._line("", 463.5, "李四"),
                self._line("", 77, "路人甲"),
                self._line("Hillside花园1-1-101", 231.75, "某人"),
            ]
        )
        line = job.line_ids.filtered(lambda line: line.payer_name == "李四")
        self.assertEqual((line.state, line.unit_id), ("proposed", self.neighbour_home))
        self.assertEqual(self._october(self.neighbour_home).payment_state, "not_paid")
        stranger = job.line_ids.filtered(lambda line: line.amount == 77)
        self.assertEqual((stranger.state, stranger.unit_id.ids), ("waiting", []))
        elsewhere = self._find(job, "花园")
        self.assertEqual(elsewhere.state, "proposed")
        self.assertIn("another estate", elsewhere.reason)

    def test_assign_and_remember(self):
        job = self._import([self._line("", 77, "路人甲", account="6217***9999")])
        line = job.line_ids.with_user(self.users["accountant"])
        with self.assertRaises(UserError):
            line.action_settle()
        line.unit_id = self.home
        line.action_settle()
        self.env.invalidate_all()
        self.assertRecordValues(
            line,
            [
                {
                    "state": "settled",
                    "is_automatic": False,
                    "settled_by": self.users["accountant"].id,
                }
            ],
        )
        self.assertEqual(self._october().amount_residual, 231.75 - 77)
        with self.assertRaises(UserError):
            line.unit_id = self.neighbour_home
        # The same account pays the rest of the bill: known and exact is sure.
        second = self._import([self._line("", 154.75, "路人甲", account="6217***9999")])
        self.assertEqual(second.line_ids.state, "settled")
        self.assertIn("paid for it before", second.line_ids.reason)

    def _namesakes(self):
        """Return two homes whose owners have the same name."""
        homes = self.homes[2:4]
        for home in homes:
            self._occupy(home, self.env["res.partner"].create({"name": "赵小明"}))
        return homes

    def test_one_click_settles_for_one_of_several(self):
        first, second = self._namesakes()
        job = self._import([self._line("", 88, "赵小明")])
        line = job.line_ids.with_user(self.users["accountant"])
        self.assertEqual((line.state, line.unit_id.id), ("waiting", False))
        self.assertEqual(
            {choice["code"] for choice in line.choices}, {first.code, second.code}
        )
        with self.assertRaisesRegex(UserError, "not among those"):
            line.action_assign(self.home.id)
        with self.assertRaises(AccessError):
            line.with_user(self.users["cashier"]).action_assign(second.id)
        line.action_assign(second.id)
        self.assertEqual((line.state, line.unit_id), ("settled", second))
        self.assertFalse(line.choices)
        self.assertEqual(sum(second._get_credit().values()), 88)

    def test_households_of_others_are_not_offered(self):
        homes = self._namesakes()
        job = self._import([self._line("", 88, "赵小明")])
        other = self._create_community("Hillside", "HILL")
        self.users["accountant"].property_community_ids = other
        line = job.line_ids.with_user(self.users["accountant"])
        self.assertTrue(set(line.sudo().candidates[0]) & set(homes.ids))
        self.assertFalse(line.choices or line.other_units)

    def test_undo(self):
        job = self._import([self._line("1-1-101", 231.75, account="6217***7777")])
        line = job.line_ids.with_user(self.users["accountant"])
        line.action_undo()
        self.env.invalidate_all()
        self.assertEqual(line.state, "waiting")
        self.assertEqual(self._october().payment_state, "not_paid")
        self.assertFalse(self.home._get_credit())
        line.action_match_again()
        self.env.invalidate_all()
        self.assertEqual(line.state, "settled")

    def test_transfer_that_the_counter_took_is_not_booked_twice(self):
        receipt = self._take(self._october(), 231.75, journal_id=self.bank.id)
        transit = receipt.payment_ids.move_id.line_ids.filtered("debit")
        self.assertFalse(transit.reconciled)
        job = self._import([self._line("1-1-101", 231.75, day="20261124")])
        self.assertEqual(job.line_ids.state, "settled")
        self.assertFalse(self.home._get_credit())
        self.assertEqual(self._november().payment_state, "not_paid")
        self.assertTrue(transit.reconciled)
        cashier = receipt.with_user(self.users["cashier"])
        with self.assertRaisesRegex(UserError, "The bank has confirmed"):
            cashier._void("too late")
        job.line_ids.with_user(self.users["accountant"]).action_undo()
        cashier._void("now")
        self.assertEqual(receipt.state, "void")

    def test_rights(self):
        job = self._import([self._line("", 77, "路人甲"), self._line("1-1-101", 50)])
        for role in ("cashier", "frontdesk", "reader"):
            user = self.users[role]
            self.assertFalse(job.with_user(user).has_access("read"), role)
            self.assertFalse(job.line_ids.with_user(user).has_access("read"), role)
            with self.assertRaises(AccessError):
                job.line_ids.with_user(user).action_settle()
        accountant = job.line_ids.with_user(self.users["accountant"])
        for operation in ("create", "unlink"):
            self.assertFalse(accountant.has_access(operation))
        with self.assertRaises(UserError):
            accountant[0].state = "settled"
        self.assertFalse(job.line_ids.with_user(self.portal_user).has_access("read"))

    def test_dates_and_times(self):
        job = self._import([self._line("1-1-101", 10, time="083015")])
        line = job.line_ids
        self.assertEqual((line.date, line.time), (date(2026, 11, 5), "08:30:15"))
        self.assertEqual(line.statement_line_id.date, date(2026, 11, 5))
