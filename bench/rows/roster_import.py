"""Taking in a roster: our import against Odoo's own ``load()`` of the same records."""

import base64
from datetime import date

from bench.row import Outcome, Row

DELIVERED = date(2022, 6, 1)
HEADER = (
    "楼号",
    "单元",
    "房间",
    "楼层",
    "房屋类型",
    "建筑面积",
    "套内面积",
    "业主姓名",
    "证件号码",
    "联系电话",
    "备用电话",
    "交房日期",
)
PER_BUILDING = 200
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


def homes(count):
    """Yield as many homes as wanted, each as a dict; the same ones every time."""
    for index in range(count):
        building, place = divmod(index, PER_BUILDING)
        floor, door = divmod(place, 8)
        yield {
            "building": str(building + 1),
            "entrance": str(door // 4 + 1),
            "room": f"{floor + 1}{door % 4 + 1:02d}",
            "floor": floor + 1,
            "gross_area": 60 + index % 180 / 2,
            "inner_area": 50.0,
            "owner": f"Owner {index:06d}",
            "identity_number": f"990000{index:012d}",
            "phone": f"139{index:08d}",
            "phone2": f"138{index:08d}",
        }


class RosterImport(Row):
    name = "roster_import"
    title = "units with an owner, from a workbook, against load() of the same records"
    modules = ("property_base",)

    def prepare(self, env, count):
        # Imported here: the rows are listed outside of Odoo too.
        from odoo.addons.property_base.tools import workbook

        community = env["property.community"].create({"name": "Bench", "code": "BENCH"})
        rows = [
            [
                int(home["building"]),
                int(home["entrance"]),
                home["room"],
                home["floor"],
                "住宅",
                home["gross_area"],
                home["inner_area"],
                home["owner"],
                home["identity_number"],
                home["phone"],
                home["phone2"],
                DELIVERED,
            ]
            for home in homes(count)
        ]
        sheet = {"name": "roster", "header": list(HEADER), "rows": rows}
        job = env["property.roster.import"].create(
            {
                "community_id": community.id,
                "file": base64.b64encode(workbook.write_workbook([sheet])),
                "filename": "roster.xlsx",
            }
        )
        return {"community": community.id, "job": job.id, "count": count}

    def ours(self, env, data):
        job = env["property.roster.import"].browse(data["job"])
        job.action_start()
        env.cr.commit()
        env["property.roster.import"]._cron_process()
        return self._outcome(env, data)

    def peer(self, env, data):
        env = env(context={**env.context, **QUIET})
        community = str(data["community"])
        everyone = list(homes(data["count"]))
        buildings = dict.fromkeys(home["building"] for home in everyone)
        entrances = dict.fromkeys(
            (home["building"], home["entrance"]) for home in everyone
        )
        self._load(
            env["property.building"],
            ["id", "community_id/.id", "code", "name"],
            [[f"bench.b{code}", community, code, f"{code}栋"] for code in buildings],
        )
        self._load(
            env["property.entrance"],
            ["id", "building_id/id", "code", "name"],
            [
                [f"bench.e{building}_{code}", f"bench.b{building}", code, f"{code}单元"]
                for building, code in entrances
            ],
        )
        self._load(
            env["res.partner"],
            ["id", "name", "phone", "phone2", "identity_number"],
            [
                [
                    f"bench.p{index}",
                    home["owner"],
                    home["phone"],
                    home["phone2"],
                    home["identity_number"],
                ]
                for index, home in enumerate(everyone)
            ],
        )
        self._load(
            env["property.unit"],
            [
                "id",
                "community_id/.id",
                "building_id/id",
                "entrance_id/id",
                "name",
                "floor",
                "unit_type",
                "gross_area",
                "inner_area",
                "handover_date",
            ],
            [
                [
                    f"bench.u{index}",
                    community,
                    f"bench.b{home['building']}",
                    f"bench.e{home['building']}_{home['entrance']}",
                    home["room"],
                    str(home["floor"]),
                    "home",
                    str(home["gross_area"]),
                    str(home["inner_area"]),
                    str(DELIVERED),
                ]
                for index, home in enumerate(everyone)
            ],
        )
        self._load(
            env["property.occupancy"],
            ["id", "unit_id/id", "partner_id/id", "role", "share", "date_start"],
            [
                [
                    f"bench.o{index}",
                    f"bench.u{index}",
                    f"bench.p{index}",
                    "owner",
                    "100",
                    str(DELIVERED),
                ]
                for index in range(len(everyone))
            ],
        )
        return self._outcome(env, data)

    @staticmethod
    def _load(model, fields, rows):
        """Load rows as Odoo's import screen does; a refused row is an error here."""
        result = model.load(fields, rows)
        if not result["ids"]:
            raise ValueError(f"{model._name}: {result['messages'][:3]}")
        model.env.cr.commit()

    @staticmethod
    def _outcome(env, data):
        domain = [("community_id", "=", data["community"])]
        ((units, area),) = env["property.unit"]._read_group(
            domain, [], ["__count", "gross_area:sum"]
        )
        owned = env["property.occupancy"].search_count(domain)
        people = env["res.partner"].search_count(
            [("identity_number", "=like", "9900%")]
        )
        return Outcome(units, round(area + owned + people, 2))
