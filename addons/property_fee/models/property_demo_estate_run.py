from datetime import timedelta

from odoo import api, models
from odoo.fields import Command

from ..tools.period import add_months, month_start


class PropertyDemoEstate(models.AbstractModel):
    _inherit = "property.demo.estate"

    @api.model
    def _fill(self, community, today):
        """Leave next month's run to be checked, with some things that stand out."""
        result = super()._fill(community, today)
        Schedule = self.env["property.fee.schedule"]
        if Schedule.search_count([("community_ids", "in", community.ids)], limit=1):
            return result
        Schedule.create(
            {
                "name": "每月 1 日出账",
                "company_id": community.company_id.id,
                "community_ids": community.ids,
                "bill_day": 1,
                "action": "submit",
                # Left to whoever tries the demo: it would go on by itself.
                "active": False,
            }
        )
        self._demo_changes(community, today)
        month = add_months(month_start(today), 1)
        run = self.env["property.fee.run"].create(
            {
                "community_ids": community.ids,
                "company_id": community.company_id.id,
                "period": month,
                "invoice_date": month,
            }
        )
        run.action_preview()
        self._demo_single_charges(community, today)
        return result

    @api.model
    def _demo_changes(self, community, today):
        """Let an area be measured anew and two fees end with the month."""
        last = add_months(month_start(today), 1) - timedelta(days=1)
        assignments = self.env["property.fee.assignment"].search(
            [("community_id", "=", community.id), ("date_end", "=", False)]
        )
        homes = assignments.filtered(lambda a: a.item_id.code == "PM").unit_id
        for home in homes[5:7]:
            home.gross_area += 6.5
        parking = assignments.filtered(lambda a: a.item_id.code == "PK")
        parking[-2:].date_end = last

    @api.model
    def _demo_single_charges(self, community, today):
        """Enter access cards as a list that is still to be checked."""
        company = community.company_id
        Item = self.env["property.fee.item"]
        item = Item.search([("code", "=", "CARD"), ("company_id", "=", company.id)])
        item = item or Item.create(
            {
                "code": "CARD",
                "name": "门禁卡工本费",
                "kind": "one_off",
                "sequence": 90,
                "company_id": company.id,
            }
        )
        units = self.env["property.unit"].search(
            [("community_id", "=", community.id), ("unit_type", "=", "home")], limit=3
        )
        self.env["property.charge.entry"].create(
            {
                "name": "门禁卡补办",
                "company_id": company.id,
                "community_id": community.id,
                "item_id": item.id,
                "date": today,
                "line_ids": [
                    Command.create(
                        {
                            "unit_id": unit.id,
                            "quantity": count,
                            "price": 20.0,
                            "remark": f"补办 {count} 张",
                        }
                    )
                    for count, unit in enumerate(units, 1)
                ],
            }
        )
