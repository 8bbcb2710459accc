from odoo import api, models


class ReportComplaint(models.AbstractModel):
    _name = "report.property_service.report_complaint"
    _description = "Complaint Form"
    _inherit = ["property.service.form"]

    @api.model
    def _get_report_values(self, docids, data=None):
        return self._get_ticket_values(docids)
