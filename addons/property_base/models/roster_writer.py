"""Write the clean rows of a roster into the database, many at a time.

The database already holding the same facts, a row changes nothing. A row that contradicts
who owns or rents a unit is refused whole: a change of hands is a transfer with a date, not
a correction of a list.
"""

from odoo.fields import Domain

from ..tools import roster
from ..tools.roster_people import people_of, person_key
from .bulk_writer import BulkWriter
from .property_occupancy import OWNER_ROLES, TENANT_ROLES

CREATED, UPDATED, UNCHANGED, REFUSED = "created", "updated", "unchanged", "refused"


class RosterWriter:
    """Writes rows into one community.

    :param community: property.community, in the environment to write with
    :param date as_of: the day for which the roster is true
    :param BulkWriter bulk: creates the records; one that was used before knows its way
    """

    def __init__(self, community, as_of, bulk=None):
        self.community = community
        self.env = community.env
        self.as_of = as_of
        self.bulk = bulk or BulkWriter(community)
        self.identity_names = {}
        # What is created besides units and occupancies, for who wants to undo it.
        self.created = {
            "property.building": [],
            "property.entrance": [],
            "res.partner": [],
        }
        self.buildings = {
            building.code: building
            for building in self.env["property.building"].search_fetch(
                [("community_id", "=", community.id)], ["code", "kind"]
            )
        }
        self.entrances = {
            (entrance.building_id.code, entrance.code): entrance
            for entrance in self.env["property.entrance"].search_fetch(
                [("community_id", "=", community.id)], ["code", "building_id"]
            )
        }

    def write_rows(self, rows):
        """Write the rows that are not refused.

        Problems found against the database are added to `row.problems`.

        :param list rows: `tools.roster.RosterRow`
        :return: list of (row, outcome, unit) in the order of the rows
        """
        accepted = [row for row in rows if not row.refused]
        self._ensure_buildings(accepted)
        codes = {row.number: self._code(row) for row in accepted}
        for row in accepted:
            row.code = codes[row.number]
        units = self._find_units(codes.values())
        people = self._find_people(units.values())
        partners = self._find_partners(accepted)
        for row in accepted:
            self._check_conflicts(row, people.get(units.get(codes[row.number]), {}))
        accepted = [row for row in accepted if not row.refused]

        new = [row for row in accepted if codes[row.number] not in units]
        created = self.bulk.create_records(
            "property.unit", [self._unit_values(row) for row in new]
        )
        units.update((row.code, unit) for row, unit in zip(new, created, strict=True))
        new_numbers = {row.number for row in new}
        changed = {
            row.number: self._update_unit(row, units[codes[row.number]])
            for row in accepted
            if row.number not in new_numbers
        }
        for number in self._write_people(
            accepted, units, people, partners, new_numbers
        ):
            changed[number] = True

        return [
            (row, REFUSED, self.env["property.unit"])
            if row.refused
            else (
                row,
                CREATED
                if row.number in new_numbers
                else UPDATED
                if changed[row.number]
                else UNCHANGED,
                units[codes[row.number]],
            )
            for row in rows
        ]

    # === PLACES === #

    def _ensure_buildings(self, rows):
        missing, entrances = {}, {}
        for row in rows:
            (code, name), (entrance, entrance_name) = (
                row.values["building"],
                row.values["entrance"],
            )
            if code not in self.buildings and code not in missing:
                missing[code] = {
                    "community_id": self.community.id,
                    "code": code,
                    "name": name,
                    "kind": roster.BUILDING_KINDS.get(row.values["unit_type"], "other"),
                    "floors": max(row.values["total_floors"] or 0, 0),
                    "has_lift": row.values["has_lift"],
                    "sequence": int(code) if code.isdigit() else 500 + len(missing),
                }
            if entrance and (code, entrance) not in self.entrances:
                entrances[code, entrance] = entrance_name
        for building in self.env["property.building"].create(list(missing.values())):
            self.buildings[building.code] = building
            self.created["property.building"].append(building.id)
        created = self.env["property.entrance"].create(
            [
                {
                    "building_id": self.buildings[code].id,
                    "code": entrance,
                    "name": name,
                    "sequence": int(entrance) if entrance.isdigit() else 50,
                }
                for (code, entrance), name in entrances.items()
            ]
        )
        self.entrances.update(zip(entrances, created, strict=True))
        self.created["property.entrance"] += created.ids

    def _code(self, row):
        building, entrance, room = row.key
        return self.env["property.unit"]._build_code(
            self.buildings[building],
            self.entrances.get((building, entrance), self.env["property.entrance"]),
            room,
        )

    def _find_units(self, codes):
        units = (
            self.env["property.unit"]
            .with_context(active_test=False)
            .search_fetch(
                [("community_id", "=", self.community.id), ("code", "in", list(codes))],
                [
                    "code",
                    "unit_type",
                    "gross_area",
                    "inner_area",
                    "floor",
                    "handover_date",
                    "note",
                    "status",
                ],
            )
        )
        return {unit.code: unit for unit in units}

    def _unit_values(self, row):
        building, entrance, room = row.key
        values = {
            "community_id": self.community.id,
            "building_id": self.buildings[building].id,
            "entrance_id": self.entrances[building, entrance].id if entrance else False,
            "name": room,
            **self._stated_facts(row),
        }
        if row.values["status"] == "renovating":
            values["renovation_start"] = self.as_of
        return values

    def _stated_facts(self, row):
        """Return the facts of the unit that the row states; empty cells state nothing."""
        facts = {
            "unit_type": row.values["unit_type"],
            "floor": row.values["floor"],
            "gross_area": float(row.values["gross_area"])
            if row.values["gross_area"]
            else None,
            "inner_area": float(row.values["inner_area"])
            if row.values["inner_area"]
            else None,
            "handover_date": row.values["handover_date"],
            "note": row.values["note"] or None,
        }
        return {name: value for name, value in facts.items() if value is not None}

    def _update_unit(self, row, unit):
        changes = {
            name: value
            for name, value in self._stated_facts(row).items()
            if unit[name] != value
        }
        if row.values["status"] == "renovating" and unit.status != "renovating":
            changes.update(renovation_start=self.as_of, renovation_end=False)
        if not unit.active:
            changes["active"] = True
        if changes:
            unit.write(changes)
        return bool(changes)

    # === PEOPLE === #

    def _find_people(self, units):
        """Return who owns and who rents the units: {unit code: {"owner"|"tenant": occupancies}}."""
        Occupancy = self.env["property.occupancy"]
        live = Occupancy.search_fetch(
            Occupancy._domain_on(self.as_of)
            & Domain("unit_id", "in", [unit.id for unit in units])
            & Domain("role", "in", OWNER_ROLES + TENANT_ROLES),
            ["unit_id", "partner_id", "role", "share", "is_resident"],
        )
        return {
            unit: {
                "owner": occupancies.filtered(
                    lambda occupancy: occupancy.role in OWNER_ROLES
                ),
                "tenant": occupancies.filtered(
                    lambda occupancy: occupancy.role in TENANT_ROLES
                ),
            }
            for unit, occupancies in live.grouped("unit_id").items()
        }

    def _find_partners(self, rows):
        """Return the partners that may be people of the rows.

        :return: dict (name, identity number) and (name, phone) -> res.partner
        """
        identities = {row.values["identity_number"] for row in rows} - {""}
        numbers = {
            number
            for row in rows
            for column in ("phone", "phone2", "tenant_phone")
            for number in row.values[column]
        }
        partners = self.env["res.partner"].search_fetch(
            Domain("identity_number", "in", list(identities))
            | Domain("phone", "in", list(numbers)),
            ["name", "phone", "phone2", "identity_number"],
        )
        found = {}
        for partner in partners:
            found.setdefault((partner.name, partner.phone), partner)
            if partner.identity_number:
                found[partner.name, partner.identity_number] = partner
                self.identity_names[partner.identity_number] = partner.name
        return found

    def _check_conflicts(self, row, people):
        for column in ("owner", "tenant"):
            names = set(row.values[column])
            known = people.get(column)
            on_file = known.partner_id.mapped("name") if known else []
            if names and known and names != set(on_file):
                row.problems.append(
                    roster.Problem(
                        column,
                        f"{column}_differs",
                        "、".join(row.values[column]) + " / " + "、".join(on_file),
                    )
                )
        owner = people.get("owner")
        identity = row.values["identity_number"]
        if identity and row.values["owner"]:
            name = self.identity_names.setdefault(identity, row.values["owner"][0])
            if name != row.values["owner"][0]:
                row.problems.append(
                    roster.Problem("identity_number", "identity_taken", name)
                )
        if owner and identity and row.values["owner"]:
            first = owner.partner_id.filtered(
                lambda partner: partner.name == row.values["owner"][0]
            )
            if first.identity_number and first.identity_number != identity:
                row.problems.append(
                    roster.Problem("identity_number", "identity_differs", "")
                )

    def _write_people(self, rows, units, people, partners, new_numbers):
        """Create and correct partners and occupancies; yield the numbers of the rows changed."""
        wanted = []
        for row in rows:
            unit = units[row.code]
            for person in people_of(row, self._start(row)):
                known = people.get(unit, {}).get(person["column"])
                occupancy = (
                    known
                    and known.filtered(
                        lambda occupancy, name=person["name"]: (
                            occupancy.partner_id.name == name
                        )
                    )[:1]
                )
                if occupancy:
                    if self._correct(person, occupancy):
                        yield row.number
                    continue
                partner = partners.get(
                    (person["name"], person["identity_number"])
                ) or partners.get((person["name"], person["phone"]))
                wanted.append(
                    (
                        row.number,
                        unit,
                        person,
                        partner or person_key(person, unit.id),
                    )
                )
        yield from self._create_people(wanted, new_numbers)

    def _start(self, row):
        """Return the day from which the people of a row are known to be there."""
        return row.values["handover_date"] or self.community.delivery_date or self.as_of

    def _create_people(self, wanted, new_numbers):
        values = {}
        for _number, _unit, person, key in wanted:
            if isinstance(key, tuple) and key not in values:
                values[key] = {
                    "name": person["name"],
                    "phone": person["phone"] or False,
                    "phone2": person["phone2"] or False,
                    "identity_number": person["identity_number"] or False,
                    "comment": person["more_phones"] or False,
                    "lang": self.env.context.get("lang") or self.env.user.lang,
                }
        partners = self.bulk.create_records("res.partner", list(values.values()))
        self.created["res.partner"] += partners.ids
        created = dict(zip(values, partners, strict=True))
        occupancies = {True: [], False: []}
        for number, unit, person, key in wanted:
            occupancies[number in new_numbers].append(
                {
                    "unit_id": unit.id,
                    "partner_id": (created[key] if isinstance(key, tuple) else key).id,
                    "role": person["role"],
                    "share": person["share"],
                    "date_start": person["date_start"],
                    "is_resident": bool(person["is_resident"]),
                }
            )
        # The shares of a new unit are those of its row, which add up; who comes to a known
        # one is checked against all that it ever had.
        self.bulk.create_records("property.occupancy", occupancies[True])
        self.env["property.occupancy"].create(occupancies[False])
        return [number for number, *_rest in wanted]

    def _correct(self, person, occupancy):
        """Bring a known person in line with the row; return whether anything changed."""
        partner, changes = occupancy.partner_id, {}
        known = {partner.phone or "", partner.phone2 or ""}
        stated = [number for number in (person["phone"], person["phone2"]) if number]
        if stated and not set(stated) <= known:
            changes.update(
                phone=stated[0], phone2=stated[1] if len(stated) > 1 else partner.phone2
            )
        if person["identity_number"] and not partner.identity_number:
            changes["identity_number"] = person["identity_number"]
        if changes:
            partner.write(changes)
        facts = {}
        if person["share"] and abs(person["share"] - occupancy.share) > 0.0005:
            facts["share"] = person["share"]
        if (
            person["is_resident"] is not None
            and person["is_resident"] != occupancy.is_resident
        ):
            facts["is_resident"] = person["is_resident"]
        if facts:
            occupancy.write(facts)
        return bool(changes or facts)
