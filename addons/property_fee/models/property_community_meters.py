from odoo import fields, models
from odoo.tools.date_utils import end_of

from .property_meter import KINDS


class PropertyCommunity(models.Model):
    """Where households report their own readings."""

    _inherit = "property.community"

    self_read_water = fields.Boolean(string="Water")
    self_read_hot_water = fields.Boolean(string="Hot Water")
    self_read_electricity = fields.Boolean(string="Electricity")
    self_read_gas = fields.Boolean(string="Gas")
    self_read_heating = fields.Boolean(string="Heating")
    self_read_from = fields.Integer(
        string="From Day",
        default=20,
        help="First day of the month on which households may report a reading.",
    )
    self_read_to = fields.Integer(
        string="To Day",
        default=31,
        help="Last day; in shorter months the last of the month.",
    )

    _self_read_window = models.Constraint(
        "CHECK(self_read_from BETWEEN 1 AND 31 AND self_read_to BETWEEN 1 AND 31"
        " AND self_read_from <= self_read_to)",
        "The days on which readings are reported lie between 1 and 31, in this order.",
    )

    def _get_self_read_kinds(self, day):
        """Return the kinds of meters that households may read themselves on a day.

        :param date day: the day
        :return: set of kinds, empty outside the days of the month that are set
        """
        self.ensure_one()
        last = min(self.self_read_to, end_of(day, "month").day)
        if not min(self.self_read_from, last) <= day.day <= last:
            return set()
        return {kind for kind, _label in KINDS if self[f"self_read_{kind}"]}
