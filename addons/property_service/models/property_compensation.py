from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyCompensation(models.Model):
    """What a household is given for a justified complaint, after approval."""

    _name = "property.compensation"
    _description = "Compensation"
    _inherit = ["property.approval.mixin"]
    _approval_amount_field = "amount"
    _approval_locked_fields = ("ticket_id", "partner_id", "kind", "reason")
    _order = "id desc"

    ticket_id = fields.Many2one(
        "property.ticket",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("kind", "=", "complaint")],
    )
    community_id = fields.Many2one(
        related="ticket_id.community_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="To Whom",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    kind = fields.Selection(
        [("money", "Money"), ("service", "Service"), ("gift", "Gift")],
        required=True,
        default="money",
    )
    amount = fields.Monetary(required=True, help="Value in the company's currency.")
    reason = fields.Text(required=True)

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "A compensation must be worth something."
    )

    @api.depends("ticket_id")
    def _compute_partner_id(self):
        for compensation in self:
            compensation.partner_id = (
                compensation.ticket_id.partner_id or compensation.partner_id
            )

    @api.depends("ticket_id.name", "amount")
    def _compute_display_name(self):
        for compensation in self:
            compensation.display_name = (
                f"{compensation.ticket_id.name or ''} {compensation.amount:.2f}".strip()
            )

    def _approval_check_submit(self):
        """Only for complaints that were found to be justified.

        :raise UserError: the complaint has not been judged, or was not justified
        """
        for compensation in self:
            if compensation.ticket_id.is_justified != "yes":
                raise UserError(
                    self.env._(
                        "%(ticket)s: a compensation is for a complaint that was found to"
                        " be justified.",
                        ticket=compensation.ticket_id.name,
                    )
                )
        return super()._approval_check_submit()

    def _approval_done(self):
        """Say on the ticket, to colleagues, what was approved."""
        for compensation in self:
            # Whoever approves need not be allowed to write the ticket.
            compensation.ticket_id.sudo().message_post(
                body=self.env._(
                    "Compensation approved: %(amount)s",
                    amount=f"{compensation.amount:.2f}",
                ),
                subtype_xmlid="mail.mt_note",
            )
        return super()._approval_done()
