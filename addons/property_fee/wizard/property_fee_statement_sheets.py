from odoo import models
from odoo.fields import Domain

from odoo.addons.property_base.tools.figures_workbook import Chart, Column, Table

from ..tools.figures import BUCKETS, RollForward

DETAIL_ROWS = 100_000


class PropertyFeeStatement(models.TransientModel):
    """The sheets of the workbook."""

    _inherit = "property.fee.statement"

    def _get_workbook(self):
        """Return the tables and charts of the workbook.

        Others add sheets of their own to the list of tables.

        :return: (list of `Table`, list of `Chart`)
        """
        self.ensure_one()
        rates = self._get_rate_table("community_id", self.env._("Collection Rate"))
        ages = self._get_aging_table("community_id", self.env._("Age by Community"))
        tables = [
            rates,
            self._get_rate_table("item_id", self.env._("Rate by Fee Item")),
            self._get_roll_table(),
            ages,
            self._get_aging_table("building_id", self.env._("Age by Building")),
            self._get_aging_table("item_id", self.env._("Age by Fee Item")),
            self._get_cause_table(),
            self._get_agency_table(),
            self._get_cashier_table(),
            self._get_detail_table(),
        ]
        charts = [
            Chart(
                self.env._("Chart of Rates"),
                f"{self.env._('Collected')} {self._get_title()}",
                rates.name,
                0,
                (3, 4),
            ),
            Chart(
                self.env._("Chart of Ages"),
                f"{self.env._('Age of Arrears')} {self.date_to}",
                ages.name,
                0,
                tuple(range(1, len(BUCKETS) + 1)),
            ),
        ]
        return tables, charts

    def _get_group_title(self, groupby):
        field = self.env["property.fee.report.detail"]._fields[groupby]
        return field._description_string(self.env)

    def _get_name(self, record):
        """Return the name of a group, also of the one without a record."""
        return record.display_name or self.env._("None")

    def _get_rate_table(self, groupby, name):
        """Return what was collected of the period's bills and of earlier ones."""
        groups = self.env["property.fee.figures"]._get_collection(
            self.date_from, self.date_to, self._get_domain(), groupby
        )
        rows = [
            [
                self._get_name(record),
                row["current"].billed,
                row["current"].waived,
                row["current"].receivable,
                row["current"].collected,
                row["current"].open,
                None,
                row["prior"].billed,
                row["prior"].waived,
                row["prior"].receivable,
                row["prior"].collected,
                row["prior"].open,
                None,
            ]
            for record, row in groups.items()
        ]
        parts = [
            self.env._("Billed"),
            self.env._("Waived"),
            self.env._("To Collect"),
            self.env._("Collected"),
            self.env._("Open"),
        ]
        earlier = self.env._("Earlier")
        return Table(
            name,
            f"{name} {self._get_title()}",
            [
                Column(self._get_group_title(groupby)),
                *(Column(part, "money") for part in parts),
                Column(self.env._("Collection Rate"), "rate", (4, 3)),
                *(Column(f"{earlier}: {part}", "money") for part in parts),
                Column(self.env._("Recovery Rate"), "rate", (10, 9)),
            ],
            rows,
            self.env._("Total"),
            self._get_definitions(),
        )

    def _get_roll_table(self):
        """Return the roll-forward by community."""
        rows, _total = self._get_roll_forwards()
        return Table(
            self.env._("Roll-Forward"),
            f"{self.env._('Roll-Forward')} {self._get_title()}",
            [
                Column(self._get_group_title("community_id")),
                *(Column(title, "money") for title in self._get_roll_titles().values()),
            ],
            [[self._get_name(record), *row, row.closing] for record, row in rows],
            self.env._("Total"),
            (
                self.env._(
                    "From the posted lines of the receivable accounts; money paid ahead"
                    " lowers what is open."
                ),
            ),
        )

    def _get_roll_titles(self):
        """Return the titles of the parts of the roll-forward, in order."""
        titles = {
            "opening": self.env._("Opening"),
            "billed": self.env._("Billed"),
            "late_fee": self.env._("Late Fee Billed"),
            "waived": self.env._("Waived"),
            "corrected": self.env._("Corrected"),
            "collected": self.env._("Collected"),
            "refunded": self.env._("Refunded"),
            "other": self.env._("Other Entries"),
        }
        return {
            **{name: titles[name] for name in RollForward._fields},
            "closing": self.env._("Closing"),
        }

    def _get_buckets(self):
        """Return the ages with their names, in order."""
        Detail = self.env["property.fee.report.detail"]
        names = dict(Detail._fields["bucket"]._description_selection(self.env))
        return {key: names[key] for key, _last in BUCKETS}

    def _get_aging_table(self, groupby, name):
        """Return what is open by how long it has been due."""
        groups = self.env["property.fee.figures"]._get_aging(
            self.date_to, self._get_domain(), groupby
        )
        buckets = self._get_buckets()
        return Table(
            name,
            f"{name} {self.date_to}",
            [
                Column(self._get_group_title(groupby)),
                *(Column(title, "money") for title in buckets.values()),
                Column(self.env._("Open"), "money"),
            ],
            [
                [
                    self._get_name(record),
                    *(ages[bucket] for bucket in buckets),
                    sum(ages.values()),
                ]
                for record, ages in groups.items()
            ],
            self.env._("Total"),
        )

    def _get_cause_names(self):
        """Return the names of the causes of non-payment, also of none."""
        Detail = self.env["property.fee.report.detail"]
        names = dict(Detail._fields["cause"]._description_selection(self.env))
        return {**names, False: self.env._("Not Dunned")}

    def _get_cause_table(self):
        """Return what is overdue by the cause noted on the dunning cases."""
        names = self._get_cause_names()
        rows = self.env["property.fee.figures"]._get_causes(
            self.date_to, self._get_domain()
        )
        title = self.env._("Arrears by Cause")
        return Table(
            title,
            f"{title} {self.date_to}",
            [
                Column(self.env._("Cause of Non-Payment")),
                Column(self.env._("Debtors"), "count"),
                Column(self.env._("Overdue"), "money"),
            ],
            [[names[cause], *row] for cause, row in rows.items()],
            self.env._("Total"),
        )

    def _get_agency_table(self):
        """Return what was collected for others, and what of it was passed on."""
        rows = self.env["property.fee.figures"]._get_agency(
            self.date_from, self.date_to, self._get_domain()
        )
        titles = [
            self.env._("Billed"),
            self.env._("Collected"),
            self.env._("Collected So Far"),
            self.env._("Passed On"),
            self.env._("To Pass On"),
        ]
        return Table(
            self.env._("Collected for Others"),
            f"{self.env._('Collected for Others')} {self._get_title()}",
            [
                Column(self.env._("Collected For")),
                Column(self.env._("Fee Item")),
                *(Column(title, "money") for title in titles),
            ],
            [
                [
                    self._get_name(row["partner"]),
                    row["item"].name,
                    row["billed"],
                    row["collected"],
                    row["collected_total"],
                    row["passed_on"],
                    row["due"],
                ]
                for row in rows
            ],
            self.env._("Total"),
        )

    def _get_cashier_table(self):
        """Return what each cashier took, by method."""
        rows = self.env["property.fee.figures"]._get_cashiers(
            self.date_from, self.date_to, self._get_domain()
        )
        return Table(
            self.env._("Cashiers"),
            f"{self.env._('Cashiers')} {self._get_title()}",
            [
                Column(self.env._("Cashier")),
                Column(self.env._("Method")),
                Column(self.env._("Number of Payments"), "count"),
                Column(self.env._("Collected"), "money"),
                Column(self.env._("Refunded"), "money"),
                Column(self.env._("Deposits Received"), "money"),
                Column(self.env._("Deposits Refunded"), "money"),
            ],
            [
                [user.name or self.env._("Bank File"), journal.name, *figures]
                for user, journal, *figures in rows
            ],
            self.env._("Total"),
        )

    def _get_detail_table(self):
        """Return the lines of the period's bills, and older ones that are open."""
        domain = self._get_domain() & (
            (
                Domain("period", ">=", self.date_from)
                & Domain("period", "<=", self.date_to)
            )
            | Domain("amount_open", "!=", 0)
        )
        names = [
            "period",
            "community_id",
            "building_id",
            "unit_id",
            "partner_id",
            "item_id",
            "move_id",
            "date_due",
            "days_overdue",
            "amount_billed",
            "amount_waived",
            "amount_corrected",
            "amount_collected",
            "amount_open",
        ]
        Detail = self.env["property.fee.figures"]._detail(self.date_to)
        lines = Detail.search_fetch(
            domain, names, order="community_id, unit_id, period, id", limit=DETAIL_ROWS
        )
        kinds = {"period": "month", "date_due": "date", "days_overdue": "count"}

        def column(name):
            field = Detail._fields[name]
            kind = kinds.get(name) or ("money" if field.type == "monetary" else "text")
            # Days are not added up.
            kind = "text" if name == "days_overdue" else kind
            return Column(field._description_string(self.env), kind)

        def value(line, name):
            content = line[name]
            return content.display_name if name.endswith("_id") else content

        notes = ()
        if len(lines) == DETAIL_ROWS:
            notes = (
                self.env._(
                    "Only the first %(count)s lines are listed.", count=DETAIL_ROWS
                ),
            )
        return Table(
            self.env._("Fee Detail"),
            f"{self.env._('Fee Detail')} {self._get_title()}",
            [column(name) for name in names],
            [[value(line, name) for name in names] for line in lines],
            None if not lines else self.env._("Total"),
            notes,
        )
