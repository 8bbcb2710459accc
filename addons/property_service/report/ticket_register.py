from odoo import api, models


class ReportTicketRegister(models.AbstractModel):
    _name = "report.property_service.report_ticket_register"
    _description = "Ticket Register"
    _inherit = ["property.service.form"]

    @api.model
    def _get_report_values(self, docids, data=None):
        tickets = self.env["property.ticket"].browse(docids).sorted("reported_at")
        return self._get_register_values(tickets)
