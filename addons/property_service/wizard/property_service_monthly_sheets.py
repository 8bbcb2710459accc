from zoneinfo import ZoneInfo

from odoo import models

from odoo.addons.property_base.tools.figures_workbook import Chart, Column, Table

REGISTER_ROWS = 100_000
# Rates of the tables by group, as part and whole, so that the sheet computes them itself.
BY_GROUP = (
    "response",
    "resolution",
    "rework",
    "complaint",
    "satisfaction",
    "follow_up",
)


class PropertyServiceMonthly(models.TransientModel):
    """The sheets of the workbook."""

    _inherit = "property.service.monthly"

    def _get_workbook(self):
        """Return the tables and charts of the workbook; others add theirs.

        :return: (list of `Table`, list of `Chart`)
        """
        self.ensure_one()
        days, groups = self._get_day_table(), self._get_group_tables()
        tables = [
            self._get_rate_table(),
            *groups,
            days,
            self._get_incident_table(),
            self._get_register(),
        ]
        charts = [
            Chart(
                self.env._("Chart by Category"),
                self.env._("Tickets by Category"),
                groups[1].name,
                0,
                (1, 2),
            ),
            Chart(
                self.env._("Chart by Day"),
                self.env._("Tickets by Day"),
                days.name,
                0,
                (1,),
            ),
        ]
        return tables, charts

    def _get_rate_table(self):
        now, before = self._get_total(), self._get_total(months_back=1)
        definitions = self.env["property.service.figures"]._get_definitions()
        return Table(
            self.env._("Rates"),
            self._get_title(),
            [
                Column(self.env._("Rate"), width=20),
                Column(self.env._("Part"), "count"),
                Column(self.env._("Whole"), "count"),
                Column(self.env._("This Month"), "rate", ratio=(1, 2)),
                Column(self.env._("Part, Month Before"), "count"),
                Column(self.env._("Whole, Month Before"), "count"),
                Column(self.env._("Month Before"), "rate", ratio=(4, 5)),
                Column(self.env._("What Counts"), width=90),
            ],
            [
                [name, *now[code], None, *before[code], None, definition]
                for code, (name, definition) in definitions.items()
            ],
        )

    def _get_group_tables(self):
        definitions = self.env["property.service.figures"]._get_definitions()
        columns = [
            Column(self.env._("Tickets"), "count"),
            Column(self.env._("Finished"), "count"),
            Column(definitions["completion"][0], "rate", ratio=(2, 1)),
        ]
        for code in BY_GROUP:
            place = len(columns) + 1
            name = definitions[code][0]
            columns += [
                Column(self.env._("%(rate)s: part", rate=name), "count"),
                Column(self.env._("%(rate)s: whole", rate=name), "count"),
                Column(name, "rate", ratio=(place, place + 1)),
            ]
        columns += [
            Column(self.env._("Hours to Accept"), "hours"),
            Column(self.env._("Hours to Done"), "hours"),
        ]
        return [
            Table(
                name,
                f"{name}  {self._get_title()}",
                [Column(name, width=24), *columns],
                [self._get_group_row(row) for row in self._get_rows(word)],
                self.env._("Total"),
            )
            for word, name in (
                ("community", self.env._("Community")),
                ("category", self.env._("Category")),
                ("team", self.env._("Team")),
                ("engineer", self.env._("Engineer")),
                ("building", self.env._("Building")),
            )
        ]

    def _get_group_row(self, row):
        pairs = [cell for code in BY_GROUP for cell in (*row[code], None)]
        return [
            row["key"][0].display_name or "-",
            row["tickets"],
            row["finished"],
            None,
            *pairs,
            row["hours_to_accept"],
            row["hours_to_done"],
        ]

    def _get_day_table(self):
        return Table(
            self.env._("Days"),
            self._get_title(),
            [
                Column(self.env._("Day"), "date"),
                Column(self.env._("Tickets"), "count"),
            ],
            [[day, count] for day, count in self._get_days()],
            self.env._("Total"),
        )

    def _get_incident_table(self):
        zone = ZoneInfo(self.env["property.service.figures"]._get_zone())

        def local(instant):
            instant = instant.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)
            return instant.replace(tzinfo=None)

        return Table(
            self.env._("Incidents"),
            self._get_title(),
            [
                Column(self.env._("Incident"), width=30),
                Column(self.env._("Community"), width=20),
                Column(self.env._("Concerns"), width=30),
                Column(self.env._("From"), "instant"),
                Column(self.env._("Hours"), "hours"),
                Column(self.env._("Tickets"), "count"),
                Column(self.env._("Calls"), "count"),
                Column(self.env._("Households That Called"), "count"),
                Column(self.env._("Households Concerned"), "count"),
            ],
            [
                [
                    row.incident_id.name,
                    row.community_id.name,
                    row.incident_id.scope_text,
                    local(row.date_from),
                    row.hours if row.state == "ended" else None,
                    row.tickets,
                    row.calls,
                    row.callers,
                    row.households,
                ]
                for row in self._get_incidents()
            ],
            self.env._("Total"),
        )

    def _get_register(self):
        """Return the tickets of the month, one in a row."""
        tickets = self.env["property.ticket"].search_fetch(
            self._get_ticket_domain(),
            ["name", "reported_at", "subject"],
            order="reported_at, id",
            limit=REGISTER_ROWS,
        )
        return tickets._get_register_table(self._get_title())
