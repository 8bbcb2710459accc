import logging
import re

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.property_base.tools.background import in_chunks, in_halves

from .property_notice_rule import EVENTS

_logger = logging.getLogger(__name__)

CHUNK = 50
HEADERS = {
    # No holiday message shall answer what a machine has written.
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "OOF, DR, RN, NRN, AutoReply",
}
# An earlier message that has not gone out is not needed when the later one follows.
SUPERSEDED_BY = {
    "accepted": ("accepted", "dispatched", "done", "rejected"),
    "dispatched": ("dispatched", "done"),
    "rescheduled": ("rescheduled", "dispatched", "done"),
    "done": ("done",),
    "rejected": ("rejected",),
}


def _spellings(number):
    """Return how a Chinese number may be written on the list of refusals."""
    digits = re.sub(r"\D", "", number)
    bare = re.sub(r"^(00)?86(?=1\d{10}$)", "", digits)
    return {bare, f"+86{bare}", f"86{bare}"}


class PropertyTicketNotice(models.Model):
    """What a household has been, or is to be, told about a ticket.

    A step of a ticket only leaves a row here; the words are written and handed to Odoo's
    queues by the scheduled action, so nobody waits for it and no step fails for it.
    """

    _name = "property.ticket.notice"
    _description = "Message about a Ticket"
    _order = "id desc"

    ticket_id = fields.Many2one(
        "property.ticket", required=True, index=True, ondelete="cascade"
    )
    community_id = fields.Many2one(
        related="ticket_id.community_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, index=True, precompute=True
    )
    event = fields.Selection(EVENTS, required=True)
    rule_id = fields.Many2one("property.notice.rule", ondelete="set null")
    partner_id = fields.Many2one("res.partner", string="To", readonly=True)
    state = fields.Selection(
        [
            ("queued", "To Send"),
            ("sent", "Handed Over"),
            ("skipped", "Not Sent"),
            ("failed", "Failed"),
        ],
        required=True,
        default="queued",
        index=True,
    )
    by_mail = fields.Boolean(string="E-Mail", readonly=True)
    by_sms = fields.Boolean(string="Text Message", readonly=True)
    handled_at = fields.Datetime(readonly=True)
    note = fields.Char(string="Why", readonly=True)

    _queued_idx = models.Index("(id) WHERE state = 'queued'")

    # === QUEUE === #

    @api.model
    def _queue(self, events):
        """Note what households are to be told; the scheduled action does it soon.

        :param dict events: ticket -> key of `EVENTS`
        """
        if not events or self.env.context.get("property_no_notices"):
            return
        tickets = self.env["property.ticket"].browse(ticket.id for ticket in events)
        rules = self.env["property.notice.rule"]._get_rules(
            tickets, set(events.values())
        )
        vals_list = [
            {"ticket_id": ticket.id, "event": event, "rule_id": rule.id}
            for ticket, event in events.items()
            if (rule := rules.get((ticket, event)))
        ]
        if vals_list:
            self.sudo().create(vals_list)  # the system's own records
            # Whoever takes a step has no right to scheduled actions.
            self.env.ref("property_service.ir_cron_tell").sudo()._trigger()

    @api.model
    def _cron_tell(self):
        """Write what waits into Odoo's queues of e-mails and text messages, in chunks."""
        domain = Domain("state", "=", "queued")

        def tell():
            notices = self.search(domain, order="id", limit=CHUNK).try_lock_for_update()
            if notices:
                notices._tell()
            return len(notices)

        in_chunks(self.env, tell, lambda: self.search_count(domain))

    def _tell(self):
        """Tell the households; what goes wrong with one is noted and stops no other."""
        in_halves(self, lambda part: part._hand_over(), self._note_failure)

    @api.model
    def _note_failure(self, notice, error):
        """Note why a household could not be told."""
        _logger.info("message %s about a ticket failed: %s", notice.id, error)
        notice.write(
            {
                "state": "failed",
                "note": str(error)[:200],
                "handled_at": fields.Datetime.now(),
            }
        )

    # === HANDING OVER === #

    def _hand_over(self):
        """Put e-mails and text messages into the queues of Odoo."""
        live = self - self._skip_superseded()
        for rule, notices in live.grouped("rule_id").items():
            notices._reach_households(rule)

    def _skip_superseded(self):
        """Leave out what another message says too.

        :return: the notices that are left out
        """
        later = self.search(
            Domain("ticket_id", "in", self.ticket_id.ids)
            & Domain("state", "=", "queued")
        ).grouped("ticket_id")
        stale = self.filtered(
            lambda notice: (
                any(
                    other.id > notice.id and other.event in SUPERSEDED_BY[notice.event]
                    for other in later.get(notice.ticket_id, ())
                )
                # Who has not been told of a visit yet need not hear that it was moved.
                or notice.event == "rescheduled"
                and any(
                    other.id < notice.id and other.event == "dispatched"
                    for other in later.get(notice.ticket_id, ())
                )
            )
        )
        stale._close("skipped", self.env._("Another message says it."))
        return stale

    def _close(self, state, note=False):
        self.write({"state": state, "note": note, "handled_at": fields.Datetime.now()})

    def _reach_households(self, rule):
        """Tell by each channel of the rule; note where there was no way.

        :param rule: property.notice.rule, empty when it was deleted meanwhile
        """
        willing = self.filtered(
            lambda notice: not notice.ticket_id.partner_id.property_no_notices
        )
        (self - willing)._close("skipped", self.env._("Wants no messages."))
        mailed = willing._mail(rule) if rule.by_mail else self.browse()
        texted = willing._text(rule) if rule.by_sms else self.browse()
        for notice in willing:
            notice.write(
                {
                    "partner_id": notice.ticket_id.partner_id.id,
                    "by_mail": notice in mailed,
                    "by_sms": notice in texted,
                }
            )
        (mailed | texted)._close("sent")
        (willing - mailed - texted)._close(
            "skipped", self.env._("No address, or it is on the list of refusals.")
        )

    def _mail(self, rule):
        """Put an e-mail for each ticket that has an address into the queue.

        :return: the notices that could be mailed
        """
        refused = self.ticket_id.partner_id.filtered("is_blacklisted")
        ready = self.filtered(
            lambda notice: (
                (
                    notice.ticket_id.partner_id.email_normalized
                    if notice.ticket_id.partner_id
                    else notice.ticket_id._get_sender_address()
                )
                and notice.ticket_id.partner_id not in refused
            )
        )
        if ready:
            ready.ticket_id._portal_ensure_tokens()
            rule.mail_template_id.send_mail_batch(
                ready.ticket_id.ids, email_values={"headers": repr(HEADERS)}
            )
        return ready

    def _text(self, rule):
        """Put a text message for each ticket that has a number into the queue.

        :return: the notices that could be texted
        """
        numbers = {}
        for notice in self:
            ticket = notice.ticket_id
            partner = ticket.partner_id or ticket.company_id.partner_id
            number = (ticket.phone or ticket.partner_id.phone or "").split("/")[0]
            if number.strip():
                country = partner.country_id or self.env.ref("base.cn")
                numbers[notice] = (
                    partner._phone_format(number=number.strip(), country=country)
                    or number.strip()
                )
        # A refusal may be on file with or without the country.
        ways = {
            notice: {number, *_spellings(number)} for notice, number in numbers.items()
        }
        refused = set(
            self.env["phone.blacklist"]
            .search([("number", "in", list(set().union(*ways.values())))])
            .mapped("number")
        )
        ready = self.filtered(
            lambda notice: notice in numbers and not ways[notice] & refused
        )
        if not ready:
            return ready
        ready.ticket_id._portal_ensure_tokens()
        bodies = rule.sms_template_id._render_field(
            "body", ready.ticket_id.ids, compute_lang=True
        )
        self.env["sms.sms"].create(
            [
                {
                    "number": numbers[notice],
                    "body": bodies[notice.ticket_id.id],
                    "partner_id": notice.ticket_id.partner_id.id,
                }
                for notice in ready
            ]
        )
        return ready
