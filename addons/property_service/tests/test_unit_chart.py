from odoo.tests import tagged, users

from odoo.addons.property_base.tests.common import PropertyCase


@tagged("post_install", "-at_install")
class TestUnitChart(PropertyCase):
    """Open tickets in the building chart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        problem = cls.env.ref("property_service.problem_home_water_drip")
        tickets = cls.env["property.ticket"].create(
            [
                {"unit_id": unit.id, "subject": "Tap", "category_id": problem.id}
                for unit in (cls.home, cls.home, cls.neighbour_home, cls.homes[2])
            ]
        )
        tickets[-1].write({"state": "cancelled", "close_reason": "Reported twice"})

    @users("property_security")
    def test_open_tickets_colour_the_chart(self):
        Building = self.env["property.building"]
        # what is the same for every chart is known by now: rights and groups
        Building.chart_data(self.building.id, "open_tickets")
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        data = Building.chart_data(self.building.id, "open_tickets")
        self.assertLessEqual(self.env.cr.sql_log_count - before, 6)
        self.assertEqual(data["measure"], "open_tickets")
        cells = {
            cell["code"]: cell["text"]
            for block in data["blocks"]
            for row in block["rows"]
            for cell in row
            if cell
        }
        self.assertEqual(cells["1-1-101"], "2")
        self.assertEqual(cells["1-1-102"], "1")
        self.assertEqual(cells["1-1-201"], "")
        nothing = data["legend"][0]
        self.assertEqual((nothing["label"], nothing["count"]), ("No Open Tickets", 4))
