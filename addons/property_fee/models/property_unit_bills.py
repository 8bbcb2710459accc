from odoo import models
from odoo.tools import format_amount


class PropertyUnit(models.Model):
    """The bills of a home on the portal page of the home."""

    _inherit = "property.unit"

    def _get_portal_sections(self, partner):
        return [*super()._get_portal_sections(partner), self._get_portal_bills(partner)]

    def _get_portal_bills(self, partner):
        """Return the last bills of the home that are addressed to a person."""
        Move = self.env["account.move"]
        bills = Move
        if Move.has_access("read"):
            bills = Move.search(
                [
                    ("property_unit_id", "=", self.id),
                    ("partner_id", "=", partner.id),
                    ("state", "=", "posted"),
                    ("move_type", "=", "out_invoice"),
                ],
                order="invoice_date desc, id desc",
                limit=4,
            )
        states = {
            True: (self.env._("Paid"), "text-bg-success"),
            False: (self.env._("To Pay"), "text-bg-warning"),
        }
        return {
            "name": "bills",
            "title": self.env._("Bills"),
            "icon": "fa-cny",
            "empty": self.env._("There is no bill for you yet."),
            "more": (
                f"/my/bills?unit_id={self.id}",
                self.env._("All bills and payment"),
            ),
            "rows": [
                {
                    "title": f"{bill._get_notice_period():%Y-%m}",
                    "text": format_amount(
                        self.env, bill.amount_total, bill.currency_id
                    ),
                    "badge": states[not bill.amount_residual],
                }
                for bill in bills
            ],
        }
