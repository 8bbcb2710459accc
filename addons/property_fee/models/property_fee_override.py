from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class PropertyFeeOverride(models.Model):
    """A price or quantity of its own for one assignment, agreed and approved.

    Nothing of it counts before it is approved; what was billed by then stays as it is.
    """

    _name = "property.fee.override"
    _description = "Agreed Price"
    _inherit = ["property.approval.mixin"]
    _order = "date_start desc, id desc"
    _approval_amount_field = "difference"
    _approval_locked_fields = (
        *("assignment_id", "date_start", "date_end", "reason"),
        *("has_price", "price", "has_quantity", "quantity"),
    )

    assignment_id = fields.Many2one(
        "property.fee.assignment",
        required=True,
        index=True,
        ondelete="cascade",
    )
    unit_id = fields.Many2one(related="assignment_id.unit_id", store=True, index=True)
    item_id = fields.Many2one(related="assignment_id.item_id", store=True, index=True)
    community_id = fields.Many2one(
        related="assignment_id.community_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="assignment_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_start = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_end = fields.Date(string="Until", help="Last day; empty while it lasts.")
    has_price = fields.Boolean(string="Own Price", default=True)
    price = fields.Float(
        digits=(12, 4),
        help="Takes the place of the price of the rate, its tiers and its minimum.",
    )
    has_quantity = fields.Boolean(string="Own Quantity")
    quantity = fields.Float(
        digits=(12, 2), help="Takes the place of the area or number of the unit."
    )
    reason = fields.Text(required=True, help="Why, and what was agreed with whom.")
    is_in_force = fields.Boolean(compute="_compute_is_in_force")
    difference = fields.Monetary(
        string="Difference per Month",
        compute="_compute_difference",
        store=True,
        help="By how much the amount of a month, or of what is billed once, differs from"
        " what the rate asks on the first day; decides who approves.",
    )

    _period_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start)",
        "An agreed price cannot end before it starts.",
    )
    _positive = models.Constraint(
        "CHECK(COALESCE(price, 0) >= 0 AND COALESCE(quantity, 0) >= 0)",
        "Price and quantity cannot be negative.",
    )
    _something = models.Constraint(
        "CHECK(has_price OR has_quantity)",
        "Say which price or which quantity has been agreed.",
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (assignment_id WITH =, daterange(date_start, date_end, '[]') WITH &&)"
        " WHERE (approval_state = 'approved')",
        "Another price has been approved for these days. End it first.",
    )

    @api.depends("unit_id.code", "item_id.name", "date_start")
    def _compute_display_name(self):
        for override in self:
            parts = [
                override.unit_id.code,
                override.item_id.name,
                override.date_start and fields.Date.to_string(override.date_start),
            ]
            override.display_name = " ".join(part for part in parts if part)

    @api.depends(
        *("assignment_id", "date_start", "has_price", "price"),
        *("has_quantity", "quantity"),
    )
    def _compute_difference(self):
        for override in self:
            override.difference = override._get_difference()

    @api.depends("approval_state", "date_end")
    def _compute_is_in_force(self):
        today = fields.Date.context_today(self)
        for override in self:
            override.is_in_force = override.approval_state == "approved" and (
                not override.date_end or override.date_end > today
            )

    def _get_difference(self):
        """Return by how much the amount of a month differs from that of the rate."""
        self.ensure_one()
        assignment, day = self.assignment_id, self.date_start
        rate = day and assignment._get_rate_on(day)
        if not rate:
            return 0.0
        price = self.price if self.has_price else rate.price
        own = assignment._get_quantity(rate)
        quantity = self.quantity if self.has_quantity else own
        return price * quantity - rate.price * own

    @api.constrains("assignment_id", "date_start", "date_end")
    def _check_within_assignment(self):
        for override in self:
            assignment = override.assignment_id
            if override.date_start < assignment.date_start or (
                assignment.date_end and override.date_start > assignment.date_end
            ):
                raise ValidationError(
                    self.env._(
                        "%(assignment)s is not charged on %(day)s. The agreed price must"
                        " begin within the days of the assignment.",
                        assignment=assignment.display_name,
                        day=fields.Date.to_string(override.date_start),
                    )
                )

    # === APPROVAL === #

    def _approval_check_submit(self):
        for override in self:
            if override._find_overlap():
                raise UserError(
                    self.env._(
                        "Another price has been approved for days of %(override)s."
                        " End it first.",
                        override=override.display_name,
                    )
                )

    def _find_overlap(self):
        """Return the approved prices of the assignment that cover the same days."""
        self.ensure_one()
        domain = Domain("assignment_id", "=", self.assignment_id.id) & Domain(
            "approval_state", "=", "approved"
        )
        domain &= Domain("date_end", "=", False) | Domain(
            "date_end", ">=", self.date_start
        )
        if self.date_end:
            domain &= Domain("date_start", "<=", self.date_end)
        return self.search(domain & Domain("id", "!=", self.id))

    def action_end(self):
        """Let approved prices end today: the rate counts again from tomorrow on.

        :raises UserError: one of them is not in force
        """
        today = fields.Date.context_today(self)
        self.check_access("write")
        for override in self:
            if not override.is_in_force:
                raise UserError(
                    self.env._(
                        "%(override)s is not in force.", override=override.display_name
                    )
                )
            # To ask the ordinary price again needs nobody's approval.
            override.sudo().date_end = max(today, override.date_start)
        return True

    # === WHAT BILLING NEEDS === #

    def _get_inputs(self):
        """Return what the explanation of a charge says of the agreed price."""
        self.ensure_one()
        inputs = {"id": self.id}
        if self.has_price:
            inputs["price"] = f"{self.price:.4f}"
        if self.has_quantity:
            inputs["quantity"] = f"{Decimal(str(self.quantity)):.2f}"
        return inputs
