from odoo import fields, models
from odoo.exceptions import UserError

REOPENED = "accepted"
HISTORY = {
    REOPENED: "mail.mt_note",
    "waiting": "mail.mt_comment",
    "dispatched": "mail.mt_comment",
}


class PropertyTicketStep(models.TransientModel):
    """Ask for what a step of tickets needs, and take the step for all of them."""

    _name = "property.ticket.step"
    _description = "Step of Tickets"

    ticket_ids = fields.Many2many("property.ticket", required=True)
    state = fields.Selection(
        selection=lambda self: (
            self.env["property.ticket"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Responsible", domain=[("share", "=", False)]
    )
    waiting_reason = fields.Selection(
        selection=lambda self: (
            self.env["property.ticket"]
            ._fields["waiting_reason"]
            ._description_selection(self.env)
        ),
        string="Waiting for",
    )
    note = fields.Text()

    def action_apply(self):
        """Step all chosen tickets; none is changed if one of them cannot step."""
        self.ensure_one()
        self._check_still_to_take()
        vals = {"state": self.state, **self._prepare_vals()}
        self.ticket_ids.write(vals)
        # No field keeps the words of these steps, so they go into the history: what is
        # still wrong is for the colleagues, a message is for the household.
        if subtype := HISTORY.get(self.state) if self.note else None:
            for ticket in self.ticket_ids:
                ticket.message_post(
                    body=self.note,
                    message_type="comment",
                    subtype_xmlid=subtype,
                )
        return {"type": "ir.actions.act_window_close"}

    def _check_still_to_take(self):
        """Refuse a step that a colleague took while the window was open.

        :raise UserError: his result or reason would be overwritten
        """
        taken = self.ticket_ids.filtered(lambda ticket: ticket.state == self.state)
        if taken:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(user)s has already set %(tickets)s to %(state)s. Nothing was"
                    " overwritten; add what is missing to the ticket.",
                    user=taken[0].write_uid.name,
                    tickets=", ".join(taken.mapped("name")),
                    state=labels[self.state],
                )
            )

    def _prepare_vals(self):
        """Return the values that belong to the step, beside the state itself."""
        if self.state == "waiting":
            return {"waiting_reason": self.waiting_reason}
        if self.state == "dispatched":
            return {"user_id": self.user_id.id}
        if self.state == "done":
            return {"result": self.note}
        if self.state in ("rejected", "cancelled"):
            return {"close_reason": self.note}
        if self.state == REOPENED and not self.note:
            raise UserError(
                self.env._(
                    "Say what is still wrong before the ticket is taken up again."
                )
            )
        return {}
