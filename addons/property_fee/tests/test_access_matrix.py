from datetime import date

from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrix
from odoo.addons.property_base.tests.common import PropertyCase


@tagged("post_install", "-at_install")
class TestAccessMatrix(AccessMatrix, PropertyCase):
    @classmethod
    def _portal_samples(cls):
        meter = cls.env["property.meter"].create(
            {
                "unit_id": cls.home.id,
                "serial": "W101",
                "initial_date": date(2026, 8, 31),
            }
        )
        reading = cls.env["property.meter.reading"].create(
            {"meter_id": meter.id, "date": date(2026, 9, 30), "value": 12}
        )
        return [meter, reading]
