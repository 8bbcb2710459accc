from odoo import api, fields, models


class PropertyFeeRunTotal(models.Model):
    """What a run bills for one fee item, beside the period before."""

    _name = "property.fee.run.total"
    _description = "Fee Run Total"
    _order = "run_id desc, item_id"

    run_id = fields.Many2one(
        "property.fee.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="run_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="run_id.currency_id")
    item_id = fields.Many2one(
        "property.fee.item", string="Fee Item", required=True, ondelete="cascade"
    )
    unit_count = fields.Integer(string="Units")
    amount = fields.Monetary(string="Amount Now")
    unit_count_before = fields.Integer(string="Units Before")
    amount_before = fields.Monetary()
    difference = fields.Monetary(compute="_compute_difference", store=True)
    difference_percent = fields.Float(
        string="Change (%)",
        compute="_compute_difference",
        store=True,
        aggregator=None,
        digits=(12, 1),
    )

    _item_uniq = models.Constraint(
        "UNIQUE(run_id, item_id)", "An item has one total in a run."
    )

    @api.depends("amount", "amount_before")
    def _compute_difference(self):
        for total in self:
            total.difference = total.amount - total.amount_before
            total.difference_percent = (
                100 * total.difference / total.amount_before
                if total.amount_before
                else 0.0
            )

    @api.depends("run_id.name", "item_id.name")
    def _compute_display_name(self):
        for total in self:
            total.display_name = f"{total.run_id.name} {total.item_id.name}"
