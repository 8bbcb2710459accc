from odoo import api, fields, models

from ..tools.capitals import amount_in_capitals


class ReportDunningProof(models.AbstractModel):
    """Everything that proves a claim and that it has been demanded, for the lawyer."""

    _name = "report.property_fee.report_dunning_proof"
    _description = "Proof Bundle"

    @api.model
    def _get_report_values(self, docids, data=None):
        cases = self.env["property.dunning.case"].browse(docids)
        today = fields.Date.context_today(self)
        bills = self.env["property.dunning.letter"]._get_overdue_bills(
            list(cases), today
        )
        return {
            "doc_ids": cases.ids,
            "doc_model": "property.dunning.case",
            "docs": cases,
            "bills": bills,
            "fees": {case: bills[case]._get_late_fees(today) for case in cases},
            "letters": {
                case: case.letter_ids.filtered(
                    lambda letter: letter.state in ("printed", "sent")
                ).sorted("date")
                for case in cases
            },
            "today": today,
            "capitals": amount_in_capitals,
        }
