from collections import defaultdict
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.property_base.models.property_overview_mixin import MAX_COMMUNITIES

from ..tools import dispatch

FIRST_HOUR, LAST_HOUR = 8, 20
MAX_WAITING = 200
MOVABLE_STATES = ("open", "given", "accepted")


class PropertyWorkOrder(models.Model):
    """The map of the day: who goes where at what hour, and what nobody has yet."""

    _inherit = "property.work.order"

    @api.model
    def _get_map_zone(self):
        return ZoneInfo(self.env["property.service.figures"]._get_zone())

    @api.model
    def _to_local(self, instant):
        """Return the local time of an instant in UTC."""
        return instant.replace(tzinfo=ZoneInfo("UTC")).astimezone(self._get_map_zone())

    @api.model
    def get_day_map(self, day=False, community_id=False):
        """Return a day of the dispatcher, in a constant number of queries.

        :param str day: the day, today when false
        :param int community_id: only its visits and engineers; all when false
        :return: dict `day`, `today`, `communities`, `community_id`, `hours`, `waiting`
            (visits nobody has) and `engineers` (dict `id`, `name`, `skills`, `load`, `off`
            (hours off duty), `cells` (dict hour -> visits; "any" for those without an
            hour)), `can_plan`
        :raises AccessError: for whoever may not read visits
        """
        self.check_access("read")
        figures = self.env["property.service.figures"]
        today = fields.Date.context_today(self.with_context(tz=figures._get_zone()))
        date = fields.Date.to_date(day) if day else today
        start, end = figures._get_bounds(date, date)
        communities = self.env["property.community"].search([], limit=MAX_COMMUNITIES)
        community = communities.filtered(lambda one: one.id == community_id)
        narrow = Domain("community_id", "=", community.id) if community else Domain.TRUE
        planned = Domain("planned_at", ">=", start) & Domain("planned_at", "<", end)
        sent = Domain("engineer_id", "!=", False) & Domain("state", "!=", "cancelled")
        # Whatever was left over of earlier days is for today.
        left_over = Domain("is_open", "=", True) & (
            Domain("planned_at", "=", False) | Domain("planned_at", "<", start)
        )
        mine = narrow & sent & ((planned | left_over) if date == today else planned)
        given = self.search(mine, order="planned_at, urgency, id")
        waiting = self.search(
            narrow & Domain("state", "=", "open"),
            order="urgency, planned_at, id",
            limit=MAX_WAITING,
        )
        engineers = self._get_map_engineers(community) | given.engineer_id
        duty = self._get_map_duty(engineers, start, end)
        cells = defaultdict(lambda: defaultdict(list))
        for order in given:
            hour = "any"
            if order.planned_at and start <= order.planned_at < end:
                hour = self._to_local(order.planned_at).hour
            cells[order.engineer_id][hour].append(order._get_card())
        used = {hour for row in cells.values() for hour in row if isinstance(hour, int)}
        hours = list(range(min(used | {FIRST_HOUR}), max(used | {LAST_HOUR - 1}) + 1))
        loads, _counts = engineers._get_loads()
        return {
            "day": fields.Date.to_string(date),
            "today": fields.Date.to_string(today),
            "communities": [{"id": one.id, "name": one.name} for one in communities],
            "community_id": community.id,
            "hours": hours,
            "waiting": [order._get_card() for order in waiting],
            "can_plan": self.env.user.has_group(
                "property_base.group_property_frontdesk"
            ),
            "engineers": [
                {
                    "id": engineer.id,
                    "name": engineer.name,
                    "skills": ", ".join(engineer.skill_ids.mapped("name")),
                    "load": loads.get(engineer, 0),
                    "off": [hour for hour in hours if not duty(engineer, date, hour)],
                    "cells": {
                        str(hour): cards for hour, cards in cells[engineer].items()
                    },
                }
                for engineer in engineers.sorted(
                    lambda one: (one.sequence, one.name, one.id)
                )
            ],
        }

    @api.model
    def _get_map_engineers(self, community):
        domain = Domain("company_id", "in", self.env.companies.ids)
        if community:
            domain &= Domain("company_id", "=", community.company_id.id) & (
                Domain("community_ids", "=", False)
                | Domain("community_ids", "in", community.ids)
            )
        return self.env["property.engineer"].search(domain)

    @api.model
    def _get_map_duty(self, engineers, start, end):
        """Return a function (engineer, day, hour) -> whether he is on duty.

        Contractors always are, and so is everybody on a day for which there is no roster.
        """
        shifts = self.env["property.duty.shift"].search_fetch(
            Domain("company_id", "in", engineers.company_id.ids)
            & Domain("start", "<", end)
            & Domain("end", ">", start),
            ["user_id", "start", "end"],
        )
        spans = defaultdict(list)
        for shift in shifts:
            spans[shift.user_id].append(
                (self._to_local(shift.start), self._to_local(shift.end))
            )
        zone = self._get_map_zone()

        def is_on_duty(engineer, day, hour):
            if not spans or not engineer.user_id:
                return True
            begin = datetime.combine(day, time(hour), zone)
            return any(
                first < begin + timedelta(hours=1) and last > begin
                for first, last in spans[engineer.user_id]
            )

        return is_on_duty

    def _get_card(self):
        """Return what the map shows of a visit."""
        self.ensure_one()
        local = self.planned_at and self._to_local(self.planned_at)
        return {
            "id": self.id,
            "name": self.name,
            "subject": self.subject or "",
            "place": self.unit_id.code or self.community_id.name or "",
            "skill": self.skill_id.name or "",
            "urgency": self.urgency,
            "state": self.state,
            "time": f"{local:%m-%d %H:%M}" if local else "",
            "movable": self.state in MOVABLE_STATES,
        }

    def plan_visit(self, engineer_id, day=False, hour=False, force=False):
        """Give a visit to an engineer, or move it to another hour, as the map was told.

        :param int engineer_id: who goes
        :param str day: the day of the map
        :param int hour: local hour of the day; false leaves the time as it is
        :param bool force: also when the rules of the dispatch speak against him
        :return: dict `done`, and `reasons` (text) when it was not done for those reasons
        :raise UserError: the visit has begun, or is over
        :raise AccessError: the user does not send others
        """
        self.ensure_one()
        if not self.env.user.has_group("property_base.group_property_frontdesk"):
            raise AccessError(self.env._("The front desk gives out the visits."))
        self.check_access("write")
        self._lock()
        self.invalidate_recordset(["state", "engineer_id", "planned_at"])
        engineer = self.env["property.engineer"].browse(engineer_id).exists()
        if self.state not in MOVABLE_STATES:
            raise UserError(
                self.env._(
                    "Visit %(order)s has begun or is over; it stays where it is.",
                    order=self.name,
                )
            )
        if not engineer.active or engineer.company_id != self.company_id:
            raise UserError(
                self.env._("This engineer does not work for the company of the visit.")
            )
        planned = self.planned_at
        if day and hour is not False:
            local = datetime.combine(
                fields.Date.to_date(day), time(hour), self._get_map_zone()
            )
            planned = local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
        if engineer != self.engineer_id and not force:
            reasons = self._get_objections(engineer, planned)
            if reasons:
                return {"done": False, "reasons": reasons}
        if planned != self.planned_at:
            self.planned_at = planned
        if engineer != self.engineer_id:
            self._give({self: engineer})
        return {"done": True}

    def _get_objections(self, engineer, planned):
        """Return why the rules of the dispatch speak against somebody, as text."""
        candidates = self.env["property.engineer"]._get_candidates(
            self.company_id,
            self.community_id,
            max(planned or fields.Datetime.now(), fields.Datetime.now()),
        )[self.community_id]
        words = self.env["property.dispatch"]._get_reasons()
        reasons = next(
            dispatch.why_not(one, self._get_job())
            for one in candidates
            if one.key == engineer.id
        )
        return ", ".join(words[reason] for reason in reasons)
