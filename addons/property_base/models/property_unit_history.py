from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import normalise


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    people_on_day = fields.Char(
        string="Who Was Here",
        store=False,
        search="_search_people_on_day",
        help="Name or phone of a person and a day, such as Zhang San 2024-05-01: units in"
        " which he had a role on that day. Without a day: at any time.",
    )

    @api.model
    def _split_day(self, said):
        """Split what is asked into the person and the day.

        :param str said: name or phone and a day in any order, each may be missing
        :return: (text about the person, date or None)
        """
        person, day = [], None
        for word in said.split():
            try:
                # eight digits are a day, fewer or more may be a phone number
                found = day is None and len(word) >= 8 and normalise.day(word)
            except ValueError:
                found = None
            if found:
                day = found
            else:
                person.append(word)
        return " ".join(person), day

    @api.model
    def _search_people_on_day(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS or not isinstance(value, str):
            return NotImplemented
        person, day = self._split_day(value)
        Occupancy = self.env["property.occupancy"]
        domain = Occupancy._domain_on(day) if day else Domain.TRUE
        if person:
            domain &= Domain("partner_id", "ilike", person)
        return Domain("occupancy_ids", "any", domain)
