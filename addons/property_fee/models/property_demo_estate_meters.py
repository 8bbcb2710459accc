import random
from datetime import date, timedelta

from odoo import api, models
from odoo.fields import Command

from ..tools.period import add_months, month_start

# Months of readings: a year to compare with, and the present month.
MONTHS = 13
# What a household uses of its usual consumption, January first: showers in summer.
SEASON = (0.8, 0.75, 0.85, 0.95, 1.05, 1.2, 1.35, 1.4, 1.15, 1.0, 0.9, 0.85)
# Steps of a year as a city sets them: up to tons, yuan a ton.
WATER_TIERS = [(144, 2.9), (204, 3.77), (0, 5.8)]
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
                "category": "water",
                "sequence": 50,
                "company_id": company.id,
            }
        )
        item.write(
            {
                "is_agency": True,
                "agency_partner_id": utility.id,
                "agency_account_id": item.agency_account_id.id or account.id,
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
                    for up_to, price in WATER_TIERS
                ],
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
            meters[0].initial_value = 9930  # rolls over within the year
        months = [add_months(first, offset) for offset in range(MONTHS)]
        usual = {meter: chance.randint(6, 18) for meter in meters}

        def used(meter, month, part=1.0):
            season = SEASON[month.month - 1] * chance.uniform(0.8, 1.2)
            return round(usual[meter] * season * part)

        values = {meter: meter.initial_value for meter in meters}
        vals_list, total = [], main.initial_value
        for month in months[:-1]:
            day = month.replace(day=25)
            before = sum(values.values())
            for index, meter in enumerate(meters):
                if index == 1 and month == months[-2]:
                    continue  # replaced, see below
                values[meter] += used(meter, month)
                kind = "estimated" if (index, month) == (3, months[-3]) else "read"
                vals_list.append(
                    {
                        "meter_id": meter.id,
                        "date": day,
                        "period": month,
                        "value": values[meter] % 10**meter.digits,
                        "kind": kind,
                    }
                )
            total += round((sum(values.values()) - before) * 1.04)
            vals_list.append(
                {"meter_id": main.id, "date": day, "period": month, "value": total}
            )
        readings = self.env["property.meter.reading"].create(vals_list)
        readings.filtered("is_held")._clear("已现场核对，读数属实")
        readings.action_confirm()
        replaced = self._demo_replace(meters[1:2], months[-2], used)
        if replaced:
            usual[replaced] = usual[meters[1]]
        self._demo_round(community, months[-1], today, used)

    @api.model
    def _demo_replace(self, meter, month, used):
        """Let one meter have been replaced in the middle of last month.

        :return: the new meter
        """
        if not meter:
            return meter
        day = month.replace(day=10)
        self.env["property.meter.replace"].create(
            {
                "meter_id": meter.id,
                "date": day,
                "final_value": meter.last_value + used(meter, month, 0.5),
                "serial": f"{meter.serial}-2",
                "first_value": 0,
                "reason": "表盘起雾，更换新表",
            }
        ).action_replace()
        new = meter.replaced_by_id
        self.env["property.meter.reading"].create(
            {
                "meter_id": new.id,
                "date": month.replace(day=25),
                "period": month,
                "value": used(meter, month, 0.5),
            }
        ).action_confirm()
        return new

    @api.model
    def _demo_round(self, community, month, today, used):
        """Read most meters in a round of this month; the rest of the way is to be walked."""
        day = min(month.replace(day=25), today)
        walk = self.env["property.reading.round"].create(
            {
                "community_id": community.id,
                "period": month,
                "date": day,
                "user_id": self._demo_users(community)["engineer"].id,
            }
        )
        walk.action_generate()
        rows = walk.reading_ids.filtered("unit_id").sorted("sequence")
        done = rows[: len(rows) * 3 // 4]
        for index, row in enumerate(done):
            quantity = used(row.meter_id, month)
            if index == 2:
                quantity = quantity * 5 + 20  # a pipe leaks
            value = (row.previous_value + quantity) % 10**row.meter_id.digits
            row.write({"value": value})
        held = done.filtered("is_held")
        held.filtered("is_rollover")._clear("四位表满归零")
        done.action_confirm()

    @api.model
    def _demo_lift(self, community, today):
        """Share last month's electricity of the lifts among the upper floors."""
        company = community.company_id
        Item = self.env["property.fee.item"]
        item = Item.search([("code", "=", "SE"), ("company_id", "=", company.id)])
        item = item or Item.create(
            {
                "code": "SE",
                "name": "公摊电费",
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
                "excluded_unit_ids": homes.filtered(
                    lambda home: home.building_id == building and home.floor == 1
                ).ids,
                "for_shop": False,
                "for_office": False,
                "vacant_rule": "percent",
                "vacant_percent": 70,
            }
        )
        cost.action_preview()
        cost.action_confirm()
