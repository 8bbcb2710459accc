from odoo import api, fields, models
from odoo.fields import Domain

EVENTS = [
    ("accepted", "Accepted"),
    ("dispatched", "Somebody Is Sent"),
    ("rescheduled", "Appointment Changed"),
    ("done", "Done, Please Confirm"),
    ("rejected", "Rejected"),
]


class PropertyNoticeRule(models.Model):
    """What a household is told by itself, by which channel and in which words."""

    _name = "property.notice.rule"
    _description = "Message to Households"
    _inherit = ["property.scope.mixin"]
    _order = "sequence, id"
    _rec_name = "event"
    _check_company_auto = True

    sequence = fields.Integer(
        default=10, help="Of two that fit equally closely, the first counts."
    )
    active = fields.Boolean(default=True)
    event = fields.Selection(EVENTS, required=True)
    by_mail = fields.Boolean(string="E-Mail", default=True)
    mail_template_id = fields.Many2one(
        "mail.template",
        string="E-Mail Template",
        domain=[("model", "=", "property.ticket")],
        ondelete="restrict",
    )
    by_sms = fields.Boolean(
        string="Text Message",
        help="Text messages go into the queue of the SMS gateway that is installed.",
    )
    sms_template_id = fields.Many2one(
        "sms.template",
        string="Text Message Template",
        domain=[("model", "=", "property.ticket")],
        ondelete="restrict",
    )

    _mail_template_named = models.Constraint(
        "CHECK(NOT by_mail OR mail_template_id IS NOT NULL)",
        "Choose the template of the e-mail.",
    )
    _sms_template_named = models.Constraint(
        "CHECK(NOT by_sms OR sms_template_id IS NOT NULL)",
        "Choose the template of the text message.",
    )

    @api.model
    def _get_rules(self, tickets, events):
        """Return which rule holds for each ticket and event; where none does, no key.

        The rule of the community goes before that of the company, and that before the
        one for all. A rule without any channel means that nothing is said.

        :param set events: keys of `EVENTS`
        :return: dict (ticket, event) -> property.notice.rule
        """
        # What is told does not depend on who takes the step.
        rules = self.sudo().search_fetch(
            Domain("event", "in", list(events))
            & Domain("company_id", "in", [False, *tickets.company_id.ids])
        )
        result = {}
        for (community, company), here in tickets.grouped(
            lambda ticket: (ticket.community_id, ticket.company_id)
        ).items():
            for event in events:
                fitting = [
                    rule
                    for rule in rules
                    if rule.event == event
                    and rule.community_id.id in (False, community.id)
                    and rule.company_id.id in (False, company.id)
                ]
                if not fitting:
                    continue
                best = min(
                    fitting,
                    key=lambda rule: (not rule.community_id, not rule.company_id),
                )
                if best.by_mail or best.by_sms:
                    result.update(((ticket, event), best) for ticket in here)
        return result
