from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import sla
from .property_sla_policy import TARGETS

RAISED = {"non_urgent": "general", "general": "emergency"}


class PropertyEscalationRung(models.Model):
    """One step of the ladder: when, to whom, what."""

    _name = "property.escalation.rung"
    _description = "Escalation Step"
    _order = "policy_id, target, offset_percent, offset_minutes, id"

    policy_id = fields.Many2one(
        "property.sla.policy", required=True, index=True, ondelete="cascade"
    )
    target = fields.Selection(TARGETS, required=True, default="resolution")
    offset_percent = fields.Float(
        string="Relative (%)",
        help="Of the promised time, before (negative) or after it is due.\n"
        "-20: when four fifths of the time have run.",
    )
    offset_minutes = fields.Integer(
        string="Minutes", help="Minutes on duty besides; 60: an hour after it was due."
    )
    recipient = fields.Selection(
        [
            ("responsible", "Responsible"),
            ("on_duty", "Whoever Is on Duty"),
            ("manager", "Community Manager"),
            ("role", "Role"),
            ("user", "Named Person"),
        ],
        string="Whom",
        required=True,
        default="manager",
        help="Whoever is on duty: by the duty roster of the community at that moment.\n"
        "Where nobody is found, the community manager is told.",
    )
    group_id = fields.Many2one("res.groups", string="Role", ondelete="cascade")
    user_id = fields.Many2one(
        "res.users", string="Named Person", domain=[("share", "=", False)]
    )
    action = fields.Selection(
        [
            ("activity", "Activity"),
            ("message", "Send a Message"),
            ("reassign", "Reassign"),
            ("urgency", "Raise the Urgency"),
        ],
        string="What",
        required=True,
        default="activity",
    )

    _role_named = models.Constraint(
        "CHECK(recipient != 'role' OR group_id IS NOT NULL)",
        "Say which role is told.",
    )
    _user_named = models.Constraint(
        "CHECK(recipient != 'user' OR user_id IS NOT NULL)", "Say who is told."
    )

    @api.depends("target", "offset_percent", "offset_minutes", "action")
    def _compute_display_name(self):
        targets = dict(self._fields["target"]._description_selection(self.env))
        actions = dict(self._fields["action"]._description_selection(self.env))
        for rung in self:
            offset = f"{rung.offset_percent:+g} %"
            if rung.offset_minutes:
                offset += f" {rung.offset_minutes:+d} min"
            what = actions.get(rung.action, "")
            rung.display_name = f"{targets.get(rung.target, '')} {offset}: {what}"

    def _reached_at(self, row, duty, pauses):
        """Return when a promise reaches the rung, after quiet hours; None if never.

        :param row: property.ticket.sla
        :param duty: hours on duty of the promise
        :param pauses: waits for which its clock stands
        """
        self.ensure_one()
        reached = sla.rung_at(
            row.started_at,
            row.hours * 3600,
            self.offset_percent,
            self.offset_minutes,
            duty,
            pauses,
        )
        if not reached or row.ticket_id.urgency == "emergency":
            return reached
        company = row.company_id
        return sla.after_quiet(
            reached,
            company.property_quiet_from,
            company.property_quiet_until,
            ZoneInfo(company._get_zone_name()),
        )

    # === WHOM === #

    def _recipients_key(self, ticket):
        """Return what decides who is told: the same key, the same people."""
        return self, ticket.community_id, ticket.company_id, ticket.user_id

    def _get_recipients(self, ticket, now):
        """Return who is told about a ticket.

        :param datetime now: moment at which the duty roster is read, in UTC
        :rtype: res.users
        """
        self.ensure_one()
        found = getattr(self, f"_get_{self.recipient}")(ticket, now)
        found = found.filtered(lambda user: user.active and not user.share)
        return found or ticket.community_id.manager_id

    def _get_responsible(self, ticket, now):
        return ticket.user_id

    def _get_on_duty(self, ticket, now):
        return self.env["property.duty.shift"]._get_on_duty(ticket.community_id, now)

    def _get_manager(self, ticket, now):
        return ticket.community_id.manager_id

    def _get_role(self, ticket, now):
        users = self.group_id.all_user_ids
        return users.filtered_domain(
            Domain("company_ids", "in", ticket.company_id.ids)
            & (
                Domain("property_community_ids", "=", False)
                | Domain("property_community_ids", "in", ticket.community_id.ids)
            )
        )

    def _get_user(self, ticket, now):
        return self.user_id
