from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import matching
from ..tools.settle import fen


class PropertyBankMatching(models.AbstractModel):
    """What the matching needs to know of a company's households."""

    _name = "property.bank.matching"
    _description = "Matching of Bank Lines"

    @api.model
    def _build_index(self, company):
        """Return the index of all units of a company with the people of each.

        :param res.company company: the company
        :rtype: tools.matching.HouseholdIndex
        """
        units = self.env["property.unit"].search_fetch(
            [("company_id", "=", company.id)],
            ["name", "code", "unit_type", "building_id", "entrance_id", "community_id"],
        )
        people = self._get_people(units)
        return matching.HouseholdIndex(
            matching.Household(
                id=unit.id,
                building=unit.building_id.code or "",
                entrance=unit.entrance_id.code or "",
                room=unit.name or "",
                unit_type=unit.unit_type,
                community=unit.community_id.name or "",
                people=tuple(people[unit.id]),
            )
            for unit in units
        )

    @api.model
    def _get_people(self, units):
        """Return the names of who may pay for units: who lives there or owns, who owes."""
        people = defaultdict(set)
        today = fields.Date.context_today(self)
        for unit, partner in self.env["property.occupancy"]._read_group(
            Domain("unit_id", "in", units.ids)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", today)),
            ["unit_id", "partner_id"],
        ):
            people[unit.id].add(partner.name)
        for unit, partner in self.env["account.move"]._read_group(
            [
                ("property_unit_id", "in", units.ids),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
            ],
            ["property_unit_id", "partner_id"],
        ):
            people[unit.id].add(partner.name)
        return people

    @api.model
    def _get_open_bills(self, unit_ids):
        """Return the open bills of households, the first due first.

        :return: dict unit id -> account.move
        """
        units = self.env["property.unit"].browse(unit_ids)
        bills = self.env["property.collection"]._search_open_bills(units)
        return {unit.id: own for unit, own in bills.grouped("property_unit_id").items()}

    @api.model
    def _get_fees_at_payment(self, bills, as_of):
        """Return the late fees that become bills when their principal is paid.

        :param account.move bills: open bills
        :param date as_of: day of the payment
        :return: dict bill -> fen; bills that owe none are left out
        """
        companies = (
            self.env["property.late.fee.policy"]
            .search(
                [
                    ("company_id", "in", bills.company_id.ids),
                    ("invoicing", "=", "payment"),
                ]
            )
            .company_id
        )
        bills = bills.filtered(lambda bill: bill.company_id in companies)
        fees = {
            bill: sum(
                fen(part.amount)
                for part in fee.parts
                if part.policy.invoicing == "payment" and part.date_from <= part.date_to
            )
            for bill, fee in bills._get_late_fees(as_of).items()
        }
        return {bill: amount for bill, amount in fees.items() if amount}
