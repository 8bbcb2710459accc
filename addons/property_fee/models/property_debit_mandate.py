from odoo import api, fields, models
from odoo.fields import Domain


class PropertyDebitMandate(models.Model):
    _name = "property.debit.mandate"
    _description = "Direct Debit Mandate"
    _inherit = ["mail.thread"]
    _order = "unit_id, date_start desc, id"
    _rec_name = "agreement_no"

    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="restrict"
    )
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        index=True,
        ondelete="restrict",
        help="Whose bills of the unit are collected.",
    )
    agreement_no = fields.Char(
        string="Agreement No.",
        required=True,
        copy=False,
        tracking=True,
        help="Number of the agreement with the bank.",
    )
    holder = fields.Char(string="Account Holder", required=True)
    account = fields.Char(
        string="Account Number",
        required=True,
        groups="property_base.group_property_accountant",
    )
    account_masked = fields.Char(
        string="Account", compute="_compute_account_masked", compute_sudo=True
    )
    bank_name = fields.Char(string="Bank")
    date_start = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_end = fields.Date(string="Until", tracking=True)
    active = fields.Boolean(default=True)

    _agreement_uniq = models.Constraint(
        "UNIQUE(company_id, agreement_no)", "This agreement is already on file."
    )
    _period_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start)",
        "A mandate cannot end before it starts.",
    )

    @api.depends("account")
    def _compute_account_masked(self):
        for mandate in self:
            account = mandate.account or ""
            mandate.account_masked = f"****{account[-4:]}" if account else False

    @api.onchange("unit_id")
    def _onchange_unit_id(self):
        if self.unit_id and not self.partner_id:
            today = fields.Date.context_today(self)
            self.partner_id = self.unit_id._get_payers(today).get(self.unit_id._origin)
            self.holder = self.partner_id.name

    @api.model
    def _domain_valid(self, day):
        """Return the domain of the mandates that hold on a day."""
        return (
            Domain("active", "=", True)
            & Domain("date_start", "<=", day)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", day))
        )
