from odoo.tests import freeze_time, tagged

from odoo.addons.property_fee.tests.dunning_common import DunningCase

from .test_dispute import DISPUTED


@tagged("post_install", "-at_install")
class TestArrearsOfACall(DunningCase):
    """Whoever takes a call sees what the household owes, if he may."""

    def _arrears(self, user):
        intake = self.env["property.intake"].with_user(self.users[user])
        return intake.load_context(unit_id=self.home.id)["arrears"]

    @freeze_time(DISPUTED)
    def test_who_sees_them(self):
        arrears = self._arrears("frontdesk")
        self.assertEqual(arrears["overdue"], 223.75)
        self.assertIn("223.75", arrears["text"])
        self.assertFalse(self._arrears("security"))
        self.assertFalse(self._arrears("engineer"))
