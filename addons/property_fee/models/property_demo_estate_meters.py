import random
from datetime import date, timedelta

from odoo import api, models

from ..tools.period import add_months, month_start

# Months of readings: a year to compare with, and the present month.
MONTHS = 13
# What a household uses of its usual consumption, January first: showers in summer.
SEASON = (0.8, 0.75, 0.85, 0.95, 1.05, 1.2, 1.35, 1.4, 1.15, 1.0, 0.9, 0.85)
WATER_PRICE = 2.9
LIFT_PRICE = 0.538


class PropertyDemoEstate(models.AbstractModel):
    """Water meters of the homes, a year of readings, and the electricity of the lifts."""

    _inherit = "property.demo.estate"

    @api.model
    def _demo_fee_items(self, community, today):
        """Add what is read from meters, so that the runs bill it along with the rest."""
        result = super()._demo_fee_items(community, today)
        if not self.env["property.meter"].search_count(
            [("community_id", "=", community.id)], limit=1
        ):
            water = self._demo_water_item(community, today)
            self._demo_meters(community, water, today)
            self._demo_lift(community, today)
            community.write({"self_read_water": True, "self_read_from": 1})
        return result

    @api.model
    def _demo_water_item(self, community, today):
        """Create the water that is collected for the utility, and assign it to the homes."""
        Item = self.env["property.fee.item"]
        company = community.company_id
        utility = self.env["res.partner"].search(
            [("name", "=", "翠湖自来水有限公司")], limit=1
        ) or self.env["res.partner"].create(
            {"name": "翠湖自来水有限公司", "is_company": True}
        )
        item = Item.search([("code", "=", "WT"), ("company_id", "=", company.id)])
        account = self.env["account.account"].search(
            [
                *self.env["account.account"]._check_company_domain(company),
                ("account_type", "=", "liability_current"),
            ],
            limit=1,
        )
        item = item or Item.create(
            {
                "code": "WT",
                "name": "代收水费",
                "kind": "metered",
                "sequence": 50,
                "company_id": company.id,
                "is_agency": True,
                "agency_partner_id": utility.id,
                "agency_account_id": account.id,
            }
        )
        self.env["property.fee.rate"].create(
            {
                "item_id": item.id,
                "community_id": community.id,
                "date_start": date(today.year - 2, 1, 1),
                "basis": "fixed",
                "price": WATER_PRICE,
            }
        )
        homes = self._demo_homes(community)
        self.env["property.fee.assignment"].create(
            [
                {
                    "unit_id": home.id,
                    "item_id": item.id,
                    "payer_rule": "occupant",
                    "date_start": max(
                        add_months(month_start(today), -5), home.handover_date
                    ),
                }
                for home in homes
            ]
        )
        return item

    @api.model
    def _demo_homes(self, community):
        return self.env["property.unit"].search(
            [
                ("community_id", "=", community.id),
                ("unit_type", "=", "home"),
                ("handover_date", "!=", False),
            ]
        )

    @api.model
    def _demo_meters(self, community, item, today):
        """Put in meters and read them every month, with what happens in a year."""
        Meter = self.env["property.meter"]
        first = add_months(month_start(today), 1 - MONTHS)
        start = first - timedelta(days=1)
        chance = random.Random(20263)
        main = Meter.create(
            {
                "serial": f"W-{community.code}-0",
                "kind": "water",
                "community_id": community.id,
                "place": "小区总表井",
                "digits": 6,
                "initial_value": 20000,
                "initial_date": start,
            }
        )
        meters = Meter.create(
            [
                {
                    "serial": f"W-{community.code}-{home.code}",
                    "kind": "water",
                    "unit_id": home.id,
                    "parent_id": main.id,
                    "place": "楼道水表井",
                    "digits": 4,
                    "initial_value": chance.randint(80, 900),
                    "initial_date": start,
                    "item_id": item.id,
                }
                for home in self._demo_homes(community)
            ]
        )
        if len(meters) > 3:
            meters[0].initial_value = 9930
        months = [add_months(first, offset) for offset in range(MONTHS)]
        values = {meter: meter.initial_value for meter in meters}
        usual = {meter: chance.randint(6, 18) for meter in meters}
        vals_list, total = [], main.initial_value
        for month in months:
            day = min(month.replace(day=25), today)
            used = 0
            for index, meter in enumerate(meters):
                quantity = round(
                    usual[meter] * SEASON[month.month - 1] * chance.uniform(0.8, 1.2)
                )
                if index == 2 and month == months[-1]:
                    quantity *= 6  # a pipe leaks
                used += quantity
                values[meter] = (values[meter] + quantity) % 10**meter.digits
                vals_list.append(
                    {
                        "meter_id": meter.id,
                        "date": day,
                        "period": month,
                        "value": values[meter],
                        "kind": "estimated"
                        if index == 3 and month == months[-3]
                        else "read",
                    }
                )
            total += round(used * 1.04)
            vals_list.append(
                {"meter_id": main.id, "date": day, "period": month, "value": total}
            )
        readings = self.env["property.meter.reading"].create(vals_list)
        held = readings.filtered("is_held")
        held.filtered(lambda row: row.period != months[-1])._clear("已现场核对")
        readings.action_confirm()
        self._demo_replace(meters[1:2], today)

    @api.model
    def _demo_replace(self, meter, today):
        """Let one meter have been replaced this month."""
        if not meter or today.day <= 25:
            return
        self.env["property.meter.replace"].create(
            {
                "meter_id": meter.id,
                "date": today,
                "final_value": (meter.last_value + 2) % 10**meter.digits,
                "serial": f"{meter.serial}-2",
                "first_value": 0,
                "reason": "表盘起雾，更换新表",
            }
        ).action_replace()

    @api.model
    def _demo_lift(self, community, today):
        """Share last month's electricity of the lifts among the upper floors."""
        company = community.company_id
        Item = self.env["property.fee.item"]
        item = Item.search([("code", "=", "LF"), ("company_id", "=", company.id)])
        item = item or Item.create(
            {
                "code": "LF",
                "name": "电梯电费公摊",
                "kind": "shared",
                "sequence": 60,
                "company_id": company.id,
            }
        )
        homes = self._demo_homes(community)
        building = homes.building_id[:1]
        last = add_months(month_start(today), -1)
        meter = self.env["property.meter"].create(
            {
                "serial": f"E-{community.code}-{building.code}",
                "kind": "electricity",
                "community_id": community.id,
                "building_id": building.id,
                "place": "电梯机房",
                "multiplier": 20,
                "initial_value": 1200,
                "initial_date": last - timedelta(days=1),
            }
        )
        self.env["property.meter.reading"].create(
            {
                "meter_id": meter.id,
                "date": last.replace(day=28),
                "value": 1262.5,
            }
        ).action_confirm()
        cost = self.env["property.shared.cost"].create(
            {
                "name": f"{building.name}电梯电费",
                "community_id": community.id,
                "item_id": item.id,
                "period": last,
                "source": "meter",
                "meter_ids": meter.ids,
                "meter_price": LIFT_PRICE,
                "building_ids": building.ids,
                "excluded_unit_ids": homes.filtered(lambda home: home.floor == 1).ids,
                "for_shop": False,
                "for_office": False,
                "vacant_rule": "percent",
                "vacant_percent": 70,
            }
        )
        cost.action_preview()
        cost.action_confirm()
