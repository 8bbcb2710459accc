import base64
import csv
import io
import random
from datetime import timedelta

from odoo import api, models

from ..tools.period import month_start
from ..tools.settle import fen


class PropertyDemoEstate(models.AbstractModel):
    """A day at the counter, a closing, and a bank file with lines that wait."""

    _inherit = "property.demo.estate"

    @api.model
    def _fill(self, community, today):
        super()._fill(community, today)
        company = community.company_id
        if self.env["property.bank.import"].search_count(
            [("company_id", "=", company.id)], limit=1
        ):
            return
        company._create_counter_journals()
        self._demo_prepay_discounts(community, today)
        self._demo_receipts(community, today)
        self._demo_closing(community, today - timedelta(days=1))
        self._demo_mandates(community, today)
        self._demo_bank_file(community, today)

    @api.model
    def _demo_cashier(self, community):
        return self._demo_users(community)["cashier"]

    @api.model
    def _demo_prepay_discounts(self, community, today):
        item = self.env["property.fee.item"].search(
            [("code", "=", "PM"), ("company_id", "=", community.company_id.id)], limit=1
        )
        if item:
            self.env["property.prepay.discount"].create(
                [
                    {
                        "item_id": item.id,
                        "months": 6,
                        "percent": 2,
                        "date_start": month_start(today).replace(month=1),
                    },
                    {
                        "item_id": item.id,
                        "months": 12,
                        "kind": "free",
                        "free_months": 1,
                        "date_start": month_start(today).replace(month=1),
                    },
                ]
            )

    @api.model
    def _demo_open(self, community):
        """Return the households with open bills, each with its bills."""
        bills = self.env["property.collection"]._search_open_bills(community.unit_ids)
        return list(bills.grouped("property_unit_id").items())

    @api.model
    def _demo_payers(self, community, count):
        """Return households that pay: a few with open bills, the others ahead.

        Most of those that owe something go on owing it: others look at them.

        :return: list of (unit, bills that may be none)
        """
        open_ = self._demo_open(community)
        owing = open_[: min(count // 2, len(open_) // 4)]
        busy = {unit for unit, _bills in open_}
        homes = community.unit_ids.filtered(
            lambda unit: unit.unit_type == "home" and unit.owner_ids
        )
        ahead = [unit for unit in homes if unit not in busy and not unit.credit]
        nothing = self.env["account.move"]
        return owing + [(unit, nothing) for unit in ahead[: count - len(owing)]]

    @api.model
    def _demo_receipts(self, community, today):
        """Let the cashier take money yesterday and today: whole, in part, too much, void."""
        cashier = self._demo_cashier(community)
        journals = self.env["account.journal"].search(
            [
                ("company_id", "=", community.company_id.id),
                ("type", "in", ("cash", "bank")),
                ("property_at_counter", "=", True),
            ]
        )
        chance = random.Random(20262)
        receipts = self.env["property.receipt"]
        for index, (unit, bills) in enumerate(self._demo_payers(community, 14)):
            day = today - timedelta(days=1 if index < 9 else 0)
            amount = sum(bills.mapped("amount_residual")) or 500 + 100 * (index % 3)
            if index == 1 and bills:
                amount = round(amount * 0.4, 2)
            if index == 2:
                amount = amount + 200
            receipts += self._demo_take(
                unit, bills, amount, chance.choice(journals), day, cashier
            )
        if len(receipts) > 6:
            # Yesterday, before the day was closed.
            receipts[6].with_user(cashier)._void("户号选错,已重开")

    @api.model
    def _demo_take(self, unit, bills, amount, journal, day, cashier):
        """Take money as the counter does, on a day of the past."""
        # The cashier's own rights are checked at the counter.
        Collection = self.env["property.collection"].with_user(cashier).sudo()
        payer = (bills[:1].partner_id or unit.owner_ids[:1]).name
        settled = Collection._settle(
            unit.with_env(Collection.env),
            {
                bill.with_env(Collection.env): fen(bill.amount_residual)
                for bill in bills
            },
            fen(amount),
            journal.with_env(Collection.env),
            date=day,
            payer_name=payer,
        )
        return Collection.env["property.receipt"]._issue(
            unit.with_env(Collection.env),
            settled,
            date=day,
            payer_name=payer,
            user_id=cashier.id,
            journal_id=journal.id,
        )

    @api.model
    def _demo_closing(self, community, day):
        cashier = self._demo_cashier(community)
        Closing = self.env["property.daily.closing"].with_user(cashier)
        closing = Closing.create({"date": day, "company_id": community.company_id.id})
        closing.action_fill_counted()
        cash = closing.line_ids.filtered(lambda line: line.journal_id.type == "cash")
        if cash:
            cash[0].write({"counted": cash[0].computed - 0.5, "reason": "找零差错"})
        closing.action_sign()

    @api.model
    def _demo_mandates(self, community, today):
        owners = community.unit_ids._get_owners(today)
        self.env["property.debit.mandate"].create(
            [
                {
                    "unit_id": unit.id,
                    "partner_id": people[:1].id,
                    "agreement_no": f"DK{community.code}{number:04d}",
                    "holder": people[:1].name,
                    "account": f"990000000000{number:06d}",
                    "bank_name": "翠湖银行翠湖支行",
                    "date_start": today.replace(month=1, day=1),
                }
                for number, (unit, people) in enumerate(list(owners.items())[:6], 1)
            ]
        )

    @api.model
    def _demo_bank_file(self, community, today):
        """Import a bank file whose last lines wait for somebody."""
        journal = self.env["account.journal"].search(
            [("company_id", "=", community.company_id.id), ("type", "=", "bank")],
            limit=1,
        )
        job = self.env["property.bank.import"].create(
            {
                "journal_id": journal.id,
                "company_id": community.company_id.id,
                "file": base64.b64encode(self._demo_bank_rows(community, today)),
                "filename": f"bank_{today:%Y-%m}.csv",
            }
        )
        job._process_all()

    @api.model
    def _demo_bank_rows(self, community, today):
        """Return a bank's export in its usual encoding: named, half named, unknown."""
        payers = self._demo_payers(community, 12)
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["账号:6222************0019,户名:翠湖物业服务有限公司"])
        writer.writerow(
            ["交易日期", "交易时间", "收入金额", "支出金额", "账户余额"]
            + ["对方户名", "对方账号", "摘要", "附言"]
        )
        balance = 120000.0
        for index, (unit, bills) in enumerate(payers):
            total = sum(bills.mapped("amount_residual")) or 600.0
            name = (bills[:1].partner_id or unit.owner_ids[:1]).name
            memo = {
                0: f"{unit.code}物业费",
                1: f"{community.name}{unit.code} {name}",
                2: f"{unit.code} {today:%m}月",
            }.get(index % 5, "物业费" if index % 5 == 3 else "")
            if index == len(payers) - 1:
                name, memo, total = "陈某", "代交物业费", 500.0
            balance += total
            writer.writerow(
                [
                    f"{today - timedelta(days=12 - index):%Y%m%d}",
                    f"09:{index:02d}:30",
                    f"{total:,.2f}",
                    "",
                    f"{balance:,.2f}",
                    name,
                    f"6217***{1000 + index}",
                    "网银转账",
                    memo,
                ]
            )
        writer.writerow(
            [f"{today:%Y%m%d}", "16:00:00", "", "5,234.31", f"{balance - 5234.31:,.2f}"]
            + ["某保洁服务公司", "6222***7788", "付款", "保洁费"]
        )
        return out.getvalue().encode("gb18030")
