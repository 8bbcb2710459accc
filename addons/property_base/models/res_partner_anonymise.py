from markupsafe import escape
from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .confidential import CONFIDENTIAL_GROUP

# What says who a person is, and what Odoo keeps of it; bookkeeping needs the record only.
PERSONAL_FIELDS = (
    "phone",
    "phone2",
    "wechat",
    "email",
    "identity_number",
    "birthdate",
    "image_1920",
    "street",
    "street2",
    "city",
    "zip",
    "state_id",
    "vat",
    "website",
    "function",
    "comment",
    "ref",
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_anonymise(self):
        """Open the window that takes the request of a former resident."""
        self.ensure_one()
        self._check_may_anonymise()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Anonymise a Former Resident"),
            "res_model": "property.anonymise",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.id},
        }

    def _check_may_anonymise(self):
        """Refuse whoever may not anonymise, and people who are still needed.

        :raises AccessError: for anybody but a manager who sees confidential data
        :raises UserError: while the person has a role in a unit, today or later, or
            works for the company
        """
        user = self.env.user
        if not self.env.su and not (
            user.has_group("property_base.group_property_manager")
            and user.has_group(CONFIDENTIAL_GROUP)
        ):
            raise AccessError(
                self.env._(
                    "Anonymising takes a manager who is also in the group Confidential"
                    " Data."
                )
            )
        self.check_access("write")
        today = fields.Date.context_today(self)
        # a role in a community the manager does not see counts as well
        live = (
            self.env["property.occupancy"]
            .sudo()
            .search(
                Domain("partner_id", "in", self.ids)
                & (Domain("date_end", "=", False) | Domain("date_end", ">=", today)),
                limit=1,
            )
        )
        if live:
            raise UserError(
                self.env._(
                    "%(person)s still has a role in %(unit)s. End it first.",
                    person=live.partner_id.name,
                    unit=live.unit_id.code,
                )
            )
        # whoever may anonymise need not be allowed to see logins
        staff = self.sudo().user_ids.filtered(lambda user: not user.share)
        if staff:
            raise UserError(
                self.env._("%(person)s works for the company.", person=staff[0].name)
            )

    def _anonymise(self, reason):
        """Take out of Odoo who these people were; for good.

        The record stays, so that bills, payments and the history of units stay as they
        are: posted documents are not touched. Name, numbers, photo, addresses, login and
        the conversation go. It is logged here, and in the privacy log of Odoo's
        `privacy_lookup` where that is installed; its lookup finds what else names the
        person, such as an invoice address printed on an archived bill.

        :param str reason: who asked for it and when
        :raises AccessError, UserError: see `_check_may_anonymise`
        """
        self._check_may_anonymise()
        for partner in self:
            before = {"name": partner.name, "email": partner.email}
            partner._anonymise_related()
            partner._erase_person()
            partner._erase_conversation()
            partner._log_anonymised(reason, before)

    def _anonymise_related(self):
        """Erase what other records say of the person; each module adds its own.

        Called before the partner itself changes, so name and numbers can still be used to
        find copies of them. Bookkeeping stays as it is.
        """
        self.ensure_one()
        # everything in here: complete, wherever the person lived; the right to do it has
        # been checked
        occupancies = self.sudo().occupancy_ids
        occupancies.note = False
        mine = [("partner_id", "=", self.id)]
        # complete, as said above
        self.env["property.change.request"].sudo().search(mine).write(
            {"phone": "-", "phone2": False, "member_name": "-", "note": False}
        )
        # the log itself stays, and nobody else may touch it
        self.env["property.disclosure.log"].sudo().search(mine).note = False
        for model in ("property.vehicle", "property.pet"):
            # complete, as said above
            self.env[model].sudo().with_context(active_test=False).search(mine).unlink()
        # complete, as said above
        files = self.env["property.owner.file"].sudo()
        files = files.search([("partner_ids", "in", self.ids)])
        own = files.filtered(
            lambda file: file.state == "closed" and file.partner_ids == self
        )
        own.document_ids.attachment_ids.unlink()
        self._replace_name_in("property.unit", occupancies.unit_id.ids)
        self._replace_name_in("property.owner.file", files.ids)

    def _get_anonymous_name(self):
        return self.env._("Former resident %(number)s", number=self.id)

    def _replace_name_in(self, model, ids):
        """Let the conversation of other records name the person as it is going to be."""
        messages = self.env["mail.message"].sudo()  # as in _anonymise_related
        messages = messages.search([("model", "=", model), ("res_id", "in", ids)])
        anonymous = self._get_anonymous_name()
        for message in messages.filtered(lambda message: self.name in message.body):
            message.body = message.body.replace(escape(self.name), escape(anonymous))
        for value in messages.tracking_value_ids:
            for name in ("old_value_char", "new_value_char"):
                if self.name in (value[name] or ""):
                    value[name] = value[name].replace(self.name, anonymous)

    def _erase_person(self):
        name = self._get_anonymous_name()
        # complete, also what the manager does not see; the right has been checked
        partner = self.sudo().with_context(tracking_disable=True)
        for user in partner.with_context(active_test=False).user_ids:
            user.write(
                {
                    "active": False,
                    "login": f"former-resident-{user.id}",
                    "signature": False,
                }
            )
        partner.bank_ids.action_archive()
        addresses = partner.with_context(active_test=False).child_ids.filtered(
            lambda child: not child.occupancy_ids
        )
        erased = {field: False for field in PERSONAL_FIELDS if field in partner._fields}
        (partner | addresses).write({"name": name, "category_id": False, **erased})

    def _erase_conversation(self):
        # complete, as above
        messages = self.env["mail.message"].sudo()
        messages.search(
            [("model", "=", "res.partner"), ("res_id", "=", self.id)]
        ).unlink()
        # complete, as above
        self.env["ir.attachment"].sudo().search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.id)]
        ).unlink()
        # complete, as above
        self.sudo().activity_ids.unlink()
        # what he wrote elsewhere belongs to that matter; only the address goes
        messages.search([("author_id", "=", self.id)]).write({"email_from": False})
        # complete, as above
        self.env["mail.followers"].sudo().search(
            [("partner_id", "=", self.id)]
        ).unlink()

    def _log_anonymised(self, reason, before):
        # also of a community the manager does not see
        last = (
            self.env["property.occupancy"]
            .sudo()
            .search([("partner_id", "=", self.id)], order="date_end desc", limit=1)
        )
        # nobody may write the log himself
        self.env["property.disclosure.log"].sudo().create(
            {
                "kind": "anonymise",
                "partner_id": self.id,
                "unit_id": last.unit_id.id,
                "company_id": last.company_id.id,
                "field_names": "name,phone,phone2,identity_number,birthdate,image_1920",
                "note": reason,
                "user_id": self.env.uid,
            }
        )
        if "privacy.log" in self.env:
            # the log of privacy_lookup is for system administrators; it masks by itself
            # and wants an address of the usual form
            email = before["email"] or ""
            self.env["privacy.log"].sudo().create(
                {
                    "anonymized_name": before["name"] or "-",
                    "anonymized_email": email
                    if email.count("@") == 1
                    else "nobody@example.com",
                    "user_id": self.env.uid,
                    "execution_details": self.env._(
                        "Anonymised Contact #%(number)s", number=self.id
                    ),
                    "additional_note": reason,
                }
            )
