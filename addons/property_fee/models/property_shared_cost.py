from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.meter import dec
from ..tools.period import month_end, month_start
from .property_meter import KINDS

UNIT_TYPES = ("home", "shop", "office", "parking", "storage", "other")
# What the parts follow from; fixed once the cost has been confirmed.
FROZEN = {
    "community_id",
    "item_id",
    "period",
    "date_from",
    "date_to",
    "amount",
    "method",
    "building_ids",
    "unit_ids",
    "excluded_unit_ids",
    "vacant_rule",
    "vacant_percent",
    "source",
    "bill_id",
    "meter_ids",
    "meter_price",
    "meter_kind",
    *(f"for_{unit_type}" for unit_type in UNIT_TYPES),
}


class PropertySharedCost(models.Model):
    _name = "property.shared.cost"
    _description = "Shared Cost"
    _inherit = ["mail.thread"]
    _order = "period desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True, tracking=True, help="What the households read on their bill."
    )
    community_id = fields.Many2one(
        "property.community", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="community_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    item_id = fields.Many2one(
        "property.fee.item",
        string="Fee Item",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('kind', '=', 'shared')]",
    )
    period = fields.Date(
        string="Billing Month",
        required=True,
        default=lambda self: month_start(fields.Date.context_today(self)),
        help="Month with which the parts are billed; any of its days will do.",
    )
    date_from = fields.Date(
        string="From",
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    date_to = fields.Date(
        string="Until",
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Last day of what is shared; whoever pays on that day pays the part.",
    )

    # How much
    source = fields.Selection(
        [
            ("manual", "Entered"),
            ("bill", "Vendor Bill"),
            ("meter", "Common Meters x Price"),
        ],
        string="Amount From",
        required=True,
        default="manual",
    )
    bill_id = fields.Many2one(
        "account.move",
        string="Vendor Bill",
        domain="[('move_type', '=', 'in_invoice'), ('state', '=', 'posted')]",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    meter_ids = fields.Many2many(
        "property.meter",
        string="Common Meters",
        domain="[('is_common', '=', True), ('community_id', '=', community_id)]",
    )
    meter_price = fields.Float(string="Price", digits=(12, 4))
    meter_quantity = fields.Float(
        string="Counted in the Month", digits=(14, 3), compute="_compute_meter_quantity"
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="What is divided; the parts add up to it exactly.",
    )

    # Among whom
    building_ids = fields.Many2many(
        "property.building",
        string="Buildings",
        domain="[('community_id', '=', community_id)]",
        help="Leave empty to share among the whole community.",
    )
    unit_ids = fields.Many2many(
        "property.unit",
        "property_shared_cost_unit_rel",
        string="Only These Units",
        domain="[('community_id', '=', community_id)]",
        help="Leave empty to share among all units of the buildings.",
    )
    excluded_unit_ids = fields.Many2many(
        "property.unit",
        "property_shared_cost_excluded_rel",
        string="Without These Units",
        domain="[('community_id', '=', community_id)]",
        help="Such as the ground floor, which does not pay for the lift.",
    )
    for_home = fields.Boolean(string="Homes", default=True)
    for_shop = fields.Boolean(string="Shops", default=True)
    for_office = fields.Boolean(string="Offices", default=True)
    for_parking = fields.Boolean(string="Parking Spaces")
    for_storage = fields.Boolean(string="Storage Rooms")
    for_other = fields.Boolean(string="Others")
    method = fields.Selection(
        [
            ("area", "Gross Area"),
            ("inner_area", "Inner Area"),
            ("household", "Household"),
            ("weight", "Share of Each Unit"),
            ("consumption", "Consumption"),
        ],
        string="Divided By",
        required=True,
        default="area",
    )
    meter_kind = fields.Selection(KINDS, string="Consumption Of", default="water")
    vacant_rule = fields.Selection(
        [
            ("include", "Like All Others"),
            ("exclude", "Nothing"),
            ("percent", "A Percentage"),
        ],
        string="Vacant Units Pay",
        required=True,
        default="include",
        help="Units that nobody lives in on the last day.",
    )
    vacant_percent = fields.Float(string="Percent", digits=(5, 2), default=50.0)

    # Result
    line_ids = fields.One2many(
        "property.shared.cost.line", "cost_id", string="Parts", copy=False
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("confirmed", "Confirmed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    unit_count = fields.Integer(string="Units That Pay", compute="_compute_totals")
    amount_allocated = fields.Monetary(string="Allocated", compute="_compute_totals")
    amount_billed = fields.Monetary(string="Billed", compute="_compute_totals")

    _period_order = models.Constraint(
        "CHECK(date_to >= date_from)", "A shared cost cannot end before it starts."
    )
    _percent_range = models.Constraint(
        "CHECK(vacant_percent BETWEEN 0 AND 100)",
        "Vacant units pay between 0 and 100 percent.",
    )
    _amount_positive = models.Constraint(
        "CHECK(amount >= 0)", "What is shared cannot be negative."
    )

    # === COMPUTE METHODS === #

    @api.depends("period")
    def _compute_dates(self):
        for cost in self:
            cost.date_from = cost.period and month_start(cost.period)
            cost.date_to = cost.period and month_end(cost.period)

    @api.depends("meter_ids", "date_from", "date_to")
    def _compute_meter_quantity(self):
        Reading = self.env["property.meter.reading"]
        for cost in self:
            rows = Reading._read_group(
                [
                    ("meter_id", "in", cost.meter_ids._origin.ids),
                    ("state", "in", ("confirmed", "billed")),
                    ("is_held", "=", False),
                    ("date", ">=", cost.date_from),
                    ("date", "<=", cost.date_to),
                ],
                [],
                ["quantity:sum"],
            )
            cost.meter_quantity = rows[0][0] or 0.0 if cost.meter_ids else 0.0

    @api.depends("source", "bill_id", "meter_ids", "meter_price", "period")
    def _compute_amount(self):
        for cost in self:
            if cost.source == "bill":
                cost.amount = cost.bill_id.amount_total
            elif cost.source == "meter":
                product = dec(cost.meter_quantity) * dec(cost.meter_price)
                currency = cost.currency_id or self.env.company.currency_id
                cost.amount = currency.round(float(product))
            else:
                cost.amount = cost.amount or 0.0

    @api.depends("line_ids.amount", "line_ids.charge_id")
    def _compute_totals(self):
        totals = {}
        for cost, billed, count, amount in self.env[
            "property.shared.cost.line"
        ]._read_group(
            [("cost_id", "in", self.ids), ("amount", "!=", 0)],
            ["cost_id", "is_billed"],
            ["__count", "amount:sum"],
        ):
            totals.setdefault(cost, {})[billed] = (count, amount)
        for cost in self:
            rows = totals.get(cost, {})
            cost.unit_count = sum(row[0] for row in rows.values())
            cost.amount_allocated = sum(row[1] for row in rows.values())
            cost.amount_billed = rows.get(True, (0, 0.0))[1]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._normalise(vals) for vals in vals_list])

    def write(self, vals):
        if FROZEN & vals.keys() and any(cost.state != "draft" for cost in self):
            raise UserError(
                self.env._(
                    "A shared cost that has been confirmed cannot be changed. Cancel it"
                    " and set it back to draft first."
                )
            )
        return super().write(self._normalise(vals))

    @api.model
    def _normalise(self, vals):
        vals = dict(vals)
        if vals.get("period"):
            vals["period"] = month_start(fields.Date.to_date(vals["period"]))
        if vals.get("source") in ("bill", "meter"):
            # It follows from the bill or the meters.
            vals.pop("amount", None)
        return vals

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(cost.state == "confirmed" for cost in self):
            raise UserError(
                self.env._("A shared cost that has been confirmed cannot be deleted.")
            )

    # === ACTION METHODS === #

    def action_preview(self):
        """List the units with what each pays; nothing is billed."""
        self._check_state("draft")
        self.filtered(lambda cost: cost.source != "manual")._compute_amount()
        for cost in self:
            cost._prepare_lines()
        return True

    def action_confirm(self):
        """Fix the parts, so that the next run of the month bills them.

        Units to which the item is not assigned yet get it from the first day of the cost.

        :raises UserError: the parts cannot be worked out, or a unit has a part of the same
            item on the same days already
        """
        self._check_state("draft")
        for cost in self:
            if not cost.amount:
                raise UserError(
                    self.env._("%(cost)s: enter the amount to share.", cost=cost.name)
                )
            if not cost.line_ids:
                cost._prepare_lines()
            cost._allocate()
            cost._check_not_shared_twice()
            cost._assign_missing()
        self.state = "confirmed"
        return True

    def action_cancel(self):
        """Take a confirmed cost back.

        :raises UserError: parts of it have been billed
        """
        self._check_state("confirmed")
        billed = self.line_ids.filtered("is_billed")
        if billed:
            raise UserError(
                self.env._(
                    "%(cost)s has been billed to %(count)s units, such as %(unit)s. Cancel"
                    " those charges first.",
                    cost=billed[0].cost_id.name,
                    count=len(billed),
                    unit=billed[0].unit_id.code,
                )
            )
        self.state = "cancelled"
        return True

    def action_draft(self):
        """Open a cancelled cost again."""
        self._check_state("cancelled")
        self.state = "draft"
        return True

    def action_view_charges(self):
        """Open the charges that the parts became."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_charge_action"
        )
        action["domain"] = [("id", "in", self.line_ids.charge_id.ids)]
        action["context"] = {}
        return action

    def _check_state(self, state):
        for cost in self:
            if cost.state != state:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(cost)s: %(state)s. That cannot be done now.",
                        cost=cost.name,
                        state=labels[cost.state],
                    )
                )
