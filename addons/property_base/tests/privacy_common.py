import base64
import io

from odoo.tests import new_test_user
from PIL import Image

from .common import PropertyCase

PHONE, MASK = "13912345678", "139****5678"
IDENTITY = "990000197209105980"
STAFF = ("reader", "security", "engineer", "frontdesk", "cashier", "accountant")


def photo(color):
    file = io.BytesIO()
    Image.new("RGB", (64, 64), color).save(file, "PNG")
    return base64.b64encode(file.getvalue())


class PrivacyCase(PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner.write({"phone2": "0571-88886666", "image_1920": photo("red")})
        cls.users["confidential"] = new_test_user(
            cls.env,
            login="property_confidential",
            groups="property_base.group_property_frontdesk,"
            "property_base.group_property_confidential,base.group_allow_export",
        )
        cls.users["internal"] = new_test_user(
            cls.env, login="property_internal", groups="base.group_user"
        )
        cls.supplier = cls.env["res.partner"].create(
            {"name": "Lift Company", "phone": "13800001234"}
        )

    def _as(self, role, record=None):
        """Return a record (the owner) as a role sees it, with nothing in the cache."""
        self.env.invalidate_all()
        return (record or self.owner).with_user(self.users[role])

    def _log(self, **conditions):
        return self.env["property.disclosure.log"].search(
            [(name, "=", value) for name, value in conditions.items()]
        )
