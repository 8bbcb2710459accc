from odoo import api, fields, models
from odoo.fields import Domain

# A message that was handed over cannot be called back: few are in one transaction.
CHUNK_SIZE = 50


class PropertyDunningLetter(models.Model):
    """Reminders as text messages: they wait here until the moment they are sent."""

    _inherit = "property.dunning.letter"

    def _queue_sms(self):
        """Put the text messages into the queue; without a number the reminder fails.

        Those of a policy that sends by Odoo are handed over in the background, see
        `_cron_send_sms`; the others wait to be taken to the gateway of the company as a
        spreadsheet.
        """
        ready = self.filtered(lambda letter: letter.partner_id.phone)
        (self - ready).write(
            {
                "state": "failed",
                "failure": self.env._("The debtor has no phone number."),
            }
        )
        ready.state = "queued"
        by_odoo = ready.filtered(
            lambda letter: letter.level_id.policy_id.sms_gateway == "odoo"
        )
        if "sms.sms" not in self.env:
            by_odoo.write(
                {
                    "state": "failed",
                    "failure": self.env._("Odoo's SMS module is not installed."),
                }
            )
        elif by_odoo:
            # Whoever may run has no right on scheduled actions.
            self.env.ref("property_fee.ir_cron_dunning_sms").sudo()._trigger()

    @api.model
    def _cron_send_sms(self):
        """Hand the text messages that wait to Odoo, and look at the books once more before.

        What was paid since it was queued is cancelled; while a payment is being made the
        message waits for the next round.
        """
        if "sms.sms" not in self.env:
            return
        waiting = self.search(
            Domain("channel", "=", "sms")
            & Domain("state", "=", "queued")
            & Domain("level_id.policy_id.sms_gateway", "=", "odoo"),
            order="id",
        )
        for start in range(0, len(waiting), CHUNK_SIZE):
            chunk = waiting[start : start + CHUNK_SIZE].try_lock_for_update()
            chunk.filtered(lambda letter: letter.state == "queued")._send_sms()
            left = len(waiting) - start - CHUNK_SIZE
            if not self.env["ir.cron"]._commit_progress(
                len(chunk), remaining=max(left, 0)
            ):
                return

    def _send_sms(self):
        """Send the text messages of which something is still owed; cancel the others."""
        stands, busy = self._stands()
        for letter in self - stands - busy:
            letter._cancel(self.env._("Paid before it was sent."))
        messages = self.env["sms.sms"].create(
            [
                {
                    "number": letter.partner_id.phone,
                    "body": letter.short_text or letter.subject,
                    "partner_id": letter.partner_id.id,
                }
                for letter in stands
            ]
        )
        messages.send()
        today = fields.Date.context_today(self)
        kinds = messages._fields["failure_type"]
        why = dict(kinds._description_selection(self.env))
        for letter, message in zip(stands, messages, strict=True):
            if message.state == "error":
                # A second try is the clerk's, who sees why; it must not go out twice.
                message.to_delete = True
                letter.write(
                    {"state": "failed", "failure": why.get(message.failure_type)}
                )
            else:
                letter._note_delivered(today, way="electronic")
