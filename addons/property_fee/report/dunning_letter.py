from odoo import api, models

from ..tools.capitals import amount_in_capitals


class ReportDunningLetter(models.AbstractModel):
    _name = "report.property_fee.report_dunning_letter"
    _description = "Reminder Letter"

    @api.model
    def _get_report_values(self, docids, data=None):
        letters = self.env["property.dunning.letter"].browse(docids)
        return {
            "doc_ids": letters.ids,
            "doc_model": "property.dunning.letter",
            "docs": letters._in_delivery_order(),
            "capitals": amount_in_capitals,
        }
