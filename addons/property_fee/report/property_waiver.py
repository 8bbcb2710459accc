from odoo import api, models

from ..tools.capitals import amount_in_capitals


class ReportPropertyWaiver(models.AbstractModel):
    _name = "report.property_fee.report_property_waiver"
    _description = "Waiver Form"

    @api.model
    def _get_report_values(self, docids, data=None):
        waivers = self.env["property.waiver"].browse(docids)
        return {
            "doc_ids": waivers.ids,
            "doc_model": "property.waiver",
            "docs": waivers,
            "capitals": amount_in_capitals,
        }
