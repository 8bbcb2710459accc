from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyDunningHold(models.Model):
    """Time in which nobody is reminded and no late fee accrues."""

    _name = "property.dunning.hold"
    _description = "Dunning Hold"
    _order = "date_from desc, id desc"
    _rec_name = "reason"

    case_id = fields.Many2one(
        "property.dunning.case", required=True, index=True, ondelete="restrict"
    )
    unit_id = fields.Many2one(related="case_id.unit_id", store=True)
    partner_id = fields.Many2one(related="case_id.partner_id", store=True)
    community_id = fields.Many2one(related="case_id.community_id", store=True)
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    reason = fields.Char(required=True, help="What is disputed, or why else.")
    reference = fields.Char(
        string="Ticket", help="Number of the ticket or letter that caused it."
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(
        string="Until", help="Last day of the hold; open until it is ended."
    )
    user_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, readonly=True
    )
    is_active = fields.Boolean(compute="_compute_is_active")

    _date_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A hold cannot end before it begins.",
    )

    @api.depends("date_from", "date_to")
    def _compute_is_active(self):
        today = fields.Date.context_today(self)
        for hold in self:
            hold.is_active = hold._covers(today)

    def _covers(self, date):
        """Return whether a day lies in the hold."""
        self.ensure_one()
        return bool(self.date_from) and (
            self.date_from <= date and (not self.date_to or date <= self.date_to)
        )

    @api.model_create_multi
    def create(self, vals_list):
        holds = super().create(vals_list)
        for hold in holds:
            hold.case_id.message_post(
                body=self.env._("On hold: %(reason)s", reason=hold.reason)
            )
        holds.case_id._plan_next()
        return holds

    def write(self, vals):
        result = super().write(vals)
        self.case_id._plan_next()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_past(self):
        today = fields.Date.context_today(self)
        if any(hold.date_from < today for hold in self):
            raise UserError(
                self.env._(
                    "A hold that has begun stays: late fees were counted by it. End it"
                    " instead."
                )
            )
