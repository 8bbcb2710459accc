from odoo.tests import HttpCase, tagged

from .collect_common import CollectCase


@tagged("post_install", "-at_install")
class TestCounterTour(CollectCase, HttpCase):
    """A cashier works with the keyboard alone."""

    def test_counter(self):
        # Of the first method nothing is needed but that it is the first.
        self.start_tour(
            "/odoo/property-counter", "property_counter", login="property_cashier"
        )
        self.env.invalidate_all()
        receipts = self.env["property.receipt"].search(
            [("unit_id", "=", self.home.id)], order="id"
        )
        self.assertEqual(receipts.mapped("amount"), [300, 163.5, 671.25])
        self.assertEqual(receipts[1].amount_credit_used, 68.25)
        self.assertFalse(self.home.amount_due)
        self.assertEqual(len(receipts[2].prepaid_move_ids), 3)
