from odoo import api, models, tools
from odoo.fields import Domain

from ..tools.duty import Duty


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _property_duty(self, company):
        """Return the hours of the calendar with the public days, for the clock of tickets.

        :param company: res.company whose holidays count
        :rtype: tools.duty.Duty
        """
        self.ensure_one()
        return self._property_read_duty(self.id, company.id)

    @api.model
    @tools.ormcache("calendar_id", "company_id")
    def _property_read_duty(self, calendar_id, company_id):
        """Read hours and days; kept until a calendar, a leave or a public day changes."""
        # Whoever reports a ticket need not be allowed to read working schedules.
        calendar = self.sudo().browse(calendar_id)
        week = {}
        for attendance in calendar.attendance_ids:
            if attendance.day_period != "lunch" and not attendance.display_type:
                hours = (attendance.hour_from, attendance.hour_to)
                week.setdefault(int(attendance.dayofweek), []).append(hours)
        days = calendar.env["property.duty.day"].search_fetch(
            Domain("company_id", "in", [False, company_id]),
            ["date", "kind", "company_id"],
        )
        kinds = {day.date: day.kind for day in days if not day.company_id}
        kinds.update({day.date: day.kind for day in days if day.company_id})
        leaves = calendar.env["resource.calendar.leaves"].search_fetch(
            Domain("resource_id", "=", False)
            & Domain("calendar_id", "in", [False, calendar_id])
            & Domain("company_id", "in", [False, company_id])
            & Domain("time_type", "=", "leave"),
            ["date_from", "date_to"],
        )
        return Duty(
            week,
            calendar.tz,
            kinds,
            [(leave.date_from, leave.date_to) for leave in leaves],
        )

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result


class ResourceCalendarAttendance(models.Model):
    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "property.duty.part.mixin"]


class ResourceCalendarLeaves(models.Model):
    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "property.duty.part.mixin"]

    def _filtered_duty(self):
        """Leaves of one person or machine are nobody's holiday."""
        return self.filtered(lambda leave: not leave.resource_id)
