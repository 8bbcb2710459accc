from odoo import fields, models
from odoo.exceptions import UserError

REOPENED = "accepted"


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
    note = fields.Text(help="The caller sees it on the portal.")

    def action_apply(self):
        """Step all chosen tickets; none is changed if one of them cannot step."""
        self.ensure_one()
        self._check_still_to_take()
        vals = {"state": self.state, **self._prepare_vals()}
        self.ticket_ids.write(vals)
        if self.note and self.state in (REOPENED, "waiting", "dispatched"):
            # No field keeps these words, so they go into the history of the ticket.
            for ticket in self.ticket_ids:
                ticket.message_post(body=self.note)
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
