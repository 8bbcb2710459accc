from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.property_base.models.property_occupancy import OWNER_ROLES

from ..tools.period import ONE_DAY

# Types that pay a management fee once they have been handed over.
MANAGED_TYPES = ("home", "shop", "office")


class PropertyUnit(models.Model):
    """What pricing asks of a unit."""

    _inherit = "property.unit"

    lacks_management_fee = fields.Boolean(
        string="Without Management Fee",
        compute="_compute_lacks_management_fee",
        search="_search_lacks_management_fee",
        groups="property_base.group_property_frontdesk,"
        "property_base.group_property_cashier",
        help="Handed over, but no management fee is assigned today.",
    )

    def _count_spaces(self):
        """Return how many parking spaces belong to the unit."""
        self.ensure_one()
        return len(self.child_ids.filtered(lambda unit: unit.unit_type == "parking"))

    def _get_rule_starts(self, rule):
        """Return the first day on which the units are charged by a start rule.

        :param str rule: `handover`, `sale` (first day of the first owner) or `renovation`
            (day after its end)
        :return: dict unit -> date; units without such a date are left out
        """
        if rule == "handover":
            return {unit: unit.handover_date for unit in self if unit.handover_date}
        if rule == "renovation":
            return {
                unit: unit.renovation_end + ONE_DAY
                for unit in self
                if unit.renovation_end
            }
        return dict(
            self.env["property.occupancy"]._read_group(
                [("unit_id", "in", self.ids), ("role", "in", OWNER_ROLES)],
                ["unit_id"],
                ["date_start:min"],
            )
        )

    # === NOTHING FORGOTTEN === #

    def _compute_lacks_management_fee(self):
        lacking = self.search(
            self._domain_without_fee() & Domain("id", "in", self._origin.ids)
        )
        for unit in self:
            unit.lacks_management_fee = unit._origin in lacking

    def _search_lacks_management_fee(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._domain_without_fee()

    @api.model
    def _domain_without_fee(self):
        """Return the domain of the units that have been handed over but pay no management fee.

        Where no fee item says that it is the management fee, any fee will do.

        :rtype: Domain
        """
        today = fields.Date.context_today(self)
        live = Domain("date_start", "<=", today) & (
            Domain("date_end", "=", False) | Domain("date_end", ">=", today)
        )
        management = Domain("category", "=", "management")
        if self.env["property.fee.item"].search_count(management, limit=1):
            live &= Domain("item_id", "any", management)
        return (
            Domain("handover_date", "<=", today)
            & Domain("unit_type", "in", MANAGED_TYPES)
            & Domain("fee_assignment_ids", "not any", live)
        )
