import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .property_occupancy import OWNER_ROLES, TENANT_ROLES


def unit_sequence(building, entrance, room):
    """Return the place of a unit in the order of buildings, entrances and rooms.

    :param int building: sequence of the building, 0 for none
    :param int entrance: sequence of the entrance, 0 for none
    :param str room: number on the door, or False
    """
    digits = re.search(r"\d+", room or "")
    return (
        (building % 1000) * 1_000_000
        + (entrance % 100) * 10_000
        + int(digits.group() if digits else 0) % 10_000
    )


class PropertyUnit(models.Model):
    _name = "property.unit"
    _description = "Unit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "community_id, sequence, code, id"
    _rec_name = "code"
    _rec_names_search = ["code", "owner_ids.name"]
    _STATUS_FACTS = ("handover_date", "renovation_start", "renovation_end")

    # Place
    name = fields.Char(
        string="Room", required=True, help="Number on the door, such as 502."
    )
    code = fields.Char(
        string="Unit No.",
        compute="_compute_code",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index="trigram",
        tracking=True,
        help="Code unique in the community, as people say it: 3-1-502, S12, P045.",
    )
    sequence = fields.Integer(
        compute="_compute_sequence",
        store=True,
        precompute=True,
        help="Order of building, floor and room, for lists and deliveries.",
    )
    active = fields.Boolean(default=True)
    community_id = fields.Many2one(
        "property.community",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    company_id = fields.Many2one(
        related="community_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    building_id = fields.Many2one(
        "property.building",
        index=True,
        ondelete="restrict",
        domain="[('community_id', '=', community_id)]",
    )
    entrance_id = fields.Many2one(
        "property.entrance",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('building_id', '=', building_id)]",
    )
    floor = fields.Integer(help="Storey; basements are negative.")
    parent_id = fields.Many2one(
        "property.unit",
        string="Belongs To",
        index="btree_not_null",
        domain="[('community_id', '=', community_id)]",
        help="Home to which a parking space or storage room belongs.",
    )
    child_ids = fields.One2many(
        "property.unit", "parent_id", string="Parking and Storage"
    )

    # Size and use
    unit_type = fields.Selection(
        [
            ("home", "Home"),
            ("shop", "Shop"),
            ("office", "Office"),
            ("parking", "Parking Space"),
            ("storage", "Storage Room"),
            ("other", "Other"),
        ],
        required=True,
        default="home",
        index=True,
        tracking=True,
    )
    gross_area = fields.Float(string="Gross Area (m²)", digits=(12, 2), tracking=True)
    inner_area = fields.Float(string="Inner Area (m²)", digits=(12, 2), tracking=True)
    shared_area = fields.Float(
        string="Shared Area (m²)", digits=(12, 2), compute="_compute_shared_area"
    )
    layout = fields.Char(help="Rooms, such as 3 bedrooms and 2 living rooms.")
    usage = fields.Char(help="What the unit is used for, such as the trade of a shop.")
    note = fields.Text()

    # Facts that the status follows from
    handover_date = fields.Date(
        tracking=True, help="Day the unit was delivered to its owner."
    )
    renovation_start = fields.Date(tracking=True)
    renovation_end = fields.Date(tracking=True)
    occupancy_ids = fields.One2many("property.occupancy", "unit_id", string="People")
    status = fields.Selection(
        [
            ("unsold", "Unsold"),
            ("sold", "Sold, Not Delivered"),
            ("vacant", "Delivered, Vacant"),
            ("renovating", "Renovating"),
            ("occupied", "Occupied"),
            ("leased", "Leased"),
        ],
        compute="_compute_status",
        search="_search_status",
        help="Follows from owners, residents and dates as of today.",
    )
    owner_ids = fields.Many2many(
        "res.partner",
        string="Owners",
        compute="_compute_people",
        search="_search_owner_ids",
    )
    resident_ids = fields.Many2many(
        "res.partner",
        string="Residents",
        compute="_compute_people",
        search="_search_resident_ids",
    )

    _code_community_uniq = models.Constraint(
        "UNIQUE(community_id, code)",
        "Another unit of the community already has this code.",
    )
    _gross_area_positive = models.Constraint(
        "CHECK(gross_area >= 0 AND inner_area >= 0)", "An area cannot be negative."
    )
    _inner_within_gross = models.Constraint(
        "CHECK(COALESCE(gross_area, 0) = 0 OR inner_area <= gross_area)",
        "The inner area cannot be larger than the gross area.",
    )
    _renovation_order = models.Constraint(
        "CHECK(renovation_end IS NULL OR renovation_end >= renovation_start)",
        "A renovation cannot end before it starts.",
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "building_id.code", "building_id.kind", "entrance_id.code")
    def _compute_code(self):
        for unit in self:
            unit.code = unit._build_code(unit.building_id, unit.entrance_id, unit.name)

    @api.model
    def _build_code(self, building, entrance, room):
        """Return the code of a room as the trade writes it.

        Rooms of commercial buildings and garages are numbered through the community
        (S12, P045); all others carry building and entrance in front (3-1-502).
        """
        if room and not room[0].isdigit() and building.kind != "residential":
            return room
        return "-".join(part for part in (building.code, entrance.code, room) if part)

    @api.depends("building_id.sequence", "entrance_id.sequence", "floor", "name")
    def _compute_sequence(self):
        for unit in self:
            unit.sequence = unit_sequence(
                unit.building_id.sequence, unit.entrance_id.sequence, unit.name
            )

    @api.depends("gross_area", "inner_area")
    def _compute_shared_area(self):
        for unit in self:
            unit.shared_area = (
                unit.gross_area - unit.inner_area if unit.inner_area else 0.0
            )

    @api.depends("code", "community_id.name")
    @api.depends_context("property_community_in_name")
    def _compute_display_name(self):
        for unit in self:
            if self.env.context.get("property_community_in_name"):
                unit.display_name = f"{unit.community_id.name} {unit.code}"
            else:
                unit.display_name = unit.code

    def _as_of(self):
        """Return the day on which people and status are looked at.

        Today, unless the context names another day in `property_as_of` (Households on a
        Day does).
        """
        day = self.env.context.get("property_as_of")
        return fields.Date.to_date(day) or fields.Date.context_today(self)

    # === STATUS === #

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "status":
            return self._status_sql(alias)
        return super()._field_to_sql(alias, field_expr, query)

    def _status_sql(self, alias):
        """Return the status of the units of a table alias on a day as one SQL expression.

        The one place that says what a status means: reading, searching and grouping
        all use it.
        """
        today = self._as_of()
        unit_column = SQL.identifier
        Occupancy = self.env["property.occupancy"]

        def live(condition):
            return SQL(
                "EXISTS (SELECT 1 FROM property_occupancy o WHERE o.unit_id = %s"
                " AND o.date_start <= %s AND (o.date_end IS NULL OR o.date_end >= %s) AND %s)",
                unit_column(alias, "id"),
                today,
                today,
                condition,
            )

        return SQL(
            "CASE WHEN %s <= %s AND COALESCE(%s, %s) >= %s THEN 'renovating'"
            " WHEN %s THEN 'leased' WHEN %s THEN 'occupied'"
            " WHEN %s <= %s THEN 'vacant' WHEN %s THEN 'sold' ELSE 'unsold' END",
            unit_column(alias, "renovation_start"),
            today,
            unit_column(alias, "renovation_end"),
            today,
            today,
            live(SQL("o.role IN %s", TENANT_ROLES)),
            live(SQL("o.is_resident")),
            unit_column(alias, "handover_date"),
            today,
            live(SQL("o.role IN %s", OWNER_ROLES)),
            to_flush=[
                *(self._fields[name] for name in self._STATUS_FACTS),
                *(Occupancy._fields[name] for name in Occupancy._STATUS_FACTS),
            ],
        )

    @api.depends_context("property_as_of")
    @api.depends(
        lambda self: [
            *self._STATUS_FACTS,
            *(
                f"occupancy_ids.{name}"
                for name in self.env["property.occupancy"]._STATUS_FACTS
            ),
        ]
    )
    def _compute_status(self):
        status = {}
        if ids := self._origin.ids:
            status = dict(
                self.env.execute_query(
                    SQL(
                        "SELECT id, %s FROM property_unit WHERE id IN %s",
                        self._status_sql("property_unit"),
                        tuple(ids),
                    )
                )
            )
        for unit in self:
            unit.status = status.get(unit._origin.id, "unsold")

    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        values = tuple(value)
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s", model._status_sql(alias), values
            )
        )

    # === PEOPLE === #

    @api.depends_context("property_as_of")
    @api.depends(
        "occupancy_ids.partner_id",
        "occupancy_ids.role",
        "occupancy_ids.date_start",
        "occupancy_ids.date_end",
        "occupancy_ids.is_resident",
    )
    def _compute_people(self):
        day = self._as_of()
        owners, residents = self._get_owners(day), self._get_residents(day)
        nobody = self.env["res.partner"]
        for unit in self:
            unit.owner_ids = owners.get(unit._origin, nobody)
            unit.resident_ids = residents.get(unit._origin, nobody)

    def _search_people(self, operator, value, condition):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        Occupancy = self.env["property.occupancy"]
        live = Occupancy._domain_on(self._as_of())
        return Domain(
            "occupancy_ids",
            "any",
            live & condition & Domain("partner_id", operator, value),
        )

    def _search_owner_ids(self, operator, value):
        return self._search_people(operator, value, Domain("role", "in", OWNER_ROLES))

    def _search_resident_ids(self, operator, value):
        return self._search_people(operator, value, Domain("is_resident", "=", True))

    def _get_people(self, date, condition):
        """Return the people of the units on a day, the first in rank first.

        :param date: the day
        :param Domain condition: which occupancies count
        :return: dict unit -> res.partner; units without anybody are left out
        """
        Occupancy = self.env["property.occupancy"]
        live = Occupancy.search_fetch(
            Occupancy._domain_on(date)
            & Domain("unit_id", "in", self._origin.ids)
            & condition,
            ["unit_id", "partner_id"],
            order="unit_id, share desc, date_start, id",
        )
        return {
            unit: occupancies.partner_id
            for unit, occupancies in live.grouped("unit_id").items()
        }

    def _get_owners(self, date):
        """Return the owners of the units on a day, the one with the largest share first.

        :return: dict unit -> res.partner; units without an owner are left out
        """
        return self._get_people(date, Domain("role", "in", OWNER_ROLES))

    def _get_residents(self, date):
        """Return who lives in the units on a day (dict unit -> res.partner)."""
        return self._get_people(date, Domain("is_resident", "=", True))

    def _get_occupants(self, date):
        """Return who uses the units on a day: tenants where there are any, else the owners.

        :return: dict unit -> res.partner; units with neither are left out
        """
        tenants = self._get_people(date, Domain("role", "in", TENANT_ROLES))
        return {**self._get_owners(date), **tenants}

    def _get_payers(self, date, rule="owner"):
        """Return who pays for the units on a day.

        :param date: the day
        :param str rule: `owner`: the owner with the largest share; `occupant`: the
            tenant, or the owner where nobody rents
        :return: dict unit -> one res.partner; units with nobody are left out
        """
        people = (
            self._get_owners(date) if rule == "owner" else self._get_occupants(date)
        )
        return {unit: partners[:1] for unit, partners in people.items()}
