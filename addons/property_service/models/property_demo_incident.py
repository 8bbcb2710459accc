from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command, Domain

# Level, kind, text, confidential: what an old hand at the desk knows.
FACTS = (
    ("unit", "animal", "有大型犬, 上门先按门铃", False),
    ("unit", "person", "老人独居, 耳背, 请多等一会儿", False),
    ("unit", "access", "门锁密码 2580#, 业主出差时可入户", True),
    ("building", "technical", "水表间钥匙在监控室 12 号钩", False),
    ("building", "access", "天台门密码 8866", True),
    ("community", "technical", "小区总水阀在北门岗亭东侧井内", False),
    ("community", "danger", "地库坡道雨天湿滑, 提醒慢行", False),
)


class PropertyDemoEstate(models.AbstractModel):
    _inherit = "property.demo.estate"

    def _create_demo_incidents(self, community, today):
        """Add a water cut that runs, power works announced, one that is over, and facts."""
        Incident = self.env["property.incident"].with_context(tracking_disable=True)
        if Incident.search_count([("community_id", "=", community.id)], limit=1):
            return
        now = fields.Datetime.now().replace(minute=0, second=0)
        buildings = self.env["property.building"].search(
            Domain("community_id", "=", community.id)
            & Domain("kind", "=", "residential"),
            limit=2,
        )
        ref = self.env.ref
        water = ref("property_service.category_facility_pump")
        home_water = ref("property_service.problem_home_water_pressure")
        power = ref("property_service.category_facility_charging")
        lift = ref("property_service.category_facility_lift")
        manager = community.manager_id or self.env.user
        common = {"community_id": community.id, "user_id": manager.id}
        cut, _works, ropes = Incident.create(
            [
                {
                    **common,
                    "name": "停水抢修",
                    "kind": "emergency",
                    "building_ids": [Command.set(buildings[:1].ids)],
                    "category_ids": [Command.set((water | home_water).ids)],
                    "facility": "1 号泵房出水总管",
                    "message": "泵房出水总管接头爆裂, 正在抢修, 预计今晚恢复供水。"
                    "请先关好家里的水龙头, 北门备有应急取水点。",
                    "date_from": now - timedelta(hours=2),
                    "date_expected": now + timedelta(hours=4),
                },
                {
                    **common,
                    "name": "配电房年度检修停电",
                    "kind": "planned",
                    "category_ids": [Command.set(power.ids)],
                    "facility": "2 号变压器",
                    "message": "供电设备年度检修, 全小区短时停电, 电梯同时停用,"
                    " 请提前安排出行。",
                    "date_from": now + timedelta(days=2),
                    "date_expected": now + timedelta(days=2, hours=3),
                },
                {
                    **common,
                    "name": "电梯更换钢丝绳",
                    "kind": "planned",
                    "state": "ended",
                    "building_ids": [Command.set(buildings[-1:].ids)],
                    "category_ids": [Command.set(lift.ids)],
                    "facility": "1 单元客梯",
                    "message": "更换电梯钢丝绳, 施工期间请走楼梯或使用相邻单元电梯。",
                    "date_from": now - timedelta(days=3, hours=5),
                    "date_expected": now - timedelta(days=3),
                    "date_end": now - timedelta(days=3, hours=1),
                    "work_done": "钢丝绳已更换, 检验合格, 恢复运行。",
                },
            ]
        )
        self._create_demo_calls(cut, home_water, ("家里没水了", "水压很小", "停水"))
        stopped = ref("property_service.problem_facility_lift_stopped")
        self._create_demo_calls(ropes, stopped, ("电梯停了", "电梯不动"))
        self._create_demo_facts(community, buildings[:1])

    def _create_demo_calls(self, incident, problem, subjects):
        """Let households of the first building call about an incident."""
        units = self.env["property.unit"].search(
            Domain("building_id", "in", incident.building_ids.ids)
            & Domain("handover_date", "!=", False),
            order="code",
            limit=len(subjects) + 1,
        )
        if len(units) <= len(subjects):
            return
        ended = (
            {
                "state": "closed",
                "result": incident.work_done,
                "done_at": incident.date_end,
                "closed_at": incident.date_end,
            }
            if incident.date_end
            else {"state": "accepted"}
        )
        tickets = (
            self.env["property.ticket"]
            .with_context(
                mail_create_nosubscribe=True,
                tracking_disable=True,
                property_no_notices=True,
            )
            .create(
                [
                    {
                        "unit_id": unit.id,
                        "community_id": incident.community_id.id,
                        "category_id": problem.id,
                        "incident_id": incident.id,
                        "subject": subject,
                        "reported_at": incident.date_from
                        + timedelta(minutes=12 * number + 7),
                        "accepted_at": incident.date_from
                        + timedelta(minutes=12 * number + 9),
                        **ended,
                    }
                    for number, (unit, subject) in enumerate(
                        zip(units, subjects, strict=False)
                    )
                ]
            )
        )
        self.env["property.ticket.reporter"].create(
            {
                "ticket_id": tickets[0].id,
                "unit_id": units[-1].id,
                "reported_at": incident.date_from + timedelta(minutes=55),
                "note": "同楼也没好",
            }
        )

    def _create_demo_facts(self, community, building):
        units = self.env["property.unit"].search(
            Domain("building_id", "=", building.id)
            & Domain("handover_date", "!=", False),
            order="code",
            limit=3,
        )
        if not units:
            return
        places = {
            "community": {"community_id": community.id},
            "building": {"community_id": community.id, "building_id": building.id},
        }
        self.env["property.house.fact"].create(
            [
                {
                    **places.get(level, {"unit_id": units[number % len(units)].id}),
                    "kind": kind,
                    "text": text,
                    "is_secret": secret,
                }
                for number, (level, kind, text, secret) in enumerate(FACTS)
            ]
        )
