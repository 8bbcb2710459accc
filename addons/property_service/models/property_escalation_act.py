from collections import Counter

from markupsafe import Markup
from odoo import api, fields, models

from .property_escalation_rung import RAISED

TODO = "mail.mail_activity_data_todo"
TOLD_BY_MESSAGE = ("message", "reassign")
MOST_LISTED = 50


class PropertyEscalationEvent(models.Model):
    """What is done when rungs are passed, for many tickets at once.

    Everything is noted on its ticket, to colleagues only. Whoever is sent a message about
    one ticket gets it from there; whoever would get several gets one that lists them.
    """

    _inherit = "property.escalation.event"

    def _act(self, is_catching_up=False):
        """Do what the rungs ask for and say so on the tickets.

        :param is_catching_up: whoever deals with the ticket decides whose it is and how
            urgent; that is left as it is
        """
        texts = self._get_texts()
        for action, events in self.grouped("action").items():
            if is_catching_up and action in ("reassign", "urgency"):
                continue
            if act := getattr(events, f"_act_{action}", None):
                act(texts)
        self._note(texts)

    def _get_texts(self):
        """Return what is said about each step, in the language of who is told first.

        :rtype: dict of property.escalation.event to str
        """
        texts = {}
        for lang, events in self.grouped(
            lambda event: event.user_ids[:1].lang or event.company_id.partner_id.lang
        ).items():
            spoken = events.with_context(lang=lang)
            said = spoken._say()
            texts.update(
                (event, one._get_text(said))
                for event, one in zip(events, spoken, strict=True)
            )
        return texts

    # === ACTIONS === #

    def _act_activity(self, texts):
        today, kind = fields.Date.context_today(self), self.env.ref(TODO).id
        # The list of things to do says it; no message for each of them.
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": kind,
                    "res_model_id": self.env["ir.model"]._get_id(event.ticket_id._name),
                    "res_id": event.ticket_id.id,
                    "summary": texts[event],
                    "user_id": user.id,
                    "date_deadline": today,
                    "automated": True,
                }
                for event in self
                for user in event.user_ids
            ]
        )

    def _act_reassign(self, texts):
        events = self.filtered("user_ids")
        for user, given in events.grouped(lambda event: event.user_ids[:1]).items():
            # He is told with the note.
            given.ticket_id.with_context(mail_auto_subscribe_no_notify=True).write(
                {"user_id": user.id}
            )

    def _act_urgency(self, texts):
        for urgency, tickets in self.ticket_id.grouped("urgency").items():
            if urgency in RAISED:
                tickets.urgency = RAISED[urgency]

    # === NOTES === #

    def _note(self, texts):
        """Note the steps on the tickets, and send the messages that are asked for."""
        loud = self.filtered(lambda event: event.action in TOLD_BY_MESSAGE)
        counts = Counter(user for event in loud for user in event.user_ids)
        author = self.env.ref("base.partner_root")
        quiet = {}
        for event in self:
            body = Markup("<p>%s</p>") % texts[event]
            alone = event.user_ids.filtered(
                lambda user, event=event: event in loud and counts[user] == 1
            )
            if alone:
                event.ticket_id.message_post(
                    body=body,
                    partner_ids=alone.partner_id.ids,
                    subtype_xmlid="mail.mt_note",
                    author_id=author.id,
                )
            else:
                quiet.setdefault(event.ticket_id.id, []).append(body)
        self._note_quietly(quiet, author)
        for user, count in counts.items():
            if count > 1:
                mine = loud.filtered(lambda event, user=user: user in event.user_ids)
                mine._send_digest(user, texts, author)

    @api.model
    def _note_quietly(self, notes, author):
        """Note on tickets without telling anybody.

        :param dict notes: id of the ticket -> list of Markup
        """
        if notes:
            self.env["property.ticket"].browse(notes)._message_log_batch(
                {key: Markup().join(bodies) for key, bodies in notes.items()},
                author_id=author.id,
            )

    def _send_digest(self, user, texts, author):
        """Send one message about several tickets.

        :param user: res.users who is told
        """
        rows = [
            Markup('<li><a href="/odoo/property.ticket/%s">%s</a><br/>%s</li>')
            % (event.ticket_id.id, event.ticket_id.display_name, texts[event])
            for event in self[:MOST_LISTED]
        ]
        spoken = self.with_context(lang=user.lang).env
        if len(self) > MOST_LISTED:
            more = spoken._("and %(count)s more", count=len(self) - MOST_LISTED)
            rows.append(Markup("<li>%s</li>") % more)
        spoken["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            author_id=author.id,
            subject=spoken._("%(count)s escalations", count=len(self)),
            body=Markup("<ul>%s</ul>") % Markup().join(rows),
        )
