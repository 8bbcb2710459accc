from odoo import fields, models
from odoo.fields import Domain

from ..tools.duty import Duty


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _property_duty(self, company, start, end):
        """Return the hours of the calendar with the public days, for the clock of tickets.

        :param company: res.company whose holidays count
        :param datetime start: earliest instant that will be looked at, in UTC
        :param datetime end: latest instant of holidays that are taken along
        :rtype: tools.duty.Duty
        """
        self.ensure_one()
        # Whoever reports a ticket need not be allowed to read working schedules.
        calendar = self.sudo()
        week = {}
        for attendance in calendar.attendance_ids:
            if attendance.day_period != "lunch" and not attendance.display_type:
                hours = (attendance.hour_from, attendance.hour_to)
                week.setdefault(int(attendance.dayofweek), []).append(hours)
        days = calendar.env["property.duty.day"].search_fetch(
            Domain("date", ">=", fields.Date.to_date(start))
            & Domain("date", "<=", fields.Date.to_date(end))
            & Domain("company_id", "in", [False, company.id]),
            ["date", "kind", "company_id"],
        )
        kinds = {day.date: day.kind for day in days if not day.company_id}
        kinds.update({day.date: day.kind for day in days if day.company_id})
        leaves = calendar.env["resource.calendar.leaves"].search_fetch(
            Domain("resource_id", "=", False)
            & Domain("calendar_id", "in", [False, calendar.id])
            & Domain("company_id", "in", [False, company.id])
            & Domain("time_type", "=", "leave")
            & Domain("date_to", ">=", start)
            & Domain("date_from", "<=", end),
            ["date_from", "date_to"],
        )
        return Duty(
            week,
            calendar.tz,
            kinds,
            [(leave.date_from, leave.date_to) for leave in leaves],
        )
