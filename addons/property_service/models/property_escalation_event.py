from datetime import timedelta
from functools import cache

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime, format_list

from odoo.addons.property_base.tools.background import in_chunks

CHUNK_SIZE = 200


class PropertyEscalationEvent(models.Model):
    """A rung that a promise has passed: each only once, whoever looks and how often."""

    _name = "property.escalation.event"
    _description = "Escalation"
    _order = "fired_at desc, id desc"

    sla_id = fields.Many2one(
        "property.ticket.sla", required=True, index=True, ondelete="cascade"
    )
    rung_id = fields.Many2one(
        "property.escalation.rung", required=True, index=True, ondelete="restrict"
    )
    ticket_id = fields.Many2one(
        "property.ticket", required=True, index=True, ondelete="cascade"
    )
    community_id = fields.Many2one(
        related="sla_id.community_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="sla_id.company_id", store=True, precompute=True
    )
    target = fields.Selection(related="rung_id.target", store=True)
    action = fields.Selection(related="rung_id.action", store=True)
    planned_at = fields.Datetime(required=True, help="When the rung was reached.")
    fired_at = fields.Datetime(required=True)
    user_ids = fields.Many2many("res.users", string="Told")

    _once = models.Constraint(
        "UNIQUE(sla_id, rung_id)", "This step of the ladder has been taken."
    )

    @api.depends("ticket_id.name", "rung_id")
    def _compute_display_name(self):
        for event in self:
            event.display_name = f"{event.ticket_id.name} {event.rung_id.display_name}"

    # === SCHEDULED ACTION === #

    @api.model
    def _cron_escalate(self):
        """Climb the ladders of all open promises, in chunks that commit one by one."""
        Row = self.env["property.ticket.sla"]
        in_chunks(
            self.env,
            self._escalate_chunk,
            lambda: Row.search_count(self._domain_waiting(fields.Datetime.now())),
        )

    @api.model
    def _domain_waiting(self, now):
        return Domain("state", "=", "running") & Domain("next_rung_at", "<=", now)

    @api.model
    def _escalate_chunk(self, limit=CHUNK_SIZE):
        """Take the steps that are due on some promises; others may work beside us.

        :return: number of promises looked at
        """
        now = fields.Datetime.now()
        rows = self.env["property.ticket.sla"].search(
            self._domain_waiting(now), limit=limit * 2, order="next_rung_at, id"
        )
        rows = rows.try_lock_for_update(limit=limit)
        # Promises and ladders are read and written by the system alone.
        self._climb(rows.sudo(), now)
        return len(rows)

    @api.model
    def _climb(self, rows, now, is_catching_up=False):
        """Take the steps that promises have reached by now.

        :param rows: property.ticket.sla, as the system
        :param is_catching_up: the ticket is being dealt with, so only say what was missed
        """
        pauses, duties = rows._get_pauses(), rows._duties()
        rungs = rows._get_open_rungs()
        reached = []
        for row in rows:
            duty, own = duties[row._duty_key()], row._own_pauses(pauses)
            times = [(rung._reached_at(row, duty, own), rung) for rung in rungs[row]]
            reached += [
                (row, rung, time)
                for time, rung in sorted(
                    ((time, rung) for time, rung in times if time and time <= now),
                    key=lambda pair: (pair[0], pair[1].id),
                )
            ]
        self._fire(reached, now, is_catching_up)
        rows._set_clocks()

    @api.model
    def _fire(self, reached, now, is_catching_up=False):
        """Take steps and keep them in the log.

        :param list reached: (promise, rung, when it was reached) in order
        """
        found, recipients = {}, []
        for row, rung, _planned in reached:
            key = rung._recipients_key(row.ticket_id)
            if key not in found:
                found[key] = rung._get_recipients(row.ticket_id, now)
            recipients.append(found[key])
        events = self.sudo().create(  # the log is the system's
            [
                {
                    "sla_id": row.id,
                    "rung_id": rung.id,
                    "ticket_id": row.ticket_id.id,
                    "planned_at": planned,
                    "fired_at": now,
                    "user_ids": users.ids,
                }
                for (row, rung, planned), users in zip(reached, recipients, strict=True)
            ]
        )
        events._act(is_catching_up)

    def _say(self):
        """Return the words of steps in the language of the context, each made up once.

        :return: three functions: of a field and its value, of a time and a time zone, of
            users
        """
        env = self.env

        @cache
        def label(field, value):
            return dict(field._description_selection(env))[value]

        @cache
        def moment(time, zone):
            return format_datetime(env, time, tz=zone)

        @cache
        def names(users):
            return format_list(env, users.mapped("name")) if users else "-"

        return label, moment, names

    def _get_text(self, said):
        """Return what is said about the step, in the language of the context.

        :param said: see `_say`
        """
        self.ensure_one()
        row, env = self.sla_id, self.env
        label, moment, listed = said
        target = label(row._fields["target"], row.target)
        what = label(self._fields["action"], self.action)
        names = listed(self.user_ids)
        due = row.due_at and moment(row.due_at, row.company_id._get_zone_name())
        if row.due_at and self.fired_at - row.due_at > timedelta(0):
            return env._(
                "%(target)s was due at %(due)s and is late. %(what)s: %(names)s",
                target=target,
                due=due,
                what=what,
                names=names,
            )
        return env._(
            "%(target)s is due at %(due)s. %(what)s: %(names)s",
            target=target,
            due=due or "-",
            what=what,
            names=names,
        )
