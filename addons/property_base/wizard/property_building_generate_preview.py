from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import building_plan, chart

MAX_PREVIEW_BUILDINGS = 3
MAX_NAMED_CODES = 20


class PropertyBuildingGenerate(models.TransientModel):
    _inherit = "property.building.generate"

    problem = fields.Char(compute="_compute_preview")
    unit_count = fields.Integer(string="Units", compute="_compute_preview")
    summary = fields.Char(compute="_compute_preview")
    conflict_note = fields.Char(compute="_compute_preview")
    conflict_count = fields.Integer(string="Conflicts", compute="_compute_preview")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends(
        "community_id",
        "kind",
        "code_from",
        "code_to",
        "name_pattern",
        "entrances",
        "entrance_pattern",
        "floor_from",
        "floor_to",
        "skip_4",
        "skip_13_14",
        "skip_floors",
        "doors",
        "room_pattern",
        "continuous",
        "missing",
        "merged",
    )
    def _compute_preview(self):
        for wizard in self:
            wizard.problem = wizard.summary = False
            wizard.conflict_note = wizard.preview = False
            wizard.unit_count = wizard.conflict_count = 0
            if not wizard.community_id:
                continue
            try:
                buildings, rooms = wizard._plan()
                existing = wizard._existing_buildings(buildings)
            except UserError as error:
                wizard.problem = error.args[0]
                continue
            codes = wizard._codes(rooms, existing)
            conflicts = wizard._conflicts(codes, existing)
            coded = [(room, own[0]) for room, own in zip(rooms, codes, strict=True)]
            wizard.unit_count = len(rooms)
            wizard.summary = self.env._(
                "%(count)s units will be created.", count=len(rooms)
            )
            wizard.conflict_count = len(conflicts)
            wizard.conflict_note = conflicts and wizard._conflict_note(conflicts)
            wizard.preview = wizard._render_preview(
                buildings, coded, conflicts, existing
            )

    def _render_preview(self, buildings, coded, conflicts, existing):
        """Return the grids of the first buildings, those with conflicts before others."""
        by_building = {code: [] for code in buildings}
        for room, code in coded:
            by_building[room.building].append((room, code))
        order = sorted(
            buildings,
            key=lambda building: (
                not any(code in conflicts for _room, code in by_building[building])
            ),
        )
        shown = order[:MAX_PREVIEW_BUILDINGS]
        return self.env["ir.qweb"]._render(
            "property_base.property_building_generate_preview",
            {
                "grids": [
                    self._preview_grid(
                        building, by_building[building], conflicts, existing
                    )
                    for building in buildings
                    if building in shown
                ],
                "more": len(buildings) > len(shown)
                and self.env._(
                    "%(count)s more buildings of the same kind",
                    count=len(buildings) - len(shown),
                ),
            },
        )

    def _preview_grid(self, building, coded, conflicts, existing):
        places = [
            chart.Room(code, room.name, room.floor, room.entrance)
            for room, code in coded
        ]
        cells = {
            code: {"name": room.name, "code": code, "conflict": code in conflicts}
            for room, code in coded
        }
        floors, blocks = chart.tower(places)
        Building = self.env["property.building"]
        return {
            "name": building_plan.fill(self.name_pattern, building=building),
            "note": self.env._(
                "%(count)s units, added to the building that is there", count=len(coded)
            )
            if building in existing
            else self.env._("%(count)s units", count=len(coded)),
            "floors": [Building._chart_floor(floor) for floor in floors],
            "blocks": [
                {
                    "label": self._entrance_name(entrance),
                    "columns": columns,
                    "rows": [
                        Building._chart_row(columns, by_floor.get(floor, {}), cells)
                        for floor in floors
                    ],
                }
                for entrance, columns, by_floor in blocks
            ],
        }

    # === CONFLICTS === #

    @api.model
    def _conflict_note(self, conflicts):
        """Return the message that names the codes that are taken."""
        named = sorted(conflicts, key=chart.natural_key)
        return self.env._(
            "%(count)s units exist already, or would exist twice: %(codes)s",
            count=len(named),
            codes=", ".join(named[:MAX_NAMED_CODES])
            + (" ..." if len(named) > MAX_NAMED_CODES else ""),
        )

    def _codes(self, rooms, existing):
        """Return the codes of each room: its own, then those of the rooms it merges."""
        Unit = self.env["property.unit"]
        new = self.env["property.building"].new
        buildings = {
            code: existing.get(code) or new({"code": code, "kind": self.kind})
            for code in {room.building for room in rooms}
        }
        entrances = {
            number: self.env["property.entrance"].new({"code": str(number or "")})
            for number in {room.entrance for room in rooms}
        }
        return [
            [
                Unit._build_code(
                    buildings[room.building], entrances[room.entrance], name
                )
                for name in self._names(room.name)
            ]
            for room in rooms
        ]

    @api.model
    def _names(self, name):
        """Return the number of a unit and the numbers that are merged in it."""
        return [name, *name.split("+")] if "+" in name else [name]

    def _conflicts(self, codes, existing):
        """Return the codes of the rooms that exist already, or would exist twice.

        :param codes: what `_codes` returned
        :param existing: what `_existing_buildings` returned
        """
        Unit = self.env["property.unit"].with_context(active_test=False)
        domain = [("community_id", "=", self.community_id.id)]
        wanted = list({code for own in codes for code in own})
        found = Unit.search_fetch([*domain, ("code", "in", wanted)], ["code"])
        seen = set(found.mapped("code"))
        merged = Unit.search(
            [
                ("building_id", "in", [found.id for found in existing.values()]),
                ("name", "like", "+"),
            ]
        )
        for unit in merged:
            seen.update(
                unit._build_code(unit.building_id, unit.entrance_id, name)
                for name in self._names(unit.name)
            )
        conflicts = set()
        for own in codes:
            if seen.intersection(own):
                conflicts.add(own[0])
            seen.update(own)
        return conflicts
