from odoo import api, fields, models

from ..tools.capitals import amount_in_capitals


class ReportPaymentNotice(models.AbstractModel):
    """One page per household, in the order in which they are delivered."""

    _name = "report.property_fee.report_payment_notice"
    _description = "Payment Notice"
    _per_household = True

    @api.model
    def _get_report_values(self, docids, data=None):
        moves = self.env["account.move"].browse(docids).filtered("property_unit_id")
        return {
            "doc_ids": moves.ids,
            "doc_model": "account.move",
            "docs": moves,
            "notices": moves._get_notices(self._per_household, with_qr=True),
            "today": fields.Date.context_today(self),
            "capitals": amount_in_capitals,
        }


class ReportPaymentNoticeSingle(models.AbstractModel):
    """One page per bill."""

    _name = "report.property_fee.report_payment_notice_single"
    _description = "Payment Notice of One Bill"
    _inherit = ["report.property_fee.report_payment_notice"]
    _per_household = False


class ReportNoticeDelivery(models.AbstractModel):
    """The list on which households sign for their notices, building by building."""

    _name = "report.property_fee.report_notice_delivery"
    _description = "Delivery List of Notices"

    @api.model
    def _get_report_values(self, docids, data=None):
        moves = self.env["account.move"].browse(docids).filtered("property_unit_id")
        pages = {}
        for notice in moves._get_notices():
            unit = notice["unit"]
            pages.setdefault((unit.community_id, unit.building_id), []).append(notice)
        return {
            "doc_ids": moves.ids,
            "doc_model": "account.move",
            "docs": moves,
            "pages": list(pages.items()),
            "today": fields.Date.context_today(self),
        }
