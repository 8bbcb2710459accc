from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import date_utils

from ..tools.figures import BUCKETS, bucket_of

BILLS = "property_fee.property_bill_action"
PAYMENTS = "account.action_account_payments"
DEPOSITS = "property_fee.property_deposit_action"


class PropertyFeeOverview(models.AbstractModel):
    """What the page shows of collecting: rate, today's money, age of arrears, claims.

    From what Odoo keeps on each bill, not from the report models: the page is for today
    and has to come at once.
    """

    _inherit = "property.fee.overview"

    @api.model
    def get_overview(self, community_id=False):
        """Add the age of arrears, see `_get_ages`."""
        overview = super().get_overview(community_id)
        community = self.env["property.community"].browse(
            overview["community_id"] or ()
        )
        return {**overview, "ages": self._get_ages(community)}

    @api.model
    def open_age(self, bucket, community_id=False):
        """Return the action that lists the open bills of an age.

        :param str bucket: as in `_get_ages`
        :param int community_id: as in `get_overview`
        """
        self.env["account.move"].check_access("read")
        community = self.env["property.community"].browse(community_id or ())
        keys = [key for key, _last in BUCKETS]
        place = keys.index(bucket)
        today = fields.Date.context_today(self)
        domain = self._domain_open(community)
        last = BUCKETS[place][1]
        if last is not None:
            oldest = date_utils.subtract(today, days=last)
            domain &= Domain("invoice_date_due", ">=", oldest)
        if place:
            newest = date_utils.subtract(today, days=BUCKETS[place - 1][1] + 1)
            domain &= Domain("invoice_date_due", "<=", newest)
        return self._get_action(BILLS, domain, name=self._get_age_names()[bucket])

    @api.model
    def _domain_open(self, community):
        """Return the domain of the bills that are not paid."""
        domain = self.env["account.move"]._domain_property_open()
        if community:
            domain &= Domain("property_community_id", "=", community.id)
        return domain

    @api.model
    def _get_age_names(self):
        field = self.env["property.fee.report.detail"]._fields["bucket"]
        return dict(field._description_selection(self.env))

    @api.model
    def _get_ages(self, community):
        """Return what is open by how long it has been due.

        :return: list of dict `key`, `label`, `value` (text), `share` (percent of the
            largest); empty for whoever may not read bills
        """
        Move = self.env["account.move"]
        if not Move.has_access("read"):
            return []
        today = fields.Date.context_today(self)
        amounts = dict.fromkeys((key for key, _last in BUCKETS), 0.0)
        for due, amount in Move._read_group(
            self._domain_open(community),
            ["invoice_date_due:day"],
            ["amount_residual_signed:sum"],
        ):
            days = (today - due).days if due else 0
            amounts[bucket_of(days)] += amount
        highest = max(amounts.values())
        names = self._get_age_names()
        return [
            {
                "key": key,
                "label": names[key],
                "value": self._format(amount),
                "share": round(100 * max(amount, 0) / highest) if highest > 0 else 0,
            }
            for key, amount in amounts.items()
        ]

    # === TILES === #

    @api.model
    def _get_money_tiles(self, community):
        """Add today's money, the rate of the year, what is held and what is paid ahead."""
        tiles = super()._get_money_tiles(community)
        if not self.env["account.payment"].has_access("read"):
            return tiles
        today = fields.Date.context_today(self)
        return [
            *tiles,
            self._get_today_tile(today, community),
            self._get_rate_tile(today, community),
            self._get_credit_tile(community),
            self._get_deposit_tile(community),
        ]

    @api.model
    def _get_today_tile(self, today, community):
        taken = (
            Domain("property_unit_id", "!=", False)
            & Domain("payment_type", "=", "inbound")
            & Domain("state", "in", ("in_process", "paid"))
            & Domain("date", "=", today)
        )
        if community:
            taken &= Domain("property_unit_id.community_id", "=", community.id)
        ((count, amount),) = self.env["account.payment"]._read_group(
            taken, [], ["__count", "amount_company_currency_signed:sum"]
        )
        return {
            "key": "today",
            "label": self.env._("Collected Today"),
            "value": self._format(amount or 0.0),
            "hint": self.env._("%(count)s payments", count=count),
            "tone": "success",
            "action": (PAYMENTS, taken),
        }

    @api.model
    def _get_rate_tile(self, today, community):
        """Return the collection rate of the bills for the months of this year."""
        start = today.replace(month=1, day=1)
        domain = (
            Domain("property_unit_id", "!=", False)
            & Domain("state", "=", "posted")
            & Domain("property_period", ">=", start)
            & Domain("property_period", "<=", today)
        )
        if community:
            domain &= Domain("property_community_id", "=", community.id)
        receivable, unpaid, _count = self._sum(domain)
        paid = receivable - unpaid
        return {
            "key": "rate",
            "label": self.env._("Collection Rate This Year"),
            "value": f"{100 * paid / receivable:.2f} %" if receivable else "-",
            "hint": self.env._(
                "%(paid)s of %(receivable)s",
                paid=self._format(paid),
                receivable=self._format(receivable),
            ),
            "tone": "primary",
            "action": (BILLS, domain),
        }

    @api.model
    def _get_credit_tile(self, community):
        """Return what households have paid ahead."""
        Line = self.env["account.move.line"]
        domain = Line._domain_open_credit()
        if community:
            domain &= Domain("property_credit_unit_id.community_id", "=", community.id)
        ((units, amount),) = Line._read_group(
            domain,
            [],
            ["property_credit_unit_id:count_distinct", "amount_residual:sum"],
        )
        return {
            "key": "credit",
            "label": self.env._("Paid Ahead"),
            "value": self._format(-(amount or 0.0)),
            "hint": self.env._("%(units)s households", units=units),
            "tone": "info",
            "action": ("account.action_account_moves_all", domain),
        }

    @api.model
    def _get_deposit_tile(self, community):
        """Return what is held for households."""
        held = Domain("state", "=", "held")
        if community:
            held &= Domain("community_id", "=", community.id)
        ((count, amount),) = self.env["property.deposit"]._read_group(
            held, [], ["__count", "balance:sum"]
        )
        return {
            "key": "deposits_held",
            "label": self.env._("Deposits Held"),
            "value": self._format(amount or 0.0),
            "hint": self.env._("%(count)s deposits", count=count),
            "tone": "info",
            "action": (DEPOSITS, held),
        }

    @api.model
    def _get_todo(self):
        """Add what waits of collecting, dunning, deposits and refunds."""
        today = fields.Date.context_today(self)
        soon = date_utils.add(today, days=180)
        live = Domain("state", "!=", "closed")
        approved = Domain("approval_state", "=", "approved")
        return [
            *super()._get_todo(),
            (
                "cases",
                self.env._("Cases to Work on Today"),
                self.env._("their next step is due"),
                "property_fee.property_dunning_case_action",
                live & Domain("date_next", "<=", today),
                "community_id",
            ),
            (
                "promises",
                self.env._("Promises Due"),
                self.env._("promised for today or within three days"),
                "property_fee.property_dunning_promise_action",
                Domain("state", "=", "open")
                & Domain("date", "<=", date_utils.add(today, days=3)),
                "community_id",
            ),
            (
                "lapse",
                self.env._("Claims About to Lapse"),
                self.env._("within 180 days; remind and keep the proof"),
                "property_fee.property_dunning_case_action",
                live & Domain("limitation_date", "<=", soon),
                "community_id",
            ),
            (
                "deposits",
                self.env._("Deposits to Return"),
                self.env._("held beyond the day agreed"),
                DEPOSITS,
                Domain("state", "=", "held") & Domain("date_return", "<", today),
                "community_id",
            ),
            (
                "deposit_refunds",
                self.env._("Deposit Refunds to Pay Out"),
                self.env._("approved, not paid"),
                "property_fee.property_deposit_movement_action",
                Domain("kind", "=", "refund")
                & approved
                & Domain("state", "=", "draft"),
                "community_id",
            ),
            (
                "credit_refunds",
                self.env._("Credit Refunds to Pay Out"),
                self.env._("approved, not paid"),
                "property_fee.property_credit_refund_action",
                approved & Domain("state", "=", "open"),
                "community_id",
            ),
            (
                "approvals",
                self.env._("Approvals Waiting for Me"),
                self.env._("waivers, deposits, refunds and everything else"),
                "property_base.property_approval_request_action",
                Domain("can_approve", "=", True),
                "community_id",
            ),
        ]
