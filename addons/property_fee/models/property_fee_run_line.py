from odoo import api, fields, models


class PropertyFeeRunLine(models.Model):
    _name = "property.fee.run.line"
    _description = "Fee Run Row"
    _order = "run_id desc, id"

    run_id = fields.Many2one(
        "property.fee.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="run_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="run_id.currency_id")
    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="restrict"
    )
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True, precompute=True
    )
    status = fields.Selection(
        [
            ("todo", "To Do"),
            ("charged", "Charged"),
            ("skipped", "Skipped"),
            ("failed", "Failed"),
        ],
        required=True,
        default="todo",
    )
    reason = fields.Text()
    charge_count = fields.Integer(string="Charges")
    amount_expected = fields.Monetary(string="Expected")
    amount = fields.Monetary(string="Charged Amount")
    move_id = fields.Many2one("account.move", string="Bill", index="btree_not_null")

    _unit_uniq = models.Constraint(
        "UNIQUE(run_id, unit_id)", "A unit has one row in a run."
    )
    _todo_idx = models.Index("(run_id, id) WHERE status = 'todo'")

    @api.depends("run_id.name", "unit_id.code")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.run_id.name} {line.unit_id.code}"

    def action_view_bills(self):
        """Open the bills that the run made for the unit."""
        self.ensure_one()
        action = self.run_id.action_view_moves()
        action["domain"] += [("property_unit_id", "=", self.unit_id.id)]
        return action

    def _bill(self):
        """Create and post the bills of the rows and note the result on each.

        Charges, bills and results belong to one transaction: either all or none exist.
        """
        run = self.run_id
        plans = run._plan_units(self.unit_id)
        charges = self.env["property.charge"].create(
            [
                {**vals, "run_id": run.id}
                for plan in plans.values()
                if not plan.problems
                for vals in plan.vals_list
            ]
        )
        charges._create_bills(run.invoice_date)
        by_unit = charges.grouped("unit_id")
        for line in self:
            if own := by_unit.get(line.unit_id):
                line.write(
                    {
                        "status": "charged",
                        "reason": False,
                        "charge_count": len(own),
                        "amount": sum(own.mapped("amount")),
                        "move_id": own[0].move_id.id,
                    }
                )
            else:
                line.write(plans[line.unit_id].get_row())
