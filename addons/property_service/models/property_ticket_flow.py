from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import transitions

# Average of a time: the date without which the time does not count.
AVERAGED_UP_TO = {
    "hours_to_accept:avg": "accepted_at",
    "hours_to_done:avg": "done_at",
}


class PropertyTicketFlow(models.AbstractModel):
    """Steps of a ticket: who works on it, since when, and what may come next.

    The order of steps is data in `tools/transitions.py`. Every change of `state`, by
    button, by drag and drop or over RPC, passes `write` and is checked there.
    """

    _name = "property.ticket.flow"
    _description = "Steps of a Ticket"

    state = fields.Selection(
        [
            ("new", "New"),
            ("accepted", "Accepted"),
            ("dispatched", "Dispatched"),
            ("in_progress", "In Progress"),
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("confirmed", "Confirmed"),
            ("closed", "Closed"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="new",
        copy=False,
        index=True,
        tracking=True,
        group_expand="_group_expand_state",
    )
    is_open = fields.Boolean(
        compute="_compute_is_open",
        store=True,
        precompute=True,
        help="Work is still to be done.",
    )
    waiting_reason = fields.Selection(
        [
            ("owner", "Owner"),
            ("parts", "Parts"),
            ("third_party", "Third Party"),
            ("appointment", "Appointment"),
        ],
        copy=False,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index="btree_not_null",
        copy=False,
        tracking=True,
        domain=[("share", "=", False)],
    )
    appointment_at = fields.Datetime(
        string="Appointment", copy=False, help="Visit agreed with the household."
    )
    result = fields.Text(
        copy=False, help="What was found and done; the caller sees it."
    )
    close_reason = fields.Char(
        string="Reason of Refusal",
        copy=False,
        help="Why the ticket was rejected or cancelled; the caller sees it.",
    )
    internal_note = fields.Text(groups="base.group_user", copy=False)

    # Dates and figures
    reported_at = fields.Datetime(
        required=True, default=fields.Datetime.now, copy=False
    )
    accepted_at = fields.Datetime(readonly=True, copy=False)
    done_at = fields.Datetime(readonly=True, copy=False)
    confirmed_at = fields.Datetime(readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    reopened_at = fields.Datetime(readonly=True, copy=False)
    reopened_count = fields.Integer(string="Times Reopened", readonly=True, copy=False)
    hours_to_accept = fields.Float(
        compute="_compute_hours", store=True, precompute=True, aggregator="avg"
    )
    hours_to_done = fields.Float(
        compute="_compute_hours", store=True, precompute=True, aggregator="avg"
    )

    # === COMPUTE === #

    @api.depends("state")
    def _compute_is_open(self):
        for ticket in self:
            ticket.is_open = ticket.state in transitions.OPEN_STATES

    @api.depends("reported_at", "accepted_at", "done_at")
    def _compute_hours(self):
        for ticket in self:
            start = ticket.reported_at
            for name, end in (
                ("hours_to_accept", ticket.accepted_at),
                ("hours_to_done", ticket.done_at),
            ):
                known = start and end and end >= start
                ticket[name] = (end - start).total_seconds() / 3600 if known else 0.0

    def _read_group_select(self, aggregate_spec, query):
        """Average times over the tickets that have come so far, not over zeros."""
        result = super()._read_group_select(aggregate_spec, query)
        if end := AVERAGED_UP_TO.get(aggregate_spec):
            column = self._field_to_sql(self._table, end, query)
            result = SQL("%s FILTER (WHERE %s IS NOT NULL)", result, column)
        return result

    @api.model
    def _group_expand_state(self, values, domain):
        return list(transitions.OPEN_STATES) + [
            value
            for value in self._fields["state"].get_values(self.env)
            if value in values and value not in transitions.OPEN_STATES
        ]

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Create tickets as new or accepted.

        Only who takes over an archive, the HQ administrator, may create them further on.
        """
        if not self.env.user.has_group("property_base.group_property_admin"):
            for vals in vals_list:
                if (
                    vals.get("state", "new") not in ("new", "accepted")
                    and not self.env.su
                ):
                    raise UserError(
                        self.env._(
                            'A ticket begins as new or accepted; "%(subject)s" cannot be'
                            " created in a later state.",
                            subject=vals.get("subject", ""),
                        )
                    )
        for vals in vals_list:
            if vals.get("state") == "accepted":
                vals.setdefault("accepted_at", fields.Datetime.now())
        return super().create(vals_list)

    def write(self, vals):
        if "state" not in vals:
            return super().write(vals)
        groups = self._check_steps(vals)
        for extra, tickets in groups:
            super(PropertyTicketFlow, tickets).write({**vals, **extra})
        return True

    def _check_steps(self, vals):
        """Return what to write with a change of state, after checking every ticket.

        :param dict vals: values with the new `state`
        :return: list of (extra values, tickets)
        :raise UserError: when a ticket cannot step there or lacks what the step asks for
        """
        new, now = vals["state"], fields.Datetime.now()
        names = {
            name for needed in transitions.REQUIREMENTS.values() for name in needed
        }
        groups = {}
        for ticket in self:
            extra = {}
            if ticket.state != new:
                ticket._check_step(new, {n: vals.get(n, ticket[n]) for n in names})
                extra = transitions.stamps(ticket.state, new, now, ticket.accepted_at)
                if transitions.is_reopening(ticket.state, new):
                    extra["reopened_count"] = ticket.reopened_count + 1
                    extra["close_reason"] = False
                if ticket.state == "waiting":
                    extra["waiting_reason"] = False
            key = tuple(sorted(extra.items(), key=lambda item: item[0]))
            groups[key] = groups.get(key, self.browse()) | ticket
        return [(dict(key), tickets) for key, tickets in groups.items()]

    def _check_step(self, new, values):
        """Refuse a step that the table does not know or that lacks a field."""
        self.ensure_one()
        labels = dict(self._fields["state"]._description_selection(self.env))
        if not transitions.is_allowed(self.state, new):
            raise UserError(
                self.env._(
                    "Ticket %(ticket)s is %(old)s and cannot become %(new)s.",
                    ticket=self.display_name,
                    old=labels[self.state],
                    new=labels.get(new, new),
                )
            )
        if lacking := transitions.missing(new, values):
            raise UserError(
                self.env._(
                    "Fill in %(fields)s before ticket %(ticket)s becomes %(new)s.",
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in lacking
                    ),
                    ticket=self.display_name,
                    new=labels[new],
                )
            )

    # === ACTIONS === #

    def action_accept(self):
        """Take up the tickets; the promised response is given."""
        return self.write({"state": "accepted"})

    def action_start(self):
        """Begin, or resume, the work."""
        return self.write({"state": "in_progress"})

    def action_confirm(self):
        """Record that the caller agrees with the result."""
        return self.write({"state": "confirmed"})

    def action_close(self):
        """Put the tickets into the archive."""
        return self.write({"state": "closed"})

    def action_dispatch(self):
        """Send the responsible person out, after asking who it is if nobody is named."""
        if all(ticket.user_id for ticket in self):
            return self.write({"state": "dispatched"})
        return self._open_step("dispatched")

    def action_wait(self):
        """Ask for what the work waits for, then pause it."""
        return self._open_step("waiting")

    def action_done(self):
        """Ask for the result, then report the work as done."""
        return self._open_step("done")

    def action_reject(self):
        """Ask for the reason, then refuse the tickets."""
        return self._open_step("rejected")

    def action_cancel(self):
        """Ask for the reason, then cancel the tickets."""
        return self._open_step("cancelled")

    def action_reopen(self):
        """Ask what is still wrong, then take the tickets up again."""
        return self._open_step("accepted")

    def _open_step(self, state):
        """Return the action of the dialog that asks for what a step needs."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.ticket.step",
            "name": dict(self._fields["state"]._description_selection(self.env))[state],
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_ticket_ids": self.ids,
                "default_state": state,
                "default_user_id": self[:1].user_id.id,
            },
        }
