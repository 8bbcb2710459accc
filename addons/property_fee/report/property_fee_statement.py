from markupsafe import Markup
from odoo import api, models

from odoo.addons.property_base.tools import svg

MONTHS = 12


class ReportFeeStatement(models.AbstractModel):
    _name = "report.property_fee.report_fee_statement"
    _description = "Statement of Fees"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the figures and pictures of each statement."""
        statements = self.env["property.fee.statement"].browse(docids)
        statements._check_days()
        return {
            "doc_ids": docids,
            "doc_model": statements._name,
            "docs": statements,
            "bank_file": self.env._("Bank File"),
            "show": lambda amount: f"{amount:,.2f}",
            "pages": {statement: self._get_page(statement) for statement in statements},
        }

    @api.model
    def _get_page(self, statement):
        """Return what a statement prints beyond its fields."""
        Figures = self.env["property.fee.figures"]
        days = statement.date_from, statement.date_to
        domain = statement._get_domain()
        rolls, total = statement._get_roll_forwards()
        titles = statement._get_roll_titles()
        rates = Figures._get_collection(*days, domain, "community_id")
        by_item = Figures._get_collection(*days, domain, "item_id")
        buckets = statement._get_buckets()
        ages = dict.fromkeys(buckets, 0)
        for row in Figures._get_aging(statement.date_to, domain).values():
            for bucket, amount in row.items():
                ages[bucket] += amount
        months = Figures._get_monthly_rates(statement.date_to, MONTHS, domain)
        return {
            "rolls": [
                (record.name, [getattr(row, part) for part in titles])
                for record, row in rolls
            ],
            "roll_total": [getattr(total, part) for part in titles],
            "roll_titles": list(titles.values()),
            "rates": sorted(rates.items(), key=lambda row: row[0].name or ""),
            "items": self._draw_items(by_item),
            "ages": self._draw_ages(buckets, ages),
            "months": self._draw_months(months),
            "causes": self._draw_causes(
                statement._get_cause_names(),
                Figures._get_causes(statement.date_to, domain),
            ),
            "cashiers": Figures._get_cashiers(*days, domain),
            "agency": Figures._get_agency(*days, domain),
            "definitions": statement._get_definitions(),
        }

    # The pictures carry no markup from outside: see `tools.svg`.

    @api.model
    def _draw_months(self, months):
        return Markup(
            svg.line(
                [f"{month:%y-%m}" for month, _rate in months],
                [rate and float(rate) for _month, rate in months],
                width=660,
                height=140,
                top_value=100,
                unit="%",
            )
        )

    @api.model
    def _draw_ages(self, buckets, ages):
        return Markup(
            svg.bars(
                [
                    (title, float(ages[key]), f"{ages[key]:,.0f}")
                    for key, title in buckets.items()
                ],
                width=330,
                label=88,
                colour=svg.COLOURS[1],
            )
        )

    @api.model
    def _draw_causes(self, names, causes):
        return Markup(
            svg.bars(
                [
                    (names[cause], float(amount), f"{amount:,.0f}")
                    for cause, (_count, amount) in list(causes.items())[:5]
                ],
                width=330,
                label=100,
                colour=svg.COLOURS[3],
            )
        )

    @api.model
    def _draw_items(self, by_item):
        rows = sorted(by_item.items(), key=lambda row: -row[1]["current"].receivable)[
            :8
        ]
        return Markup(
            svg.bars(
                [
                    (
                        (item.name or "-")[:8],
                        float(row["current"].rate or 0),
                        f"{row['current'].rate or 0:.1f}",
                    )
                    for item, row in rows
                ],
                width=330,
                label=100,
                unit="%",
            )
        )
