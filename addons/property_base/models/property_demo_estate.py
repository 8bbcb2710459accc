from dateutil.relativedelta import relativedelta
from odoo import Command, api, fields, models

from ..tools import estate, roster
from .roster_writer import RosterWriter

CHUNK = 1000
# login (also the password) -> name and group of the demo users
DEMO_USERS = {
    "frontdesk": ("前台 林晓", "property_base.group_property_frontdesk"),
    "engineer": ("工程 周师傅", "property_base.group_property_engineer"),
    "security": ("秩序 马强", "property_base.group_property_security"),
    "cashier": ("收费 唐敏", "property_base.group_property_cashier"),
    "accountant": ("会计 沈静", "property_base.group_property_accountant"),
    "manager": ("项目经理 高明", "property_base.group_property_manager"),
    "hq": ("总部 韩雪", "property_base.group_property_admin"),
}


class PropertyDemoEstate(models.AbstractModel):
    _name = "property.demo.estate"
    _description = "Demo Estate"

    @api.model
    def _build_demo(self):
        """Build the demo estate and its users; what is there already stays as it is.

        Called by the demo data of every module, so that each adds its part to the one
        estate in whatever order they are installed.

        :return: property.community
        """
        community = self.env["property.community"].search(
            [("code", "=", "CH")], limit=1
        )
        if not community:
            community = self._build(
                "翠湖花园",
                "CH",
                homes=92,
                shops=12,
                parking=46,
                seed=20261,
                entrances=2,
                floors=6,
            )
            community.write(
                {
                    "street": "翠湖路 18 号",
                    "city": "杭州市",
                    "duty_phone": "0571-8888 6600",
                    "takeover_date": community.delivery_date - relativedelta(months=2),
                    "developer_id": self.env["res.partner"]
                    .create(
                        {
                            "name": "翠湖置业有限公司",
                            "is_company": True,
                            "phone": "0571-8800 1200",
                        }
                    )
                    .id,
                    "manager_id": self._demo_users(community)["manager"].id,
                }
            )
        self._fill(community, fields.Date.context_today(self))
        return community

    @api.model
    def _build(self, name, code, *, homes, shops=0, parking=0, seed=1, **layout):
        """Build an estate of any size, as an imported roster would.

        :param int homes, shops, parking: how many units of each
        :param int seed: the same seed gives the same estate
        :param layout: `entrances`, `floors`, `per_floor` of a residential building
        :return: property.community
        """
        today = fields.Date.context_today(self)
        community = self.env["property.community"].create(
            {
                "name": name,
                "code": code,
                "delivery_date": today + relativedelta(years=-4, day=1),
            }
        )
        cells = estate.roster_rows(
            homes,
            shops,
            parking,
            seed=seed,
            delivered=community.delivery_date,
            **layout,
        )
        rows = [roster.read_row(number, row) for number, row in enumerate(cells, 2)]
        quiet = community.with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        )
        for start in range(0, len(rows), CHUNK):
            RosterWriter(quiet, today).write_rows(rows[start : start + CHUNK])
        return community

    @api.model
    def _fill(self, community, today):
        """Add what the module knows to a built estate; each module extends this.

        Must do nothing when it was done before.

        :param community: property.community that `_build` returned
        :param date today: the day on which the estate is looked at
        """
        self._demo_users(community)
        self._add_history(community, today)

    @api.model
    def _demo_users(self, community):
        """Return the demo users by login, created where they are missing.

        The password of each is its login: they exist in demonstrations only. The owner on
        the portal is the first resident owner who also owns a parking space.

        :rtype: dict
        """
        Users = self.env["res.users"].with_context(
            no_reset_password=True, mail_create_nolog=True
        )
        found = {
            user.login: user
            for user in Users.search([("login", "in", [*DEMO_USERS, "owner"])])
        }
        values = [
            {
                "name": name,
                "login": login,
                "password": login,
                "email": f"{login}@example.com",
                "lang": self._demo_lang(),
                "tz": "Asia/Shanghai",
                "company_id": community.company_id.id,
                "company_ids": [Command.set(community.company_id.ids)],
                "group_ids": [Command.set(self.env.ref(group).ids)],
            }
            for login, (name, group) in DEMO_USERS.items()
            if login not in found
        ]
        if "owner" not in found:
            values.append(self._demo_owner_values(community))
        found.update({user.login: user for user in Users.create(values)})
        return found

    def _demo_lang(self):
        installed = dict(self.env["res.lang"].get_installed())
        return "zh_CN" if "zh_CN" in installed else self.env.lang or "en_US"

    def _demo_owner_values(self, community):
        units = self.env["property.unit"].search([("community_id", "=", community.id)])
        with_parking = units.filtered(
            lambda unit: unit.unit_type == "parking"
        ).owner_ids
        homes = units.filtered(
            lambda unit: unit.status == "occupied" and unit.owner_ids & with_parking
        )
        partner = homes[:1].owner_ids[:1]
        partner.email = "owner@example.com"
        return {
            "partner_id": partner.id,
            "login": "owner",
            "password": "owner",
            "lang": self._demo_lang(),
            "tz": "Asia/Shanghai",
            "company_id": community.company_id.id,
            "company_ids": [Command.set(community.company_id.ids)],
            "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
        }

    def _add_history(self, community, today):
        """Give some homes a former owner, families, and parking spaces their home."""
        Unit, Occupancy = self.env["property.unit"], self.env["property.occupancy"]
        current = Occupancy._domain_on(today) & fields.Domain(
            "community_id", "=", community.id
        )
        if Occupancy.search_count(
            [("community_id", "=", community.id), ("role", "=", "family")], limit=1
        ):
            return
        homes = Unit.search(
            [("community_id", "=", community.id), ("unit_type", "=", "home")]
        )
        by_owner = {}
        for home in homes:
            by_owner.setdefault(home.owner_ids[:1], home)
        parking = Unit.search(
            [("community_id", "=", community.id), ("unit_type", "=", "parking")]
        )
        for space in parking.filtered("owner_ids"):
            space.parent_id = by_owner.get(space.owner_ids[:1])
        occupied = homes.filtered(lambda home: home.status == "occupied")
        owners = Occupancy.search(
            current & fields.Domain("unit_id", "in", occupied.ids)
        )
        families = [
            (
                unit,
                estate.SURNAMES[index % 40] + estate.GIVEN[index % 30 : index % 30 + 2],
            )
            for index, unit in enumerate(occupied)
        ]
        members = self.env["res.partner"].create(
            [{"name": name} for _unit, name in families]
        )
        Occupancy.create(
            [
                {
                    "unit_id": unit.id,
                    "partner_id": member.id,
                    "role": "family",
                    "date_start": unit.handover_date or today,
                    "is_resident": True,
                }
                for (unit, _name), member in zip(families, members, strict=True)
            ]
        )
        self._add_former_owners(
            owners.filtered(lambda occupancy: occupancy.role == "owner")[::15], today
        )

    def _add_former_owners(self, occupancies, today):
        """Let homes have changed hands seven months ago."""
        day = today + relativedelta(months=-7, day=15)
        sold = occupancies.filtered(
            lambda occupancy: occupancy.date_start < day and occupancy.share == 100
        )
        starts = {occupancy: occupancy.date_start for occupancy in sold}
        sold.date_start = day
        sellers = self.env["res.partner"].create(
            [
                {"name": estate.SURNAMES[-index - 1] + estate.GIVEN[index + 3]}
                for index in range(len(sold))
            ]
        )
        self.env["property.occupancy"].create(
            [
                {
                    "unit_id": occupancy.unit_id.id,
                    "partner_id": seller.id,
                    "role": "owner",
                    "share": 100,
                    "date_start": starts[occupancy],
                    "date_end": day + relativedelta(days=-1),
                }
                for occupancy, seller in zip(sold, sellers, strict=True)
            ]
        )
