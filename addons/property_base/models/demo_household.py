from dateutil.relativedelta import relativedelta
from odoo import Command, api, models

from .property_occupancy import OWNER_ROLES


class PropertyDemoEstate(models.AbstractModel):
    _inherit = "property.demo.estate"

    @api.model
    def _fill(self, community, today):
        super()._fill(community, today)
        Request = self.env["property.change.request"]
        if Request.search_count([("community_id", "=", community.id)], limit=1):
            return
        users = self._demo_users(community)
        users["hq"].group_ids = [
            Command.link(self.env.ref("property_base.group_property_confidential").id)
        ]
        self._tell_how_acquired(community)
        self._propose_changes(community, users["owner"].partner_id, today)
        self._show_numbers(community, users["frontdesk"])

    def _tell_how_acquired(self, community):
        """The first owner bought from the developer, whoever follows from him."""
        owners = self.env["property.occupancy"].search(
            [("community_id", "=", community.id), ("role", "in", OWNER_ROLES)],
            order="unit_id, date_start",
        )
        for unit, periods in owners.grouped("unit_id").items():
            first = periods.filtered(
                lambda period, start=periods[0].date_start: period.date_start == start
            )
            first.acquired_by = "developer"
            if later := periods - first:
                later.acquired_by = "sale"
                unit.last_transfer_date = max(later.mapped("date_start"))

    def _propose_changes(self, community, owner, today):
        homes = self.env["property.unit"].search(
            [
                ("community_id", "=", community.id),
                ("unit_type", "=", "home"),
                ("status", "=", "occupied"),
            ]
        )
        home = homes.filtered(lambda unit: owner in unit.owner_ids)[:1]
        other = (homes - home)[7]
        self.env["property.change.request"].create(
            [
                {
                    "unit_id": home.id,
                    "partner_id": owner.id,
                    "kind": "phone",
                    "phone2": "13605718866",
                    "note": "父母家的电话，晚上可以打。",
                },
                {
                    "unit_id": other.id,
                    "partner_id": other.owner_ids[:1].id,
                    "kind": "member",
                    "member_name": "陈小满",
                    "is_resident": True,
                    "date": today + relativedelta(days=-3),
                    "note": "孩子回来上学。",
                },
            ]
        )

    def _show_numbers(self, community, clerk):
        """The front desk has called two people."""
        people = self.env["property.occupancy"].search(
            [("community_id", "=", community.id), ("role", "=", "tenant")], limit=2
        )
        for person, (reason, note) in zip(
            people,
            (("call", "漏水报修回电"), ("visitor", "快递放在前台")),
            strict=False,
        ):
            person.partner_id.with_user(clerk)._disclose(
                ["phone", "phone2"], reason, note=note, unit=person.unit_id
            )
