from odoo.tests import HttpCase, tagged

from .test_work_order import WorkOrderCase


@tagged("post_install", "-at_install")
class TestServicePages(WorkOrderCase, HttpCase):
    """Overview, heat map and map of the day in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.engineer.name = "svc_engineer"
        building = cls.env["property.building"].create(
            {"name": "Tower", "code": "1", "community_id": cls.community.id}
        )
        cls.unit.building_id = building
        cls.tickets = cls._create_ticket() | cls._create_ticket(subject="Lamp is dark")

    def test_overview(self):
        self.start_tour(
            "/odoo/property-service-overview",
            "property_service_overview",
            login="svc_frontdesk",
        )

    def test_heat_map(self):
        self.start_tour(
            "/odoo/property-service-heat-map",
            "property_service_heat_map",
            login="svc_frontdesk",
        )

    def test_day_map(self):
        order = self._order(self.tickets[1], skill_id=self.electric.id)
        self.start_tour(
            "/odoo/property-service-day-map",
            "property_service_day_map",
            login="svc_frontdesk",
        )
        self.assertEqual((order.engineer_id, order.state), (self.first, "given"))
        self.assertEqual(order._to_local(order.planned_at).hour, 16)
