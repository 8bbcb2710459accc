from odoo import api, models


class ReportReturnVisitRegister(models.AbstractModel):
    _name = "report.property_service.report_return_visit_register"
    _description = "Return Visit Register"
    _inherit = ["property.service.form"]

    @api.model
    def _get_report_values(self, docids, data=None):
        visits = self.env["property.return.visit"].browse(docids).sorted("visited_at")
        return self._get_register_values(visits)
