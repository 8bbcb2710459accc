from odoo import api, fields, models
from odoo.tools import SQL

from .property_occupancy import OWNER_ROLES, TENANT_ROLES

# Colours of the chart by name; static/src/building_chart holds what they look like.
STATUS_COLORS = {
    "unsold": "grey",
    "sold": "violet",
    "vacant": "yellow",
    "renovating": "orange",
    "occupied": "green",
    "leased": "blue",
}
TYPE_COLORS = {
    "home": "green",
    "shop": "orange",
    "office": "blue",
    "parking": "grey",
    "storage": "brown",
    "other": "violet",
}


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    def action_view_chart(self):
        """Show the unit in the chart of its building."""
        self.ensure_one()
        action = self.building_id.action_view_chart()
        action["params"]["unit_id"] = self.id
        return action

    @api.model
    def _chart_measures(self):
        """Return by what the building chart can be coloured; modules add their own.

        :return: list of dict: `id`; `label` (translated); `kind`: `categories` or `scale`.
            Categories: `categories`, list of dict `id`, `label`, `color` in the order of
            the legend; colours are grey, violet, yellow, orange, green, blue, brown, red,
            teal and pink. Scale: `unit` after the number; `none`, label of units without a
            value or with 0, which get a colour of their own
        """
        return [
            self._chart_selection_measure("status", STATUS_COLORS),
            {
                "id": "tenure",
                "label": self.env._("Who Lives There"),
                "kind": "categories",
                "categories": [
                    {"id": "owner", "label": self.env._("Owner"), "color": "green"},
                    {"id": "tenant", "label": self.env._("Tenant"), "color": "blue"},
                    {"id": "family", "label": self.env._("Others"), "color": "teal"},
                    {"id": "nobody", "label": self.env._("Nobody"), "color": "yellow"},
                    {"id": "unowned", "label": self.env._("No Owner"), "color": "grey"},
                ],
            },
            self._chart_selection_measure("unit_type", TYPE_COLORS),
            {
                "id": "gross_area",
                "label": self.env._("Gross Area"),
                "kind": "scale",
                "unit": "m²",
                "none": self.env._("Not Stated"),
            },
        ]

    @api.model
    def _chart_selection_measure(self, name, colors):
        """Return the measure that shows a selection field."""
        field = self._fields[name]
        return {
            "id": name,
            "label": field._description_string(self.env),
            "kind": "categories",
            "categories": [
                {"id": value, "label": label, "color": colors.get(value, "violet")}
                for value, label in field._description_selection(self.env)
            ],
        }

    @api.model
    def _chart_values(self, measure, units):
        """Return the values of a measure; a module answers for those it has added.

        The whole chart costs six queries at most, two of them for this.

        :param str measure: `id` of a measure
        :param units: property.unit, the units of one building
        :return: dict unit id -> id of a category, or number; units left out have none
        """
        if measure == "tenure":
            return self._chart_tenure(units)
        return {unit.id: unit[measure] for unit in units}

    @api.model
    def _chart_tenure(self, units):
        Occupancy = self.env["property.occupancy"]
        groups = Occupancy._read_group(
            Occupancy._domain_on(fields.Date.context_today(self))
            & fields.Domain("unit_id", "in", units.ids),
            ["unit_id", "role", "is_resident"],
        )
        ranks = dict.fromkeys(units.ids, "unowned")
        order = ["unowned", "nobody", "family", "owner", "tenant"]
        for unit, role, resident in groups:
            if role in TENANT_ROLES:
                tenure = "tenant"
            elif resident:
                tenure = "owner" if role in OWNER_ROLES else "family"
            else:
                tenure = "nobody" if role in OWNER_ROLES else "unowned"
            ranks[unit.id] = max(ranks[unit.id], tenure, key=order.index)
        return ranks

    def _chart_people(self):
        """Return the names of owners and tenants by unit id, in one query."""
        Occupancy = self.env["property.occupancy"]
        query = Occupancy._search(
            Occupancy._domain_on(fields.Date.context_today(self))
            & fields.Domain("unit_id", "in", self.ids)
            & fields.Domain("role", "in", (*OWNER_ROLES, *TENANT_ROLES)),
            order="share desc, date_start, id",
        )
        partner = query.join(
            Occupancy._table, "partner_id", "res_partner", "id", "partner_id"
        )
        rows = self.env.execute_query(
            query.select(
                SQL.identifier(Occupancy._table, "unit_id"),
                SQL.identifier(
                    partner, "name", to_flush=self.env["res.partner"]._fields["name"]
                ),
                SQL.identifier(Occupancy._table, "role"),
            )
        )
        names = {}
        for unit_id, name, role in rows:
            shown = (
                self.env._("%(name)s (tenant)", name=name)
                if role in TENANT_ROLES
                else name
            )
            names.setdefault(unit_id, {})[shown] = True
        return {unit_id: ", ".join(shown) for unit_id, shown in names.items()}
