from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyDailyClosingLine(models.Model):
    _name = "property.daily.closing.line"
    _description = "Payment Method of a Closing"
    _order = "closing_id desc, journal_id"

    closing_id = fields.Many2one(
        "property.daily.closing",
        string="Daily Closing",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="closing_id.company_id", store=True, index=True
    )
    user_id = fields.Many2one(related="closing_id.user_id", store=True, index=True)
    currency_id = fields.Many2one(related="closing_id.currency_id")
    journal_id = fields.Many2one(
        "account.journal", string="Payment Method", required=True, readonly=True
    )
    receipt_count = fields.Integer(string="Receipts", readonly=True)
    void_count = fields.Integer(string="Void", readonly=True)
    amount_receipts = fields.Monetary(
        string="Of Receipts",
        compute="_compute_amount_receipts",
        help="What the valid receipts of the day say.",
    )
    amount_deposits = fields.Monetary(
        string="Deposits Received",
        readonly=True,
        help="Deposits that the cashier took in.",
    )
    amount_paid_out = fields.Monetary(
        string="Paid Out",
        readonly=True,
        help="Deposits and credit that the cashier gave back.",
    )
    computed = fields.Monetary(
        readonly=True,
        help="What has to be there: receipts and deposits received, less what was paid out.",
    )
    counted = fields.Monetary()
    difference = fields.Monetary(
        compute="_compute_difference", store=True, precompute=True
    )
    reason = fields.Char(string="Reason of the Difference")

    _journal_uniq = models.Constraint(
        "UNIQUE(closing_id, journal_id)", "A payment method is counted once."
    )

    @api.depends("computed", "amount_deposits", "amount_paid_out")
    def _compute_amount_receipts(self):
        for line in self:
            line.amount_receipts = line.currency_id.round(
                line.computed - line.amount_deposits + line.amount_paid_out
            )

    @api.depends("computed", "counted")
    def _compute_difference(self):
        for line in self:
            line.difference = line.currency_id.round(line.counted - line.computed)

    @api.depends("closing_id.display_name", "journal_id.name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.closing_id.display_name} {line.journal_id.name}"

    def write(self, vals):
        if any(line.closing_id.state != "draft" for line in self):
            raise UserError(self.env._("A signed closing cannot be changed."))
        if not self.env.su and vals.keys() - {"counted", "reason"}:
            raise UserError(
                self.env._("Only what was counted and the reason can be entered.")
            )
        return super().write(vals)
