from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.period import Range


class PropertyFeeAssignment(models.Model):
    """Assignments that would be billed nothing because no rate covers them."""

    _inherit = "property.fee.assignment"

    lacks_rate = fields.Boolean(
        string="Without Rate",
        compute="_compute_lacks_rate",
        search="_search_lacks_rate",
        help="In force, but no rate covers today.",
    )
    current_rate_id = fields.Many2one(
        "property.fee.rate",
        string="Rate Today",
        compute="_compute_current_rate_id",
        help="Rate that counts today, or on the first day of an assignment yet to come.",
    )

    def _get_rates_on(self, day):
        """Return the rate that counts for each assignment on a day.

        :return: dict assignment -> property.fee.rate; those without one are left out
        """
        keys = {
            assignment: assignment._get_rate_key()
            for assignment in self
            if assignment.item_id and assignment.unit_id
        }
        timelines = self.env["property.fee.rate"]._get_timelines(
            keys.values(), Range(day, day)
        )
        return {
            assignment: timelines[key][0].value
            for assignment, key in keys.items()
            if timelines[key]
        }

    def _get_rate_on(self, day):
        """Return the rate that counts on a day, empty when none does."""
        nothing = self.env["property.fee.rate"]
        return self._get_rates_on(day).get(self, nothing) if self else nothing

    @api.depends("unit_id", "item_id", "date_start")
    def _compute_current_rate_id(self):
        today = fields.Date.context_today(self)
        rates = self._get_rates_on(today)
        coming = self.filtered(lambda own: own.date_start and own.date_start > today)
        for day, group in coming.grouped("date_start").items():
            for assignment in group:
                rates.pop(assignment, None)
            rates.update(group._get_rates_on(day))
        for assignment in self:
            assignment.current_rate_id = rates.get(assignment, False)

    def _compute_lacks_rate(self):
        lacking = self.search(
            self._domain_without_rate() & Domain("id", "in", self._origin.ids)
        )
        for assignment in self:
            assignment.lacks_rate = assignment._origin in lacking

    def _search_lacks_rate(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._domain_without_rate()

    @api.model
    def _domain_without_rate(self, day=None):
        """Return the domain of the assignments in force on a day that no rate covers.

        :param date day: the day; today when not given
        :rtype: Domain
        """
        day = day or fields.Date.context_today(self)
        live = Domain("date_start", "<=", day) & (
            Domain("date_end", "=", False) | Domain("date_end", ">=", day)
        )

        def no_rate(model, alias, query):
            return SQL(
                "NOT EXISTS (SELECT 1 FROM property_fee_rate r JOIN property_unit u"
                " ON u.id = %(unit)s WHERE r.item_id = %(item)s"
                " AND r.date_start <= %(day)s"
                " AND (r.date_end IS NULL OR r.date_end >= %(day)s)"
                " AND (r.community_id IS NULL OR r.community_id = u.community_id)"
                " AND (r.building_id IS NULL OR r.building_id = u.building_id)"
                " AND (r.by_floor IS NOT TRUE OR COALESCE(u.floor, 0)"
                " BETWEEN COALESCE(r.floor_from, 0) AND COALESCE(r.floor_to, 0))"
                " AND (COALESCE(r.unit_type, '') IN ('', u.unit_type))"
                " AND (LOWER(TRIM(COALESCE(r.usage, ''))) IN"
                " ('', LOWER(TRIM(COALESCE(u.usage, ''))))))",
                unit=SQL.identifier(alias, "unit_id"),
                item=SQL.identifier(alias, "item_id"),
                day=day,
                to_flush=self._get_fields_to_flush(),
            )

        # Late fees follow their policy, parts of shared costs have been allocated.
        return (
            live
            & Domain("item_id.kind", "not in", ("late_fee", "shared"))
            & Domain.custom(to_sql=no_rate)
        )

    @api.model
    def _get_fields_to_flush(self):
        """Return the fields that decide whether a rate covers an assignment."""
        rate, unit = self.env["property.fee.rate"], self.env["property.unit"]
        return [
            *(self._fields[name] for name in ("unit_id", "item_id")),
            *(
                rate._fields[name]
                for name in (
                    *("item_id", "date_start", "date_end", "community_id"),
                    *("building_id", "by_floor", "floor_from", "floor_to"),
                    *("unit_type", "usage"),
                )
            ),
            *(
                unit._fields[name]
                for name in (
                    "community_id",
                    "building_id",
                    "floor",
                    "unit_type",
                    "usage",
                )
            ),
        ]
