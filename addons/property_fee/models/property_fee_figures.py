from datetime import timedelta
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain

from ..tools.figures import BUCKETS, Collection, rate, roll_forward


class PropertyFeeFigures(models.AbstractModel):
    """The figures of fees as of any day, from the posted books.

    Each method takes the days as arguments and a domain that narrows the units (fields
    `company_id`, `community_id`, `building_id` and so on, as both report models have them).
    What the user may not read is not counted.
    """

    _name = "property.fee.figures"
    _description = "Figures of Fees"

    @api.model
    def _detail(self, date):
        """Return the model of the bill lines as of a day."""
        detail = self.env["property.fee.report.detail"]
        # The rows of another day have the same ids.
        detail.invalidate_model(flush=False)
        return detail.with_context(figures_date=date)

    # === COLLECTION RATE === #

    @api.model
    def _get_collection(self, date_from, date_to, domain=Domain.TRUE, groupby=None):
        """Return what was collected of the bills of a period and of earlier ones.

        The collection rate (of the period's bills) is what has been collected of them up
        to the last day, in percent of what they asked for less waivers and corrections.
        The recovery rate (of earlier bills) is what was collected in the period of what had
        been open the day before it, in percent of that less waivers and corrections since.

        :param date_from, date_to: first and last day of the period; a bill belongs to it by
            the month that it bills
        :param domain: narrows the units
        :param str groupby: field of the detail, e.g. `community_id`; None for one total
        :return: dict key of the group (None without) -> dict with `current` and `prior`,
            both `tools.figures.Collection`
        """
        groups = [groupby] if groupby else []
        sums = [
            f"amount_{name}:sum"
            for name in ("billed", "waived", "corrected", "collected")
        ]

        def read(day, periods):
            rows = self._detail(day)._read_group(Domain(domain) & periods, groups, sums)
            return {(row[0] if groupby else None): row[len(groups) :] for row in rows}

        earlier = Domain("period", "<", date_from)
        current = read(
            date_to, Domain("period", ">=", date_from) & Domain("period", "<=", date_to)
        )
        before = read(date_from - timedelta(days=1), earlier)
        after = read(date_to, earlier)
        result = {}
        for key in {**current, **before, **after}:
            now = current.get(key, (0.0,) * 4)
            was, became = (
                _exact(rows.get(key, (0.0,) * 4)) for rows in (before, after)
            )
            billed, waived, corrected, collected = _exact(now)
            # What was dated later than the period's eve though of an earlier period.
            late = became[0] - was[0]
            result[key] = {
                "current": Collection(billed, waived + corrected, collected),
                "prior": Collection(
                    was[0] - was[1] - was[2] - was[3] + late,
                    became[1] - was[1] + became[2] - was[2],
                    became[3] - was[3],
                ),
            }
        return result

    @api.model
    def _get_monthly_rates(self, date_to, months, domain=Domain.TRUE):
        """Return the collection rate of each of the last months' bills as of a day.

        :param int months: how many
        :return: list of (first day of the month, rate in percent or None), the oldest first
        """
        rows = self._detail(date_to)._read_group(
            Domain(domain) & Domain("period", "<=", date_to),
            ["period:month"],
            [
                "amount_billed:sum",
                "amount_waived:sum",
                "amount_corrected:sum",
                "amount_collected:sum",
            ],
            order="period:month DESC",
            limit=months,
        )
        result = []
        for month, *sums in reversed(rows):
            billed, waived, corrected, collected = _exact(sums)
            result.append((month, rate(collected, billed - waived - corrected)))
        return result

    # === AGE OF ARREARS === #

    @api.model
    def _get_aging(self, date, domain=Domain.TRUE, groupby="community_id"):
        """Return what is open on a day by how long it has been due.

        :return: dict key of the group -> dict bucket -> amount, with every bucket
        """
        rows = self._detail(date)._read_group(
            Domain(domain) & Domain("amount_open", "!=", 0),
            [groupby, "bucket"],
            ["amount_open:sum"],
        )
        result = {}
        for key, bucket, amount in rows:
            empty = dict.fromkeys((name for name, _last in BUCKETS), _exact([0])[0])
            result.setdefault(key, empty)[bucket] = _exact([amount])[0]
        return result

    @api.model
    def _get_causes(self, date, domain=Domain.TRUE):
        """Return what is overdue on a day by the cause noted on the dunning case.

        :return: dict cause (False where nobody is dunned) -> (debtors, amount), the
            largest amount first
        """
        rows = self._detail(date)._read_group(
            Domain(domain) & Domain("amount_overdue", ">", 0),
            ["cause"],
            ["partner_id:count_distinct", "amount_overdue:sum"],
        )
        return {
            cause: (count, _exact([amount])[0])
            for cause, count, amount in sorted(rows, key=lambda row: -row[2])
        }

    # === ROLL-FORWARD === #

    @api.model
    def _get_roll_forward(
        self, date_from, date_to, domain=Domain.TRUE, groupby="community_id"
    ):
        """Return how the receivables of a period came about.

        :param str groupby: field of the ledger rows; None for one total
        :return: dict key of the group -> `tools.figures.RollForward`; rows without a unit
            have the key of an empty record
        """
        Ledger = self.env["property.fee.report.ledger"]
        groups = [groupby] if groupby else []
        opening = {
            (row[0] if groupby else None): row[-1]
            for row in Ledger._read_group(
                Domain(domain) & Domain("date", "<", date_from), groups, ["amount:sum"]
            )
        }
        movements = {}
        for *key, kind, amount in Ledger._read_group(
            Domain(domain)
            & Domain("date", ">=", date_from)
            & Domain("date", "<=", date_to),
            [*groups, "kind"],
            ["amount:sum"],
        ):
            movements.setdefault(key[0] if groupby else None, {})[kind] = _exact(
                [amount]
            )[0]
        return {
            key: roll_forward(
                _exact([opening.get(key) or 0.0])[0], movements.get(key, {})
            )
            for key in {**opening, **movements}
        }

    @api.model
    def _get_ledger_check(self, date, company):
        """Compare the sum of the rows with the balances of the receivable accounts.

        :return: dict with `households`, `without_unit` and `ledger`; the first two make
            the third
        """
        Ledger = self.env["property.fee.report.ledger"]
        domain = Domain("company_id", "=", company.id) & Domain("date", "<=", date)
        sums = {True: 0.0, False: 0.0}
        for unit, amount in Ledger._read_group(domain, ["unit_id"], ["amount:sum"]):
            sums[bool(unit)] += amount
        ((balance,),) = self.env["account.move.line"]._read_group(
            domain
            & Domain("parent_state", "=", "posted")
            & Domain("account_id.account_type", "=", "asset_receivable"),
            [],
            ["balance:sum"],
        )
        currency = company.currency_id
        return {
            "households": currency.round(sums[True]),
            "without_unit": currency.round(sums[False]),
            "ledger": currency.round(balance),
        }

    # === WHO COLLECTED, AND FOR WHOM === #

    @api.model
    def _get_cashiers(self, date_from, date_to, domain=Domain.TRUE):
        """Return what each cashier took and paid back, by journal; deposits on their own.

        :return: list of (res.users, account.journal, payments, collected, refunded,
            deposits received, deposits refunded); money of bank files has no user
        """
        days = Domain("date", ">=", date_from) & Domain("date", "<=", date_to)
        rows = {}

        def add(user, journal, count, position, amount):
            row = rows.setdefault((user, journal), [0, *_exact([0] * 4)])
            row[0] += count
            row[position] += _exact([amount])[0]

        for user, journal, kind, count, amount in self.env[
            "property.fee.report.ledger"
        ]._read_group(
            Domain(domain) & days & Domain("kind", "in", ("collected", "refunded")),
            ["user_id", "journal_id", "kind"],
            ["move_id:count_distinct", "amount:sum"],
        ):
            # What a void receipt gives back lowers what was collected.
            if kind == "collected":
                add(user, journal, count, 1, -amount)
            else:
                add(user, journal, count, 2, amount)
        for movement in self.env["property.deposit.movement"].search_fetch(
            Domain(domain)
            & days
            & Domain("state", "=", "posted")
            & Domain("kind", "in", ("receive", "refund")),
            ["kind", "amount", "journal_id", "payment_id"],
        ):
            user = movement.payment_id.create_uid
            position = 3 if movement.kind == "receive" else 4
            add(user, movement.journal_id, 1, position, movement.amount)
        return [(*key, *row) for key, row in rows.items()]

    @api.model
    def _get_agency(self, date_from, date_to, domain=Domain.TRUE):
        """Return what was billed and collected for others, and what of it was passed on.

        :return: list of dicts: `partner`, `item`, `account`, `billed` and `collected` in
            the period by the bills' months, and, for the account as of the last day,
            `collected_total`, `passed_on` and `due` (collected and not passed on)
        """
        agency = Domain(domain) & Domain("is_agency", "=", True)
        sums = ["amount_billed:sum", "amount_collected:sum"]
        in_period = Domain("period", ">=", date_from) & Domain("period", "<=", date_to)
        Detail = self._detail(date_to)
        current = {
            item: amounts
            for item, *amounts in Detail._read_group(
                agency & in_period, ["item_id"], sums
            )
        }
        total = {
            item: amounts
            for item, *amounts in Detail._read_group(agency, ["item_id"], sums)
        }
        passed = self._get_passed_on(date_to, list(total))
        rows = []
        for item, (_billed, collected) in total.items():
            billed, paid = current.get(item, (0.0, 0.0))
            exact = _exact([billed, paid, collected, passed.get(item, 0.0)])
            rows.append(
                {
                    "partner": item.agency_partner_id,
                    "item": item,
                    "account": item.agency_account_id,
                    "billed": exact[0],
                    "collected": exact[1],
                    "collected_total": exact[2],
                    "passed_on": exact[3],
                    "due": exact[2] - exact[3],
                }
            )
        return rows

    @api.model
    def _get_passed_on(self, date, items):
        """Return what of the agency accounts was passed on, up to a day.

        An account that several items share counts for the first of them.

        :return: dict property.fee.item -> amount
        """
        accounts = {}
        for item in items:
            accounts.setdefault(item.agency_account_id, item)
        rows = self.env["account.move.line"]._read_group(
            Domain("account_id", "in", [account.id for account in accounts])
            & Domain("parent_state", "=", "posted")
            & Domain("date", "<=", date)
            & Domain("move_id.property_unit_id", "=", False),
            ["account_id"],
            ["balance:sum"],
        )
        return {accounts[account]: balance for account, balance in rows}


def _exact(amounts):
    """Return amounts of the database as Decimals of two places."""
    return [Decimal(f"{amount or 0.0:.2f}") for amount in amounts]
