from odoo import api, models

from ..tools.capitals import amount_in_capitals


class ReportCreditRefund(models.AbstractModel):
    _name = "report.property_fee.report_credit_refund"
    _description = "Refund Slip"

    @api.model
    def _get_report_values(self, docids, data=None):
        return {
            "doc_ids": docids,
            "doc_model": "property.credit.refund",
            "docs": self.env["property.credit.refund"].browse(docids),
            "capitals": amount_in_capitals,
        }
