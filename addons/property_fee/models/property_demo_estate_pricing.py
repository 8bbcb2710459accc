from datetime import date, timedelta

from odoo import api, models
from odoo.fields import Command

from ..tools.period import add_months, month_start

CATEGORIES = {"PM": "management", "PK": "parking", "GB": "garbage"}
LIFT_FORMULA = "0 if floor <= 1 else 12 + (floor - 2) * 1.5"
# Yearly tiers of the grid: up to kWh, yuan a kWh.
POWER_TIERS = [(2760, 0.538), (4800, 0.588), (0, 0.838)]


class PropertyDemoEstate(models.AbstractModel):
    """Prices of many shapes: vacancy, a new price in mid-month, formula, tiers, agreement."""

    _inherit = "property.demo.estate"

    @api.model
    def _demo_fee_items(self, community, today):
        result = super()._demo_fee_items(community, today)
        Item = self.env["property.fee.item"]
        company = community.company_id
        items = {
            item.code: item for item in Item.search([("company_id", "=", company.id)])
        }
        for code, category in CATEGORIES.items():
            items[code].category = category
        rates = self.env["property.fee.rate"].search(
            [("community_id", "=", community.id)]
        )
        rates.filtered(
            lambda rate: rate.item_id == items["PM"] and rate.unit_type == "home"
        ).vacancy_percent = 70
        self._demo_new_parking_price(
            rates.filtered(lambda rate: rate.item_id == items["PK"]), today
        )
        self._demo_lift_fee(community, items.get("LF"), today)
        self._demo_power(community, items.get("EL"), today)
        self._demo_agreed_price(community, items["PM"], today)
        return result

    @api.model
    def _demo_new_parking_price(self, rate, today):
        """Raise the price of parking on the sixteenth of a month that has been billed."""
        day = add_months(month_start(today), -3) + timedelta(days=15)
        self.env["property.fee.rate.version"].create(
            {"rate_ids": rate.ids, "date_start": day, "price": 70}
        ).action_create_versions()

    @api.model
    def _demo_lift_fee(self, community, item, today):
        """Charge the lift by floor, by a rule that also catches units handed over later."""
        item = item or self.env["property.fee.item"].create(
            {
                "code": "LF",
                "name": "电梯运行费",
                "category": "lift",
                "sequence": 40,
                "company_id": community.company_id.id,
            }
        )
        self.env["property.fee.rate"].create(
            {
                "item_id": item.id,
                "community_id": community.id,
                "unit_type": "home",
                "date_start": date(today.year - 2, 1, 1),
                "basis": "formula",
                "formula": LIFT_FORMULA,
                "rounding": "jiao",
            }
        )
        rule = self.env["property.fee.assignment.rule"].create(
            {
                "item_id": item.id,
                "community_id": community.id,
                "start_rule": "handover",
            }
        )
        rule._apply()

    @api.model
    def _demo_power(self, community, item, today):
        """Create the electricity that is collected for the grid, with its yearly tiers."""
        company = community.company_id
        account = self.env["account.account"].search(
            [
                *self.env["account.account"]._check_company_domain(company),
                ("account_type", "=", "liability_current"),
            ],
            limit=1,
        )
        grid = self.env["res.partner"].create(
            {"name": "翠湖供电有限公司", "is_company": True}
        )
        item = item or self.env["property.fee.item"].create(
            {
                "code": "EL",
                "name": "代收电费",
                "kind": "metered",
                "category": "electricity",
                "sequence": 60,
                "company_id": company.id,
                "is_agency": True,
                "agency_partner_id": grid.id,
                "agency_account_id": account.id,
            }
        )
        self.env["property.fee.rate"].create(
            {
                "item_id": item.id,
                "community_id": community.id,
                "date_start": date(today.year - 2, 1, 1),
                "basis": "meter",
                "tier_period": "year",
                "tier_ids": [
                    Command.create({"up_to": up_to, "price": price})
                    for up_to, price in POWER_TIERS
                ],
            }
        )

    @api.model
    def _demo_agreed_price(self, community, item, today):
        """Let one household pay less after a leak, approved, and another one ask for it."""
        users = self._demo_users(community)
        assignments = self.env["property.fee.assignment"].search(
            [
                ("community_id", "=", community.id),
                ("item_id", "=", item.id),
                ("unit_id.unit_type", "=", "home"),
            ],
            order="id",
            limit=8,
        )
        start = add_months(month_start(today), -4)
        values = (
            (2.2, "2023年屋顶渗漏，经业委会协调达成的优惠单价，期限一年。"),
            (2.0, "业主反映楼下餐饮油烟扰民，申请减价，待审批。"),
        )
        overrides = (
            self.env["property.fee.override"]
            .with_user(users["accountant"])
            .create(
                [
                    {
                        "assignment_id": assignment.id,
                        "date_start": max(start, assignment.date_start),
                        "date_end": add_months(start, 12) - timedelta(days=1),
                        "price": price,
                        "reason": reason,
                    }
                    for assignment, (price, reason) in zip(
                        assignments[-2:], values, strict=False
                    )
                ]
            )
        )
        overrides.action_approval_submit()
        overrides[:1].with_user(users["manager"]).action_approval_approve()
