from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.fields import Domain

from ..tools.rates import HOUSEHOLDS, RATES, Rate

# Words for what figures are asked by.
GROUPS = {
    "community": "community_id",
    "building": "building_id",
    "category": "category_group_id",
    "problem": "category_id",
    "team": "skill_id",
    "engineer": "engineer_id",
    "month": "reported_at:month",
}


class PropertyServiceFigures(models.AbstractModel):
    """The figures of the service desk for any period, from the tickets themselves.

    What the user may not read is not counted.
    """

    _name = "property.service.figures"
    _description = "Figures of the Service Desk"

    @api.model
    def _get_zone(self):
        """Return the name of the time zone in which days begin."""
        return self.env.company._get_zone_name()

    @api.model
    def _get_bounds(self, date_from, date_to):
        """Return the first instant of a period and the first one after it.

        :param date_from, date_to: first and last day, where the company is
        :return: two naive datetimes in UTC
        """
        zone = ZoneInfo(self._get_zone())
        return tuple(
            datetime.combine(day, time(), zone)
            .astimezone(ZoneInfo("UTC"))
            .replace(tzinfo=None)
            for day in (date_from, date_to + timedelta(days=1))
        )

    @api.model
    def _get_period_domain(self, date_from, date_to):
        """Return the domain of what was reported in a period."""
        start, end = self._get_bounds(date_from, date_to)
        return Domain("reported_at", ">=", start) & Domain("reported_at", "<", end)

    @api.model
    def _get_rates(
        self, date_from, date_to, groupby=None, domain=None, with_averages=True
    ):
        """Return the rates of the tickets reported in a period, in one query.

        What each rate counts is written in `tools.rates`, and in the help of the fields of
        `property.service.report`.

        :param date_from, date_to: first and last day of the period, where the company is
        :param groupby: words of `GROUPS`, fields of the report, or a list of them; None for
            one total
        :param domain: narrows the rows of `property.service.report`
        :param bool with_averages: whether hours and stars are wanted
        :return: list of dict: `key` (tuple of the values of the groups, records for
            relations), `tickets` and `finished` (numbers), `hours_to_accept`,
            `hours_to_done` and `stars` (averages; None without any), and for each of
            `tools.rates.RATES` a `tools.rates.Rate`
        """
        words = [groupby] if isinstance(groupby, str) else list(groupby or ())
        groups = [GROUPS.get(word, word) for word in words]
        sums = [
            f"{code}_rate:{aggregate}"
            for code in RATES
            for aggregate in ("sum", "count")
        ]
        averaged = {
            "hours_to_accept": "hours_to_accept",
            "hours_to_done": "hours_to_done",
            "stars": "rating",
        }
        averaged = averaged if with_averages else {}
        averages = [
            f"{name}:{what}" for name in averaged.values() for what in ("avg", "count")
        ]
        domain = self._get_period_domain(date_from, date_to) & Domain(domain or [])
        named = {group.partition(":")[0] for group in groups}
        named.update(condition.field_expr for condition in domain.iter_conditions())
        report = self.env["property.service.report"].with_context(
            tz=self._get_zone(),
            figures_without_visits=not any(
                name.startswith(("engineer_id", "skill_id")) for name in named
            ),
        )
        rows = report._read_group(
            domain,
            groups,
            ["counted:sum", "finished:sum", *averages, *sums],
        )
        result = []
        for row in rows:
            key, values = row[: len(groups)], row[len(groups) :]
            tickets, finished, *values = values
            # of nothing there is no average
            means = {
                name: values[2 * number] if values[2 * number + 1] else None
                for number, name in enumerate(averaged)
            }
            pairs = values[2 * len(averaged) :]
            result.append(
                {
                    "key": key,
                    "tickets": tickets or 0,
                    "finished": finished or 0,
                    **means,
                    **{
                        code: Rate(
                            round((pairs[2 * number] or 0) / 100), pairs[2 * number + 1]
                        )
                        for number, code in enumerate(RATES)
                    },
                }
            )
        return result

    @api.model
    def _get_definitions(self):
        """Return the definitions of the rates, as the help of the fields tells them.

        :return: dict rate -> (name, definition), translated
        """
        described = self.env["property.service.report"].fields_get(
            [f"{code}_rate" for code in RATES], ["string", "help"]
        )
        return {
            code: (
                described[f"{code}_rate"]["string"].removesuffix("(%)").rstrip(),
                described[f"{code}_rate"]["help"],
            )
            for code in RATES
        }

    @api.model
    def _get_household_complaints(self, date_from, date_to, communities):
        """Return the justified complaints of a period per hundred households.

        Households are the homes, shops and offices that had been handed over by the last
        day of the period.

        :return: dict property.community -> `tools.rates.Rate`
        """
        complaints = {
            row["key"][0]: row["justified"].part
            for row in self._get_rates(
                date_from,
                date_to,
                "community",
                Domain("community_id", "in", communities.ids),
            )
        }
        households = dict(
            self.env["property.unit"]._read_group(
                Domain("community_id", "in", communities.ids)
                & Domain("unit_type", "in", HOUSEHOLDS)
                & Domain("handover_date", "<=", date_to),
                ["community_id"],
                ["__count"],
            )
        )
        return {
            community: Rate(complaints.get(community, 0), households.get(community, 0))
            for community in communities
        }
