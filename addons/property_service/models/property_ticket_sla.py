from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import sla
from ..tools.duty import RoundTheClock
from .property_sla_policy import TARGETS


class PropertyTicketSla(models.Model):
    """One promise about one ticket: when it began, when it is due, when it was kept.

    Only the system writes these rows, when tickets step from state to state. What they
    promise is pinned: a policy that changes later does not change past promises.
    """

    _name = "property.ticket.sla"
    _description = "Promise of a Ticket"
    _order = "ticket_id, round, started_at, id"

    ticket_id = fields.Many2one(
        "property.ticket", required=True, index=True, ondelete="cascade"
    )
    community_id = fields.Many2one(
        related="ticket_id.community_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True
    )
    policy_id = fields.Many2one(
        "property.sla.policy", required=True, index=True, ondelete="restrict"
    )
    target = fields.Selection(TARGETS, required=True)
    round = fields.Integer(
        default=0, help="0 for the first time, then the number of the reopening."
    )
    hours = fields.Float(string="Promised Hours", required=True, aggregator="avg")
    calendar_id = fields.Many2one("resource.calendar", ondelete="restrict")
    pausing_reasons = fields.Char(
        help="Reasons of waiting for which this clock stands, between commas."
    )
    started_at = fields.Datetime(required=True)
    due_at = fields.Datetime(help="Empty while the clock stands.")
    reached_at = fields.Datetime()
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Paused"),
            ("met", "Kept"),
            ("missed", "Missed"),
            ("void", "Void"),
        ],
        required=True,
        default="running",
        index=True,
        help="Kept and missed are said when the target is reached.",
    )
    is_late = fields.Boolean(
        string="Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="Missed, or due and not reached yet.",
    )
    used_hours = fields.Float(
        string="Hours Used",
        compute="_compute_hours",
        help="Hours on duty, without pauses, up to the target or to now.",
    )
    remaining_hours = fields.Float(
        string="Hours Left", compute="_compute_hours", help="Negative when late."
    )
    next_rung_at = fields.Datetime(
        string="Next Escalation", help="When the next rung of the ladder is reached."
    )
    event_ids = fields.One2many("property.escalation.event", "sla_id")

    _target_round_uniq = models.UniqueIndex(
        "(ticket_id, target, round) WHERE state != 'void'",
        "A target is promised once in each round.",
    )
    _due_idx = models.Index("(due_at) WHERE state = 'running'")
    _rung_idx = models.Index("(next_rung_at) WHERE state = 'running'")

    # === COMPUTE === #

    @api.depends("ticket_id.name", "target", "round")
    def _compute_display_name(self):
        labels = dict(self._fields["target"]._description_selection(self.env))
        for row in self:
            row.display_name = f"{row.ticket_id.name} {labels.get(row.target, '')}"

    @api.depends("state", "due_at")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for row in self:
            row.is_late = row.state == "missed" or (
                row.state == "running" and bool(row.due_at) and row.due_at < now
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "=", "missed") | (
            Domain("state", "=", "running")
            & Domain("due_at", "<", fields.Datetime.now())
        )

    @api.depends("started_at", "reached_at", "state", "due_at")
    def _compute_hours(self):
        now, pauses, duties = fields.Datetime.now(), self._get_pauses(), self._duties()
        for row in self:
            seconds = sla.elapsed(
                row.started_at or now,
                row.reached_at or now,
                duties[row._duty_key()],
                row._own_pauses(pauses),
            )
            row.used_hours = seconds / 3600
            row.remaining_hours = row.hours - row.used_hours

    # === THE CLOCK === #

    def _duty_key(self):
        return self.calendar_id, self.company_id

    def _duties(self):
        """Return the hours on duty by calendar and company, read once for all rows."""
        return {
            (calendar, company): calendar._property_duty(company)
            if calendar
            else RoundTheClock()
            for calendar, company in {row._duty_key() for row in self}
        }

    def _get_pauses(self):
        """Return the waits of the tickets: dict ticket -> list of (reason, start, end)."""
        return {
            ticket: [
                (pause.reason, pause.started_at, pause.ended_at or None)
                for pause in ticket.pause_ids
            ]
            for ticket in self.ticket_id
        }

    def _own_pauses(self, pauses):
        """Return those waits of the ticket for which this clock stands."""
        reasons = (self.pausing_reasons or "").split(",")
        return [
            (start, end)
            for reason, start, end in pauses.get(self.ticket_id, ())
            if reason in reasons
        ]

    def _set_clocks(self):
        """Bring state, due instant and next rung in line with the waits so far."""
        rows = self.filtered(lambda row: row.state in ("running", "paused"))
        if not rows:
            return
        pauses, duties = rows._get_pauses(), rows._duties()
        rungs = rows._get_open_rungs()
        for row in rows:
            duty, own = duties[row._duty_key()], row._own_pauses(pauses)
            due = sla.due_at(row.started_at, row.hours * 3600, duty, own)
            stands = any(end is None for _start, end in own)
            vals = {
                "state": "paused" if stands else "running",
                "due_at": due or False,
                "next_rung_at": row._next_rung_at(rungs[row], duty, own) or False,
            }
            changed = {key: value for key, value in vals.items() if row[key] != value}
            if changed:
                row.write(changed)

    def _catch_up(self):
        """Log the rungs that were passed since the scheduled action last looked.

        What is in the log does not depend on how often it looks.
        """
        now = fields.Datetime.now()
        rows = self.filtered(
            lambda row: (
                row.state == "running" and row.next_rung_at and row.next_rung_at <= now
            )
        )
        if rows:
            self.env["property.escalation.event"]._climb(rows, now, is_catching_up=True)

    def _get_open_rungs(self):
        """Return the rungs that each row has not passed: dict row -> rungs."""
        return {
            row: row.policy_id.rung_ids.filtered(
                lambda one, row=row: one.target == row.target
            )
            - row.event_ids.rung_id
            for row in self
        }

    def _next_rung_at(self, rungs, duty, own_pauses):
        """Return when the first of some rungs is reached, None when none will be."""
        times = [rung._reached_at(self, duty, own_pauses) for rung in rungs]
        return min((time for time in times if time), default=None)

    # === EVENTS OF TICKETS === #

    @api.model
    def _promise(self, tickets, is_reopened=False, skip=()):
        """Begin the clocks of tickets by the policies that fit them.

        :param is_reopened: only the solution is promised anew, from now on
        :param skip: pairs (ticket, target) that are not promised again
        :return: the rows
        """
        policies = self.env["property.sla.policy"]._get_policies(tickets)
        now, vals_list = fields.Datetime.now(), []
        for ticket, policy in policies.items():
            for target, _label in TARGETS:
                hours = policy._get_hours(target, is_reopened)
                if not hours or (ticket, target) in skip:
                    continue
                if is_reopened and target != "resolution":
                    continue
                vals_list.append(
                    {
                        "ticket_id": ticket.id,
                        "policy_id": policy.id,
                        "target": target,
                        "round": ticket.reopened_count if is_reopened else 0,
                        "hours": hours,
                        "calendar_id": policy._get_calendar(ticket.community_id).id,
                        "pausing_reasons": ",".join(policy._get_pausing_reasons()),
                        "started_at": now if is_reopened else ticket.reported_at,
                    }
                )
        # A promise that was just voided makes room; the database has to know.
        self.flush_model(["state"])
        rows = self.create(vals_list)
        rows._set_clocks()
        return rows

    def _reach(self, instants):
        """Note that targets were reached.

        :param dict instants: row -> datetime in UTC
        """
        rows = self.browse(row.id for row in instants)
        pauses, duties = rows._get_pauses(), rows._duties()
        for row in rows:
            reached = max(instants[row], row.started_at)
            due = sla.due_at(
                row.started_at,
                row.hours * 3600,
                duties[row._duty_key()],
                row._own_pauses(pauses),
            )
            row.write(
                {
                    "reached_at": reached,
                    "due_at": due or row.due_at,
                    "state": "missed" if due and reached > due else "met",
                    "next_rung_at": False,
                }
            )

    def _void(self):
        """End clocks whose promise no longer holds."""
        self.write({"state": "void", "due_at": False, "next_rung_at": False})
