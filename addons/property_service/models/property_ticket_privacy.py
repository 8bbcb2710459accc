from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.property_base.tools import identity


class PropertyTicket(models.Model):
    """The caller's phone number is as confidential on a ticket as it is on the person.

    Who is assigned an open ticket sees it, because he has to call; everybody else shows it
    to himself with a reason that is logged, unless he is in the group Confidential Data. Who
    named the caller himself does so, too: else he could name whose number he wants to see.
    """

    _inherit = "property.ticket"

    caller_user_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        groups="base.group_user",
        export_string_translation=False,
        help="Who last changed the caller; empty: who made the ticket.",
    )

    @api.model
    def _get_confidential_copies(self):
        return {
            **super()._get_confidential_copies(),
            "phone": ("partner_id", "phone"),
        }

    def _filtered_copies_needed(self):
        mine = self.filtered(
            lambda ticket: ticket.is_open and ticket.user_id == self.env.user
        )
        return super()._filtered_copies_needed() | mine._filtered_named_by_others()

    def _filtered_named_by_others(self):
        """Return the tickets whose caller somebody else than the user has named."""
        return self.filtered(
            lambda ticket: (ticket.caller_user_id or ticket.create_uid) != self.env.user
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Take the mask of a number that the form filled in for what it stands for."""
        Partner = self.env["res.partner"]
        for vals in vals_list:
            if not self.env.su:
                vals.pop("caller_user_id", None)
            if identity.is_masked(vals.get("phone")):
                if vals.get("partner_id"):
                    # compared on the server, not shown
                    caller = Partner.browse(vals["partner_id"]).sudo()
                    self._check_mask(vals["phone"], caller.phone)
                del vals["phone"]  # the caller's is filled in
        return super().create(vals_list)

    def write(self, vals):
        """Take a mask that comes back from a form for what it is: no change.

        Who names another caller is noted.
        """
        if not self.env.su and "caller_user_id" in vals:
            raise AccessError(
                self.env._("Who named the caller is noted by the system.")
            )
        if {"partner_id", "unit_id"} & vals.keys():
            vals = {"caller_user_id": self.env.uid, **vals}
        if identity.is_masked(vals.get("phone")):
            # compared on the server, not shown
            caller = self.env["res.partner"].browse(vals.get("partner_id") or ()).sudo()
            for ticket in self.sudo():  # as above
                self._check_mask(vals["phone"], caller.phone or ticket.phone)
            vals = {name: value for name, value in vals.items() if name != "phone"}
        return super().write(vals)

    def _check_mask(self, mask, number):
        """Refuse a mask that is not the one of the number on file."""
        if identity.mask_phone(number) != mask:
            raise UserError(self.env["res.partner"]._get_mask_message(mask))

    def action_reveal_phone(self):
        """Ask for the reason, then show the number left on the ticket."""
        self.ensure_one()
        caller = self.partner_id
        at_home = caller in self.unit_id.occupancy_ids.partner_id
        action = caller.with_context(
            property_unit_id=self.unit_id.id if at_home else False
        ).action_reveal()
        action["context"]["default_ticket_id"] = self.id
        return action
