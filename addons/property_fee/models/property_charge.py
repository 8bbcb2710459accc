from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.amount import amount_of
from ..tools.period import format_range


class PropertyCharge(models.Model):
    _name = "property.charge"
    _description = "Charge"
    _order = "period desc, unit_id, item_id, date_from, id"

    assignment_id = fields.Many2one(
        "property.fee.assignment", required=True, index=True, ondelete="restrict"
    )
    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="restrict"
    )
    item_id = fields.Many2one(
        "property.fee.item",
        string="Fee Item",
        required=True,
        index=True,
        ondelete="restrict",
    )
    community_id = fields.Many2one(
        "property.community", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="Payer", required=True, index=True, ondelete="restrict"
    )
    rate_id = fields.Many2one(
        "property.fee.rate", index="btree_not_null", ondelete="restrict"
    )

    # What for
    period = fields.Date(
        required=True, help="First day of the month that the run billed."
    )
    date_from = fields.Date(required=True)
    date_to = fields.Date(required=True, help="Last day that is charged.")
    period_label = fields.Char(string="Days", compute="_compute_period_label")

    # How much and why
    quantity = fields.Float(digits=(12, 2), aggregator=None)
    unit_price = fields.Float(digits=(12, 4), aggregator=None)
    amount = fields.Monetary(required=True)
    amount_waived = fields.Monetary(
        string="Waived Amount",
        readonly=True,
        copy=False,
        default=0.0,
        help="Part that approved waivers gave up.",
    )
    amount_credited = fields.Monetary(
        readonly=True,
        copy=False,
        default=0.0,
        help="Part that credit notes took back, waivers apart.",
    )
    amount_net = fields.Monetary(
        compute="_compute_amount_net",
        string="Net Amount",
        store=True,
        precompute=True,
        help="What remains after waivers and credit notes.",
    )
    explanation = fields.Json(
        help="Formula and inputs that the amount was computed from."
    )
    explanation_text = fields.Char(
        string="Calculation", compute="_compute_explanation_text"
    )

    # Where it went
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("checked", "Checked"),
            ("billed", "Billed"),
            ("waived", "Waived"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        index=True,
        help="Draft: not on a posted bill yet.\n"
        "Checked: somebody has looked at it; the next run may bill it.\n"
        "Billed: on a posted bill.\n"
        "Waived: will not be collected, and its days are not charged again.\n"
        "Cancelled: taken back; its days may be charged again.",
    )
    run_id = fields.Many2one(
        "property.fee.run", index="btree_not_null", ondelete="restrict"
    )
    move_line_ids = fields.One2many("account.move.line", "property_charge_id")
    move_id = fields.Many2one("account.move", string="Bill", index="btree_not_null")
    payment_state = fields.Selection(related="move_id.payment_state")

    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (assignment_id WITH =, daterange(date_from, date_to, '[]') WITH &&)"
        " WHERE (state != 'cancelled')",
        "These days have already been charged.",
    )
    _period_order = models.Constraint(
        "CHECK(date_to >= date_from)", "A charge cannot end before it starts."
    )

    # === COMPUTE METHODS === #

    @api.depends("date_from", "date_to")
    def _compute_period_label(self):
        for charge in self:
            charge.period_label = (
                format_range(charge.date_from, charge.date_to)
                if charge.date_from
                else False
            )

    @api.depends("item_id.name", "unit_id.code", "date_from", "date_to")
    def _compute_display_name(self):
        for charge in self:
            charge.display_name = (
                f"{charge.unit_id.code} {charge.item_id.name} {charge.period_label}"
            )

    @api.depends("explanation")
    @api.depends_context("lang")
    def _compute_explanation_text(self):
        for charge in self:
            charge.explanation_text = charge._render_explanation(charge.explanation)

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        if any(charge.state in ("billed", "waived") for charge in self):
            raise UserError(
                self.env._(
                    "A billed charge cannot be deleted; correct its bill instead."
                )
            )

    # === ACTION METHODS === #

    def action_view_bill(self):
        """Open the bill of the charge."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }

    def action_prove(self):
        """Compute the amounts again from the recorded inputs and tell whether they agree."""
        wrong = self._get_wrong_amounts()
        if wrong:
            raise UserError(
                self.env._(
                    "The amount does not follow from the recorded inputs: %(charges)s",
                    charges=", ".join(wrong.mapped("display_name")),
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(count)s charges computed again: every amount agrees.",
                    count=len(self),
                ),
            },
        }

    # === BUSINESS METHODS === #

    def _recompute_amount(self):
        """Compute the amount once more from the recorded inputs alone.

        :return: Decimal, without looking at the stored amount
        """
        self.ensure_one()
        return amount_of(self.explanation).amount

    def _get_wrong_amounts(self):
        """Return the charges whose stored amount does not follow from their inputs."""
        return self.filtered(
            lambda charge: (
                charge.currency_id.compare_amounts(
                    charge.amount, float(charge._recompute_amount())
                )
                != 0
            )
        )

    def _get_bill_line_name(self):
        """Return the text of the bill line in the language of the context."""
        self.ensure_one()
        return self.env._(
            "%(item)s %(days)s: %(calculation)s",
            item=self.item_id.name,
            days=self.period_label,
            calculation=self.explanation_text,
        )
