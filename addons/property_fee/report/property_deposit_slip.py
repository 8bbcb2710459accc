from odoo import api, models
from odoo.exceptions import UserError

from ..tools.capitals import amount_in_capitals


class ReportDepositSlip(models.AbstractModel):
    _name = "report.property_fee.report_deposit_slip"
    _description = "Deposit Slip"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the movements to print; only what has been posted has a slip."""
        movements = self.env["property.deposit.movement"].browse(docids)
        posted = movements.filtered(lambda line: line.state == "posted")
        if not posted:
            raise UserError(
                self.env._("There is no slip before the money has been received.")
            )
        return {
            "doc_ids": posted.ids,
            "doc_model": posted._name,
            "docs": posted.sorted(lambda line: (line.date, line.id)),
            "capitals": amount_in_capitals,
        }
