from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.property_base.models.property_overview_mixin import MAX_COMMUNITIES

STEPS = 5
PERIODS = (30, 90, 365)
WEEKS = 13


class PropertyServiceHeatMap(models.AbstractModel):
    """Where tickets come from: buildings down, categories or weeks across."""

    _name = "property.service.heat.map"
    _description = "Heat Map of Tickets"
    _inherit = ["property.overview.mixin"]
    _overview_model = "property.service.report"

    @api.model
    def get_heat_map(self, community_id=False, across="category", days=90):
        """Return what the page shows, in a constant number of queries.

        :param int community_id: the community; the one with most tickets when false
        :param str across: `category` or `week`
        :param int days: how far back, one of `PERIODS`; for weeks always `WEEKS` weeks
        :return: dict `communities`, `community_id`, `across`, `days`, `columns` (dict `id`,
            `label`), `rows` (dict `id`, `label`, `total`, `cells`), each cell a dict
            `column`, `count` and `step` (0 to `STEPS`), `totals` and `total`
        """
        self._check_overview()
        communities = self.env["property.community"].search([], limit=MAX_COMMUNITIES)
        community = communities.filtered(lambda one: one.id == community_id)
        if not community:
            community = self._get_busiest(across, days) or communities[:1]
        columns, counts = self._count(community, across, days)
        buildings = self.env["property.building"].search_fetch(
            [("community_id", "=", community.id)], ["name"], order="sequence, id"
        )
        highest = max(counts.values(), default=0)
        rows = [
            self._get_row(building.id, building.name, columns, counts, highest)
            for building in buildings
        ]
        rows.append(
            self._get_row(False, self.env._("Common areas"), columns, counts, highest)
        )
        totals = [
            sum(row["cells"][number]["count"] for row in rows)
            for number in range(len(columns))
        ]
        return {
            "communities": [{"id": one.id, "name": one.name} for one in communities],
            "community_id": community.id,
            "across": across,
            "days": days,
            "columns": columns,
            "rows": rows,
            "totals": totals,
            "total": sum(totals),
        }

    @api.model
    def _get_busiest(self, across, days):
        """Return the community with most tickets, empty when there is no ticket."""
        figures = self.env["property.service.figures"]
        rows = self.env["property.ticket"]._read_group(
            figures._get_period_domain(*self._get_span(across, days)),
            ["community_id"],
            order="__count DESC",
            limit=1,
        )
        return rows[0][0] if rows else self.env["property.community"]

    @api.model
    def _get_row(self, row_id, label, columns, counts, highest):
        cells = []
        for column in columns:
            count = counts.get((row_id, column["id"]), 0)
            cells.append(
                {
                    "column": column["id"],
                    "count": count,
                    # every ticket is seen: one of many is step 1 already
                    "step": -(-count * STEPS // highest) if highest else 0,
                }
            )
        return {
            "id": row_id,
            "label": label,
            "total": sum(cell["count"] for cell in cells),
            "cells": cells,
        }

    @api.model
    def _get_span(self, across, days):
        """Return the first and last day that are looked at."""
        figures = self.env["property.service.figures"]
        today = fields.Date.context_today(self.with_context(tz=figures._get_zone()))
        if across == "week":
            monday = today - timedelta(days=today.weekday())
            return monday - timedelta(weeks=WEEKS - 1), today
        return today - timedelta(days=days if days in PERIODS else PERIODS[1]), today

    @api.model
    def _get_domain(self, community_id, across, days):
        figures = self.env["property.service.figures"]
        return (
            figures._get_period_domain(*self._get_span(across, days))
            & Domain("community_id", "=", community_id)
            & Domain("state", "not in", ("rejected", "cancelled"))
        )

    @api.model
    def _count(self, community, across, days):
        """Return the columns, and the tickets by building and column."""
        figures = self.env["property.service.figures"]
        domain = self._get_domain(community.id, across, days)
        field = "reported_at:day" if across == "week" else "category_id"
        groups = (
            self.env["property.ticket"]
            .with_context(tz=figures._get_zone())
            ._read_group(domain, ["building_id", field], ["__count"])
        )
        counts = Counter()
        if across == "week":
            first, last = self._get_span(across, days)
            weeks = [first + timedelta(weeks=number) for number in range(WEEKS)]
            columns = [
                {"id": fields.Date.to_string(week), "label": f"{week:%m-%d}"}
                for week in weeks
                if week <= last
            ]
            # Weeks begin on Monday, whatever the language of the user says.
            for building, moment, count in groups:
                monday = moment.date() - timedelta(days=moment.weekday())
                counts[building.id, fields.Date.to_string(monday)] += count
            return columns, counts
        categories = self.env["property.ticket.category"]
        for building, problem, count in groups:
            category = (problem.parent_id or problem).with_env(self.env)
            counts[building.id, category.id] += count
            categories |= category
        columns = [
            {"id": category.id, "label": category.name}
            for category in categories.sorted(lambda one: (one.sequence, one.id))
        ]
        if any(not column for _building, column in counts):
            columns.append({"id": False, "label": self.env._("Not Classified")})
        return columns, counts

    @api.model
    def open_cell(self, community_id, row, column, across="category", days=90):
        """Return the action that lists the tickets of a cell, a row or a column.

        :param row: id of the building, False for the common areas, None for all
        :param column: id of the category, first day of the week, None for all
        """
        self._check_overview()
        domain = self._get_domain(community_id, across, days)
        if row is not None:
            domain &= Domain("building_id", "=", row)
        if column is not None and across == "week":
            monday = fields.Date.to_date(column)
            domain &= self.env["property.service.figures"]._get_period_domain(
                monday, monday + timedelta(days=6)
            )
        elif column is not None:
            domain &= Domain("category_id", "child_of" if column else "=", column)
        return self._get_action("property_service.property_ticket_action", domain)
