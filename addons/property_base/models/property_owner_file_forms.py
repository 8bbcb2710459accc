from odoo import fields, models

from ..tools import identity
from .property_occupancy import OWNER_ROLES

# Confidential fields that go onto a household register.
PRINTED_PHONES = ("phone", "phone2")
PRINTED_IN_FULL = ("identity_number", "birthdate", "image_1920")


class PropertyOwnerFile(models.Model):
    _inherit = "property.owner.file"

    def _print_households(self):
        """Return what the household registers of the files say, and log the disclosure.

        A register is read back and signed by the owner, so both phone numbers stand in it
        in full. Identity number and birth date are masked, and photos left out, unless
        the user sees confidential data. Whose data were printed is logged.

        The register of a live file says how things are today, that of a closed one how
        they were on its last day.

        :return: dict file -> dict of `owners`, `residents`, `emergency` (lists of dicts
            of a person), `photos` (list of dicts), `vehicles` and `pets` (recordsets)
        """
        people = self.env["property.occupancy"].search(
            [("unit_id", "in", self.unit_id.ids)], order="share desc, date_start, id"
        )
        by_unit = people.grouped("unit_id")
        households = {
            file: file._get_household(by_unit.get(file.unit_id, people.browse()))
            for file in self
        }
        printed = [
            (file, person["partner"])
            for file, household in households.items()
            for kind in ("owners", "residents", "emergency")
            for person in household[kind]
        ]
        self._log_printed(dict.fromkeys(printed))
        return households

    def _log_printed(self, printed):
        """Log of whom, and for which unit, confidential data went onto paper.

        :param printed: (property.owner.file, res.partner) pairs
        """
        full = self.env["res.partner"]._sees_confidential()
        names = PRINTED_PHONES + (PRINTED_IN_FULL if full else ())
        # nobody may write the log himself
        self.env["property.disclosure.log"].sudo().create(
            [
                {
                    "kind": "export",
                    "reason": "papers",
                    "partner_id": partner.id,
                    "unit_id": file.unit_id.id,
                    "company_id": file.company_id.id,
                    "field_names": ",".join(names),
                    "note": file.name,
                    "user_id": self.env.uid,
                }
                for file, partner in printed
            ]
        )

    def _get_household(self, people):
        """Return the household of one file; see `_print_households`.

        :param people: all property.occupancy of the unit, owners by share
        """
        self.ensure_one()
        day = self.date_closed or fields.Date.context_today(self)
        live = people.filtered_domain(people._domain_on(day))
        owners = live.filtered(
            lambda occupancy: (
                occupancy.role in OWNER_ROLES
                and occupancy.partner_id in self.partner_ids
            )
        )
        emergency = live.filtered(lambda occupancy: occupancy.role == "emergency")
        others = live - owners - emergency
        residents = others.filtered(
            lambda occupancy: (
                occupancy.role not in OWNER_ROLES
                and occupancy.partner_id not in self.partner_ids
            )
        )
        unknown = self.partner_ids - owners.partner_id
        household = {
            "owners": [self._get_person(owner.partner_id, owner) for owner in owners]
            + [self._get_person(partner) for partner in unknown],
            "residents": [
                self._get_person(person.partner_id, person) for person in residents
            ],
            "emergency": [
                self._get_person(person.partner_id, person) for person in emergency
            ],
            "vehicles": self.unit_id.vehicle_ids.filtered(
                lambda vehicle: (
                    vehicle.date_start <= day
                    and (not vehicle.date_end or vehicle.date_end >= day)
                )
            ),
            "pets": self._get_pets(live.partner_id),
        }
        at_home = {
            person["partner"]: person
            for person in household["owners"] + household["residents"]
        }
        household["photos"] = list(at_home.values())
        return household

    def _get_pets(self, partners):
        """Return the pets of the household; those of a former one by whose they were."""
        if self.state != "closed":
            return self.unit_id.pet_ids
        pets = self.unit_id.with_context(active_test=False).pet_ids
        return pets.filtered(lambda pet: pet.partner_id in partners)

    def _get_person(self, partner, occupancy=None):
        """Return what a register says of a person, as the user may see it.

        :param partner: res.partner
        :param occupancy: his property.occupancy, if he has one
        :rtype: dict
        """
        # read for the mask; only who sees confidential data gets more
        stored = partner.sudo()
        full = self.env["res.partner"]._sees_confidential()
        roles = dict(
            self.env["property.occupancy"]
            ._fields["role"]
            ._description_selection(self.env)
        )
        return {
            "partner": partner,
            "name": partner.name,
            "role": roles[occupancy.role] if occupancy else "",
            "share": occupancy.share if occupancy else 0.0,
            "note": (occupancy.note if occupancy else "") or "",
            "phone": stored.phone or "",
            "phone2": stored.phone2 or "",
            "wechat": partner.wechat or "",
            "email": partner.email or "",
            "employer": partner.parent_id.name or partner.company_name or "",
            "address": " ".join((partner.contact_address or "").split()),
            "sex": self._get_sex(stored.identity_number) if full else "",
            "identity": (
                stored.identity_number
                if full
                else identity.mask_identity(stored.identity_number)
            )
            or "",
            "birthdate": (
                fields.Date.to_string(stored.birthdate)
                if full
                else identity.mask_date(stored.birthdate)
            )
            or "",
            "photo": stored.image_256 if full else False,
        }

    def _get_sex(self, number):
        """Return the sex that an identity card number carries, in words, or nothing."""
        if not identity.birthdate(number):
            return ""
        digit = number.strip()[16 if len(number.strip()) == 18 else -1]
        return self.env._("Male") if int(digit) % 2 else self.env._("Female")
