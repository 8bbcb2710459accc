from odoo import api, models

from ..tools.capitals import amount_in_capitals


class ReportPropertyReceipt(models.AbstractModel):
    _name = "report.property_fee.report_receipt"
    _description = "Receipt"

    @api.model
    def _get_report_values(self, docids, data=None):
        receipts = self.env["property.receipt"].browse(docids)
        return {
            "doc_ids": receipts.ids,
            "doc_model": "property.receipt",
            "docs": receipts,
            "printed": receipts._count_print(),
            "capitals": amount_in_capitals,
        }
