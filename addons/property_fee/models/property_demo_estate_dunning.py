from datetime import datetime, time, timedelta

from odoo import api, models

from .property_demo_estate import QUIET

CAUSES = ("forgot", "away", "quality", "defect", "unreachable", "hardship", "refuses")
CONTACTS = [
    ("phone", "reached", "业主表示近期资金紧张，月底前缴纳。"),
    ("phone", "no_answer", "两次拨打均无人接听。"),
    ("visit", "disputed", "业主反映客厅渗水一直未修好，修好再缴。"),
    ("visit", "delivered", "通知单已由家属签收。"),
    ("chat", "promised", "微信回复：下周五之前转账。"),
]


class PropertyDemoEstate(models.AbstractModel):
    _inherit = "property.demo.estate"

    @api.model
    def _demo_dunning(self, community, today):
        """Remind for two months: cases at several levels, with what people answer."""
        company = community.company_id
        self._demo_late_fee(company)
        for days in (60, 45, 25, 3):
            run = (
                self.env["property.dunning.run"]
                .with_context(**QUIET)
                .create(
                    {
                        "company_id": company.id,
                        "community_ids": community.ids,
                        "date": today - timedelta(days=days),
                    }
                )
            )
            run._process_all()
            if days > 3:
                run.letter_ids.with_context(**QUIET)._note_delivered(
                    run.date + timedelta(days=1)
                )
        self._demo_answers(community, today)

    @api.model
    def _demo_late_fee(self, company):
        """Agree on five in ten thousand a day after a month of grace, never above the debt."""
        Policy = self.env["property.late.fee.policy"]
        if not Policy.search_count([("company_id", "=", company.id)], limit=1):
            Policy.create(
                {
                    "name": "物业服务合同滞纳金",
                    "company_id": company.id,
                    "date_start": "2020-01-01",
                    "daily_rate": 0.05,
                    "grace_days": 30,
                    "cap_percent": 100,
                    "minimum": 1,
                }
            )

    @api.model
    def _demo_answers(self, community, today):
        """Note causes and contacts, a promise, a broken one, instalments and a dispute."""
        cases = self.env["property.dunning.case"].search(
            [("community_id", "=", community.id), ("state", "!=", "closed")],
            order="date_oldest, id",
        )
        for number, case in enumerate(cases):
            case.cause = CAUSES[number % len(CAUSES)] if number % 3 else "unknown"
        moment = datetime.combine(today, time(2, 30))
        self.env["property.dunning.contact"].create(
            [
                {
                    "case_id": case.id,
                    "date": moment - timedelta(days=9 + number),
                    "channel": channel,
                    "result": result,
                    "note": note,
                    "is_documented": result == "delivered",
                }
                for number, case in enumerate(cases[:10])
                for channel, result, note in [CONTACTS[number % len(CONTACTS)]]
            ]
        )
        if len(cases) < 4:
            return
        self._demo_commitments(cases, today)

    @api.model
    def _demo_commitments(self, cases, today):
        """Let four households promise, break a promise, pay by instalments and dispute."""
        promised, broken, instalments, disputed = cases[:4]
        Promise = self.env["property.dunning.promise"]
        Promise.create(
            {
                "case_id": promised.id,
                "amount": promised.amount_overdue,
                "date_given": today - timedelta(days=2),
                "date": today + timedelta(days=5),
            }
        )
        Promise.create(
            {
                "case_id": broken.id,
                "amount": round(broken.amount_overdue / 2, 2),
                "date_given": today - timedelta(days=20),
                "date": today - timedelta(days=6),
            }
        )
        Promise._break_overdue(today)
        self.env["property.instalment.plan"].create(
            {
                "case_id": instalments.id,
                "amount": instalments.amount_overdue,
                "count": 4,
                "date": today - timedelta(days=8),
                "date_first": today + timedelta(days=10),
            }
        ).action_confirm()
        disputed.cause = "defect"
        disputed._start_hold(
            "外墙渗水未修复，业主要求修复后缴费",
            "GD-2026-0117",
            date=today - timedelta(days=12),
        )
        cases._plan_next(today)
