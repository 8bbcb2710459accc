from datetime import date, timedelta

import chinese_calendar
from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyDutyDay(models.Model):
    """A day on which duty is not what its weekday says."""

    _name = "property.duty.day"
    _description = "Holiday or Make-Up Day"
    _inherit = ["property.duty.part.mixin"]
    _order = "date desc, id"

    date = fields.Date(required=True, index=True)
    kind = fields.Selection(
        [("holiday", "Holiday"), ("workday", "Make-Up Working Day")],
        required=True,
        default="holiday",
        help="Holiday: the office is closed, whatever weekday it is.\n"
        "Make-up working day: a weekend day with the hours of an ordinary working day.",
    )
    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty for all companies."
    )

    _date_company_uniq = models.UniqueIndex(
        "(date, COALESCE(company_id, 0))", "This day is already on the list."
    )

    @api.depends("date", "name")
    def _compute_display_name(self):
        for day in self:
            day.display_name = f"{day.date or ''} {day.name or ''}".strip()

    @api.model
    def _load_public_days(self, year):
        """Add the holidays and make-up days that the State Council set for a year.

        Days on the list already are left as they are.

        :param int year: such as 2026
        :return: the days that were added
        :raise UserError: the installed `chinesecalendar` does not know the year yet
        """
        first, last = date(year, 1, 1), date(year, 12, 31)
        try:
            chinese_calendar.is_workday(first)
        except NotImplementedError as error:
            raise UserError(
                self.env._(
                    "The public holidays of %(year)s are not known to the installed"
                    " package chinesecalendar. Update it, or enter the days by hand.",
                    year=year,
                )
            ) from error
        known = set(
            self.search(
                [
                    ("date", ">=", first),
                    ("date", "<=", last),
                    ("company_id", "=", False),
                ]
            ).mapped("date")
        )
        vals_list = []
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            is_free, name = chinese_calendar.get_holiday_detail(day)
            if day in known or not name:
                continue
            vals_list.append(
                {
                    "date": day,
                    "kind": "holiday" if is_free else "workday",
                    "name": name,
                }
            )
        days = self.create(vals_list)
        chinese = self.env["res.lang"]._get_data(code="zh_CN")
        if chinese:
            for day in days:
                _is_free, name = chinese_calendar.get_holiday_detail(day.date)
                holiday = next(
                    one for one in chinese_calendar.Holiday if one.value == name
                )
                day.with_context(lang="zh_CN").name = holiday.chinese
        return days

    @api.model
    def action_load_public_days(self):
        """Load this year's public days, and next year's where they are known.

        :raise UserError: not even this year is known
        """
        year = fields.Date.context_today(self).year
        added = self._load_public_days(year)
        try:
            added |= self._load_public_days(year + 1)
        except UserError:
            # Published every November; until then this year's are all there is.
            added |= self.browse()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%(count)s days added.", count=len(added)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
