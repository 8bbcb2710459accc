from odoo.tests import tagged

from .access_matrix import AccessMatrix
from .common import PropertyCase


@tagged("post_install", "-at_install")
class TestAccessMatrix(AccessMatrix, PropertyCase):
    @classmethod
    def _portal_samples(cls):
        file = cls.env["property.owner.file"]._open(cls.home, cls.today)
        kind = cls.env["property.document.type"].search([], limit=1)
        document = cls.env["property.owner.document"].create(
            {
                "file_id": file.id,
                "type_id": kind.id,
                "visible_to_owner": True,
            }
        )
        mine = {"unit_id": cls.home.id, "partner_id": cls.owner.id}
        vehicle = cls.env["property.vehicle"].create({**mine, "plate": "京A12345"})
        pet = cls.env["property.pet"].create({**mine, "name": "Lucky"})
        change = cls.env["property.change.request"].create(
            {**mine, "kind": "phone", "phone": "13912340000"}
        )
        return [
            cls.community,
            cls.home,
            cls.home.occupancy_ids.filtered(lambda one: one.partner_id == cls.owner),
            kind,
            document,
            vehicle,
            pet,
            change,
        ]
