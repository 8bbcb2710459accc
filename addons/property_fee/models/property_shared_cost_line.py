from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.meter import dec


class PropertySharedCostLine(models.Model):
    _name = "property.shared.cost.line"
    _description = "Part of a Shared Cost"
    _order = "cost_id desc, sequence, id"
    _rec_name = "unit_id"

    cost_id = fields.Many2one(
        "property.shared.cost", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="cost_id.company_id", store=True, index=True, precompute=True
    )
    community_id = fields.Many2one(
        related="cost_id.community_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="cost_id.currency_id")
    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="restrict"
    )
    sequence = fields.Integer(related="unit_id.sequence", store=True, precompute=True)
    factor = fields.Float(
        string="Measure",
        digits=(14, 2),
        help="Area, one household, share or consumption, as the cost is divided.",
    )
    percent = fields.Float(
        string="Pays (%)", digits=(5, 2), default=100.0, aggregator=None
    )
    weight = fields.Float(
        digits=(14, 4), compute="_compute_weight", store=True, precompute=True
    )
    amount = fields.Monetary()
    charge_id = fields.Many2one(
        "property.charge", readonly=True, index="btree_not_null", ondelete="set null"
    )
    is_billed = fields.Boolean(
        string="Billed", compute="_compute_is_billed", store=True, precompute=True
    )

    _unit_uniq = models.Constraint(
        "UNIQUE(cost_id, unit_id)", "A unit has one part of a shared cost."
    )
    _not_negative = models.Constraint(
        "CHECK(factor >= 0 AND percent BETWEEN 0 AND 100)",
        "A share cannot be negative, nor more than whole.",
    )

    @api.depends("factor", "percent")
    def _compute_weight(self):
        for line in self:
            line.weight = float(dec(line.factor) * dec(line.percent) / 100)

    @api.depends("charge_id")
    def _compute_is_billed(self):
        for line in self:
            line.is_billed = bool(line.charge_id)

    def write(self, vals):
        if {"factor", "percent", "unit_id", "cost_id"} & vals.keys() and any(
            line.cost_id.state != "draft" for line in self
        ):
            raise UserError(
                self.env._("The parts of a confirmed shared cost cannot be changed.")
            )
        return super().write(vals)

    def _explain(self):
        """Return the inputs of the charge of the part; they prove its amount."""
        self.ensure_one()
        cost = self.cost_id
        whole = sum((dec(line.weight) for line in cost.line_ids), dec(0))
        counted = cost.method in ("household", "weight")

        def show(number):
            text = f"{number:,.2f}"
            return text.rstrip("0").rstrip(".") if counted else text

        return {
            "basis": "shared",
            "quantity": "1.00",
            "price": f"{self.amount:.2f}",
            "rounding": "fen",
            "allocation": {
                "id": self.id,
                "cost": cost.id,
                "name": cost.name,
                "total": f"{cost.amount:.2f}",
                "method": cost.method,
                "meter_kind": cost.meter_kind,
                "factor": show(dec(self.factor)),
                "percent": f"{self.percent:g}",
                "whole": show(whole),
            },
        }
