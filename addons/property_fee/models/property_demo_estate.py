import random
from datetime import date, timedelta

from odoo import api, models

from ..tools.period import add_months, month_start

# code, name, unit types, rates: (unit type or False, basis, monthly price)
DEMO_ITEMS = [
    (
        "PM",
        "物业费",
        ("home", "shop"),
        [("home", "gross_area", 2.5), ("shop", "gross_area", 3.8)],
    ),
    ("PK", "车位管理费", ("parking",), [(False, "fixed", 60.0)]),
    ("GB", "生活垃圾费", ("home",), [(False, "fixed", 8.0)]),
]
MONTHS = 6
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


class PropertyDemoEstate(models.AbstractModel):
    _inherit = "property.demo.estate"

    @api.model
    def _fill(self, community, today):
        super()._fill(community, today)
        Assignment = self.env["property.fee.assignment"]
        if Assignment.search_count([("community_id", "=", community.id)], limit=1):
            return
        self._demo_accounting(community.company_id)
        self._demo_fee_items(community, today)
        months = [
            add_months(month_start(today), offset) for offset in range(1 - MONTHS, 1)
        ]
        self._demo_runs(community, months)
        self._demo_payments(community, months, today)
        self._demo_dunning(community, today)

    @api.model
    def _demo_accounting(self, company):
        """Make sure that bills can be posted and say where to pay."""
        if not company.chart_template:
            self.env["account.chart.template"].try_loading("generic_coa", company)
        if not company.partner_id.bank_ids:
            self.env["res.partner.bank"].create(
                {
                    "partner_id": company.partner_id.id,
                    "acc_number": "3300 0000 1234 5678 900",
                    "bank_id": self.env["res.bank"]
                    .create({"name": "翠湖银行翠湖支行"})
                    .id,
                }
            )

    @api.model
    def _demo_fee_items(self, community, today):
        """Create the fee items, their rates from two years ago, and the assignments."""
        Item = self.env["property.fee.item"]
        company = community.company_id
        start = date(today.year - 2, 1, 1)
        for sequence, (code, name, unit_types, rates) in enumerate(DEMO_ITEMS, 1):
            item = Item.search([("code", "=", code), ("company_id", "=", company.id)])
            item = item or Item.create(
                {
                    "code": code,
                    "name": name,
                    "sequence": sequence * 10,
                    "company_id": company.id,
                }
            )
            self.env["property.fee.rate"].create(
                [
                    {
                        "item_id": item.id,
                        "community_id": community.id,
                        "unit_type": unit_type,
                        "date_start": start,
                        "basis": basis,
                        "price": price,
                    }
                    for unit_type, basis, price in rates
                ]
            )
            self.env["property.fee.assign"].create(
                {
                    "item_id": item.id,
                    "community_id": community.id,
                    **{
                        f"for_{unit_type}": unit_type in unit_types
                        for unit_type in ("home", "shop", "parking")
                    },
                }
            ).action_assign()

    @api.model
    def _demo_runs(self, community, months):
        """Bill each month on its first day."""
        runs = self.env["property.fee.run"].create(
            [
                {
                    "community_ids": community.ids,
                    "company_id": community.company_id.id,
                    "period": month,
                    "invoice_date": month,
                }
                for month in months
            ]
        )
        runs._process_all()

    @api.model
    def _demo_payments(self, community, months, today):
        """Let most households pay, some late or in part, and some not at all.

        Of twenty households three pay every month and fourteen every third; one has paid
        a part; two have stopped paying some months ago. Who has a user on the portal is
        left something to pay there.
        """
        bills = self.env["account.move"].search(
            [("property_community_id", "=", community.id), ("state", "=", "posted")],
            order="property_period, id",
        )
        bills -= bills.filtered(
            lambda bill: bill.property_period == months[-1] and bill.partner_id.user_ids
        )
        chance = random.Random(20261)
        days = {}  # day of payment -> bills
        parts = bills.browse()
        for index, own in enumerate(bills.grouped("partner_id").values()):
            kind = index % 20
            stopped = months[-chance.randint(2, MONTHS)]
            for bill in own:
                period = bill.property_period
                if kind < 3:
                    day = period + timedelta(days=3 + index % 9)
                elif kind < 17:
                    last = months[months.index(period) // 3 * 3 + 2]
                    day = last + timedelta(days=5 + index % 12)
                elif kind == 17 and period == months[-2]:
                    parts += bill
                    continue
                elif kind == 17 or period < stopped:
                    day = period + timedelta(days=12)
                else:
                    continue
                if day <= today and (kind != 17 or period != months[-1]):
                    days.setdefault(day, bills.browse())
                    days[day] += bill
        for day, paid in sorted(days.items()):
            self._demo_pay(paid, day)
        for bill in parts:
            day = min(today, bill.property_period + timedelta(days=20))
            self._demo_pay(bill, day, amount=round(bill.amount_residual * 0.6, 2))

    @api.model
    def _demo_pay(self, bills, day, amount=None):
        """Pay bills on a day with Odoo's own wizard, one payment per payer."""
        # Nothing here is committed yet, so no autovacuum counts these rows: without
        # figures of its own the database takes minutes for a question of Odoo's wizard.
        self.env.flush_all()
        self.env.cr.execute(
            "ANALYZE account_move, account_move_line, account_payment,"
            " account_partial_reconcile"
        )
        vals = {"payment_date": day, "group_payment": True}
        if amount:
            vals["amount"] = amount
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bills.ids, **QUIET
        ).create(vals)._create_payments()
