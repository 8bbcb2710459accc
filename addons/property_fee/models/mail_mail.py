from odoo import models

LETTER = "property.dunning.letter"


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _send(self, *args, **kwargs):
        """Look at the books once more before a reminder goes out.

        What was paid since it was queued cancels it; while a payment is being made it waits
        for the next round of the queue.
        """
        reminders = self.filtered(lambda mail: mail.model == LETTER and mail.res_id)
        result = super(MailMail, self - reminders)._send(*args, **kwargs)
        for mail in reminders:
            letter = self.env[LETTER].browse(mail.res_id).exists()
            stands, busy = letter._stands()
            if stands:
                result = super(MailMail, mail)._send(*args, **kwargs)
                letter._note_mail()
            elif letter not in busy:
                mail.write(
                    {
                        "state": "cancel",
                        "failure_reason": self.env._("Paid before it was sent."),
                    }
                )
                letter._note_mail()
        return result
