from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .property_occupancy import OWNER_ROLES, TENANT_ROLES

# A lease tells nothing about the owner: whoever has none of these roles sees himself only.
HOUSEHOLD_ROLES = frozenset(OWNER_ROLES)


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    def _get_portal_domain(self, partner):
        """Return the domain of the units in which a person has a role today."""
        Occupancy = self.env["property.occupancy"]
        live = Occupancy._domain_on(fields.Date.context_today(self))
        return Domain(
            "occupancy_ids", "any", live & Domain("partner_id", "=", partner.id)
        )

    def _get_live_people(self):
        """Return who has a role in the unit today, whoever asks."""
        self.ensure_one()
        # callers show of it what the person who asks may see
        Occupancy = self.env["property.occupancy"].sudo()
        return Occupancy.search(
            Occupancy._domain_on(fields.Date.context_today(self))
            & Domain("unit_id", "=", self.id),
            order="role desc, share desc, date_start, id",
        )

    def _get_portal_role(self, partner):
        """Return the roles that a person has in the unit today (set of codes)."""
        people = self._get_live_people()
        return set(
            people.filtered(lambda one: one.partner_id == partner).mapped("role")
        )

    def _may_name_members(self, partner):
        """Return whether a person may propose new members of the household."""
        return bool(self._get_portal_role(partner) & {*OWNER_ROLES, *TENANT_ROLES})

    def _get_portal_people(self, partner):
        """Return the people of the household that a person may see on the portal.

        Owners see everybody who has a role in the unit today; all others see themselves.
        Numbers are masked, but for one's own.

        :return: list of dict `name`, `role` (label), `phones`, `since`, `is_me`
        """
        people = self._get_live_people()
        roles = dict(people._fields["role"]._description_selection(self.env))
        if not HOUSEHOLD_ROLES & self._get_portal_role(partner):
            people = people.filtered(lambda one: one.partner_id == partner)
        return [
            {
                "name": one.partner_id.name,
                "role": roles[one.role],
                "phones": [
                    number
                    for number in (
                        (one.partner_id.phone, one.partner_id.phone2)
                        if one.partner_id == partner
                        else (one.partner_id.phone_masked, one.partner_id.phone2_masked)
                    )
                    if number
                ],
                "since": one.date_start,
                "is_me": one.partner_id == partner,
                "is_resident": one.is_resident,
            }
            for one in people
        ]

    def _get_portal_sections(self, partner):
        """Return what else a person sees of his home on the portal.

        Each module adds its sections; they are read with the rights of the portal user.

        :return: list of dict `name` (anchor), `title`, `icon`, `empty` (text when there is
            nothing), `aside` (whether it stands in the right column) and `rows`, each a
            dict `title`, `text`, `badge` (text and class) and `url`, all but the title
            optional
        """
        self.ensure_one()
        return [
            self._get_portal_vehicles(),
            self._get_portal_pets(),
            self._get_portal_documents(),
        ]

    def _get_portal_vehicles(self):
        Vehicle = self.env["property.vehicle"]
        kinds = dict(Vehicle._fields["kind"]._description_selection(self.env))
        today = fields.Date.context_today(self)
        vehicles = Vehicle.search(
            Domain("unit_id", "=", self.id)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", today))
        )
        return {
            "name": "vehicles",
            "title": self.env._("Vehicles"),
            "icon": "fa-car",
            "empty": self.env._("No vehicle is registered."),
            "rows": [
                {
                    "title": vehicle.plate,
                    "text": " · ".join(
                        filter(
                            None, [kinds[vehicle.kind], vehicle.brand, vehicle.color]
                        )
                    ),
                }
                for vehicle in vehicles
            ],
        }

    def _get_portal_pets(self):
        Pet = self.env["property.pet"]
        kinds = dict(Pet._fields["kind"]._description_selection(self.env))
        states = dict(Pet._fields["expiry_state"]._description_selection(self.env))
        colors = {"expired": "text-bg-danger", "expiring": "text-bg-warning"}
        rows = []
        for pet in Pet.search([("unit_id", "=", self.id)]):
            row = {
                "title": pet.name,
                "text": " · ".join(filter(None, [kinds[pet.kind], pet.breed])),
            }
            if pet.expiry_state in colors:
                row["badge"] = (states[pet.expiry_state], colors[pet.expiry_state])
            rows.append(row)
        return {
            "name": "pets",
            "title": self.env._("Pets"),
            "icon": "fa-paw",
            "empty": self.env._("No pet is registered."),
            "rows": rows,
        }

    def _get_portal_documents(self):
        documents = self.env["property.owner.document"].search(
            [("unit_id", "=", self.id), ("received_on", "!=", False)]
        )
        rows = []
        for document in documents:
            # the rules let the user read the document; its scans belong to it
            scans = document.sudo().attachment_ids
            url = f"/my/homes/{self.id}/documents/{document.id}/{scans[:1].id}"
            rows.append(
                {
                    "title": document.display_name,
                    "text": format_date(self.env, document.received_on),
                    "url": url if scans else None,
                }
            )
        return {
            "name": "documents",
            "title": self.env._("Documents"),
            "icon": "fa-file-text-o",
            "empty": self.env._("No document is on file for you."),
            "aside": True,
            "rows": rows,
        }
