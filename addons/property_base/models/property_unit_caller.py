from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from ..tools import caller

# How well a source answers: what was said is all of it, its beginning or end, a part of
# it; people who have left come last.
WHOLE, EDGE, PART, FORMER = 10, 20, 30, 50
MIN_PART = 3


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    caller_code = fields.Char(
        compute="_compute_caller_code",
        store=True,
        precompute=True,
        exportable=False,
        export_string_translation=False,
    )
    caller_room = fields.Char(
        compute="_compute_caller_room",
        store=True,
        precompute=True,
        exportable=False,
        export_string_translation=False,
    )

    _caller_code_idx = models.Index("(caller_code text_pattern_ops)")
    _caller_room_idx = models.Index("(caller_room text_pattern_ops)")

    @api.depends("code")
    def _compute_caller_code(self):
        for unit in self:
            unit.caller_code = caller.code_key(unit.code)

    @api.depends("name", "building_id.code", "entrance_id.code")
    def _compute_caller_room(self):
        for unit in self:
            unit.caller_room = caller.room_key(
                unit.name, unit.building_id.code, unit.entrance_id.code
            )

    # === WHERE TO LOOK === #

    @api.model
    def _search_sources(self, said):
        """Return where to look for what a caller said.

        A module whose records lead to a unit (a contract number, a key tag) adds its own
        source, and every search box of units finds it.

        :param tools.caller.Said said: what the words may mean
        :return: list of (rank, reason, SQL): the rank (`WHOLE`, `EDGE`, `PART`, `FORMER`
            plus a few points, the lowest is shown first), the translated reason of the
            match, and a SELECT of two columns, the unit's id and the id of the partner
            that was found or NULL; its conditions must be able to use an index
        """
        return [
            *self._unit_sources(said),
            *self._person_sources(said),
            *self._vehicle_sources(said),
        ]

    @api.model
    def _unit_sources(self, said):
        reason = self.env._("Unit No.")
        code, room = (
            SQL.identifier("u", name, to_flush=self._fields[name])
            for name in ("caller_code", "caller_room")
        )

        def units(condition, place=""):
            where = (
                SQL("%s AND %s", condition, self._place_sql(place))
                if place
                else condition
            )
            return SQL("SELECT u.id, NULL::int FROM property_unit u WHERE %s", where)

        sources = []
        if said.code:
            sources.append((WHOLE, reason, units(SQL("%s = %s", code, said.code))))
            beginning = SQL("%s LIKE %s", code, f"{escape_psql(said.code)}%")
            sources.append((EDGE + 5, reason, units(beginning)))
        for guess in said.units:
            if guess.room:
                exact = SQL("%s LIKE %s", room, guess.room_pattern)
                sources.append((EDGE, reason, units(exact, guess.place)))
            if guess.building:
                loose = SQL("%s LIKE %s", code, guess.code_pattern)
                sources.append((PART, reason, units(loose, guess.place)))
        if len(said.code) >= MIN_PART:
            part = SQL(
                "%s ILIKE %s",
                SQL.identifier("u", "code", to_flush=self._fields["code"]),
                f"%{escape_psql(said.code)}%",
            )
            sources.append((PART + 5, reason, units(part)))
        return sources

    @api.model
    def _place_sql(self, place):
        """Return the condition that unit `u` is in a community or building of this name."""
        pattern = f"%{escape_psql(place)}%"
        Community, Building = (
            self.env["property.community"],
            self.env["property.building"],
        )
        return SQL(
            "(u.community_id IN (SELECT id FROM property_community WHERE name ILIKE %s)"
            " OR u.building_id IN (SELECT id FROM property_building WHERE name ILIKE %s))",
            pattern,
            pattern,
            to_flush=[Community._fields["name"], Building._fields["name"]],
        )

    @api.model
    def _person_sources(self, said):
        """Return the sources of people, present ones and then those who have left."""
        today = fields.Date.context_today(self)
        ended = Domain("date_end", "<", today)
        present = Domain("date_end", "=", False) | Domain("date_end", ">=", today)

        def people(pattern, when=present):
            return self._occupancy_source(when, pattern)

        phone, name = self.env._("Phone"), self.env._("Personal Name")
        sources, loosest = [], []
        if digits := said.phone.replace("*", "_"):
            sources += [
                (WHOLE + 1, phone, people(f"% {digits} %")),
                (EDGE + 1, phone, people(f"%{digits} %")),
                (PART + 1, phone, people(f"%{digits}%")),
            ]
            loosest.append(f"%{digits}%")
        if said.name:
            sources += [
                (WHOLE + 3, name, people(f"% {said.name} %")),
                (EDGE + 3, name, people(f"% {said.name}%")),
            ]
            loosest.append(f"% {said.name}%")
        sources += [
            (FORMER, self.env._("Former resident"), people(pattern, ended))
            for pattern in loosest
        ]
        return sources

    @api.model
    def _occupancy_source(self, domain, pattern):
        """Return the SELECT of the units of people whose `caller_key` is LIKE a pattern."""
        Occupancy, Partner = self.env["property.occupancy"], self.env["res.partner"]
        query = Occupancy._search(domain)
        if query.is_empty():
            return SQL("SELECT NULL::int, NULL::int WHERE FALSE")
        person = query.join(
            Occupancy._table, "partner_id", Partner._table, "id", "partner_id"
        )
        for name, condition in (
            ("active", SQL()),
            ("caller_key", SQL(" LIKE %s", pattern)),
        ):
            column = SQL.identifier(person, name, to_flush=Partner._fields[name])
            query.add_where(SQL("%s%s", column, condition))
        return query.select(
            *(
                SQL.identifier(Occupancy._table, name, to_flush=Occupancy._fields[name])
                for name in ("unit_id", "partner_id")
            )
        )

    @api.model
    def _vehicle_sources(self, said):
        if not said.plate:
            return []
        Vehicle = self.env["property.vehicle"]
        reason = self.env._("Plate")

        def vehicles(pattern):
            return SQL(
                "SELECT v.unit_id, v.partner_id FROM property_vehicle v"
                " WHERE v.active AND v.plate LIKE %s",
                pattern,
                to_flush=[
                    Vehicle._fields[name]
                    for name in ("unit_id", "partner_id", "plate", "active")
                ],
            )

        return [
            (WHOLE + 2, reason, vehicles(said.plate)),
            (PART + 2, reason, vehicles(f"%{said.plate}%")),
        ]

    # === SEARCH === #

    @api.model
    def _search_display_name(self, operator, value):
        if not isinstance(value, str) or not value.strip():
            return super()._search_display_name(operator, value)
        if operator in ("ilike", "like"):
            return self._caller_domain(value)
        if operator in ("not ilike", "not like"):
            return ~self._caller_domain(value)
        return super()._search_display_name(operator, value)

    @api.model
    def _caller_domain(self, query):
        """Return the domain of the units that a caller may mean."""
        sources = self._search_sources(caller.understand(query))
        if not sources:
            return Domain.FALSE
        found = SQL(" UNION ALL ").join(source for _rank, _reason, source in sources)
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (SELECT unit_id FROM (%s) AS said(unit_id, partner_id))",
                SQL.identifier(alias, "id"),
                found,
            )
        )

    @api.model
    @api.readonly
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        if not self._is_said(name, operator, limit):
            return super().name_search(name, domain, operator, limit)
        units = self.browse(self._caller_hits(name, domain or Domain.TRUE, limit))
        # The search has checked the right to read; as in Odoo's own, the name follows.
        return [(unit.id, unit.display_name) for unit in units.sudo()]

    @api.model
    @api.readonly
    def web_name_search(
        self, name, specification, domain=None, operator="ilike", limit=100
    ):
        """As Odoo's own; suggestions also show who was found, or who owns the unit."""
        if not self._is_said(name, operator, limit) or set(specification) != {
            "display_name"
        }:
            return super().web_name_search(name, specification, domain, operator, limit)
        hits = self._caller_hits(name, domain or Domain.TRUE, limit)
        units = self.browse(hits)
        owners = units._get_owners(fields.Date.context_today(self))
        suggestions = []
        for unit in units:
            found = self.env["res.partner"].browse(hits[unit.id][1] or ())
            people = ", ".join((found or owners.get(unit, found)).mapped("name"))
            suggestions.append(
                {
                    "id": unit.id,
                    "display_name": unit.display_name,
                    "__formatted_display_name": f"{unit.display_name}\t--{people}--"
                    if people
                    else unit.display_name,
                }
            )
        return suggestions

    @api.model
    def _is_said(self, name, operator, limit):
        return operator == "ilike" and bool((name or "").strip()) and bool(limit)

    @api.model
    def _caller_hits(self, query, domain, limit):
        """Return the units that a caller may mean, the likeliest first, in one query.

        :param str query: what the caller said
        :param domain: further conditions on the unit; record rules apply in any case
        :param int limit: largest number of units
        :return: dict unit id -> (reason, partner id or None)
        """
        sources = sorted(
            self._search_sources(caller.understand(query)), key=lambda source: source[0]
        )
        found = self._search(Domain(domain))
        if not sources or found.is_empty():
            return {}
        enough = limit * 3
        branches = [
            SQL(
                "(SELECT %(rank)s, %(unit)s.id, %(unit)s.sequence, %(unit)s.code, said.partner_id"
                " FROM %(tables)s JOIN (%(source)s) AS said(unit_id, partner_id)"
                " ON said.unit_id = %(unit)s.id%(where)s LIMIT %(enough)s)",
                rank=index,
                unit=SQL.identifier(self._table),
                tables=found.from_clause,
                source=source,
                where=SQL(" WHERE %s", found.where_clause)
                if found.where_clause
                else SQL(),
                enough=enough,
            )
            for index, (_rank, _reason, source) in enumerate(sources)
        ]
        rows = self.env.execute_query(
            SQL("%s LIMIT %s", SQL(" UNION ALL ").join(branches), enough)
        )
        hits = {}
        for index, unit_id, _sequence, _code, partner_id in sorted(
            rows, key=lambda row: (row[0], row[2], row[3], row[1])
        ):
            hits.setdefault(unit_id, (sources[index][1], partner_id))
        return dict(list(hits.items())[:limit])

    @api.model
    @api.readonly
    def caller_search(self, query, limit=10):
        """Find units and people from what a caller says.

        :param str query: house number, part of a phone number (3 digits or more), name in
            characters, pinyin or initials, plate number
        :param int limit: largest number of rows, at most 50
        :return: list of dict `id`, `code`, `community_id`, `community`, `building_id`,
            `status`, `status_label`, `owners` and `person` (who was found, or False), each person
            with `id`, `name`, `phone`; `reason` says why the unit is shown
        """
        if not self.env.user.has_group("property_base.group_property_user"):
            raise AccessError(self.env._("The caller search is for the staff only."))
        hits = self._caller_hits(query, Domain.TRUE, min(int(limit), 50))
        units = self.browse(hits)
        units.fetch(["code", "community_id", "building_id"])
        owners = units._get_owners(fields.Date.context_today(self))
        found = self.env["res.partner"].browse(
            [partner_id for _reason, partner_id in hits.values() if partner_id]
        )
        people = found.union(*owners.values())
        # `read` hides what the user may not see
        cards = {card["id"]: card for card in people.read(["name", "phone"])}
        labels = dict(self._fields["status"]._description_selection(self.env))
        return [
            {
                "id": unit.id,
                "code": unit.code,
                "community_id": unit.community_id.id,
                "community": unit.community_id.name,
                "building_id": unit.building_id.id,
                "status": unit.status,
                "status_label": labels[unit.status],
                "owners": [cards[owner.id] for owner in owners.get(unit, ())],
                "person": cards.get(hits[unit.id][1], False),
                "reason": hits[unit.id][0],
            }
            for unit in units
        ]
