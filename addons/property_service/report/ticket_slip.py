from odoo import api, models


class ReportTicketSlip(models.AbstractModel):
    _name = "report.property_service.report_ticket_slip"
    _description = "Ticket Slip"
    _inherit = ["property.service.form"]

    @api.model
    def _get_report_values(self, docids, data=None):
        return self._get_ticket_values(docids)
