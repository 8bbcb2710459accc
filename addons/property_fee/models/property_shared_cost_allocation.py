from collections import Counter

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.allocation import NoWeight, allocate
from ..tools.meter import dec
from .property_shared_cost import UNIT_TYPES

# Status of units that nobody lives in.
VACANT = ("unsold", "sold", "vacant")


class PropertySharedCost(models.Model):
    """Among whom a cost is shared, and by what."""

    _inherit = "property.shared.cost"

    # === BUSINESS METHODS === #

    def _get_units(self):
        """Return the units that the cost is shared among, in the order that settles ties."""
        self.ensure_one()
        types = [unit_type for unit_type in UNIT_TYPES if self[f"for_{unit_type}"]]
        domain = Domain("community_id", "=", self.community_id.id)
        if self.unit_ids:
            domain &= Domain("id", "in", self.unit_ids.ids)
        else:
            domain &= Domain("unit_type", "in", types)
            if self.building_ids:
                domain &= Domain("building_id", "in", self.building_ids.ids)
        domain &= Domain("id", "not in", self.excluded_unit_ids.ids)
        return self.env["property.unit"].search(domain)

    def _get_factors(self, units):
        """Return by what each unit's part is measured (dict unit -> number)."""
        self.ensure_one()
        if self.method in ("area", "inner_area"):
            name = "gross_area" if self.method == "area" else "inner_area"
            return {unit: unit[name] for unit in units}
        if self.method == "consumption":
            return dict(
                self.env["property.meter.reading"]._read_group(
                    [
                        ("unit_id", "in", units.ids),
                        ("meter_kind", "=", self.meter_kind),
                        ("period", "=", self.period),
                        ("state", "in", ("confirmed", "billed")),
                        ("is_held", "=", False),
                    ],
                    ["unit_id"],
                    ["quantity:sum"],
                )
            )
        return dict.fromkeys(units, 1.0)

    def _prepare_lines(self):
        """Make one line per unit; shares that were entered before stay.

        :raises UserError: no unit takes part
        """
        self.ensure_one()
        units = self._get_units()
        if not units:
            raise UserError(
                self.env._(
                    "%(cost)s: no unit takes part. Choose other buildings or types.",
                    cost=self.name,
                )
            )
        factors = self._get_factors(units)
        if self.method == "weight":
            factors.update({line.unit_id: line.factor for line in self.line_ids})
        percents = dict.fromkeys(units, 100.0)
        if self.vacant_rule != "include":
            pays = 0.0 if self.vacant_rule == "exclude" else self.vacant_percent
            on_day = units.with_context(property_as_of=self.date_to)
            for unit in on_day.filtered(lambda unit: unit.status in VACANT):
                percents[units.browse(unit.id)] = pays
        self.line_ids.unlink()
        self.env["property.shared.cost.line"].create(
            [
                {
                    "cost_id": self.id,
                    "unit_id": unit.id,
                    "factor": factors.get(unit, 0.0),
                    "percent": percents[unit],
                }
                for unit in units
            ]
        )
        self._allocate()

    def _allocate(self):
        """Divide the amount among the lines by the largest remainder.

        :raises UserError: no line has a weight
        """
        self.ensure_one()
        lines = self.line_ids.sorted(lambda line: (line.unit_id.sequence, line.id))
        unit = dec(self.currency_id.rounding or 0.01)
        try:
            parts = allocate(
                f"{self.amount:.2f}",
                [(line, dec(line.weight)) for line in lines],
                unit,
            )
        except NoWeight:
            raise UserError(
                self.env._(
                    "%(cost)s: nobody takes a part. None of the units has what the cost is"
                    " divided by, or all of them are vacant.",
                    cost=self.name,
                )
            ) from None
        for line in lines:
            line.amount = float(parts[line])

    def _check_not_shared_twice(self):
        """Refuse a second cost of the item for the same unit and days."""
        self.ensure_one()
        other = self.env["property.shared.cost.line"].search(
            Domain("unit_id", "in", self.line_ids.unit_id.ids)
            & Domain("amount", "!=", 0)
            & Domain("cost_id", "!=", self.id)
            & Domain("cost_id.state", "=", "confirmed")
            & Domain("cost_id.item_id", "=", self.item_id.id)
            & Domain("cost_id.date_from", "<=", self.date_to)
            & Domain("cost_id.date_to", ">=", self.date_from),
            limit=1,
        )
        if other:
            raise UserError(
                self.env._(
                    "%(unit)s has a part of %(other)s for the same days under %(item)s."
                    " Choose other days or another fee item, or leave the unit out.",
                    unit=other.unit_id.code,
                    other=other.cost_id.name,
                    item=self.item_id.name,
                )
            )

    def _assign_missing(self):
        """Assign the item to the units that pay and do not have it on the last day."""
        self.ensure_one()
        Assignment = self.env["property.fee.assignment"]
        units = self.line_ids.filtered("amount").unit_id
        found = Assignment.search_fetch(
            Domain("unit_id", "in", units.ids)
            & Domain("item_id", "=", self.item_id.id),
            ["unit_id", "date_start", "date_end"],
        )
        live = Counter(
            assignment.unit_id
            for assignment in found
            if assignment.date_start <= self.date_to
            and (not assignment.date_end or assignment.date_end >= self.date_to)
        )
        last = {}
        for assignment in found.filtered("date_end"):
            last[assignment.unit_id] = max(
                assignment.date_end, last.get(assignment.unit_id, assignment.date_end)
            )
        starts = {}
        for unit in units:
            if not live[unit]:
                after = last.get(unit)
                first = self.date_from
                if after and first <= after < self.date_to:
                    first = fields.Date.add(after, days=1)
                starts[unit] = first
        Assignment.create(
            [
                {"unit_id": unit.id, "item_id": self.item_id.id, "date_start": start}
                for unit, start in starts.items()
            ]
        )
