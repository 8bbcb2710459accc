from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import date_utils

from ..tools import rates
from .property_ticket_promise import SOON

TICKETS = "property_service.property_ticket_action"
ORDERS = "property_service.property_work_order_action"
REPORT = "property_service.property_service_report_action"
DAYS = 30
TOP = 8
LOW_STARS = 2.5


class PropertyServiceOverview(models.AbstractModel):
    """The landing page of the service desk: what waits, and how well it is done.

    Tiles count tickets at hand; the rates are those of `property.service.figures`, of the
    month so far and of the month before.
    """

    _name = "property.service.overview"
    _description = "Service Overview"
    _inherit = ["property.overview.mixin"]
    _overview_model = "property.service.report"

    @api.model
    def get_overview(self, community_id=False):
        """Add the rates, the chart by day, and the tickets by category and channel."""
        overview = super().get_overview(community_id)
        community = self.env["property.community"].browse(
            overview["community_id"] or ()
        )
        return {
            **overview,
            "rates": self._get_rate_rows(community),
            "chart": self._get_days(community),
            "categories": self._get_bars(community, "category_group_id"),
            "channels": self._get_bars(community, "channel"),
        }

    # === OPENED BY THE PAGE === #

    @api.model
    def open_rate(self, code, community_id=False):
        """Return the action that shows a rate by category, of the month so far.

        :param str code: of `tools.rates.RATES`
        :param int community_id: as in `get_overview`
        """
        self._check_overview()
        name, _definition = self.env["property.service.figures"]._get_definitions()[
            code
        ]
        action = self._get_action(REPORT, self._get_month_domain(community_id), name)
        action["context"] = {
            "pivot_measures": ["counted", f"{code}_rate"],
            "pivot_row_groupby": ["category_group_id"],
        }
        return action

    @api.model
    def open_bar(self, field, value, community_id=False):
        """Return the action that lists the tickets of a bar.

        :param str field: `category_group_id` or `channel`
        :param value: id of the category, or the channel
        :param int community_id: as in `get_overview`
        """
        self._check_overview()
        domain = self._get_month_domain(community_id)
        if field == "channel":
            domain &= Domain("channel", "=", value)
        else:
            domain &= Domain("category_id", "child_of" if value else "=", value)
        return self._get_action(TICKETS, domain)

    @api.model
    def open_day(self, day, community_id=False):
        """Return the action that lists the tickets reported on a day.

        :param str day: as in the chart
        :param int community_id: as in `get_overview`
        """
        self._check_overview()
        date = fields.Date.to_date(day)
        domain = self.env["property.service.figures"]._get_period_domain(date, date)
        return self._get_action(TICKETS, domain & self._narrow(community_id), name=day)

    @api.model
    def _narrow(self, community_id):
        """Return the domain of the tickets of a community, or of all."""
        if not community_id:
            return Domain.TRUE
        return Domain("community_id", "=", community_id)

    @api.model
    def _get_today(self):
        """Return the day it is where the company is."""
        figures = self.env["property.service.figures"]
        return fields.Date.context_today(self.with_context(tz=figures._get_zone()))

    @api.model
    def _get_month_domain(self, community_id):
        today = self._get_today()
        return self.env["property.service.figures"]._get_period_domain(
            today.replace(day=1), today
        ) & self._narrow(community_id)

    # === TILES === #

    @api.model
    def _get_sections(self, community):
        return {
            "tiles": [
                tile
                for row in self._get_tiles()
                if (tile := self._get_count_tile(community, *row))
            ]
        }

    @api.model
    def _get_tiles(self):
        """Return what is counted at the moment.

        :return: list of (key, label, hint, xml id of the action, Domain, path to the
            community, Bootstrap colour)
        """
        now, today = fields.Datetime.now(), self._get_today()
        Figures = self.env["property.service.figures"]
        start, end = Figures._get_bounds(today, today)
        is_open = Domain("is_open", "=", True)
        where = "community_id"
        recent = Figures._get_period_domain(today - timedelta(days=DAYS), today)
        return [
            (
                "today",
                self.env._("Reported Today"),
                self.env._("all kinds and channels"),
                TICKETS,
                Domain("reported_at", ">=", start) & Domain("reported_at", "<", end),
                where,
                "primary",
            ),
            (
                "unassigned",
                self.env._("Nobody Responsible"),
                self.env._("open, still to be given out"),
                TICKETS,
                is_open & Domain("user_id", "=", False),
                where,
                "warning",
            ),
            (
                "soon",
                self.env._("Due within the Hour"),
                self.env._("a promise is about to be missed"),
                TICKETS,
                is_open
                & Domain("promised_at", ">=", now)
                & Domain("promised_at", "<=", now + SOON),
                where,
                "warning",
            ),
            (
                "late",
                self.env._("Late"),
                self.env._("a promise is overdue"),
                TICKETS,
                is_open & Domain("promised_at", "<", now),
                where,
                "danger",
            ),
            (
                "owner",
                self.env._("Waiting for the Owner"),
                self.env._("access, decision or payment"),
                TICKETS,
                is_open
                & Domain("state", "=", "waiting")
                & Domain("waiting_reason", "in", ("owner", "appointment")),
                where,
                "info",
            ),
            (
                "parts",
                self.env._("Waiting for Parts or Others"),
                self.env._("material or another company"),
                TICKETS,
                is_open
                & Domain("state", "=", "waiting")
                & Domain("waiting_reason", "in", ("parts", "third_party")),
                where,
                "info",
            ),
            (
                "unanswered",
                self.env._("Waits for Our Answer"),
                self.env._("the household wrote last"),
                TICKETS,
                Domain("awaits_answer", "=", True),
                where,
                "warning",
            ),
            (
                "answer",
                self.env._("To Be Confirmed"),
                self.env._("done, the household has not said its word"),
                TICKETS,
                Domain("state", "=", "done"),
                where,
                "info",
            ),
            (
                "complaints",
                self.env._("Open Complaints"),
                self.env._("not solved yet"),
                TICKETS,
                is_open & Domain("kind", "=", "complaint"),
                where,
                "danger",
            ),
            (
                "unhappy",
                self.env._("Low Ratings"),
                self.env._("one or two stars, reported in the last 30 days"),
                TICKETS,
                recent
                & Domain("rating_last_value", "<", LOW_STARS)
                & Domain("rating_last_value", ">", 0),
                where,
                "danger",
            ),
            (
                "visits",
                self.env._("Visits Today"),
                self.env._("planned and not finished"),
                ORDERS,
                Domain("is_open", "=", True)
                & Domain("planned_at", ">=", start)
                & Domain("planned_at", "<", end),
                where,
                "primary",
            ),
            (
                "orders",
                self.env._("Visits to Give Out"),
                self.env._("nobody has been sent"),
                ORDERS,
                Domain("state", "=", "open"),
                where,
                "warning",
            ),
        ]

    # === RATES === #

    @api.model
    def _get_rate_rows(self, community):
        """Return the rates of the month so far and of the month before.

        :return: list of dict `code`, `label`, `definition`, `value`, `of`, `before`,
            `change` (texts) and `trend` (good, bad, same)
        """
        Figures = self.env["property.service.figures"]
        today = self._get_today()
        first = today.replace(day=1)
        domain = self._narrow(community.id)
        (now,), (before,) = (
            Figures._get_rates(start, end, domain=domain, with_averages=False)
            for start, end in (
                (first, today),
                (date_utils.subtract(first, months=1), first - timedelta(days=1)),
            )
        )
        return [
            {
                "code": code,
                "label": name,
                "definition": definition,
                "value": now[code].text,
                "of": f"{now[code].part} / {now[code].whole}",
                "before": before[code].text,
                "change": self._get_change_text(before[code], now[code]),
                "trend": rates.trend(code, rates.change(before[code], now[code])),
            }
            for code, (name, definition) in Figures._get_definitions().items()
        ]

    @api.model
    def _get_change_text(self, before, now):
        difference = rates.change(before, now)
        return "" if difference is None else f"{difference:+.2f}"

    # === CHARTS === #

    @api.model
    def _get_days(self, community):
        """Return how many tickets were reported and finished on each of the last days.

        :return: dict `days`, `labels`, `reported`, `finished`
        """
        Figures = self.env["property.service.figures"]
        today = self._get_today()
        days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
        start, end = Figures._get_bounds(days[0], today)
        Ticket = self.env["property.ticket"].with_context(tz=Figures._get_zone())
        counts = {}
        for name in ("reported_at", "done_at"):
            counts[name] = {
                moment.date(): count
                for moment, count in Ticket._read_group(
                    Domain(name, ">=", start)
                    & Domain(name, "<", end)
                    & self._narrow(community.id),
                    [f"{name}:day"],
                    ["__count"],
                )
            }
        return {
            "days": [fields.Date.to_string(day) for day in days],
            "labels": [f"{day:%m-%d}" for day in days],
            "reported": [counts["reported_at"].get(day, 0) for day in days],
            "finished": [counts["done_at"].get(day, 0) for day in days],
        }

    @api.model
    def _get_bars(self, community, field):
        """Return the tickets of the month so far by a field, the most first.

        :return: list of dict `value`, `label`, `count`, `share` (percent of the longest)
        """
        Ticket = self.env["property.ticket"]
        domain = self._get_month_domain(community.id)
        counts, labels = Counter(), {}
        if field == "channel":
            labels = dict(Ticket._fields[field]._description_selection(self.env))
            for value, count in Ticket._read_group(domain, [field], ["__count"]):
                counts[value] = count
        else:
            for problem, count in Ticket._read_group(
                domain, ["category_id"], ["__count"]
            ):
                category = problem.parent_id or problem
                labels[category.id] = category.name
                counts[category.id] += count
        rows = counts.most_common(TOP)
        return [
            {
                "value": value,
                "label": labels.get(value) or "-",
                "count": count,
                "share": round(100 * count / rows[0][1]),
            }
            for value, count in rows
        ]
