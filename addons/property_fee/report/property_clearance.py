from odoo import api, fields, models
from odoo.exceptions import UserError


class ReportClearanceCertificate(models.AbstractModel):
    _name = "report.property_fee.report_clearance_certificate"
    _description = "Clearance Certificate"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the certificates to print; a draft certifies nothing."""
        certificates = self.env["property.clearance.certificate"].browse(docids)
        issued = certificates.filtered(lambda each: each.state != "draft")
        if not issued:
            raise UserError(self.env._("Issue the certificate before it is printed."))
        return {
            "doc_ids": issued.ids,
            "doc_model": issued._name,
            "docs": issued,
            "today": fields.Date.context_today(self),
        }
