from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrix
from odoo.addons.property_base.tests.common import PropertyCase


@tagged("post_install", "-at_install")
class TestAccessMatrix(AccessMatrix, PropertyCase):
    @classmethod
    def _portal_samples(cls):
        problem = cls.env.ref("property_service.problem_home_water_drip")
        ticket = cls.env["property.ticket"].create(
            {"unit_id": cls.home.id, "subject": "Tap", "category_id": problem.id}
        )
        incident = cls.env["property.incident"].create(
            {
                "name": "Water cut",
                "community_id": cls.home.community_id.id,
                "unit_ids": [Command.set(cls.home.ids)],
                "message": "The water is off.",
            }
        )
        return [ticket, problem, incident]
