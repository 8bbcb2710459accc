from lxml import etree
from odoo.tests import HttpCase, TransactionCase, tagged

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


@tagged("post_install", "-at_install")
class TestCalendars(TransactionCase):
    def test_a_calendar_can_be_searched_by_its_dates(self):
        """The calendar asks for what begins before and ends after; else it does not open."""
        views = self.env["ir.ui.view"].search(
            [("type", "=", "calendar"), ("model", "=like", "property.%")]
        )
        self.assertIn("property.work.order", views.mapped("model"))
        for view in views:
            node = etree.fromstring(view.arch)
            for name in ("date_start", "date_stop"):
                if node.get(name):
                    with self.subTest(view=view.name, date=name):
                        field = self.env[view.model]._fields[node.get(name)]
                        self.assertTrue(field._description_searchable)
