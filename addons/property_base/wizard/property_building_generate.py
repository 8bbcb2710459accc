from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools import building_plan

UNIT_TYPES = {
    "residential": "home",
    "commercial": "shop",
    "parking": "parking",
    "other": "other",
}
MAX_DOOR_LINES = 30


class PropertyBuildingGenerate(models.TransientModel):
    _name = "property.building.generate"
    _description = "Building Generator"

    # Buildings
    community_id = fields.Many2one("property.community", required=True)
    kind = fields.Selection(
        lambda self: (
            self.env["property.building"]
            ._fields["kind"]
            ._description_selection(self.env)
        ),
        required=True,
        default="residential",
    )
    code_from = fields.Char(
        string="Building No. From",
        required=True,
        default="1",
        help="Number, letter or both: 1, A, B01.",
    )
    code_to = fields.Char(string="Building No. To")
    name_pattern = fields.Char(
        string="Building Name",
        required=True,
        default=lambda self: self.env._("Building {building}"),
        help="{building} stands for the number.",
    )
    has_lift = fields.Boolean()

    # Entrances, floors and rooms
    entrances = fields.Integer(
        string="Entrances per Building",
        default=1,
        help="Entrances of each building; 0 when there are none.",
    )
    entrance_pattern = fields.Char(
        string="Entrance Name",
        default=lambda self: self.env._("Entrance {entrance}"),
        help="{entrance} stands for the number.",
    )
    floor_from = fields.Integer(
        string="Floors From", default=1, help="Basements are negative; there is no 0."
    )
    floor_to = fields.Integer(string="Floors To", default=6)
    skip_4 = fields.Boolean(string="No Floor 4")
    skip_13_14 = fields.Boolean(string="No Floors 13 and 14")
    skip_floors = fields.Char(
        string="Other Floors Left Out", help="Numbers and ranges, such as 24, 33-34."
    )
    doors = fields.Integer(
        string="Rooms per Floor", default=2, help="On each floor of an entrance."
    )
    room_pattern = fields.Char(
        string="Room No.",
        required=True,
        default="{floor}{door:02}",
        help="{floor}, {door}, {entrance} and {building} stand for numbers; {door:02} has"
        " two digits: {floor}{door:02} gives 502, S{door:02} gives S05.",
    )
    continuous = fields.Boolean(
        string="Count Doors On",
        help="The second entrance goes on counting where the first one ends.",
    )
    unit_type = fields.Selection(
        lambda self: (
            self.env["property.unit"]
            ._fields["unit_type"]
            ._description_selection(self.env)
        ),
        compute="_compute_unit_type",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    missing = fields.Text(
        string="Rooms Not Built",
        help="Rooms that do not exist: 101 in every building and entrance, 1-101 in every"
        " first entrance, 3-1-101 only there.",
    )
    merged = fields.Text(
        string="Merged Rooms",
        help="Rooms that are one unit: 501+502, or 3-1-501+502 for a single one.",
    )
    door_ids = fields.One2many(
        "property.building.generate.door",
        "wizard_id",
        string="Areas",
        compute="_compute_door_ids",
        store=True,
        readonly=False,
    )

    @api.depends("kind")
    def _compute_unit_type(self):
        for wizard in self:
            wizard.unit_type = UNIT_TYPES.get(wizard.kind, "other")

    @api.depends("doors")
    def _compute_door_ids(self):
        for wizard in self:
            wanted = set(range(1, min(wizard.doors, MAX_DOOR_LINES) + 1))
            present = set(wizard.door_ids.mapped("door"))
            wizard.door_ids = [
                *(
                    Command.delete(line.id)
                    for line in wizard.door_ids
                    if line.door not in wanted
                ),
                *(Command.create({"door": door}) for door in sorted(wanted - present)),
            ]

    @api.onchange("kind")
    def _onchange_kind(self):
        """Offer what is usual: shops and parking spaces count through the building."""
        plain = {
            "commercial": ("S{door:02}", 1, 1, 20),
            "parking": ("P{door:03}", -1, -1, 100),
        }
        if self.kind in plain:
            self.entrances = 0
            self.room_pattern, self.floor_from, self.floor_to, self.doors = plain[
                self.kind
            ]
        elif self.room_pattern in {pattern for pattern, *_rest in plain.values()}:
            defaults = self.default_get(
                ["entrances", "room_pattern", "floor_from", "floor_to", "doors"]
            )
            self.update(defaults)

    @api.onchange("community_id")
    def _onchange_community_id(self):
        """Go on counting after the last building."""
        numbers = [
            int(building.code)
            for building in self.community_id.building_ids
            if building.code.isdigit()
        ]
        self.code_from = self.code_to = str(max(numbers, default=0) + 1)

    # === PLAN === #

    @api.model
    def _problem_wording(self):
        return {
            "bad_list": self.env._("%(detail)s is no floor and no range of floors."),
            "bad_range": self.env._("From %(detail)s no buildings can be counted."),
            "bad_pattern": self.env._(
                "%(detail)s is no pattern: it holds {door} and may hold {floor}, {entrance}"
                " and {building}, but neither - nor +."
            ),
            "no_floor": self.env._("There is no floor between these."),
            "no_door": self.env._("A floor has one room at least."),
            "too_many": self.env._("More than %(detail)s rooms at once are too many."),
            "unknown_room": self.env._("There is no room %(detail)s among these."),
            "used_twice": self.env._("A room of %(detail)s is merged twice."),
            "apart": self.env._(
                "%(detail)s does not name two rooms to merge, such as 501+502."
            ),
            "duplicate": self.env._("These rooms would exist twice: %(detail)s"),
        }

    def _plan(self):
        """Return the rooms to be made.

        :return: list of building codes, list of `tools.building_plan.PlannedRoom`
        :raises UserError: what is wrong with the plan
        """
        self.ensure_one()
        try:
            skip = building_plan.numbers(self.skip_floors)
            if self.skip_4:
                skip |= {4}
            if self.skip_13_14:
                skip |= {13, 14}
            buildings = building_plan.codes(self.code_from, self.code_to)
            layout = building_plan.Layout(
                entrances=max(self.entrances, 0),
                first_floor=self.floor_from,
                last_floor=self.floor_to,
                doors=self.doors,
                room=self.room_pattern,
                skip=skip,
                continuous=self.continuous,
                missing=tuple(building_plan.items(self.missing)),
                merged=tuple(building_plan.items(self.merged)),
            )
            return buildings, building_plan.plan(layout, buildings)
        except building_plan.PlanProblem as problem:
            wording = self._problem_wording()[problem.code]
            raise UserError(wording % {"detail": problem.detail}) from None

    def _existing_buildings(self, codes):
        """Return the buildings of the community that are there already, by code.

        :raises UserError: if one is archived, or of another kind
        """
        buildings = (
            self.env["property.building"]
            .with_context(active_test=False)
            .search(
                [("community_id", "=", self.community_id.id), ("code", "in", codes)]
            )
        )
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for building in buildings:
            if not building.active:
                raise UserError(
                    self.env._(
                        "Building %(code)s exists and is archived. Restore it first.",
                        code=building.code,
                    )
                )
            if building.kind != self.kind:
                raise UserError(
                    self.env._(
                        "Building %(code)s exists already and is of the kind %(kind)s.",
                        code=building.code,
                        kind=kinds[building.kind],
                    )
                )
        return {building.code: building for building in buildings}

    def _entrance_name(self, entrance):
        if not entrance:
            return ""
        return building_plan.fill(self.entrance_pattern, entrance=entrance)

    # === CREATE === #

    def action_generate(self):
        """Create the buildings with all their units at once, then show the first one.

        :raises UserError: naming the units whose codes exist already
        """
        self.ensure_one()
        codes, rooms = self._plan()
        existing = self._existing_buildings(codes)
        conflicts = self._conflicts(self._codes(rooms, existing), existing)
        if conflicts:
            raise UserError(self._conflict_note(conflicts))
        buildings = self._create_buildings(codes, existing)
        self._create_units(rooms, buildings, self._create_entrances(rooms, buildings))
        return buildings[codes[0]].action_view_chart()

    def _create_buildings(self, codes, existing):
        missing = [code for code in codes if code not in existing]
        created = self.env["property.building"].create(
            [
                {
                    "community_id": self.community_id.id,
                    "code": code,
                    "name": building_plan.fill(self.name_pattern, building=code),
                    "kind": self.kind,
                    "floors": max(self.floor_to, 0),
                    "has_lift": self.has_lift,
                    "sequence": int(code) if code.isdigit() else 500 + place,
                }
                for place, code in enumerate(missing)
            ]
        )
        return {**existing, **dict(zip(missing, created, strict=True))}

    def _create_entrances(self, rooms, buildings):
        """Return the entrances by building and number, created where they are missing."""
        entrances = {
            (entrance.building_id.code, entrance.code): entrance
            for entrance in self.env["property.entrance"].search(
                [("building_id", "in", [found.id for found in buildings.values()])]
            )
        }
        missing = {
            (room.building, str(room.entrance)): room.entrance
            for room in rooms
            if room.entrance and (room.building, str(room.entrance)) not in entrances
        }
        created = self.env["property.entrance"].create(
            [
                {
                    "building_id": buildings[building].id,
                    "code": code,
                    "name": self._entrance_name(number),
                    "sequence": number,
                }
                for (building, code), number in missing.items()
            ]
        )
        return {**entrances, **dict(zip(missing, created, strict=True))}

    def _create_units(self, rooms, buildings, entrances):
        lines = {line.door: line for line in self.door_ids}
        Unit = self.env["property.unit"].with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        )
        return Unit.create(
            [
                {
                    "community_id": self.community_id.id,
                    "building_id": buildings[room.building].id,
                    "entrance_id": entrances[room.building, str(room.entrance)].id
                    if room.entrance
                    else False,
                    "name": room.name,
                    "floor": room.floor,
                    "unit_type": self.unit_type,
                    **self._areas(
                        [lines[door] for door in room.doors if door in lines]
                    ),
                }
                for room in rooms
            ]
        )

    @api.model
    def _areas(self, lines):
        """Return the areas of a unit from its columns; merged rooms add up."""
        return {
            "gross_area": sum(line.gross_area for line in lines),
            "inner_area": sum(line.inner_area for line in lines)
            if all(line.inner_area for line in lines)
            else 0,
            "layout": lines[0].layout if len(lines) == 1 else False,
        }
