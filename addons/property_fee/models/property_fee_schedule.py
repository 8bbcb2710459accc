import logging
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.period import add_months, month_end, month_start

_logger = logging.getLogger(__name__)


class PropertyFeeSchedule(models.Model):
    """Bills the same scope every month on its day."""

    _name = "property.fee.schedule"
    _description = "Fee Schedule"
    _order = "company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    community_ids = fields.Many2many(
        "property.community", string="Communities", required=True, check_company=True
    )
    item_ids = fields.Many2many(
        "property.fee.item",
        string="Fee Items",
        check_company=True,
        help="Leave empty to bill all items.",
    )
    bill_day = fields.Integer(
        required=True,
        default=1,
        help="Day of the month; in a shorter month its last day.",
    )
    month_offset = fields.Selection(
        [("-1", "The Month Before"), ("0", "The Same Month"), ("1", "The Next Month")],
        string="Month That Is Billed",
        required=True,
        default="0",
    )
    action = fields.Selection(
        [
            ("preview", "Preview Only"),
            ("submit", "Preview and Submit for Approval"),
            ("bill", "Bill at Once"),
        ],
        required=True,
        default="preview",
        help="Whoever is responsible gets an activity in any case but the last.",
    )
    stop_on_flags = fields.Boolean(
        string="Wait When Flagged",
        default=True,
        help="Leave the run for somebody to look at when anything is flagged in it.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        required=True,
        default=lambda self: self.env.user,
    )
    run_ids = fields.One2many("property.fee.run", "schedule_id", string="Runs")
    run_count = fields.Integer(compute="_compute_run_count")
    last_period = fields.Date(compute="_compute_run_count", string="Last Billed")
    next_date = fields.Date(compute="_compute_next_date")

    _bill_day_range = models.Constraint(
        "CHECK(bill_day BETWEEN 1 AND 31)", "The bill day is a day of the month."
    )

    @api.depends("run_ids")
    def _compute_run_count(self):
        found = {
            schedule: (count, last)
            for schedule, count, last in self.env["property.fee.run"]._read_group(
                [("schedule_id", "in", self.ids)],
                ["schedule_id"],
                ["__count", "period:max"],
            )
        }
        for schedule in self:
            schedule.run_count, schedule.last_period = found.get(schedule, (0, False))

    @api.depends("bill_day", "month_offset", "last_period")
    def _compute_next_date(self):
        today = fields.Date.context_today(self)
        for schedule in self:
            day = schedule._get_bill_date(today)
            if schedule.last_period and schedule.last_period >= schedule._get_period(
                day
            ):
                day = schedule._get_bill_date(add_months(month_start(today), 1))
            schedule.next_date = day

    def _get_bill_date(self, today):
        """Return the bill day in the month of a day."""
        self.ensure_one()
        last = month_end(today)
        return date(today.year, today.month, min(self.bill_day or 1, last.day))

    def _get_period(self, day):
        """Return the first day of the month that is billed on a day."""
        self.ensure_one()
        return add_months(month_start(day), int(self.month_offset or 0))

    def action_view_runs(self):
        """Open the runs of the schedule."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_fee_run_action"
        )
        action["domain"] = [("schedule_id", "=", self.id)]
        return action

    @api.model
    def _cron_run(self):
        """Make the runs whose day has come."""
        due = self._get_due(fields.Date.context_today(self))
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for schedule in due:
            schedule._make_run(schedule.next_date)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @api.model
    def _get_due(self, today):
        """Return the schedules whose day has come, also when nobody worked on the day."""
        return self.search([("active", "=", True)]).filtered(
            lambda schedule: (
                schedule.next_date <= today
                and schedule.create_date.date() <= schedule.next_date
            )
        )

    def _make_run(self, day):
        """Make the run of a day and take it as far as it may go by itself.

        :param date day: date of the bills
        :return: property.fee.run
        """
        self.ensure_one()
        # In the name of whoever is responsible: rights, language and submission are his.
        user = self.user_id
        schedule = self.with_user(user).with_context(lang=user.lang)
        run = schedule.env["property.fee.run"].create(
            {
                "schedule_id": self.id,
                "company_id": self.company_id.id,
                "community_ids": self.community_ids.ids,
                "item_ids": self.item_ids.ids,
                "period": self._get_period(day),
                "invoice_date": day,
            }
        )
        run.action_preview()
        schedule._advance(run)
        return run

    def _advance(self, run):
        """Submit or start a run, or have somebody look at it."""
        note = None
        if not run.line_count:
            note = self.env._("Nothing is due in this month.")
        elif self.stop_on_flags and (run.spike_count or run.failed_count):
            note = self.env._(
                "%(flags)s flags, %(failed)s households that cannot be billed.",
                flags=run.spike_count,
                failed=run.failed_count,
            )
        elif self.action != "preview":
            note = self._try(run)
        elif self.action == "preview":
            note = self.env._("Ready to be checked.")
        if note:
            run.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Check the fee run"),
                note=note,
                user_id=self.user_id.id,
            )

    def _try(self, run):
        """Submit or start a run; return what went wrong, None when nothing did."""
        try:
            with self.env.cr.savepoint():
                if self.action == "submit" and run.needs_approval:
                    run.action_approval_submit()
                else:
                    run.action_start()
        except UserError as error:
            _logger.info("Schedule %s: %s", self.id, error)
            return str(error)
        return None
