from odoo import api, fields, models


class AccountJournal(models.Model):
    _inherit = "account.journal"

    property_at_counter = fields.Boolean(
        string="At the Counter",
        default=True,
        help="Cashiers may take payments of households with this journal.",
    )
    property_direct = fields.Boolean(
        string="Without Bank Statement",
        compute="_compute_property_direct",
        store=True,
        readonly=False,
        help="Money taken at the counter is on the account at once: cash in the drawer, WeChat,"
        " Alipay. Otherwise it is in transit until the bank's statement shows it.",
    )

    @api.depends("type")
    def _compute_property_direct(self):
        for journal in self:
            journal.property_direct = journal.type == "cash"
