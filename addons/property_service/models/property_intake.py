from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.property_base.tools.pinyin import readings, tokens

from ..tools import sla
from ..tools.duty import RoundTheClock
from .property_sla_policy import TARGETS
from .property_ticket_intake import SAME_MATTER_DAYS

# What comes in by itself is not typed in by hand.
AUTOMATIC_CHANNELS = ("email", "portal")
SHOWN_TICKETS = 8
SHOWN_SAME = 100


class PropertyIntake(models.AbstractModel):
    """What the screen for calls asks the server: once at the start, once per household.

    Nothing is asked while somebody types: problems, promises and open tickets come with
    the two answers, and the number of queries does not depend on how many there are.
    """

    _name = "property.intake"
    _description = "Intake of Calls"

    @api.model
    def _check_staff(self):
        if not self.env.user.has_group("property_base.group_property_user"):
            raise AccessError(self.env._("Calls are taken by the staff only."))

    @api.model
    def _labels(self, model, name):
        field = self.env[model]._fields[name]
        return dict(field._description_selection(self.env))

    @api.model
    def _options(self, model, name):
        return [
            {"id": key, "name": label}
            for key, label in self._labels(model, name).items()
        ]

    # === AT THE START === #

    @api.model
    @api.readonly
    def load(self):
        """Return what the screen needs whoever calls.

        :return: dict `problems` (see `_load_problems`), `kinds`, `urgencies`, `channels`
            (lists of dict `id`, `name`), `communities` (dict `id`, `name`, `buildings`)
        :raises AccessError: the user is not of the staff
        """
        self._check_staff()
        return {
            "problems": self._load_problems(),
            "kinds": self._options("property.ticket", "kind"),
            "urgencies": self._options("property.ticket", "urgency"),
            "channels": [
                row
                for row in self._options("property.ticket", "channel")
                if row["id"] not in AUTOMATIC_CHANNELS
            ],
            "communities": self._load_communities(),
        }

    @api.model
    def _load_problems(self):
        """Return the problems with what each proposes and the syllables to type."""
        Category = self.env["property.ticket.category"]
        rows = Category.search_fetch([])
        places = self._labels("property.ticket.category", "place")
        liable = self._labels("property.ticket.category", "liable")
        problems = [row for row in rows if row.parent_id]
        codes = {row: row._get_procedure_code() for row in problems}
        procedures = self.env["property.procedure"]._in_force(
            {code for code in codes.values() if code}, self.env.company
        )
        result = []
        for row in problems:
            version = procedures.get(codes[row])
            procedure = version.procedure_id if version else None
            result.append(
                {
                    "id": row.id,
                    "name": row.name,
                    "category_id": row.parent_id.id,
                    "category": row.parent_id.name,
                    "place": row.place,
                    "place_name": places[row.place],
                    "kind": row.kind or "repair",
                    "urgency": row.urgency,
                    "trade": row._get_skill().name or "",
                    "liable": liable.get(row._get_liable(), ""),
                    "procedure": procedure
                    and {"id": procedure.id, "name": procedure.display_name},
                    "syllables": [readings(token)[0] for token in tokens(row.name)],
                }
            )
        return result

    @api.model
    def _load_communities(self):
        communities = self.env["property.community"].search(
            [("company_id", "in", self.env.companies.ids)]
        )
        buildings = self.env["property.building"].search_fetch(
            [("community_id", "in", communities.ids)], ["name", "community_id"]
        )
        by_community = buildings.grouped("community_id")
        return [
            {
                "id": community.id,
                "name": community.name,
                "buildings": [
                    {"id": building.id, "name": building.name}
                    for building in by_community.get(community, ())
                ],
            }
            for community in communities
        ]

    # === A HOUSEHOLD OR A COMMON AREA === #

    @api.model
    @api.readonly
    def load_context(self, unit_id=False, community_id=False, building_id=False):
        """Return what is known about where the matter is.

        :param int unit_id: the unit, or False for a common area
        :param int community_id, building_id: where the common area is
        :return: dict `unit`, `community`, `building`, `people`, `facts`, `incidents`,
            `open`, `recent`, `same`, `policies`, `arrears`, `now`; times in UTC
        :raises AccessError: the place is none of the user's
        """
        self._check_staff()
        unit, building, community = self._get_place(unit_id, community_id, building_id)
        today = fields.Date.context_today(self)
        tickets = self._load_tickets(unit)
        return {
            "unit": self._describe_unit(unit) if unit else False,
            "community": {"id": community.id, "name": community.name},
            "building": building and {"id": building.id, "name": building.name},
            "people": self._load_people(unit, today) if unit else [],
            "facts": self._load_facts(community, building, unit, today),
            "incidents": self._load_incidents(community, building, unit),
            "open": tickets[0],
            "recent": tickets[1],
            "same": self._load_same(community, building, unit),
            "policies": self._load_policies(community),
            "arrears": self._get_arrears(unit) if unit else False,
            "now": fields.Datetime.now(),
        }

    @api.model
    def _get_place(self, unit_id, community_id, building_id):
        unit = self.env["property.unit"].browse(unit_id and int(unit_id)).exists()
        building = self.env["property.building"].browse(
            building_id and int(building_id)
        )
        community = self.env["property.community"].browse(
            community_id and int(community_id)
        )
        unit.check_access("read")
        building = unit.building_id if unit else building.exists()
        community = (unit or building).community_id or community.exists()
        if not community:
            raise AccessError(self.env._("Say where the matter is."))
        (building or community).check_access("read")
        return unit, building, community

    @api.model
    def _get_arrears(self, unit):
        """Return what the household owes, for whoever may see it.

        Filled in where fees are kept; False shows nothing.

        :return: False, or dict `overdue` and `due` (amounts), `text` (formatted arrears)
        """
        return False

    @api.model
    def _describe_unit(self, unit):
        return {
            "id": unit.id,
            "code": unit.code,
            "status": self._labels("property.unit", "status")[unit.status],
        }

    @api.model
    def _load_people(self, unit, today):
        """Return who belongs to the household, who uses it first; phones masked by rule."""
        Occupancy = self.env["property.occupancy"]
        live = Occupancy.search(
            Occupancy._domain_on(today) & Domain("unit_id", "=", unit.id)
        )
        labels = self._labels("property.occupancy", "role")
        usual = unit._get_occupants(today).get(unit, live.partner_id.browse())
        # `read` masks what the user may not see
        cards = {card["id"]: card for card in live.partner_id.read(["name", "phone"])}
        people = {}
        for occupancy in live:
            partner = occupancy.partner_id
            row = people.setdefault(
                partner,
                {
                    **cards[partner.id],
                    "phone": cards[partner.id]["phone"] or "",
                    "roles": [],
                    "lives_here": False,
                },
            )
            row["roles"].append(labels[occupancy.role])
            row["lives_here"] = row["lives_here"] or occupancy.is_resident
        order = {partner: place for place, partner in enumerate(usual)}
        ranked = sorted(people, key=lambda one: (order.get(one, len(order)), one.id))
        return [people[partner] for partner in ranked]

    @api.model
    def _load_facts(self, community, building, unit, today):
        Fact = self.env["property.house.fact"]
        labels = self._labels("property.house.fact", "kind")
        facts = [
            {
                "id": fact.id,
                "kind": fact.kind,
                "label": labels[fact.kind],
                "text": fact.shown_text,
                "is_secret": fact.is_secret,
                "where": "" if fact.unit_id else fact._get_where(),
            }
            for fact in Fact._find(community, building, unit, today)
        ]
        pets = (
            self.env["property.pet"].search([("unit_id", "=", unit.id)]) if unit else ()
        )
        kinds = self._labels("property.pet", "kind")
        return facts + [
            {
                "id": f"pet{pet.id}",
                "kind": "animal",
                "label": kinds[pet.kind],
                "text": " ".join(filter(None, (pet.name, pet.breed, pet.note))),
                "is_secret": False,
                "where": "",
            }
            for pet in pets
        ]

    @api.model
    def _load_incidents(self, community, building, unit):
        Incident = self.env["property.incident"]
        found = Incident.search(
            Incident._get_scope_domain(community, building, unit)
            & Incident._get_current_domain(),
            limit=SHOWN_TICKETS,
        )
        labels = self._labels("property.incident", "state")
        problems = found.category_ids | found.category_ids.child_ids
        return [
            {
                "id": one.id,
                "name": one.name,
                "kind": one.kind,
                "state": one.state,
                "state_label": labels[one.state],
                "message": one.message,
                "from": one.date_from,
                "expected": one.date_expected,
                "is_overdue": one.is_overdue,
                "scope": one.scope_text,
                "problems": [
                    problem.id
                    for problem in problems
                    if (problem | problem.parent_id) & one.category_ids
                ],
            }
            for one in found.sorted(lambda one: (one.state != "running", one.date_from))
        ]

    @api.model
    def _load_tickets(self, unit):
        """Return the open tickets of a unit and what was finished last."""
        if not unit:
            return [], []
        Ticket = self.env["property.ticket"]
        here = Domain("unit_id", "=", unit.id)
        is_open = Domain("is_open", "=", True)
        opened = Ticket.search(here & is_open, limit=SHOWN_TICKETS)
        ended = Ticket.search(here & ~is_open, limit=SHOWN_TICKETS)
        return self._describe_tickets(opened), self._describe_tickets(ended)

    @api.model
    def _load_same(self, community, building, unit):
        """Return the open tickets that are the same matter if the problem is the same."""
        since = fields.Datetime.now() - timedelta(days=SAME_MATTER_DAYS)
        public = Domain("place", "in", ("common", "facility")) & Domain(
            "building_id", "=", building.id
        )
        private = Domain("unit_id", "=", unit.id) & Domain(
            "place", "not in", ("common", "facility")
        )
        found = self.env["property.ticket"].search(
            Domain("community_id", "=", community.id)
            & Domain("is_open", "=", True)
            & Domain("reported_at", ">=", since)
            & Domain("category_id", "!=", False)
            & (public | private if unit else public),
            limit=SHOWN_SAME,
        )
        return self._describe_tickets(found)

    @api.model
    def _describe_tickets(self, tickets):
        states = self._labels("property.ticket", "state")
        return [
            {
                "id": ticket.id,
                "name": ticket.name,
                "subject": ticket.subject,
                "category_id": ticket.category_id.id,
                "state": ticket.state,
                "state_label": states[ticket.state],
                "urgency": ticket.urgency,
                "is_open": ticket.is_open,
                "reported_at": ticket.reported_at,
                "promised_at": ticket.promised_at,
                "place": ticket.unit_id.code
                or ticket.building_id.name
                or ticket.community_id.name,
                "responsible": ticket.user_id.name or "",
                "reporters": 1 + ticket.reporter_count,
            }
            for ticket in tickets
        ]

    @api.model
    def _load_policies(self, community):
        """Return what would be promised now, the closest policy first.

        The first whose kind, urgency and problem are empty or those of the ticket holds, as
        in `property.sla.policy._fits`.

        :return: list of dict `kind`, `urgency`, `category_id`, `promise`, `targets` (list of
            dict `label`, `due`)
        """
        # What is promised is for every colleague to say.
        Policy = self.env["property.sla.policy"].sudo()
        policies = Policy.search(
            Domain("company_id", "in", [False, community.company_id.id])
            & Domain("community_id", "in", [False, community.id])
        ).sorted(lambda one: one._rank(), reverse=True)
        labels = self._labels("property.ticket.sla", "target")
        now = fields.Datetime.now()
        duties = {}
        result = []
        for policy in policies:
            # As above; so are the hours on duty.
            calendar = policy._get_calendar(community.sudo())
            if calendar not in duties:
                duties[calendar] = (
                    calendar._property_duty(community.company_id)
                    if calendar
                    else RoundTheClock()
                )
            hours = {target: policy._get_hours(target) for target, _label in TARGETS}
            result.append(
                {
                    "kind": policy.kind,
                    "urgency": policy.urgency,
                    "category_id": policy.category_id.id,
                    "promise": policy.promise or "",
                    "targets": [
                        {
                            "label": labels[target],
                            "due": sla.due_at(
                                now, hours[target] * 3600, duties[calendar], []
                            ),
                        }
                        for target, _label in TARGETS
                        if hours[target]
                    ],
                }
            )
        return result
