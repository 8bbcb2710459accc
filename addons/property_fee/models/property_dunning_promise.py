from odoo import api, fields, models


class PropertyDunningPromise(models.Model):
    _name = "property.dunning.promise"
    _description = "Promise to Pay"
    _inherit = ["property.dunning.commitment"]
    _order = "date desc, id desc"

    move_ids = fields.Many2many(
        "account.move", "property_dunning_promise_move_rel", string="Bills"
    )
    date = fields.Date(
        string="Pays Until",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=7),
    )
    date_given = fields.Date(
        string="Promised On", required=True, default=fields.Date.context_today
    )
    user_id = fields.Many2one(
        "res.users", string="Promised To", default=lambda self: self.env.user
    )
    is_broken = fields.Boolean(readonly=True)
    is_cancelled = fields.Boolean(readonly=True)
    state = fields.Selection(
        [
            ("open", "To Be Kept"),
            ("kept", "Kept"),
            ("broken", "Broken"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
    )

    _date_order = models.Constraint(
        "CHECK(date >= date_given)", "Nobody promises to pay in the past."
    )

    @api.depends("amount", "amount_paid", "is_broken", "is_cancelled")
    def _compute_state(self):
        for promise in self:
            if promise.is_cancelled:
                promise.state = "cancelled"
            elif promise.is_broken:
                promise.state = "broken"
            elif promise._is_kept():
                promise.state = "kept"
            else:
                promise.state = "open"

    def _is_kept(self):
        # One that is just being entered is of no case yet.
        currency = self.currency_id or self.env.company.currency_id
        return (
            bool(self.amount)
            and currency.compare_amounts(self.amount_paid, self.amount) >= 0
        )

    @api.depends("amount", "date")
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = f"{promise.date} {promise.amount:.2f}"

    @api.model_create_multi
    def create(self, vals_list):
        promises = super().create(vals_list)
        promises.case_id._plan_next()
        return promises

    def action_cancel(self):
        """Take a promise back; the case goes on as if it had not been made."""
        self.filtered(lambda promise: promise.state == "open").is_cancelled = True
        self.case_id._plan_next()

    @api.model
    def _break_overdue(self, date):
        """Note the promises that were not kept in time and raise the level of their cases.

        :param date date: today
        """
        promises = self.search([("state", "=", "open"), ("date", "<", date)])
        promises.is_broken = True
        for promise in promises:
            promise.case_id._raise_level(
                self.env._(
                    "Promise broken: %(amount)s until %(date)s, paid %(paid)s.",
                    amount=f"{promise.amount:.2f}",
                    date=promise.date,
                    paid=f"{promise.amount_paid:.2f}",
                )
            )
