from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

# What the amount of a charge depends on; frozen once a version has been billed or has ended.
PRICING_FIELDS = {
    "item_id",
    "community_id",
    "building_id",
    "by_floor",
    "floor_from",
    "floor_to",
    "unit_type",
    "usage",
    "date_start",
    "basis",
    "price",
    "tier_ids",
    "tier_period",
    "formula",
    "formula_per",
    "minimum",
    "vacancy_percent",
    "cycle",
    "timing",
    "start_rule",
    "rounding",
    "proration",
}


class PropertyFeeRate(models.Model):
    """Versions that have been billed, or have ended, keep what they cost."""

    _inherit = "property.fee.rate"

    charge_count = fields.Integer(compute="_compute_charge_count")
    is_closed = fields.Boolean(
        compute="_compute_is_closed",
        help="Billed or ended: what it costs cannot be changed any more.",
    )

    def _get_charge_counts(self):
        """Return how many live charges each rate has: dict rate -> number, 0 left out."""
        # Whoever may see a rate may know that it has been billed.
        return dict(
            self.env["property.charge"]
            .sudo()
            ._read_group(
                [("rate_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["rate_id"],
                ["__count"],
            )
        )

    def _compute_charge_count(self):
        counts = self._get_charge_counts()
        for rate in self:
            rate.charge_count = counts.get(rate._origin, 0)

    @api.depends("date_end")
    def _compute_is_closed(self):
        counts = self._get_charge_counts()
        for rate in self:
            rate.is_closed = rate._origin in counts or rate._origin._has_ended()

    def _has_ended(self):
        """Return whether the last day of the version has passed."""
        today = fields.Date.context_today(self)
        return bool(self.date_end and self.date_end < today)

    def write(self, vals):
        if PRICING_FIELDS & vals.keys():
            self.filtered(lambda rate: rate._would_change_price(vals))._check_open()
        if "tier_ids" in vals:
            self = self.with_context(property_tiers_of_rate=True)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._check_not_billed()

    def _check_not_billed(self):
        """Refuse to change what live charges were computed with.

        :raises UserError: one of the rates has live charges
        """
        for rate in self._get_charge_counts():
            raise UserError(
                self.env._(
                    "%(rate)s has been billed and cannot be changed."
                    " End it and add a new version from the day the change takes effect.",
                    rate=rate.display_name,
                )
            )

    def _check_open(self):
        """Refuse to change what charges were, or would have been, computed with.

        :raises UserError: one of the rates has live charges, or has ended
        """
        self._check_not_billed()
        for rate in self:
            if rate._has_ended():
                raise UserError(
                    self.env._(
                        "%(rate)s ended on %(day)s and cannot be changed. Add a new version"
                        " instead; one that was never billed can also be deleted.",
                        rate=rate.display_name,
                        day=fields.Date.to_string(rate.date_end),
                    )
                )

    def _would_change_price(self, vals):
        """Return whether values change what the rate costs, or whom."""
        return any(
            self._would_change(name, vals[name])
            for name in PRICING_FIELDS & vals.keys()
        )

    def _would_change(self, name, value):
        """Return whether writing a value to a field would change it."""
        field = self._fields[name]
        if field.type == "one2many":
            return any(command[0] != Command.LINK for command in value)
        return field.convert_to_cache(value, self) != field.convert_to_cache(
            self[name], self
        )

    def action_view_charges(self):
        """Open the charges that were computed with the rate."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_charge_action"
        )
        action["domain"] = [("rate_id", "=", self.id)]
        return action
