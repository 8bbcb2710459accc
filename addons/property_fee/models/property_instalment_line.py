from odoo import api, fields, models


class PropertyInstalmentLine(models.Model):
    _name = "property.instalment.line"
    _description = "Instalment"
    _order = "plan_id, date, id"

    plan_id = fields.Many2one(
        "property.instalment.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    date = fields.Date(string="Pay Until", required=True)
    amount = fields.Monetary(required=True)
    amount_left = fields.Monetary(
        string="Left", compute="_compute_amount_left", help="Still to be paid."
    )
    state = fields.Selection(
        [("open", "Not Paid"), ("paid", "Paid"), ("late", "Late")],
        compute="_compute_amount_left",
    )

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "An instalment must be a positive amount."
    )

    @api.depends("amount", "date", "plan_id.amount_paid", "plan_id.line_ids.amount")
    def _compute_amount_left(self):
        today = fields.Date.context_today(self)
        for plan, own in self.grouped("plan_id").items():
            paid = plan.amount_paid
            for line in plan.line_ids.sorted(lambda line: (line.date, line.id or 0)):
                part = min(paid, line.amount)
                paid -= part
                if line in own:
                    currency = line.currency_id or self.env.company.currency_id
                    line.amount_left = currency.round(line.amount - part)
                    late = line.date and line.date < today
                    line.state = (
                        "paid"
                        if currency.is_zero(line.amount_left)
                        else ("late" if late else "open")
                    )
