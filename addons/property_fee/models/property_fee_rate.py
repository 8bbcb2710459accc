from odoo import api, fields, models


class PropertyFeeRate(models.Model):
    _name = "property.fee.rate"
    _description = "Fee Rate"
    _order = "item_id, community_id, building_id, unit_type, date_start desc, id"
    _check_company_auto = True

    item_id = fields.Many2one(
        "property.fee.item",
        string="Fee Item",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="item_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    # For whom
    community_id = fields.Many2one(
        "property.community",
        check_company=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Leave empty for all communities; a rate of the community itself goes first.",
    )
    building_id = fields.Many2one(
        "property.building",
        check_company=True,
        index="btree_not_null",
        ondelete="cascade",
        domain="[('community_id', '=?', community_id)]",
        help="Leave empty for all buildings; a rate of the building itself goes first.",
    )
    by_floor = fields.Boolean(
        string="Certain Floors", help="Only for units on the floors given here."
    )
    floor_from = fields.Integer(string="From Floor")
    floor_to = fields.Integer(string="To Floor")
    usage = fields.Char(
        help="Only for units with this usage, written as on the unit; upper and lower case"
        " are the same. Leave empty for every usage.",
    )
    unit_type = fields.Selection(
        selection=lambda self: (
            self.env["property.unit"]
            ._fields["unit_type"]
            ._description_selection(self.env)
        ),
        help="Leave empty for all types; a rate for the type itself goes first.",
    )
    date_start = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_end = fields.Date(string="Until", help="Last day; empty while it lasts.")

    # How much
    basis = fields.Selection(
        [
            ("gross_area", "Gross Area"),
            ("inner_area", "Inner Area"),
            ("fixed", "Fixed Amount"),
            ("meter", "Consumption"),
            ("shared", "Part of a Shared Cost"),
            ("count", "Number of Spaces"),
            ("formula", "Formula"),
        ],
        required=True,
        default="gross_area",
        help="What the price is multiplied by.\n"
        "Consumption: what a meter counted between two readings.\n"
        "Part of a shared cost: the household's part of a cost, as it was allocated.\n"
        "Number of spaces: parking spaces that belong to the home.\n"
        "Formula: an expression of your own, see its help.",
    )
    price = fields.Float(
        digits=(12, 4),
        required=True,
        default=0.0,
        help="Price of one square metre or space, or of the unit for a fixed amount, for one"
        " month; of a one-off item, the price itself; of a metered item, the price of one"
        " unit of consumption.",
    )
    tier_ids = fields.One2many(
        "property.fee.rate.tier",
        "rate_id",
        string="Tiers",
        copy=True,
        help="Take the place of the price: each slice of the quantity costs the price of its"
        " tier.",
    )
    tier_period = fields.Selection(
        [("month", "A Month"), ("year", "A Calendar Year")],
        string="Tiers Count Per",
        required=True,
        default="month",
        help="A month: every month begins with the lowest tier; a reading of two months has"
        " twice the room in each tier.\n"
        "A calendar year: what was used since January fills the lower tiers first.",
    )
    minimum = fields.Monetary(
        string="At Least",
        help="Least amount of one month, before days and vacancy are taken into account; of"
        " what is billed once or by meter, least amount of the charge. 0: none.",
    )
    vacancy_percent = fields.Float(
        string="Vacant Units Pay (%)",
        digits=(5, 2),
        required=True,
        default=100.0,
        help="Part of the amount that is charged for the days on which a unit that has been"
        " handed over has neither resident nor tenant and is not being renovated.",
    )
    rounding = fields.Selection(
        [("fen", "Fen (0.01)"), ("jiao", "Jiao (0.1)"), ("yuan", "Yuan (1)")],
        required=True,
        default="fen",
        help="Amounts are rounded once, halves up.",
    )
    proration = fields.Selection(
        [("actual", "Days of the Month"), ("thirty", "30 Days")],
        required=True,
        default="actual",
        help="How a part of a month is counted.\n"
        "Days of the month: 12 days of October are 12/31.\n"
        "30 days: every month has 30; parts still add up to the month.",
    )

    # When
    cycle = fields.Selection(
        [
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("half_year", "Half-Year"),
            ("year", "Year"),
        ],
        required=True,
        default="month",
    )
    timing = fields.Selection(
        [("advance", "In Advance"), ("arrears", "In Arrears")],
        required=True,
        default="advance",
        help="In advance: billed in the month in which the period begins.\n"
        "In arrears: billed in the month in which it ends.",
    )
    start_rule = fields.Selection(
        [
            ("assignment", "Date of the Assignment"),
            ("handover", "Handover Date of the Unit"),
            ("sale", "First Sale of the Unit"),
            ("renovation", "End of the Renovation"),
        ],
        string="Charged From",
        required=True,
        default="assignment",
        help="Days before this one are not charged, nor those before the assignment begins.\n"
        "A unit without such a date is not charged until it has one.",
    )
    bill_day = fields.Integer(
        string="Day of Billing",
        required=True,
        default=1,
        help="Day of the month on which the scheduler bills; the last day in months that"
        " have fewer.",
    )
    due_days = fields.Integer(
        string="Days to Pay", default=15, help="Days after the date of the bill."
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        check_company=True,
        help="Takes the place of the days to pay.",
    )

    # Floors and usage take part so that only versions for the same units get into each
    # other's way; which of several others counts, `_get_rank` says.
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (item_id WITH =, COALESCE(community_id, 0) WITH =,"
        " COALESCE(building_id, 0) WITH =,"
        " (COALESCE(unit_type, '')::text) WITH =,"
        " LOWER(TRIM(COALESCE(usage, ''))) WITH =,"
        " (CASE WHEN by_floor THEN 1 ELSE 0 END) WITH =,"
        " int4range(CASE WHEN by_floor THEN floor_from END,"
        " CASE WHEN by_floor THEN floor_to END, '[]') WITH &&,"
        " daterange(date_start, date_end, '[]') WITH &&)",
        "Another rate of this item for the same community, building, floors, unit type and"
        " usage covers the same days. End it on the day before this one begins.",
    )
    _floor_order = models.Constraint(
        "CHECK(by_floor IS NOT TRUE OR COALESCE(floor_to, 0) >= COALESCE(floor_from, 0))",
        "The highest floor of a rate cannot lie below the lowest.",
    )
    _vacancy_range = models.Constraint(
        "CHECK(vacancy_percent >= 0 AND vacancy_percent <= 100)",
        "What vacant units pay lies between 0 and 100 percent.",
    )
    _minimum_positive = models.Constraint(
        "CHECK(minimum IS NULL OR minimum >= 0)", "A minimum cannot be negative."
    )
    _bill_day_range = models.Constraint(
        "CHECK(bill_day >= 1 AND bill_day <= 31)",
        "The day of billing lies between 1 and 31.",
    )
    _period_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start)",
        "A rate cannot end before it starts.",
    )
    _price_positive = models.Constraint(
        "CHECK(price >= 0)", "A price cannot be negative."
    )
    _due_days_positive = models.Constraint(
        "CHECK(due_days >= 0)", "The days to pay cannot be negative."
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "item_id.name",
        "community_id.name",
        "building_id.name",
        "unit_type",
        "usage",
        "price",
        "date_start",
    )
    def _compute_display_name(self):
        types = dict(self._fields["unit_type"]._description_selection(self.env))
        for rate in self:
            parts = [
                rate.item_id.name,
                rate.community_id.name,
                rate.building_id.name,
                types.get(rate.unit_type),
                rate.usage,
                f"{rate.price:g}" if rate.price else None,
                rate.date_start and fields.Date.to_string(rate.date_start),
            ]
            rate.display_name = " ".join(part for part in parts if part)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # An older version may just have been ended in this transaction; the database has to
        # know before it compares.
        self.flush_model(["date_start", "date_end"])
        rates = super(
            PropertyFeeRate, self.with_context(property_tiers_of_rate=True)
        ).create(vals_list)
        return rates.with_env(self.env)

    # === ACTIONS === #

    @api.onchange("tier_ids")
    def _onchange_tier_ids(self):
        reached = 0
        for tier in self.tier_ids:
            tier.quantity_from = tier.quantity_from or reached
            reached = tier.up_to

    @api.onchange("building_id")
    def _onchange_building_id(self):
        if self.building_id:
            self.community_id = self.building_id.community_id

    def action_new_version(self):
        """Open the dialog that makes a new version of the rates from a day on."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Version"),
            "res_model": "property.fee.rate.version",
            "view_mode": "form",
            "target": "new",
            "context": {"default_rate_ids": self.ids},
        }
