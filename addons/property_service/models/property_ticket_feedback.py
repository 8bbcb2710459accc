from odoo import api, fields, models
from odoo.tools import email_normalize, format_datetime

from ..tools.transitions import OPEN_STATES


class PropertyTicket(models.Model):
    """What the household hears of its ticket, and whether it waits for our answer."""

    _inherit = "property.ticket"

    notice_ids = fields.One2many(
        "property.ticket.notice", "ticket_id", string="Messages to the Household"
    )
    return_visit_ids = fields.One2many(
        "property.return.visit", "ticket_id", string="Return Visits"
    )
    was_asked = fields.Boolean(
        string="Asked Afterwards",
        compute="_compute_was_asked",
        store=True,
        help="The household was reached in a return visit.",
    )
    last_household_message_at = fields.Datetime(
        string="Household Wrote Last", readonly=True, copy=False
    )
    awaits_answer = fields.Boolean(
        string="Waits for Our Answer",
        readonly=True,
        copy=False,
        help="The household wrote last on this ticket and nobody has answered yet.",
    )

    _awaits_answer_idx = models.Index("(community_id) WHERE awaits_answer IS TRUE")

    # === COMPUTE === #

    @api.depends("return_visit_ids.result")
    def _compute_was_asked(self):
        for ticket in self:
            results = set(ticket.return_visit_ids.mapped("result"))
            ticket.was_asked = bool(results - {"unreached"})

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        self.env["property.ticket.notice"]._queue(
            {ticket: "accepted" for ticket in tickets if ticket.state == "accepted"}
        )
        return tickets

    def write(self, vals):
        watched = {"state", "user_id", "appointment_at"} & vals.keys()
        before = {
            ticket: (ticket.state, ticket.user_id, ticket.appointment_at)
            for ticket in self
            if watched
        }
        result = super().write(vals)
        events = {}
        for ticket, facts in before.items():
            if event := ticket._get_event(*facts):
                events[ticket] = event
        self.env["property.ticket.notice"]._queue(events)
        return result

    def _get_event(self, state, user, appointment_at):
        """Return what the household is to be told after a change, None if nothing.

        :param state: state before the change
        :param user: responsible before the change
        :param appointment_at: appointment before the change
        """
        self.ensure_one()
        if self.state == "dispatched" and (
            state != "dispatched" or self.user_id != user
        ):
            return None if state == "waiting" else "dispatched"
        if self.state != state:
            if self.state == "accepted" and state not in OPEN_STATES[1:]:
                return "accepted"
            return self.state if self.state in ("done", "rejected") else None
        moved = self.appointment_at and self.appointment_at != appointment_at
        return "rescheduled" if moved and self.state in OPEN_STATES[1:] else None

    # === WORDS OF A MESSAGE === #

    def _get_sender_address(self):
        """Return the address of somebody who is not on file, but wrote an e-mail."""
        self.ensure_one()
        return email_normalize(self.email_from or "") or False

    def _portal_ensure_tokens(self):
        """Give each ticket the token of its link, in one go where it has none."""
        for ticket in self.filtered(lambda ticket: not ticket.access_token):
            ticket._portal_ensure_token()

    def _get_notice_zone(self):
        """Return the time zone in which households are told times."""
        self.ensure_one()
        return self.partner_id.tz or self.company_id._get_zone_name()

    def _format_notice_time(self, moment):
        """Return a moment as the household reads it, in its language."""
        if not moment:
            return ""
        zone = self._get_notice_zone()
        lang = self.env.lang or self.partner_id.lang or "en_US"
        pattern = "M月d日 EEE HH:mm" if lang.startswith("zh") else "EEE d MMM, HH:mm"
        return format_datetime(
            self.env, moment, tz=zone, dt_format=pattern, lang_code=lang
        )

    def _get_visitor(self):
        """Return the name of whoever comes next; empty while nobody is sent."""
        self.ensure_one()
        coming = self.order_ids.filtered(
            lambda order: order.state in ("given", "accepted", "arrived")
        ).sorted("id")
        return coming[-1:].engineer_id.name or ""

    def _get_visit_time(self):
        """Return when the visit is expected, in words; empty while it is open."""
        self.ensure_one()
        coming = self.order_ids.filtered("is_open").sorted("id")[-1:]
        return self._format_notice_time(coming.planned_at or self.appointment_at)

    def _get_notice_url(self, anchor=""):
        """Return the link to the ticket, good for whoever has it."""
        self.ensure_one()
        return f"{self.get_base_url()}{self._get_share_url(redirect=False)}{anchor}"

    # === CHAT === #

    def _message_post_after_hook(self, message, msg_values):
        """Note whether the household or we wrote last."""
        result = super()._message_post_after_hook(message, msg_values)
        if self._is_chat(message) and not self.env.context.get("property_no_question"):
            self._note_chat(message)
        return result

    @api.model
    def _is_chat(self, message):
        """Return whether a message is one that the household and we exchange."""
        comment = self.env.ref("mail.mt_comment")
        return (
            message.subtype_id == comment
            and not message.is_internal
            and message.message_type in ("comment", "email")
        )

    def _note_chat(self, message):
        # Who wrote decides, not what the writer may do with the ticket.
        author = message.sudo().author_id.with_context(active_test=False)
        staff = author.user_ids.filtered(lambda user: not user.share)
        for ticket in self.sudo():  # as above
            if staff:
                if ticket.awaits_answer:
                    ticket.awaits_answer = False
            else:
                # The mail that opened a ticket is the ticket itself.
                opens = (
                    ticket.channel == "email" and not ticket.last_household_message_at
                )
                ticket.write(
                    {
                        "last_household_message_at": fields.Datetime.now(),
                        "awaits_answer": not opens,
                    }
                )

    def action_return_visit(self):
        """Open the form in which the answer of the household is written down."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Return Visit"),
            "res_model": "property.return.visit",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }

    def action_answered(self):
        """Take tickets off the list of those that wait for an answer, e.g. after a call."""
        self.filtered("awaits_answer").write({"awaits_answer": False})
