from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.transitions import OPEN_STATES, is_reopening
from .property_sla_policy import TARGETS

SOON = timedelta(hours=1)
# Targets that a state fulfils; later states include what comes before them.
REACHED = {
    "accepted": ("response",),
    "dispatched": ("response",),
    "in_progress": ("response", "arrival"),
    "done": ("response", "arrival", "resolution"),
}
DECIDING = {"kind", "urgency", "category_id", "community_id", "unit_id"}


def _outcome(string, help_text):
    """Return the field of what came of the promises of a target."""
    return fields.Selection(
        [("kept", "Kept"), ("missed", "Missed")],
        string=string,
        help=help_text,
        compute="_compute_promised_at",
        store=True,
    )


class PropertyTicket(models.Model):
    """The promises about a ticket: begun with it, paused, kept or missed."""

    _inherit = "property.ticket"

    sla_ids = fields.One2many("property.ticket.sla", "ticket_id", string="Promises")
    pause_ids = fields.One2many("property.ticket.pause", "ticket_id", string="Waits")
    escalation_ids = fields.One2many(
        "property.escalation.event", "ticket_id", string="Escalations"
    )
    escalation_count = fields.Integer(compute="_compute_escalation_count")
    promised_at = fields.Datetime(
        string="Promised Until",
        compute="_compute_promised_at",
        store=True,
        index="btree_not_null",
        help="When the next promise is due; empty when none is or its clock stands.",
    )
    promise_state = fields.Selection(
        [
            ("none", "Nothing Promised"),
            ("on_time", "In Time"),
            ("soon", "Due within the Hour"),
            ("late", "Late"),
            ("paused", "Paused"),
            ("met", "Kept"),
            ("missed", "Missed"),
        ],
        string="Promise",
        compute="_compute_promise_state",
        search="_search_promise_state",
        help="Open tickets: by the promise that is due next. Finished ones: missed if any"
        " promise was.",
    )
    response_outcome = _outcome(
        "Response", "Whether the promised response was kept; empty while it is open."
    )
    arrival_outcome = _outcome(
        "Arrival", "Whether the promised arrival was kept; empty while it is open."
    )
    resolution_outcome = _outcome(
        "Solution",
        "Whether the promised solution was kept, also after the ticket was reopened;"
        " empty while it is open.",
    )
    promise_text = fields.Char(
        string="What to Say",
        compute="_compute_promise_text",
        help="What the caller may expect.",
    )

    # === COMPUTE === #

    @api.depends("sla_ids.due_at", "sla_ids.state", "sla_ids.target")
    def _compute_promised_at(self):
        for ticket in self:
            settled, due = {}, []
            for row in ticket.sla_ids:
                if row.state in ("met", "missed"):
                    settled.setdefault(row.target, set()).add(row.state)
                elif row.state == "running" and row.due_at:
                    due.append(row.due_at)
            ticket.promised_at = min(due, default=False)
            for target, _label in TARGETS:
                states = settled.get(target, ())
                ticket[f"{target}_outcome"] = (
                    "missed" if "missed" in states else "kept" if states else False
                )

    @api.depends("promised_at", "sla_ids.state")
    def _compute_promise_state(self):
        now = fields.Datetime.now()
        for ticket in self:
            states = set(ticket.sla_ids.mapped("state")) - {"void"}
            if not states:
                ticket.promise_state = "none"
            elif ticket.promised_at:
                left = ticket.promised_at - now
                ticket.promise_state = (
                    "late"
                    if left < timedelta(0)
                    else "soon"
                    if left <= SOON
                    else "on_time"
                )
            elif "paused" in states:
                ticket.promise_state = "paused"
            else:
                ticket.promise_state = "missed" if "missed" in states else "met"

    def _search_promise_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        has = {
            state: Domain("sla_ids", "any", [("state", "=", state)])
            for state in ("paused", "missed", "met")
        }
        idle = Domain("promised_at", "=", False)
        domains = {
            "none": ~Domain("sla_ids", "any", [("state", "!=", "void")]),
            "on_time": Domain("promised_at", ">", now + SOON),
            "soon": Domain("promised_at", ">=", now)
            & Domain("promised_at", "<=", now + SOON),
            "late": Domain("promised_at", "<", now),
            "paused": idle & has["paused"],
            "missed": idle & ~has["paused"] & has["missed"],
            "met": idle & ~has["paused"] & ~has["missed"] & has["met"],
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("sla_ids.policy_id")
    def _compute_promise_text(self):
        for ticket in self:
            # What is promised is for every colleague to say.
            policy = ticket.sudo().sla_ids.policy_id[:1]
            ticket.promise_text = policy.promise

    @api.depends("escalation_ids")
    def _compute_escalation_count(self):
        counts = dict(
            self.env["property.escalation.event"]._read_group(
                [("ticket_id", "in", self.ids)], ["ticket_id"], ["__count"]
            )
        )
        for ticket in self:
            ticket.escalation_count = counts.get(ticket._origin, 0)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        Row = self.env["property.ticket.sla"].sudo()  # the system's own records
        rows = Row._promise(tickets)
        tickets._reach_from_dates(rows)
        return tickets

    def write(self, vals):
        before = {ticket: ticket.state for ticket in self} if "state" in vals else {}
        reasons = {ticket: ticket.waiting_reason for ticket in before}
        result = super().write(vals)
        if before:
            self._follow_steps(before, reasons)
        if DECIDING & vals.keys():
            self._promise_anew()
        return result

    # === BUSINESS === #

    def _reach_from_dates(self, rows):
        """Note what tickets had reached when they were created, such as an archive."""
        now, reached, void = fields.Datetime.now(), {}, rows.browse()
        for row in rows:
            ticket = row.ticket_id
            dates = {
                "response": ticket.accepted_at,
                "resolution": ticket.done_at,
                "arrival": ticket.done_at,
            }
            if ticket.state in ("rejected", "cancelled"):
                void |= row
            elif row.target in REACHED.get(ticket.state, ()) or dates[row.target]:
                reached[row] = dates[row.target] or now
            elif ticket.state not in OPEN_STATES:
                void |= row
        void._void()
        rows._reach(reached)
        waiting = self.filtered(lambda ticket: ticket.state == "waiting")
        if waiting:
            self._begin_waits(waiting, now)
            rows.filtered(lambda row: row.ticket_id in waiting)._set_clocks()

    def _follow_steps(self, before, reasons):
        """Start, pause, go on and end clocks as the states have changed.

        :param dict before: ticket -> state before the step
        :param dict reasons: ticket -> what it waited for before the step
        """
        now = fields.Datetime.now()
        moved = self.filtered(
            lambda ticket: (
                ticket.state != before[ticket]
                or (
                    ticket.state == "waiting"
                    and ticket.waiting_reason != reasons[ticket]
                )
            )
        )
        if not moved:
            return
        # Waits and promises are the system's own records; whoever may step a ticket
        # need not be allowed to write them.
        moved = moved.sudo()
        moved.sla_ids._catch_up()
        waited = moved.filtered(lambda ticket: before[ticket] == "waiting")
        waiting = moved.filtered(lambda ticket: ticket.state == "waiting")
        ended = waited.pause_ids.filtered(lambda pause: not pause.ended_at)
        ended.ended_at = now
        # The database has to know before it takes the next wait.
        ended.flush_recordset(["ended_at"])
        self._begin_waits(waiting, now)
        rows = moved.sla_ids.filtered(lambda row: row.state in ("running", "paused"))
        rows.filtered(
            lambda row: row.ticket_id.state in ("rejected", "cancelled")
        )._void()
        rows._reach(
            {
                row: now
                for row in rows
                if row.state in ("running", "paused")
                and row.target in REACHED.get(row.ticket_id.state, ())
            }
        )
        (waited | waiting).sla_ids._set_clocks()
        reopened = moved.filtered(
            lambda ticket: is_reopening(before[ticket], ticket.state)
        )
        if reopened:
            moved.sla_ids._promise(reopened, is_reopened=True)

    @api.model
    def _begin_waits(self, tickets, now):
        # As in the steps: the wait is noted by the system.
        self.env["property.ticket.pause"].sudo().create(
            [
                {
                    "ticket_id": ticket.id,
                    "reason": ticket.waiting_reason,
                    "started_at": now,
                }
                for ticket in tickets
            ]
        )

    def _promise_anew(self):
        """Replace open promises where another policy fits since the ticket was changed.

        What has been reached stays; what is still open counts from the report on.
        """
        fresh = self.filtered(lambda t: t.state in OPEN_STATES and not t.reopened_count)
        if not fresh:
            return
        policies = self.env["property.sla.policy"]._get_policies(fresh)
        Row = self.env["property.ticket.sla"].sudo()  # the system's own records
        rows = Row.search([("ticket_id", "in", fresh.ids), ("state", "!=", "void")])
        by_ticket = rows.grouped("ticket_id")
        changed = fresh.filtered(
            lambda ticket: (
                by_ticket.get(ticket, Row).policy_id
                != policies.get(ticket, Row.policy_id)
            )
        )
        if not changed:
            return
        open_rows = rows.filtered(
            lambda row: row.ticket_id in changed and row.state in ("running", "paused")
        )
        open_rows._catch_up()
        open_rows._void()
        kept = {
            (row.ticket_id, row.target)
            for row in rows
            if row.ticket_id in changed and row.state in ("met", "missed")
        }
        Row._promise(changed, skip=kept)

    def action_view_escalations(self):
        """Open the log of escalations of the ticket."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_service.property_escalation_event_action"
        )
        action["domain"] = [("ticket_id", "=", self.id)]
        return action
