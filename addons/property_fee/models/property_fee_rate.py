from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.period import Range, Version, split_by_versions

# What the amount of a charge depends on; frozen once a version has been billed.
PRICING_FIELDS = {
    "item_id",
    "community_id",
    "unit_type",
    "date_start",
    "basis",
    "price",
    "cycle",
    "timing",
    "rounding",
    "proration",
}


class PropertyFeeRate(models.Model):
    _name = "property.fee.rate"
    _description = "Fee Rate"
    _order = "item_id, community_id, unit_type, date_start desc, id"
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
    unit_type = fields.Selection(
        selection=lambda self: self.env["property.unit"]._fields["unit_type"].selection,
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
    )
    price = fields.Float(
        digits=(12, 4),
        required=True,
        help="Price of one square metre, or of the unit for a fixed amount, for one month;"
        " of a one-off item, the price itself.",
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
    due_days = fields.Integer(
        string="Days to Pay", default=15, help="Days after the date of the bill."
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        check_company=True,
        help="Takes the place of the days to pay.",
    )

    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (item_id WITH =, COALESCE(community_id, 0) WITH =,"
        " (COALESCE(unit_type, '')::text) WITH =, daterange(date_start, date_end, '[]') WITH &&)",
        "Another rate of this item, community and unit type covers the same days."
        " End it on the day before this one begins.",
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
        "item_id.name", "community_id.name", "unit_type", "price", "date_start"
    )
    def _compute_display_name(self):
        types = dict(self._fields["unit_type"]._description_selection(self.env))
        for rate in self:
            parts = [
                rate.item_id.name,
                rate.community_id.name,
                types.get(rate.unit_type),
                f"{rate.price:g}",
                rate.date_start and fields.Date.to_string(rate.date_start),
            ]
            rate.display_name = " ".join(part for part in parts if part)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # An older version may just have been ended in this transaction; the database has to
        # know before it compares.
        self.flush_model(["date_start", "date_end"])
        return super().create(vals_list)

    def write(self, vals):
        if PRICING_FIELDS & vals.keys():
            self._check_not_billed(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._check_not_billed()

    def _check_not_billed(self, vals=None):
        """Refuse to change what live charges were computed with.

        :param dict vals: values to be written; None when the rates are to be deleted
        :raises UserError: a rate whose pricing would change has live charges
        """
        changed = self
        if vals is not None:
            names = PRICING_FIELDS & vals.keys()
            changed = self.filtered(
                lambda rate: any(rate._would_change(name, vals[name]) for name in names)
            )
        used = self.env["property.charge"].search(
            [("rate_id", "in", changed.ids), ("state", "!=", "cancelled")], limit=1
        )
        if used:
            raise UserError(
                self.env._(
                    "%(rate)s has been billed and cannot be changed."
                    " End it and add a new version from the day the change takes effect.",
                    rate=used.rate_id.display_name,
                )
            )

    def _would_change(self, name, value):
        """Return whether writing a value to a field would change it."""
        field = self._fields[name]
        return field.convert_to_cache(value, self) != field.convert_to_cache(
            self[name], self
        )

    # === BUSINESS METHODS === #

    @api.constrains("item_id", "community_id")
    def _check_community_company(self):
        for rate in self:
            if (
                rate.community_id
                and rate.community_id.company_id != rate.item_id.company_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(item)s and %(community)s belong to different companies.",
                        item=rate.item_id.name,
                        community=rate.community_id.name,
                    )
                )

    def _get_rank(self):
        """Return how specific a version is; the highest that covers a day counts.

        Overridden to add further ways of narrowing a rate.
        """
        self.ensure_one()
        return (bool(self.community_id), bool(self.unit_type))

    def _applies_to(self, community, unit_type):
        """Return whether a version is meant for a kind of unit of a community."""
        self.ensure_one()
        return self.community_id in (community.browse(), community) and (
            not self.unit_type or self.unit_type == unit_type
        )

    @api.model
    def _get_timelines(self, keys, span):
        """Return which version counts on each day, for several kinds of unit at once.

        :param keys: iterable of (item, community, unit type)
        :param Range span: days that are asked for
        :return: dict key -> list of `Segment` whose values are rates
        """
        keys = set(keys)
        item_ids = {item.id for item, _community, _unit_type in keys}
        rates = self.search(
            Domain("item_id", "in", list(item_ids))
            & Domain("date_start", "<=", span.end)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", span.start))
        )
        by_item = rates.grouped("item_id")
        timelines = {}
        for item, community, unit_type in keys:
            versions = [
                Version(rate.date_start, rate.date_end or None, rate._get_rank(), rate)
                for rate in by_item.get(item, ())
                if rate._applies_to(community, unit_type)
            ]
            timelines[item, community, unit_type] = split_by_versions(
                Range(*span), versions
            )
        return timelines
