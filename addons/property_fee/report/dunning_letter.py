from odoo import api, models

from ..tools.capitals import amount_in_capitals


class ReportDunningLetter(models.AbstractModel):
    _name = "report.property_fee.report_dunning_letter"
    _description = "Reminder Letter"

    @api.model
    def _get_report_values(self, docids, data=None):
        letters = self.env["property.dunning.letter"].browse(docids)
        letters = letters.sorted(
            lambda letter: (
                letter.community_id.id,
                letter.unit_id.sequence,
                letter.unit_id.code,
            )
        )
        # Where to pay is printed for everybody; it is on every bill anyway.
        banks = {
            company: company.sudo().partner_id.bank_ids[:1]
            for company in letters.company_id
        }
        return {
            "doc_ids": letters.ids,
            "doc_model": "property.dunning.letter",
            "docs": letters,
            "banks": banks,
            "capitals": amount_in_capitals,
        }
