from odoo import api, fields, models


class PropertyFeeRunSpike(models.Model):
    """Something to look at before a run is billed: a fee that is not as it was."""

    _name = "property.fee.run.spike"
    _description = "Fee Run Flag"
    _order = "run_id desc, kind, unit_id, item_id, id"

    run_id = fields.Many2one(
        "property.fee.run", required=True, index=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        "property.fee.run.line", index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="run_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="run_id.currency_id")
    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="cascade"
    )
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True, precompute=True
    )
    item_id = fields.Many2one(
        "property.fee.item", string="Fee Item", required=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            ("area", "Area Changed"),
            ("meter", "Meter Jump"),
            ("new", "New"),
            ("gone", "Gone"),
            ("zero", "Zero"),
            ("amount", "Amount Changed"),
        ],
        required=True,
        index=True,
    )
    quantity_before = fields.Float(digits=(12, 2), aggregator=None)
    quantity = fields.Float(string="Quantity Now", digits=(12, 2), aggregator=None)
    amount_before = fields.Monetary()
    amount = fields.Monetary(string="Amount Now")
    difference = fields.Monetary(compute="_compute_difference", store=True)

    @api.depends("amount", "amount_before")
    def _compute_difference(self):
        for spike in self:
            spike.difference = spike.amount - spike.amount_before

    @api.depends("kind", "unit_id.code", "item_id.name")
    def _compute_display_name(self):
        for spike in self:
            spike.display_name = (
                f"{spike.unit_id.code} {spike.item_id.name} {spike._get_text()}"
            )

    def _get_text(self):
        """Return what changed in a few words, in the language of the context."""
        self.ensure_one()
        kind = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        if self.kind in ("area", "meter"):
            return f"{kind} {self.quantity_before:.2f} → {self.quantity:.2f}"
        if self.kind == "amount":
            return f"{kind} {self.amount_before:.2f} → {self.amount:.2f}"
        return kind

    def action_view_unit(self):
        """Open the unit."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.unit",
            "res_id": self.unit_id.id,
            "view_mode": "form",
        }
