from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.period import Range, Version, split_by_versions


class RateKey(NamedTuple):
    """What decides which rates apply to a unit.

    :ivar str usage: as `PropertyFeeRate._normalise_usage` writes it
    """

    item: models.BaseModel
    community: models.BaseModel
    unit_type: str
    building: models.BaseModel = None
    floor: int = 0
    usage: str = ""


class PropertyFeeRate(models.Model):
    """Which version counts for whom on which day."""

    _inherit = "property.fee.rate"

    @api.model
    def _normalise_usage(self, usage):
        """Return a usage as it is compared."""
        return (usage or "").strip().lower()

    def _get_rank(self):
        """Return how specific a version is; the highest that covers a day counts.

        The place goes before the kind of unit: a rate of the building beats one of the
        community, however narrow that one is otherwise; then floors, usage and type.
        """
        self.ensure_one()
        return (
            bool(self.community_id),
            bool(self.building_id),
            bool(self.by_floor),
            bool(self._normalise_usage(self.usage)),
            bool(self.unit_type),
        )

    def _get_pricing(self):
        """Return what decides the price of one, to tell whether two versions ask the same."""
        self.ensure_one()
        if self.basis == "formula":
            return self.basis, self.formula, self.formula_per, self.price
        if self.tier_ids:
            tiers = tuple((tier.up_to, tier.price) for tier in self.tier_ids)
            return self.basis, self.tier_period, tiers
        return self.basis, self.price

    def _applies_to(self, key):
        """Return whether a version is meant for a kind of unit.

        :param RateKey key: the kind of unit
        """
        self.ensure_one()
        usage = self._normalise_usage(self.usage)
        return (
            (not self.community_id or self.community_id == key.community)
            and (not self.building_id or self.building_id == key.building)
            and (not self.by_floor or self.floor_from <= key.floor <= self.floor_to)
            and (not usage or usage == key.usage)
            and (not self.unit_type or self.unit_type == key.unit_type)
        )

    @api.model
    def _get_timelines(self, keys, span):
        """Return which version counts on each day, for several kinds of unit at once.

        :param keys: iterable of `RateKey`
        :param Range span: days that are asked for
        :return: dict key -> list of `Segment` whose values are rates
        """
        keys = {RateKey(*key) for key in keys}
        rates = self.search(
            Domain("item_id", "in", [item.id for item in {key.item for key in keys}])
            & Domain("date_start", "<=", span[1])
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", span[0]))
        )
        by_item = rates.grouped("item_id")
        # Many floors and buildings, few different sets of rates.
        known, timelines = {}, {}
        for key in keys:
            own = tuple(
                rate for rate in by_item.get(key.item, ()) if rate._applies_to(key)
            )
            if own not in known:
                versions = [
                    Version(
                        rate.date_start, rate.date_end or None, rate._get_rank(), rate
                    )
                    for rate in own
                ]
                known[own] = split_by_versions(Range(*span), versions)
            timelines[key] = known[own]
        return timelines

    # === NOTHING FORGOTTEN === #

    is_ending = fields.Boolean(
        string="Ends Without Successor",
        compute="_compute_is_ending",
        search="_search_is_ending",
        help="Ends within 60 days and no later version follows on.",
    )

    def _compute_is_ending(self):
        ending = self.search(
            self._domain_ending() & Domain("id", "in", self._origin.ids)
        )
        for rate in self:
            rate.is_ending = rate._origin in ending

    def _search_is_ending(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._domain_ending()

    @api.model
    def _domain_ending(self, days=60):
        """Return the domain of the rates in force that end soon and have no successor.

        :param int days: how soon
        :rtype: Domain
        """
        today = fields.Date.context_today(self)
        ends = Domain("date_end", ">=", today) & Domain(
            "date_end", "<=", fields.Date.add(today, days=days)
        )
        return ends & Domain.custom(to_sql=self._no_successor_sql)

    @api.model
    def _no_successor_sql(self, model, alias, query):
        """Return the condition that no version for the same units begins right after."""
        same = (
            *("item_id", "community_id", "building_id", "unit_type"),
            *("by_floor", "floor_from", "floor_to", "usage"),
        )
        conditions = [
            SQL(
                "%s IS NOT DISTINCT FROM %s",
                SQL.identifier("next", name),
                SQL.identifier(alias, name),
            )
            for name in same
        ]
        return SQL(
            "NOT EXISTS (SELECT 1 FROM property_fee_rate next WHERE %(same)s"
            " AND next.date_start = %(end)s + 1)",
            same=SQL(" AND ").join(conditions),
            end=SQL.identifier(alias, "date_end"),
            to_flush=[self._fields[name] for name in (*same, "date_start")],
        )
