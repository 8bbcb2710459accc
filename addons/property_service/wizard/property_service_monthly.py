import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import date_utils, format_list

from odoo.addons.property_base.tools.figures_workbook import build

from ..tools import rates


class PropertyServiceMonthly(models.TransientModel):
    """The figures of the service desk of a month: looked at, printed, or as a workbook."""

    _name = "property.service.monthly"
    _description = "Monthly Service Report"

    month = fields.Date(
        required=True,
        default=lambda self: self._get_last_month(),
        help="Any day of the month. A ticket belongs to the month in which it was reported.",
    )
    community_ids = fields.Many2many(
        "property.community", string="Communities", help="Empty: all that you work in."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    tickets = fields.Integer(compute="_compute_figures")
    finished = fields.Integer(compute="_compute_figures")
    promise = fields.Char(string="Promises Kept (%)", compute="_compute_figures")
    completion = fields.Char(string="Completion (%)", compute="_compute_figures")
    rework = fields.Char(string="Rework (%)", compute="_compute_figures")
    complaint = fields.Char(string="Complaints (%)", compute="_compute_figures")
    satisfaction = fields.Char(string="Satisfaction (%)", compute="_compute_figures")
    file = fields.Binary(readonly=True, attachment=False)
    filename = fields.Char(readonly=True)

    @api.model
    def _get_last_month(self):
        """Return the first day of the month before today."""
        today = self.env["property.service.overview"]._get_today()
        return date_utils.subtract(today.replace(day=1), months=1)

    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._("Monthly Service Report")

    @api.depends("month", "community_ids", "company_id")
    def _compute_figures(self):
        for wizard in self:
            if not wizard.month:
                wizard.update(
                    {
                        "tickets": 0,
                        "finished": 0,
                        "promise": "",
                        "completion": "",
                        "rework": "",
                        "complaint": "",
                        "satisfaction": "",
                    }
                )
                continue
            row = wizard._get_total()
            wizard.tickets, wizard.finished = row["tickets"], row["finished"]
            for code in (
                "promise",
                "completion",
                "rework",
                "complaint",
                "satisfaction",
            ):
                wizard[code] = row[code].text

    # === ACTIONS === #

    def action_print(self):
        """Print the report."""
        report = self.env.ref("property_service.property_service_monthly_report")
        return report.report_action(self)

    def action_print_register(self):
        """Print the register of the month's tickets."""
        report = self.env.ref("property_service.property_ticket_register_report")
        tickets = self.env["property.ticket"].search(
            self._get_ticket_domain(), order="reported_at, id"
        )
        return report.report_action(tickets)

    def action_export(self):
        """Write the workbook and download it."""
        self.ensure_one()
        self.write(
            {
                "file": base64.b64encode(build(*self._get_workbook())),
                "filename": f"{self._get_filename()}.xlsx",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file"
            "?download=true&filename_field=filename",
            "target": "download",
        }

    def action_view_rates(self):
        """Open the rates of the month by community and category."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_service.property_service_report_action"
        )
        action["domain"] = list(self._get_domain() & self._get_period_domain())
        action["context"] = {"search_default_counted": 1}
        return action

    # === FIGURES === #

    def _get_period(self):
        """Return the first and last day of the month."""
        first = self.month.replace(day=1)
        return first, date_utils.end_of(first, "month")

    def _get_period_domain(self):
        figures = self.env["property.service.figures"]
        return figures._get_period_domain(*self._get_period())

    def _get_domain(self):
        """Return the domain of what is looked at, without the month."""
        self.ensure_one()
        domain = Domain("company_id", "=", self.company_id.id)
        if self.community_ids:
            domain &= Domain("community_id", "in", self.community_ids.ids)
        return domain

    def _get_ticket_domain(self):
        return self._get_domain() & self._get_period_domain()

    def _get_rows(self, groupby=None, months_back=0):
        """Return the rates of the month, or of one so many months before.

        :return: as `property.service.figures._get_rates`
        """
        first, _last = self._get_period()
        first = date_utils.subtract(first, months=months_back)
        return (
            self.env["property.service.figures"]
            .with_company(self.company_id)
            ._get_rates(
                first, date_utils.end_of(first, "month"), groupby, self._get_domain()
            )
        )

    def _get_total(self, months_back=0):
        (row,) = self._get_rows(months_back=months_back)
        return row

    def _get_months(self, count=12):
        """Return the rates of each of the last months up to this one, the oldest first."""
        first, last = self._get_period()
        start = date_utils.subtract(first, months=count - 1)
        rows = (
            self.env["property.service.figures"]
            .with_company(self.company_id)
            ._get_rates(start, last, "month", self._get_domain())
        )
        by_month = {row["key"][0].date(): row for row in rows if row["key"][0]}
        months = [date_utils.add(start, months=number) for number in range(count)]
        return [(month, by_month.get(month)) for month in months]

    def _get_days(self):
        """Return (day, tickets) for each day of the month."""
        figures = self.env["property.service.figures"]
        rows = dict(
            (moment.date(), count)
            for moment, count in self.env["property.ticket"]
            .with_context(tz=figures._get_zone())
            ._read_group(self._get_ticket_domain(), ["reported_at:day"], ["__count"])
        )
        first, last = self._get_period()
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [(day, rows.get(day, 0)) for day in days]

    def _get_counts(self, field, limit=None):
        """Return (label, tickets) by a field, the most first."""
        report = self.env["property.service.report"]
        rows = report._read_group(
            self._get_ticket_domain(),
            [field],
            ["__count"],
            order="__count DESC",
            limit=limit,
        )
        if report._fields[field].type == "selection":
            labels = dict(report._fields[field]._description_selection(self.env))
            return [(labels.get(value, "-"), count) for value, count in rows]
        return [(value.name or "-", count) for value, count in rows]

    def _get_complaints(self):
        """Return the complaints of the month."""
        return self.env["property.ticket"].search(
            self._get_ticket_domain()
            & Domain("kind", "=", "complaint")
            & Domain("state", "not in", rates.UNCOUNTED_STATES),
            order="reported_at, id",
        )

    def _get_incidents(self):
        """Return the incidents that began in the month, as the figures see them."""
        start, end = self.env["property.service.figures"]._get_bounds(
            *self._get_period()
        )
        return self.env["property.incident.report"].search(
            self._get_domain()
            & Domain("date_from", ">=", start)
            & Domain("date_from", "<", end),
            order="date_from, id",
        )

    def _get_title(self):
        """Return for what the figures are, as one line."""
        self.ensure_one()
        where = format_list(self.env, self.community_ids.mapped("name"))
        return f"{where or self.company_id.name}  {self.month:%Y-%m}"

    def _get_filename(self):
        """Return a name of the files, without extension."""
        where = "-".join(self.community_ids.mapped("name")) or self.company_id.name
        return self.env._(
            "Service report %(where)s %(month)s",
            where=where,
            month=f"{self.month:%Y-%m}",
        )
