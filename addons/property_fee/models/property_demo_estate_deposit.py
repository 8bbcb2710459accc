import base64
from datetime import timedelta

from odoo import api, models

# The smallest picture there is: it stands for the photo of a scratched lift panel.
PHOTO = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


class PropertyDemoEstate(models.AbstractModel):
    _inherit = "property.demo.estate"

    @api.model
    def _fill(self, community, today):
        """Hold the renovation deposit of one household and return that of another."""
        super()._fill(community, today)
        Deposit = self.env["property.deposit"]
        if Deposit.search_count([("community_id", "=", community.id)], limit=1):
            return
        homes = self.env["property.unit"].search(
            [
                ("community_id", "=", community.id),
                ("unit_type", "=", "home"),
                ("owner_ids", "!=", False),
            ],
            limit=12,
        )
        if len(homes) < 2:
            return
        community.company_id._create_counter_journals()
        item = self._demo_deposit_item(community.company_id)
        held, returned = Deposit.create(
            [
                {
                    "unit_id": homes[0].id,
                    "item_id": item.id,
                    "amount": 3000,
                    "date": today - timedelta(days=20),
                    "date_return": today + timedelta(days=70),
                    "reference": "装修许可证 2026-031",
                },
                {
                    "unit_id": homes[-1].id,
                    "item_id": item.id,
                    "amount": 2000,
                    "date": today - timedelta(days=120),
                    "date_return": today - timedelta(days=10),
                    "reference": "装修许可证 2026-012",
                },
            ]
        )
        self._demo_deposit_move(held, "receive", 3000, held.date)
        self._demo_deposit_move(returned, "receive", 2000, returned.date)
        self._demo_deposit_move(
            returned,
            "deduct",
            260,
            today - timedelta(days=8),
            "装修材料划伤2号电梯轿厢面板，业主现场确认，按更换报价扣除。",
        )
        self._demo_deposit_move(
            returned,
            "refund",
            1740,
            today - timedelta(days=6),
            "装修验收合格，退还余额。",
        )
        self._demo_certificate(community, homes)

    @api.model
    def _demo_certificate(self, community, homes):
        """Certify that nothing is open of the first household of which that is true."""
        cashier = self._demo_users(community)["cashier"]
        Certificate = self.env["property.clearance.certificate"].with_user(cashier)
        for home in homes:
            draft = Certificate.new({"unit_id": home.id})
            if not any(row["blocking"] for row in draft._get_matters()):
                Certificate.create(
                    {"unit_id": home.id, "purpose": "房屋出售"}
                ).action_issue()
                return

    @api.model
    def _demo_deposit_item(self, company):
        """Return the fee item of renovation deposits, with an account of its own."""
        Item = self.env["property.fee.item"]
        item = Item.search([("code", "=", "ZX"), ("company_id", "=", company.id)])
        if item:
            return item
        account = (
            self.env["account.account"]
            .with_company(company)
            .create(
                {
                    "name": "装修押金",
                    "code": "224101",
                    "account_type": "liability_current",
                    "company_ids": company.ids,
                }
            )
        )
        return Item.create(
            {
                "code": "ZX",
                "name": "装修押金",
                "kind": "deposit",
                "sequence": 90,
                "company_id": company.id,
                "agency_account_id": account.id,
            }
        )

    @api.model
    def _demo_deposit_move(self, deposit, kind, amount, day, reason=False):
        """Let a deposit move as the cashier asks and the manager approves."""
        users = self._demo_users(deposit.community_id)
        Journal = self.env["account.journal"].with_company(deposit.company_id)
        cash = Journal.search(
            [*Journal._check_company_domain(deposit.company_id), ("type", "=", "cash")],
            limit=1,
        )
        movement = (
            self.env["property.deposit.movement"]
            .with_user(users["cashier"])
            .create(
                {
                    "deposit_id": deposit.id,
                    "kind": kind,
                    "amount": amount,
                    "date": day,
                    "reason": reason,
                    "journal_id": cash.id if kind in ("receive", "refund") else False,
                }
            )
        )
        if kind == "deduct":
            self.env["ir.attachment"].with_user(users["cashier"]).create(
                {
                    "name": "电梯轿厢面板.png",
                    "raw": base64.b64decode(PHOTO),
                    "res_model": movement._name,
                    "res_id": movement.id,
                }
            )
            movement.photo_ids = (
                self.env["ir.attachment"]
                .with_user(users["cashier"])
                .search(
                    [("res_model", "=", movement._name), ("res_id", "=", movement.id)]
                )
            )
        if kind != "receive":
            movement.action_approval_submit()
            movement.with_user(users["manager"]).action_approval_approve()
        if kind in ("receive", "refund"):
            movement.action_post()
