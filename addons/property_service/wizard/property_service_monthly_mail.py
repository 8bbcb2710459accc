from odoo import models
from odoo.fields import Command

from odoo.addons.property_base.tools.figures_workbook import build


class PropertyServiceMonthly(models.TransientModel):
    """The report as a mail."""

    _inherit = "property.service.monthly"

    def _prepare_monthly_mail(self, readers):
        """Return the values of the mail with the report as PDF and as workbook.

        :param readers: res.users
        """
        self.ensure_one()
        name = self._get_filename()
        pdf, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
            "property_service.property_service_monthly_report", self.ids
        )
        body = self.env["ir.qweb"]._render(
            "property_service.monthly_mail", {"o": self, "total": self._get_total()}
        )
        return {
            "subject": name,
            "body_html": body,
            "email_from": self.company_id.email_formatted
            or self.env.user.email_formatted,
            "recipient_ids": [Command.set(readers.partner_id.ids)],
            "attachment_ids": [
                Command.create({"name": f"{name}.pdf", "raw": pdf}),
                Command.create(
                    {"name": f"{name}.xlsx", "raw": build(*self._get_workbook())}
                ),
            ],
            "auto_delete": True,
        }
