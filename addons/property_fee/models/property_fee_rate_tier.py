from odoo import api, fields, models


class PropertyFeeRateTier(models.Model):
    _name = "property.fee.rate.tier"
    _description = "Tier of a Fee Rate"
    _order = "rate_id, quantity_from, id"

    rate_id = fields.Many2one(
        "property.fee.rate", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="rate_id.company_id", store=True, precompute=True
    )
    quantity_from = fields.Float(
        string="From Quantity",
        digits=(12, 2),
        help="Where the tier begins: 0 for the first, the end of the one before for others.",
    )
    up_to = fields.Float(
        string="To Quantity",
        digits=(12, 2),
        help="Where the tier ends. Leave the last one at 0: it has no end.",
    )
    price = fields.Float(digits=(12, 4), required=True, default=0.0)

    _price_positive = models.Constraint(
        "CHECK(price >= 0)", "A price cannot be negative."
    )

    @api.depends("quantity_from", "up_to", "price")
    def _compute_display_name(self):
        for tier in self:
            end = f"{tier.up_to:g}" if tier.up_to else ""
            tier.display_name = f"{tier.quantity_from:g} - {end}: {tier.price:g}"

    @api.model_create_multi
    def create(self, vals_list):
        self._fill_starts(vals_list)
        rates = self.env["property.fee.rate"].browse(
            {vals["rate_id"] for vals in vals_list if vals.get("rate_id")}
        )
        self._check_rates_open(rates)
        return super().create(vals_list)

    def write(self, vals):
        self._check_rates_open(self.rate_id)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_rates_open(self.rate_id)

    @api.model
    def _check_rates_open(self, rates):
        """Refuse to change the tiers of rates whose price is frozen.

        Written along with its rate, a tier of a version that has ended may be created: the
        rate itself has looked whether it may be changed.
        """
        if self.env.context.get("property_tiers_of_rate"):
            rates._check_not_billed()
        else:
            rates._check_open()

    @api.model
    def _fill_starts(self, vals_list):
        """Let tiers that do not say where they begin follow on the one before."""
        reached = {}
        for vals in vals_list:
            rate_id = vals.get("rate_id")
            if rate_id not in reached:
                tiers = self.env["property.fee.rate"].browse(rate_id).tier_ids
                reached[rate_id] = max(tiers.mapped("up_to"), default=0.0)
            if vals.get("quantity_from") is None:
                vals["quantity_from"] = reached[rate_id]
            reached[rate_id] = vals.get("up_to") or reached[rate_id]

    @api.constrains("rate_id", "quantity_from", "up_to")
    def _check_tariff(self):
        """Refuse tiers that leave a gap, overlap or do not cover every quantity.

        :raises ValidationError: naming the tier and what is wrong with it
        """
        # Commands on a rate change one tier after the other; it looks when all are done.
        if not self.env.context.get("property_tiers_of_rate"):
            self.rate_id._check_tariff()
