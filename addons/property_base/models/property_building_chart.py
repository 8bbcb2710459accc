from odoo import api, models
from odoo.exceptions import UserError

from ..tools import chart

MIN_TOWER_FLOORS = 3


class PropertyBuilding(models.Model):
    _inherit = "property.building"

    def action_view_chart(self):
        """Show the building chart, with the building chosen."""
        action = self.env["ir.actions.client"]._for_xml_id(
            "property_base.property_building_chart_action"
        )
        action["params"] = {"building_id": self[:1].id}
        return action

    @api.model
    @api.readonly
    def chart_index(self, community_id=False, building_id=False):
        """Return what the building chart lets choose from.

        :param int community_id: the community whose buildings are wanted; default: that of
            the building, or the first
        :param int building_id: building to start with
        :return: dict `communities`, `measures`, `community_id`, `buildings` (each with
            the number of units) and `building_id`
        """
        communities = self.env["property.community"].search_fetch([], ["name"])
        start = self.search([("id", "=", building_id)]) if building_id else self
        community = start.community_id or communities.filtered(
            lambda community: community.id == community_id
        )
        if not community:
            # An estate that is only being taken over has nothing to show yet.
            first = self.search([], order="community_id, sequence, id", limit=1)
            community = first.community_id or communities[:1]
        buildings = self.search_fetch(
            [("community_id", "=", community.id)],
            ["name", "kind"],
            order="sequence, id",
        )
        counts = dict(
            self.env["property.unit"]._read_group(
                [("building_id", "in", buildings.ids)], ["building_id"], ["__count"]
            )
        )
        return {
            "communities": [
                {"id": community.id, "name": community.name}
                for community in communities
            ],
            "measures": [
                {"id": measure["id"], "label": measure["label"]}
                for measure in self.env["property.unit"]._chart_measures()
            ],
            "community_id": community.id,
            "buildings": [
                {
                    "id": building.id,
                    "name": building.name,
                    "kind": building.kind,
                    "count": counts.get(building, 0),
                }
                for building in buildings
            ],
            "building_id": (start & buildings or buildings)[:1].id,
        }

    @api.model
    @api.readonly
    def chart_data(self, building_id, measure="status"):
        """Return one building for the chart, in at most six queries.

        :param int building_id: the building
        :param str measure: what the units are coloured by, see `_chart_measures`
        :return: dict `building`, `legend` (with the number of units of each entry),
            `floors`, `blocks` (columns and cells of an entrance) and `sections` (units
            that are shown as a plain grid, by floor)
        """
        building = self.search_fetch(
            [("id", "=", building_id)], ["name", "kind", "code"]
        )
        if not building:
            raise UserError(
                self.env._("This building does not exist, or is not yours.")
            )
        Unit = self.env["property.unit"]
        units = Unit.search_fetch(
            [("building_id", "=", building.id)],
            ["name", "code", "floor", "entrance_id", "unit_type", "gross_area"],
            order="sequence, code, id",
        )
        measures = {one["id"]: one for one in Unit._chart_measures()}
        chosen = measures.get(measure) or measures["status"]
        legend, categories, texts = building._chart_legend(
            chosen, Unit._chart_values(chosen["id"], units), units
        )
        people = units._chart_people()
        cells = {
            unit.id: {
                "id": unit.id,
                "code": unit.code,
                "room": unit.name,
                "category": categories[unit.id],
                "text": texts.get(unit.id, ""),
                "people": people.get(unit.id, ""),
            }
            for unit in units
        }
        return {
            "building": {
                "id": building.id,
                "name": building.name,
                "kind": building.kind,
            },
            "measure": chosen["id"],
            "legend": legend,
            "total": len(units),
            **building._chart_layout(units, cells),
        }

    # === LAYOUT === #

    def _chart_layout(self, units, cells):
        """Return where the units of the building stand: towers, and what is left over."""
        self.ensure_one()
        units.entrance_id.fetch(["name"])
        rooms = {
            unit: chart.Room(unit.id, unit.name, unit.floor, unit.entrance_id)
            for unit in units
        }
        towering = units
        if units.entrance_id:
            towering = units.filtered("entrance_id")
        elif not self._chart_is_tower(rooms.values()):
            towering = units.browse()
        floors, blocks = chart.tower([rooms[unit] for unit in towering])
        return {
            "floors": [
                {"id": floor, "label": self._chart_floor(floor)} for floor in floors
            ],
            "blocks": [
                {
                    "id": entrance.id or 0,
                    "label": entrance.name or "",
                    "columns": columns,
                    "rows": [
                        self._chart_row(columns, by_floor.get(floor, {}), cells)
                        for floor in floors
                    ],
                }
                for entrance, columns, by_floor in blocks
            ],
            "sections": self._chart_sections(units - towering, rooms, cells),
        }

    def _chart_is_tower(self, rooms):
        """Return whether rooms without entrances are worth a grid of floors and doors."""
        if self.kind == "residential":
            return True
        floors = {chart.floor_of(room) for room in rooms}
        return self.kind != "parking" and len(floors) >= MIN_TOWER_FLOORS

    @api.model
    def _chart_row(self, columns, row, cells):
        """Return the cells of a floor; merged rooms span columns, gaps are False."""
        result, skip = [], 0
        for column in columns:
            if skip:
                skip -= 1
            elif column in row:
                room, span = row[column]
                result.append({**cells[room.id], "span": span})
                skip = span - 1
            else:
                result.append(False)
        return result

    @api.model
    def _chart_sections(self, units, rooms, cells):
        by_floor = {}
        for unit in sorted(units, key=lambda unit: chart.natural_key(unit.name)):
            by_floor.setdefault(chart.floor_of(rooms[unit]), []).append(cells[unit.id])
        return [
            {
                "id": floor,
                "label": self._chart_floor(floor) if floor else "",
                "cells": by_floor[floor],
            }
            for floor in sorted(by_floor, reverse=True)
        ]

    @api.model
    def _chart_floor(self, floor):
        return f"B{-floor}" if floor < 0 else self.env._("%(floor)sF", floor=floor)

    # === COLOURS === #

    @api.model
    def _chart_legend(self, measure, values, units):
        """Return the legend, the entry of each unit and the text in its cell.

        :return: (list of dict `id`, `label`, `color`, `count`; dict unit id -> entry id;
            dict unit id -> text)
        """
        if measure["kind"] == "scale":
            entries, chosen, texts = self._chart_scale(measure, values, units)
        else:
            entries, texts = [dict(entry) for entry in measure["categories"]], {}
            known = {entry["id"] for entry in entries}
            chosen = {
                unit.id: values.get(unit.id) if values.get(unit.id) in known else False
                for unit in units
            }
            entries.append({"id": False, "label": self.env._("None"), "color": "blank"})
        counts = dict.fromkeys((entry["id"] for entry in entries), 0)
        for entry_id in chosen.values():
            counts[entry_id] += 1
        legend = [{**entry, "count": counts[entry["id"]]} for entry in entries]
        return [entry for entry in legend if entry["count"]], chosen, texts

    @api.model
    def _chart_scale(self, measure, values, units):
        stated = {unit.id: values[unit.id] for unit in units if values.get(unit.id)}
        edges = chart.scale_edges(stated.values())
        suffix = f" {measure['unit']}" if measure.get("unit") else ""
        entries = [{"id": "none", "label": measure["none"], "color": "blank"}]
        before = ""
        for index, edge in enumerate(edges):
            shown = f"{edge:,g}"
            label = (
                f"{before} - {shown}{suffix}"
                if before
                else f"{shown}{suffix}"
                if min(stated.values()) == edge
                else self.env._("up to %(edge)s", edge=f"{shown}{suffix}")
            )
            entries.append({"id": index, "label": label, "color": f"scale{index}"})
            before = shown
        chosen = dict.fromkeys(units.ids, "none")
        chosen.update(
            {unit_id: chart.step_of(value, edges) for unit_id, value in stated.items()}
        )
        texts = {unit_id: f"{value:,.10g}{suffix}" for unit_id, value in stated.items()}
        return entries, chosen, texts
