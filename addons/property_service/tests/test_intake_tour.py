from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import PropertyServiceCase


@tagged("post_install", "-at_install")
class TestIntakeTour(PropertyServiceCase, HttpCase):
    """The front desk takes calls with the keyboard alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.zhang.partner_id.write({"name": "张建国", "phone": "13912345678"})
        cls.li.partner_id.write({"name": "李娜", "phone": "13800009999"})
        cls.building = cls.env["property.building"].create(
            {"community_id": cls.community.id, "name": "1 栋", "code": "1"}
        )
        (cls.unit | cls.neighbour_unit).building_id = cls.building
        cls.unit.code = "1-1-101"
        cls.frontdesk.lang = "zh_CN"
        for xmlid, name in (
            ("problem_home_water_drip", "水龙头滴水"),
            ("problem_facility_lift_noise", "电梯异响"),
        ):
            problem = cls.env.ref(f"property_service.{xmlid}")
            problem.with_context(lang="zh_CN").name = name
        cls.lift = cls.env.ref("property_service.problem_facility_lift_noise")
        cls.running = cls._create_ticket(
            category_id=cls.lift.id,
            unit_id=cls.neighbour_unit.id,
            subject="电梯上行有摩擦声",
        )
        cls.env["property.house.fact"].create(
            {"unit_id": cls.unit.id, "kind": "animal", "text": "有狗, 先按门铃"}
        )
        cls.incident = cls.env["property.incident"].create(
            {
                "name": "1 栋停水",
                "community_id": cls.community.id,
                "building_ids": [Command.set(cls.building.ids)],
                "category_ids": [Command.set(cls.problem.parent_id.ids)],
                "message": "主管爆裂抢修中, 预计 18 点恢复供水。",
            }
        )

    def test_take_calls(self):
        self.start_tour(
            "/odoo/property-intake", "property_intake", login="svc_frontdesk"
        )
        self.env.invalidate_all()
        tickets = self.env["property.ticket"].search(
            [("unit_id", "=", self.unit.id)], order="id"
        )
        self.assertRecordValues(
            tickets,
            [
                {
                    "category_id": self.problem.id,
                    "partner_id": self.zhang.partner_id.id,
                    "channel": "phone",
                    "description": "厨房, 关不紧",
                    "incident_id": self.incident.id,
                    "urgency": self.problem.urgency,
                }
            ],
        )
        photos = tickets.message_ids.attachment_ids
        self.assertEqual(
            set(photos.mapped("name")),
            {"pasted.jpg", "large.jpg", "dropped.jpg", "late.jpg"},
        )
        self.assertLess(max(photos.mapped("file_size")), 100_000)
        self.assertEqual(
            self.running.reporter_ids.mapped("partner_id"), self.li.partner_id
        )
        self.assertEqual(self.running.reporter_ids.channel, "visit")
        common = self.env["property.ticket"].search(
            [("community_id", "=", self.community.id), ("unit_id", "=", False)]
        )
        self.assertEqual(common.building_id, self.building)
        self.assertEqual(common.subject, "电梯异响, 夜里更响")

    def test_end_an_incident(self):
        ticket = self._create_ticket(subject="水龙头滴水")
        self.start_tour(
            "/odoo/property-incidents", "property_incident", login="svc_frontdesk"
        )
        self.env.invalidate_all()
        self.assertEqual(self.incident.state, "ended")
        self.assertEqual(ticket.incident_id, self.incident)
        self.assertEqual((ticket.state, ticket.result), ("done", "总管接头已更换"))
