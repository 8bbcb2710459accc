from odoo import api, models
from odoo.exceptions import AccessError, UserError

PROTECTED = ("approval_state", "approval_request_id")


class PropertyApprovalGuard(models.AbstractModel):
    """What only the methods of the approval may change, and what nobody may once submitted."""

    _inherit = "property.approval.mixin"

    @api.model_create_multi
    def create(self, vals_list):
        """Let every document start as a draft, whatever the caller asks for."""
        if not self.env.su:
            followed = self._approval_get_followed_fields()
            for vals in vals_list:
                if vals.get("approval_state", "draft") != "draft" or vals.get(
                    "approval_request_id"
                ):
                    self._approval_raise_protected()
            defaults = {f"default_{name}" for name in followed}
            if not defaults.isdisjoint(self.env.context):
                # pylint: disable-next=context-overridden
                self = self.with_context(
                    {
                        key: value
                        for key, value in self.env.context.items()
                        if key not in defaults
                    }
                )
            # Said explicitly, for a default in the context would say otherwise.
            start = {"approval_state": "draft"}
            if self.env.user._is_internal():
                start["approval_request_id"] = False
            # What follows from the content is left to be computed, whatever a form sends.
            vals_list = [
                {name: vals[name] for name in vals if name not in followed} | start
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        """Keep the state to the methods, and the content of a submitted document as it is."""
        if not self.env.su:
            followed = self._approval_get_followed_fields()
            if not vals.keys().isdisjoint({*PROTECTED, *followed}):
                self._approval_raise_protected()
            self._approval_check_unlocked(vals)
        return super().write(vals)

    def _update_field_translations(self, field_name, translations, *args, **kwargs):
        """Keep the translations of a submitted document as they are, too."""
        if not self.env.su:
            self._approval_check_unlocked([field_name])
        return super()._update_field_translations(
            field_name, translations, *args, **kwargs
        )

    def _approval_raise_protected(self):
        raise AccessError(
            self.env._(
                "The approval of a document is changed by submitting, approving or refusing"
                " it, never directly."
            )
        )

    @api.model
    def _approval_get_followed_fields(self):
        """Return what decides who approves and follows from the content of the document.

        An amount that is computed from the lines, for instance: written by hand, it would
        bring a large document before whoever may approve small ones.

        :rtype: set
        """
        names = {
            self._approval_amount_field,
            self._approval_company_field,
            self._approval_community_field,
        }
        return {name for name in names & self._fields.keys() if self._is_followed(name)}

    @api.model
    def _is_followed(self, name):
        field = self._fields[name]
        return bool(field.compute) and field.readonly

    def _approval_get_locked_fields(self):
        """Return the names of the fields that are not changed outside draft.

        :rtype: set
        """
        return {
            *self._approval_locked_fields,
            self._approval_amount_field,
            self._approval_company_field,
            self._approval_community_field,
        } & self._fields.keys()

    def _approval_check_unlocked(self, field_names=None):
        """Refuse a change of the content of documents that are not drafts.

        Models of lines call it on their document before a line is changed.

        :param field_names: fields that are about to be written; by default, any content
        :raise UserError: if one of the documents is submitted, approved or refused
        """
        locked = self._approval_get_locked_fields()
        if field_names is not None and locked.isdisjoint(field_names):
            return
        for document in self.filtered(lambda doc: doc.approval_state != "draft"):
            states = dict(
                self._fields["approval_state"]._description_selection(self.env)
            )
            raise UserError(
                self.env._(
                    "%(document)s is %(state)s: take it back to draft to change it.",
                    document=document.display_name,
                    state=states[document.approval_state].lower(),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        for document in self:
            if document.approval_state in ("submitted", "approved"):
                raise UserError(
                    self.env._(
                        "%(document)s is submitted or approved and cannot be deleted.",
                        document=document.display_name,
                    )
                )
