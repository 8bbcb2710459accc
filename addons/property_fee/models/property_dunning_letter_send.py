from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools import email_normalize, plaintext2html

from .property_dunning_level import PAPER

TASK = "property_fee.mail_activity_dunning"
ROLE_GROUPS = {
    role: f"property_base.group_property_{role}"
    for role in ("frontdesk", "cashier", "accountant", "manager")
}


class PropertyDunningLetter(models.Model):
    """How reminders leave the house."""

    _inherit = "property.dunning.letter"

    def _dispatch(self):
        """Queue messages, leave letters to be printed, hand tasks to those who do them."""
        automatic = self.filtered(lambda letter: letter.level_id.mode == "auto")
        automatic.filtered(lambda letter: letter.channel == "email")._queue_emails()
        automatic.filtered(lambda letter: letter.channel == "sms")._queue_sms()
        by_hand = self.filtered(
            lambda letter: letter not in automatic and letter.channel not in PAPER
        )
        by_hand._assign_tasks()

    def _stands(self):
        """Return the reminders of which something is still owed, as the books stand.

        The bills are locked: a payment that is being made is let through first, and one
        that comes now waits until the reminder is out.

        :return: (reminders that stand, reminders whose bills somebody is at work on)
        """
        # The system checks the books before it sends anything.
        bills = self.sudo().line_ids.move_id
        locked = bills.try_lock_for_update(allow_referencing=True)
        locked.invalidate_recordset(["amount_residual_signed"])
        self.invalidate_recordset(["amount_open"])
        # Of the books as before.
        busy = self.filtered(lambda letter: letter.sudo().line_ids.move_id - locked)
        stands = (self - busy).filtered(
            lambda letter: (
                letter.state != "cancelled"
                and letter.currency_id.compare_amounts(letter.amount_open, 0) > 0
            )
        )
        return stands, busy

    # === E-MAIL === #

    def _queue_emails(self):
        """Put the e-mails into Odoo's queue; without an address the reminder fails."""
        ready = self.filtered(lambda letter: email_normalize(letter.partner_id.email))
        (self - ready).write(
            {
                "state": "failed",
                "failure": self.env._("The debtor has no e-mail address."),
            }
        )
        mails = (
            self.env["mail.mail"]
            .sudo()  # Odoo's queue belongs to the system
            .create([letter._prepare_mail() for letter in ready])
        )
        for letter, mail in zip(ready, mails, strict=True):
            letter.write({"state": "queued", "mail_id": mail.id})

    def _prepare_mail(self):
        """Return the values of the e-mail of a reminder."""
        self.ensure_one()
        company = self.company_id
        lang = self.partner_id.lang or company.partner_id.lang
        body = self.env["ir.qweb"]._render(
            "property_fee.dunning_mail", {"o": self.with_context(lang=lang)}, lang=lang
        )
        return {
            "subject": self.subject,
            "body_html": body,
            "email_from": company.email_formatted or self.env.user.email_formatted,
            "email_to": self.partner_id.email_formatted,
            "model": self._name,
            "res_id": self.id,
            "message_type": "email_outgoing",
            "auto_delete": False,
        }

    def _note_mail(self):
        """Let reminders follow what became of their e-mails."""
        today = fields.Date.context_today(self)
        for letter in self.filtered(lambda letter: letter.state == "queued"):
            mail = letter.sudo().mail_id  # of the system's queue
            if mail.state == "sent":
                letter._note_delivered(today, way="electronic")
            elif mail.state == "exception":
                letter.write({"state": "failed", "failure": mail.failure_reason})
            elif mail.state == "cancel":
                letter._cancel(mail.failure_reason)

    # === TASKS === #

    def _assign_tasks(self):
        """Give the task of each reminder to somebody of its role, evenly."""
        if not self:
            return
        kind = self.env.ref(TASK)
        model = self.env["ir.model"]._get_id(self._name)
        # Tasks are for others.
        Activity = self.env["mail.activity"].sudo()
        load, vals_list, candidates = {}, [], {}
        for letter in self:
            key = (letter.level_id.role, letter.community_id, letter.case_id.user_id)
            if key not in candidates:
                candidates[key] = letter._get_task_users()
            user = min(candidates[key], key=lambda user: (load.get(user, 0), user.id))
            load[user] = load.get(user, 0) + 1
            vals_list.append(
                {
                    "activity_type_id": kind.id,
                    "res_model_id": model,
                    "res_id": letter.id,
                    "user_id": user.id,
                    "summary": f"{letter.level_id.name}: {letter.case_id.display_name}",
                    "note": plaintext2html(letter.short_text or ""),
                    "date_deadline": letter.date,
                    "automated": True,
                }
            )
        Activity.with_context(mail_activity_quick_update=True).create(vals_list)

    def _get_task_users(self):
        """Return who may do the task of a reminder, the responsible person first."""
        self.ensure_one()
        case = self.case_id
        if case.user_id:
            return case.user_id
        role = self.level_id.role or "frontdesk"
        community = self.community_id
        if role == "manager" and community.manager_id:
            return community.manager_id
        users = self._get_role_users(role).filtered(
            lambda user: (
                self.company_id in user.company_ids
                and (
                    not user.property_community_ids
                    or community in user.property_community_ids
                )
            )
        )
        local = users.filtered("property_community_ids")
        return local or users or community.manager_id or self.env.user

    @api.model
    def _get_role_users(self, role):
        """Return the users of a role, not those who have it by a higher one if possible."""
        group = self.env.ref(ROLE_GROUPS[role]).sudo()  # who is in it is no secret
        users = group.user_ids or group.all_user_ids
        return users.filtered(lambda user: user.active and not user.share)

    # === TABLE OF BILLS === #

    def _get_bank(self):
        """Return where to pay; it is on every bill anyway."""
        self.ensure_one()
        # Bank accounts of others are not for everybody, our own is printed.
        return self.company_id.sudo().partner_id.bank_ids[:1]

    def _get_body(self):
        """Return the text of the reminder, or of its level where it was written before."""
        self.ensure_one()
        return self.text or Markup(self.level_id.text or "")

    def _in_delivery_order(self):
        """Return the reminders in the order in which somebody walks."""
        return self.sorted(lambda letter: letter.unit_id._get_way())
