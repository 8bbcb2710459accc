from odoo import api, fields, models

from ..tools.capitals import amount_in_capitals


class ReportPaymentNotice(models.AbstractModel):
    _name = "report.property_fee.report_payment_notice"
    _description = "Payment Notice"

    @api.model
    def _get_report_values(self, docids, data=None):
        moves = self.env["account.move"].browse(docids).filtered("property_unit_id")
        moves = moves.sorted(
            lambda move: (
                move.property_community_id.id,
                move.property_unit_id.sequence,
                move.property_unit_id.code,
                move.property_period or move.date,
            )
        )
        return {
            "doc_ids": moves.ids,
            "doc_model": "account.move",
            "docs": moves,
            "notices": moves._get_notice_values(),
            "today": fields.Date.context_today(self),
            "capitals": amount_in_capitals,
        }
