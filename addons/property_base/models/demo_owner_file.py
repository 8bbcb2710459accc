from dateutil.relativedelta import relativedelta
from odoo import api, models

PROVINCE = "浙A"
CARS = (
    ("大众 帕萨特", "黑"),
    ("比亚迪 汉 EV", "白"),
    ("丰田 卡罗拉", "银"),
    ("特斯拉 Model Y", "蓝"),
    ("吉利 星越 L", "灰"),
)
DOGS = (
    ("豆豆", "柯基", "黄白"),
    ("旺财", "中华田园犬", "黄"),
    ("可乐", "贵宾犬", "棕"),
    ("雪球", "比熊", "白"),
)
BORROWERS = (("律师 顾远", "核对产权", -25, -18), ("会计 沈静", "核对服务协议", -2, 5))


class PropertyDemoEstate(models.AbstractModel):
    _inherit = "property.demo.estate"

    @api.model
    def _fill(self, community, today):
        super()._fill(community, today)
        File = self.env["property.owner.file"]
        if File.search_count([("community_id", "=", community.id)], limit=1):
            return
        community.manager_id.partner_id.wechat = "cuihu-steward"
        units = self.env["property.unit"].search([("community_id", "=", community.id)])
        homes = units.filtered(lambda unit: unit.status in ("occupied", "leased"))
        self._add_vehicles(homes, units)
        self._add_pets(homes, today)
        keeper = self._demo_users(community)["frontdesk"]
        self._add_owner_files(
            units.filtered(lambda unit: not unit.parent_id), keeper, today
        )

    def _add_vehicles(self, homes, units):
        spaces = units.filtered(lambda unit: unit.unit_type == "parking")
        values = []
        for index, home in enumerate(homes):
            if index % 3 == 2:
                continue
            electric = index % 5 in (1, 3)
            plate = (
                f"D{index:05d}" if electric else f"{plate_letter(index)}{1200 + index}"
            )
            brand, color = CARS[index % len(CARS)]
            values.append(
                {
                    "unit_id": home.id,
                    "partner_id": home.resident_ids[:1].id or home.owner_ids[:1].id,
                    "plate": PROVINCE + plate,
                    "brand": brand,
                    "color": color,
                    "parking_unit_id": spaces.filtered(
                        lambda space, home=home: space.parent_id == home
                    )[:1].id,
                    "date_start": home.handover_date,
                }
            )
        self.env["property.vehicle"].create(values)

    def _add_pets(self, homes, today):
        values = []
        for index, home in enumerate(homes.filtered(lambda u: u.unit_type == "home")):
            if index % 6:
                continue
            name, breed, color = DOGS[index // 6 % len(DOGS)]
            values.append(
                {
                    "unit_id": home.id,
                    "partner_id": home.resident_ids[:1].id,
                    "name": name,
                    "breed": breed,
                    "color": color,
                    "licence_number": index % 12 == 0
                    and f"杭犬-{today.year}-{index:04d}",
                    "licence_expiry": today + relativedelta(days=index * 4 - 30),
                    "vaccination_expiry": today + relativedelta(days=index * 7 - 20),
                }
            )
        self.env["property.pet"].create(values)

    def _add_owner_files(self, units, keeper, today):
        """Open the files when the units were handed over, and renew them where sold on."""
        File = self.env["property.owner.file"]
        Occupancy = self.env["property.occupancy"]
        former = Occupancy.search(
            [
                ("unit_id", "in", units.ids),
                ("role", "=", "owner"),
                ("date_end", "<", today),
            ]
        )
        files = File.create(
            [
                {
                    "unit_id": occupancy.unit_id.id,
                    "partner_ids": occupancy.partner_id.ids,
                    "date_opened": occupancy.date_start,
                    "keeper_id": keeper.id,
                }
                for occupancy in former
            ]
        )
        self._receive(files, slice(None))
        files.state = "archived"
        for occupancy in former:
            day = occupancy.date_end + relativedelta(days=1)
            owners = occupancy.unit_id._get_owners(day).get(occupancy.unit_id)
            if owners:
                File._renew(occupancy.unit_id, day, owners)
        File._open(units, today + relativedelta(months=-1, day=5))
        live = File.search([("unit_id", "in", units.ids), ("state", "!=", "closed")])
        live.keeper_id = keeper
        for index, file in enumerate(live.sorted(lambda file: file.unit_id.sequence)):
            file.cabinet, file.box = (
                f"A-{index // 30 + 1:02d}",
                f"{index % 30 // 5 + 1}",
            )
        complete = live.filtered(lambda file: file.id % 4)
        self._receive(complete, slice(None))
        self._receive(live - complete, slice(0, 6))
        complete.filtered(lambda file: not file.is_incomplete).state = "archived"
        self._lend(complete, keeper, today)

    def _receive(self, files, which):
        for file in files:
            papers = file.document_ids.filtered("required")[which] + file.handout_ids
            papers.write(
                {
                    "received_on": file.date_opened,
                    "received_by_id": file.keeper_id.id,
                    "pages": 2,
                }
            )

    def _lend(self, files, keeper, today):
        borrowers = self.env["res.partner"].create(
            [{"name": name} for name, *_rest in BORROWERS]
        )
        self.env["property.document.loan"].create(
            [
                {
                    "file_id": file.id,
                    "document_id": file.document_ids.filtered("received_on")[
                        index + 2
                    ].id,
                    "borrower_id": borrower.id,
                    "purpose": purpose,
                    "date_out": today + relativedelta(days=out),
                    "date_due": today + relativedelta(days=due),
                    "lent_by_id": keeper.id,
                }
                for index, (file, borrower, (_name, purpose, out, due)) in enumerate(
                    zip(files, borrowers, BORROWERS, strict=False)
                )
            ]
        )


def plate_letter(index):
    """Return a letter that stands on plates (never I or O)."""
    return "ABCDEFGHJKLMNPQRSTUVWXYZ"[index % 24]
