from odoo import api, fields, models
from odoo.exceptions import UserError


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
            ("undone", "Taken Back"),
        ],
        required=True,
        default="todo",
    )
    reason = fields.Text()
    is_partial = fields.Boolean(
        string="Reading Held",
        help="A reading is odd or not confirmed. All else is billed; the reading comes with"
        " the first run after it has been cleared.",
    )
    charge_count = fields.Integer(string="Charges")
    amount_expected = fields.Monetary(string="Expected")
    amount_previous = fields.Monetary(
        string="Period Before", help="What the same fees came to in the period before."
    )
    spike_ids = fields.One2many("property.fee.run.spike", "line_id", string="Flags")
    spike_count = fields.Integer(string="Flagged")
    spike_text = fields.Char(string="What Changed")
    amount = fields.Monetary(string="Charged Amount")
    move_id = fields.Many2one("account.move", string="Bill", index="btree_not_null")

    _unit_uniq = models.Constraint(
        "UNIQUE(run_id, unit_id)", "A unit has one row in a run."
    )
    _todo_idx = models.Index("(run_id, id) WHERE status = 'todo'")
    _charged_idx = models.Index("(run_id, id) WHERE status = 'charged'")

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

    def _note_plans(self, plans):
        """Note on each row what its household is going to be billed.

        :param dict plans: unit -> `UnitPlan`; rows without anything due are removed
        """
        needless = self.browse()
        for line in self:
            plan = plans[line.unit_id]
            if plan.is_due():
                line.write(plan.get_row())
            else:
                needless += line
        needless.unlink()

    def _bill(self):
        """Create and post the bills of the rows and note the result on each.

        Charges, bills and results belong to one transaction: either all or none exist.
        """
        run = self.run_id
        plans = run._plan_units(self.unit_id)
        if run.needs_approval:
            self._refuse_changes(plans)
        charges = self._create_charges(plans)
        charges._create_bills(run.invoice_date)
        by_unit = charges.grouped("unit_id")
        rest = self.browse()
        for line in self:
            if own := by_unit.get(line.unit_id):
                amount = sum(own.mapped("amount_net"))
                line.write(
                    {
                        "status": "charged",
                        **plans[line.unit_id].get_held(),
                        "charge_count": len(own),
                        "amount_expected": line.amount_expected or amount,
                        "amount": amount,
                        "move_id": own[0].move_id.id,
                    }
                )
            else:
                rest += line
        expected = rest.filtered("amount_expected")
        for line in expected:
            line.write(plans[line.unit_id].get_row())
        (rest - expected)._note_plans(plans)

    def _create_charges(self, plans):
        """Create what the plans of the rows owe; what waited for a bill joins in.

        :return: property.charge
        """
        run = self.run_id
        plans = [plan for plan in plans.values() if not plan.problems]
        charges = self.env["property.charge"].create(
            [{**vals, "run_id": run.id} for plan in plans for vals in plan.vals_list]
        )
        pending = charges.union(*(plan.pending for plan in plans))
        pending -= charges
        pending.write({"run_id": run.id})
        return charges + pending

    def _refuse_changes(self, plans):
        """Fail the rows that would be billed otherwise than was approved."""
        for line in self:
            plan = plans[line.unit_id]
            amount = plan.get_amount()
            if plan.problems or not amount:
                continue
            if line.currency_id.compare_amounts(amount, line.amount_expected):
                plan.problems.append(
                    self.env._(
                        "Approved were %(approved)s, now it would be %(amount)s. Bill it"
                        " with a run of its own.",
                        approved=f"{line.amount_expected:.2f}",
                        amount=f"{amount:.2f}",
                    )
                )

    def _undo(self):
        """Take the bills of the rows back and note it on each."""
        run = self.run_id
        moves = self.env["account.move"].search(
            [
                ("property_run_id", "=", run.id),
                ("property_unit_id", "in", self.unit_id.ids),
                ("move_type", "=", "out_invoice"),
                ("state", "!=", "cancel"),
            ]
        )
        moves.lock_for_update()
        if paid := moves & run._get_paid_bills():
            raise UserError(
                self.env._("%(bill)s has been paid.", bill=paid[0].display_name)
            )
        posted = moves.filtered(
            lambda move: move.state == "posted" and move.payment_state != "reversed"
        )
        reason = self.env._("Fee run taken back")
        day = max(run.invoice_date, fields.Date.context_today(self))
        posted._reverse_moves(
            [
                {
                    "date": day,
                    "invoice_date": day,
                    "ref": self.env._(
                        "Reversal of: %(bill)s, %(reason)s",
                        bill=move.name,
                        reason=reason,
                    ),
                }
                for move in posted
            ],
            cancel=True,
        )
        (moves - posted).filtered(lambda move: move.state == "draft").unlink()
        self.write({"status": "undone", "reason": reason})
