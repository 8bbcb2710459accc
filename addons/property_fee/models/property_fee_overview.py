from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import date_utils, format_amount

from ..tools.period import add_months, month_start

MONTHS = 12
BILLS = "property_fee.property_bill_action"


class PropertyFeeOverview(models.AbstractModel):
    """The landing page of the fees: what is owed, and what must not be forgotten.

    A part of the suite adds its tiles by extending `_get_money_tiles` or `_get_todo_tiles`;
    nothing has to be put into the page. The number of queries depends on the number of
    tiles only.
    """

    _name = "property.fee.overview"
    _description = "Fee Overview"
    _inherit = ["property.overview.mixin"]
    _overview_model = "property.charge"

    # === CALLED BY THE PAGE === #

    @api.model
    def get_overview(self, community_id=False):
        """Add the chart, see `_get_chart`."""
        overview = super().get_overview(community_id)
        community = self.env["property.community"].browse(
            overview["community_id"] or ()
        )
        return {**overview, "chart": self._get_chart(community)}

    @api.model
    def _get_sections(self, community):
        return {
            "money": self._get_money_tiles(community),
            "todo": self._get_todo_tiles(community),
        }

    @api.model
    def open_month(self, month, community_id=False):
        """Return the action that lists the bills of a month.

        :param str month: first day, as in the chart
        :param int community_id: as in `get_overview`
        """
        domain = Domain("property_period", "=", fields.Date.to_date(month))
        if community_id:
            domain &= Domain("property_community_id", "=", community_id)
        return self._get_action(BILLS, domain, name=month[:7])

    # === TILES === #

    @api.model
    def _get_money_tiles(self, community):
        """Return the tiles with amounts of money.

        :param community: property.community, empty for all
        :return: list of dict `key`, `label`, `value` (text), `hint` (text), `tone`
            (Bootstrap colour) and `action` (xml id, domain)
        """
        Move = self.env["account.move"]
        if not Move.has_access("read"):
            return []
        today = fields.Date.context_today(self)
        month = month_start(today)
        posted = Domain("property_unit_id", "!=", False) & Domain(
            "state", "=", "posted"
        )
        if community:
            posted &= Domain("property_community_id", "=", community.id)
        of_month = posted & Domain("property_period", "=", month)
        is_open = Move._domain_property_open()
        if community:
            is_open &= Domain("property_community_id", "=", community.id)
        overdue = is_open & Domain("invoice_date_due", "<", today)
        billed, unpaid, count = self._sum(of_month)
        _total, owed, _count = self._sum(is_open)
        _total, late, late_count = self._sum(overdue)
        units = len(Move._read_group(overdue, ["property_unit_id"]))
        paid = billed - unpaid
        rate = 100 * paid / billed if billed else 0.0
        return [
            {
                "key": "billed",
                "label": self.env._("Billed This Month"),
                "value": self._format(billed),
                "hint": self.env._("%(count)s bills", count=count),
                "tone": "primary",
                "action": (BILLS, of_month),
            },
            {
                "key": "collected",
                "label": self.env._("Collected of It"),
                "value": self._format(paid),
                "hint": self.env._("%(rate)s %% of this month", rate=f"{rate:.1f}"),
                "tone": "success",
                "action": (BILLS, of_month & ~is_open),
            },
            {
                "key": "open",
                "label": self.env._("Open in Total"),
                "value": self._format(owed),
                "hint": self.env._("credits of households taken off"),
                "tone": "info",
                "action": (BILLS, is_open),
            },
            {
                "key": "overdue",
                "label": self.env._("Overdue"),
                "value": self._format(late),
                "hint": self.env._(
                    "%(count)s bills of %(units)s units", count=late_count, units=units
                ),
                "tone": "danger",
                "action": (BILLS, overdue),
            },
        ]

    @api.model
    def _sum(self, domain):
        """Return total, open amount and number of the bills of a domain."""
        ((total, residual, count),) = self.env["account.move"]._read_group(
            domain,
            [],
            ["amount_total_signed:sum", "amount_residual_signed:sum", "__count"],
        )
        return total or 0.0, residual or 0.0, count

    @api.model
    def _format(self, amount):
        return format_amount(self.env, amount, self.env.company.currency_id)

    @api.model
    def _get_todo_tiles(self, community):
        """Return the tiles that count what waits for somebody.

        Those that count nothing are shown, too: nothing forgotten is worth knowing.

        :param community: property.community, empty for all
        :return: list of dict as in `_get_money_tiles`, with `count`
        """
        return [
            tile
            for row in self._get_todo()
            if (tile := self._get_count_tile(community, *row))
        ]

    @api.model
    def _get_todo(self):
        """Return what can be forgotten.

        :return: list of (key, label, hint, xml id of the action, Domain, path to the
            community)
        """
        today = fields.Date.context_today(self)
        return [
            (
                "unassigned",
                self.env._("Units without Management Fee"),
                self.env._("handed over, but the fee is not assigned"),
                "property_base.property_unit_action",
                self.env["property.unit"]._domain_without_fee(),
                "community_id",
            ),
            (
                "norate",
                self.env._("Assignments without a Rate"),
                self.env._("no price is in force today"),
                "property_fee.property_fee_assignment_action",
                Domain("lacks_rate", "=", True),
                "community_id",
            ),
            (
                "rates",
                self.env._("Rates About to End"),
                self.env._("within 60 days"),
                "property_fee.property_fee_rate_action",
                Domain("is_ending", "=", True),
                "community_id",
            ),
            (
                "held",
                self.env._("Odd Readings"),
                self.env._("held until somebody has looked at them"),
                "property_fee.property_meter_reading_action",
                Domain("is_held", "=", True),
                "community_id",
            ),
            (
                "unread",
                self.env._("Meters Not Read"),
                self.env._("in reading rounds that are not finished"),
                "property_fee.property_meter_reading_action",
                Domain("state", "=", "todo"),
                "community_id",
            ),
            (
                "runs",
                self.env._("Runs Not Started"),
                self.env._("prepared, nothing billed yet"),
                "property_fee.property_fee_run_action",
                Domain("state", "=", "draft"),
                "community_ids",
            ),
            (
                "decide",
                self.env._("Runs for Me to Decide"),
                self.env._("submitted, nothing billed yet"),
                "property_fee.property_fee_run_action",
                Domain("can_approve", "=", True),
                "community_ids",
            ),
            (
                "failed",
                self.env._("Households Not Billed"),
                self.env._("failed rows of fee runs"),
                "property_fee.property_fee_run_line_action",
                Domain("status", "=", "failed"),
                "community_id",
            ),
            (
                "cancelled",
                self.env._("Taken Back, Not Billed Again"),
                self.env._("by credit note, in the last 90 days"),
                "property_fee.property_charge_action",
                Domain("state", "=", "cancelled")
                & Domain("cancel_reason", "!=", False)
                & Domain("write_date", ">=", date_utils.subtract(today, days=90))
                & ~Domain("replaced_by_ids", "any", []),
                "community_id",
            ),
            (
                "waivers",
                self.env._("Waivers for Me to Decide"),
                self.env._("submitted, within my limits"),
                "property_fee.property_waiver_action",
                Domain("can_approve", "=", True),
                "community_id",
            ),
        ]

    # === CHART === #

    @api.model
    def _get_chart(self, community):
        """Return what was billed in each of the last months and how much of it is paid.

        :param community: property.community, empty for all
        :return: dict `months` (first days), `labels`, `paid`, `open`; None for whoever may
            not read bills
        """
        Move = self.env["account.move"]
        if not Move.has_access("read"):
            return None
        last = month_start(fields.Date.context_today(self))
        months = [add_months(last, offset) for offset in range(1 - MONTHS, 1)]
        domain = (
            Domain("property_unit_id", "!=", False)
            & Domain("state", "=", "posted")
            & Domain("property_period", ">=", months[0])
            & Domain("property_period", "<=", last)
        )
        if community:
            domain &= Domain("property_community_id", "=", community.id)
        rows = {
            month: (total, residual)
            for month, total, residual in Move._read_group(
                domain,
                ["property_period:month"],
                ["amount_total_signed:sum", "amount_residual_signed:sum"],
            )
        }
        figures = [rows.get(month, (0.0, 0.0)) for month in months]
        return {
            "months": [fields.Date.to_string(month) for month in months],
            "labels": [f"{month:%Y-%m}" for month in months],
            "paid": [round(total - residual, 2) for total, residual in figures],
            "open": [round(residual, 2) for _total, residual in figures],
        }
