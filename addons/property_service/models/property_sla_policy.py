from odoo import api, fields, models

from .property_ticket_category import KINDS, URGENCIES

TARGETS = [
    ("response", "Response"),
    ("arrival", "Arrival"),
    ("resolution", "Resolution"),
]
PAUSING_REASONS = ("owner", "parts", "third_party", "appointment")


class PropertySlaPolicy(models.Model):
    """What is promised for which tickets: response, arrival, solution."""

    _name = "property.sla.policy"
    _description = "Service Promise"
    _inherit = ["property.scope.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="Of two that fit equally closely, the first counts."
    )
    active = fields.Boolean(default=True)

    # For which tickets
    category_id = fields.Many2one(
        "property.ticket.category",
        string="Category or Problem",
        index="btree_not_null",
        help="Empty for all; a category holds for its problems.",
    )
    kind = fields.Selection(KINDS, string="Kind of Ticket", help="Empty for all kinds.")
    urgency = fields.Selection(URGENCIES, help="Empty for all urgencies.")

    # What is promised
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Duty Calendar",
        check_company=True,
        help="Hours that count, with the public holidays. Empty: day and night. A promise to"
        " all communities counts the hours of a community that has its own calendar.",
    )
    response_hours = fields.Float(
        string="Response Within",
        help="Hours on duty until the ticket is accepted; 0 promises nothing.",
    )
    arrival_hours = fields.Float(
        string="Arrival Within",
        help="Hours on duty until work begins on site; 0 promises nothing.",
    )
    resolution_hours = fields.Float(
        string="Solved Within", help="Hours on duty until done; 0 promises nothing."
    )
    reopened_hours = fields.Float(
        string="Solved Again Within",
        help="Hours on duty for a ticket that was reopened; 0: half of the first time.",
    )
    pause_owner = fields.Boolean(string="Pause for the Owner", default=True)
    pause_parts = fields.Boolean(string="Pause for Parts")
    pause_third_party = fields.Boolean(string="Pause for a Third Party")
    pause_appointment = fields.Boolean(
        string="Pause until an Appointment", default=True
    )
    rung_ids = fields.One2many(
        "property.escalation.rung", "policy_id", string="Escalation", copy=True
    )
    promise = fields.Char(
        string="What to Say",
        translate=True,
        help="What the front desk tells the caller to expect.",
    )

    _hours_positive = models.Constraint(
        "CHECK(response_hours >= 0 AND arrival_hours >= 0 AND resolution_hours >= 0"
        " AND reopened_hours >= 0)",
        "A promise cannot be negative.",
    )

    def _fits(self, ticket):
        """Return whether the policy holds for a ticket."""
        self.ensure_one()
        return (
            self.company_id in (ticket.company_id, self.company_id.browse())
            and self.community_id in (ticket.community_id, self.community_id.browse())
            and self.kind in (ticket.kind, False)
            and self.urgency in (ticket.urgency, False)
            and (
                not self.category_id
                or self.category_id in ticket.category_id | ticket.category_id.parent_id
            )
        )

    def _rank(self):
        """Return how closely the policy is cut to its tickets; the highest counts."""
        self.ensure_one()
        category = self.category_id
        depth = 0 if not category else 2 if category.parent_id else 1
        return (
            bool(self.community_id),
            depth,
            bool(self.urgency),
            bool(self.kind),
            bool(self.company_id),
            -self.sequence,
            -self.id,
        )

    @api.model
    def _get_policies(self, tickets):
        """Return the policy of each ticket, in one query for any number of tickets.

        :return: dict ticket -> policy; tickets that no policy fits are left out
        """
        # Promises hold for tickets of callers who may not read the table of promises.
        policies = (
            self.sudo()
            .search_fetch([("active", "=", True)])
            .sorted(lambda one: one._rank(), reverse=True)
        )
        found = {}
        for ticket in tickets:
            key = (
                ticket.company_id,
                ticket.community_id,
                ticket.kind,
                ticket.urgency,
                ticket.category_id,
            )
            if key not in found:
                found[key] = next((one for one in policies if one._fits(ticket)), None)
        result = {
            ticket: found[
                ticket.company_id,
                ticket.community_id,
                ticket.kind,
                ticket.urgency,
                ticket.category_id,
            ]
            for ticket in tickets
        }
        return {ticket: policy for ticket, policy in result.items() if policy}

    def _get_hours(self, target, is_reopened=False):
        """Return the hours promised for a target, 0 where nothing is promised."""
        self.ensure_one()
        if target == "resolution" and is_reopened:
            return self.reopened_hours or self.resolution_hours / 2
        return self[f"{target}_hours"]

    def _get_calendar(self, community):
        """Return the calendar whose hours count in a community, empty: day and night.

        :param community: property.community of the ticket
        :rtype: resource.calendar
        """
        self.ensure_one()
        if self.calendar_id and not self.community_id:
            return community.calendar_id or self.calendar_id
        return self.calendar_id

    def _get_pausing_reasons(self):
        """Return the reasons of waiting for which the clocks stand."""
        self.ensure_one()
        return [reason for reason in PAUSING_REASONS if self[f"pause_{reason}"]]
