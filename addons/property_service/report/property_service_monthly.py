from markupsafe import Markup
from odoo import api, models

from odoo.addons.property_base.tools import svg

from ..tools import rates

TOP = 10


class ReportServiceMonthly(models.AbstractModel):
    _name = "report.property_service.report_service_monthly"
    _description = "Monthly Service Report"
    _inherit = ["property.service.form"]

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the figures and pictures of each report."""
        wizards = self.env["property.service.monthly"].browse(docids)
        return {
            **self._get_form_values(wizards),
            "pages": {wizard: self._get_page(wizard) for wizard in wizards},
            "hours": lambda value: f"{value:.1f}" if value is not None else "-",
        }

    @api.model
    def _get_page(self, wizard):
        """Return what a report prints beyond its fields."""
        now, before = wizard._get_total(), wizard._get_total(months_back=1)
        communities = sorted(
            wizard._get_rows("community"), key=lambda row: row["key"][0].name or ""
        )
        engineers = sorted(
            (row for row in wizard._get_rows("engineer") if row["key"][0]),
            key=lambda row: (-row["tickets"], row["key"][0].name or ""),
        )
        categories = sorted(
            wizard._get_rows("category"), key=lambda row: -row["tickets"]
        )
        definitions = self.env["property.service.figures"]._get_definitions()
        return {
            "now": now,
            "before": before,
            "rates": [
                {
                    "name": name,
                    "rate": now[code],
                    "before": before[code],
                    "change": rates.change(before[code], now[code]),
                    "definition": definition,
                }
                for code, (name, definition) in definitions.items()
            ],
            "names": {code: name for code, (name, _text) in definitions.items()},
            "communities": communities,
            "households": self._get_household_rates(wizard, communities),
            "categories": categories[:TOP],
            "engineers": engineers[:TOP],
            "complaints": wizard._get_complaints(),
            "incidents": wizard._get_incidents(),
            "days": self._draw_days(wizard._get_days()),
            "months": self._draw_months(wizard._get_months()),
            "category_chart": self._draw_bars(
                [(row["key"][0].name or "-", row["tickets"]) for row in categories[:8]],
                svg.COLOURS[0],
            ),
            "channel_chart": self._draw_bars(
                wizard._get_counts("channel", 8), svg.COLOURS[2]
            ),
        }

    @api.model
    def _get_household_rates(self, wizard, rows):
        """Return the justified complaints per hundred households by community."""
        communities = self.env["property.community"].union(
            *(row["key"][0] for row in rows)
        )
        return self.env["property.service.figures"]._get_household_complaints(
            *wizard._get_period(), communities
        )

    # The pictures carry no markup from outside: see `tools.svg`.

    @api.model
    def _draw_days(self, days):
        return Markup(
            svg.columns(
                [f"{day:%d}" for day, _count in days],
                [[count for _day, count in days]],
                width=660,
                height=130,
                shown=True,
            )
        )

    @api.model
    def _draw_months(self, months):
        values = [
            round(float(row["promise"].percent), 1)
            if row and row["promise"].whole
            else None
            for _month, row in months
        ]
        return Markup(
            svg.line(
                [f"{month:%y-%m}" for month, _row in months],
                values,
                width=660,
                height=130,
                top_value=100,
                unit="%",
            )
        )

    @api.model
    def _draw_bars(self, rows, colour):
        return Markup(
            svg.bars(
                [(name[:8], count, str(count)) for name, count in rows],
                width=330,
                label=100,
                colour=colour,
            )
        )
