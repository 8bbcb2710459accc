from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import late_fee as tool
from ..tools.period import month_start

NO_FEE_KINDS = ("late_fee", "deposit")


class LateFeePart(NamedTuple):
    """Late fee of a bill by one policy.

    :ivar property.late.fee.policy policy: by which it is owed
    :ivar Decimal amount: what has been neither billed nor waived
    :ivar dict record: how it was computed, as a charge keeps it
    :ivar date date_from: first day that is not billed
    :ivar date date_to: last day that is charged
    :ivar int days: days counted
    """

    policy: models.BaseModel
    amount: Decimal
    record: dict
    date_from: object
    date_to: object
    days: int


class LateFee(NamedTuple):
    """Late fee of a bill as of a day.

    :ivar float amount: what has been neither billed nor waived
    :ivar float accrued: all of it since the bill was due
    :ivar tuple parts: `LateFeePart`, one for each policy
    """

    amount: float = 0.0
    accrued: float = 0.0
    parts: tuple = ()

    @property
    def explanation(self):
        """The calculation in the language of the context, empty when nothing is owed."""
        return "; ".join(
            part.policy.env["property.charge"]._render_explanation(part.record)
            for part in self.parts
            if part.amount
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    property_late_fee = fields.Monetary(
        string="Late Fee to Date",
        compute="_compute_property_late_fee",
        currency_field="company_currency_id",
        help="Late fee up to today that has been neither billed nor waived.",
    )
    property_late_fee_text = fields.Char(
        string="Late Fee Calculation", compute="_compute_property_late_fee"
    )

    def _compute_property_late_fee(self):
        fees = self._origin._get_late_fees(fields.Date.context_today(self))
        for move in self:
            fee = fees.get(move._origin, LateFee())
            move.property_late_fee = fee.amount
            move.property_late_fee_text = fee.explanation

    # === LATE FEE AS OF A DAY === #

    def _get_late_fees(self, as_of):
        """Return the late fees of bills as of a day, with a fixed number of queries.

        Only posted bills of a unit that the user may read; on their unpaid principal, never
        on late fees or deposits. What has been billed or waived already is taken off.

        :param date as_of: the day
        :return: dict move -> `LateFee`; bills that owe none are left out
        """
        bills = self._get_late_fee_bills(as_of)
        if not bills:
            return {}
        ids = list(bills)
        amounts = self._get_late_fee_amounts(ids)
        reductions = self._get_late_fee_reductions(ids, as_of)
        settled = self._get_late_fee_settled(ids)
        companies = self.env["res.company"].browse(
            {row.company for row in bills.values()}
        )
        book = self.env["property.late.fee.policy"]._get_book(companies)
        holds = self._get_late_fee_holds(bills.values())
        result = {}
        for move in self:
            row = bills.get(move.id)
            lines = row and amounts.get(move.id)
            if not lines:
                continue
            shares = book.shares(row.company, row.community, row.due, lines.bearing)
            parts = tuple(
                self._get_late_fee_part(
                    book,
                    policy,
                    tool.Debt(
                        total=row.total,
                        chosen=chosen,
                        whole=lines.whole,
                        due=row.due,
                        payments=reductions[move.id].payments,
                        credits=reductions[move.id].credits,
                        holds=holds.get((row.unit, row.partner), ()),
                    ),
                    row.community,
                    as_of,
                    settled.get((move.id, policy.id), (Decimal(0), None)),
                )
                for policy, chosen in shares.items()
            )
            accrued = sum(
                Decimal(part.record["amount"]) + Decimal(part.record["already"])
                for part in parts
            )
            if accrued:
                amount = sum(part.amount for part in parts)
                result[move] = LateFee(float(amount), float(accrued), parts)
        return result

    def _get_late_fee_part(self, book, policy, debt, community_id, as_of, settled):
        """Return the late fee of a bill by one policy.

        :param tuple settled: (amount billed or waived, last day billed or None)
        :rtype: LateFeePart
        """
        terms = book.terms[policy]
        fee = tool.late_fee(terms, debt, as_of, book.counter(policy, community_id))
        already, last_day = settled
        share = Fraction(debt.chosen, debt.whole) if debt.whole else Fraction(0)
        principal = tool.principal_of(terms, debt, as_of) * share / tool.FEN
        first, last = as_of, as_of
        if fee.segments:
            first = fee.segments[0].start + timedelta(days=1)
            last = fee.segments[-1].end
        if last_day:
            first = max(first, last_day + timedelta(days=1))
        return LateFeePart(
            policy,
            max(fee.amount - already, Decimal(0)),
            tool.record(terms, fee, share, principal, already),
            first,
            last,
            fee.days,
        )

    # === WHAT IT IS COMPUTED FROM, ONE QUERY EACH === #

    def _get_late_fee_bills(self, as_of):
        """Return what the fee needs to know of each bill that is past its date.

        :return: dict id -> `_Bill`
        """
        query = self._search(
            Domain("id", "in", self.ids)
            & Domain("state", "=", "posted")
            & Domain("move_type", "=", "out_invoice")
            & Domain("property_unit_id", "!=", False)
            & Domain("invoice_date_due", "<", as_of)
        )
        names = (
            "id",
            "company_id",
            "property_community_id",
            "property_unit_id",
            "partner_id",
            "invoice_date_due",
            "amount_total_signed",
        )
        columns = [self._field_to_sql(query.table, name, query) for name in names]
        rows = self.env.execute_query(query.select(*columns))
        return {row[0]: _Bill(*row[1:-1], _fen(row[-1])) for row in rows}

    @api.model
    def _get_late_fee_amounts(self, ids):
        """Return what the lines of bills are worth.

        :param list ids: ids of bills
        :return: dict id -> `_Lines`
        """
        self.env["account.move.line"].flush_model(
            ["move_id", "display_type", "price_total", "property_charge_id"]
        )
        self.env["property.charge"].flush_model(["item_id"])
        self.env["property.fee.item"].flush_model(["kind"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.move_id, item.id, item.kind, SUM(line.price_total)
                  FROM account_move_line line
                  LEFT JOIN property_charge charge ON charge.id = line.property_charge_id
                  LEFT JOIN property_fee_item item ON item.id = charge.item_id
                 WHERE line.move_id = ANY(%s) AND line.display_type = 'product'
                 GROUP BY line.move_id, item.id
                """,
                ids,
            )
        )
        result = {}
        for move_id, item_id, kind, amount in rows:
            lines = result.setdefault(move_id, _Lines({}, 0))
            fen = _fen(amount)
            result[move_id] = lines._replace(whole=lines.whole + fen)
            if item_id and kind not in NO_FEE_KINDS and fen > 0:
                lines.bearing[item_id] = fen
        return result

    @api.model
    def _get_late_fee_reductions(self, ids, as_of):
        """Return what came in for bills up to a day, in the order of days.

        :param list ids: ids of bills
        :return: defaultdict id -> `_Reductions`
        """
        self.env["account.move.line"].flush_model(["move_id", "display_type"])
        self.env["account.move"].flush_model(["move_type"])
        self.env["account.partial.reconcile"].flush_model(
            ["amount", "max_date", "debit_move_id", "credit_move_id"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.move_id, partial.max_date, other.move_type = 'out_refund',
                       SUM(partial.amount)
                  FROM account_partial_reconcile partial
                  JOIN account_move_line line ON line.id = partial.debit_move_id
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                  JOIN account_move other ON other.id = credit.move_id
                 WHERE line.move_id = ANY(%s)
                   AND line.display_type = 'payment_term'
                   AND partial.max_date <= %s
                 GROUP BY 1, 2, 3
                 ORDER BY 1, 2
                """,
                ids,
                as_of,
            )
        )
        result = defaultdict(_Reductions)
        for move_id, day, is_credit, amount in rows:
            own = result[move_id]
            if is_credit:
                own = own._replace(credits=(*own.credits, (day, _fen(amount))))
            else:
                own = own._replace(payments=(*own.payments, (day, _fen(amount))))
            result[move_id] = own
        return result

    @api.model
    def _get_late_fee_settled(self, ids):
        """Return the late fees of bills that have been billed or waived.

        :param list ids: ids of bills
        :return: dict (id, policy id) -> (amount, last day billed or None)
        """
        self.env["property.charge"].flush_model(
            ["late_fee_move_id", "late_fee_policy_id", "amount", "date_to", "state"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT late_fee_move_id, late_fee_policy_id, SUM(amount),
                       MAX(date_to) FILTER (WHERE state != 'waived')
                  FROM property_charge
                 WHERE late_fee_move_id = ANY(%s) AND state != 'cancelled'
                 GROUP BY 1, 2
                """,
                ids,
            )
        )
        return {
            (move_id, policy_id): (Decimal(_fen(amount)) / tool.FEN, day)
            for move_id, policy_id, amount, day in rows
        }

    @api.model
    def _get_late_fee_holds(self, bills):
        """Return when the clock stands still, for the households of some bills.

        :param bills: iterable of `_Bill`
        :return: dict (unit id, partner id) -> list of (first day, last day or None)
        """
        return {}

    # === FROM FEE TO BILL === #

    def _create_late_fee_bills(self, as_of, invoicing=None):
        """Bill what late fees have accrued up to a day, one bill per household and debtor.

        Safe to repeat: what is billed is not billed again, the database sees to it.

        :param date as_of: last day that is charged, and date of the bills
        :param str invoicing: only fees that become a bill in this way, see the policy
        :return: the posted bills, empty when nothing is owed
        :raises LockError: somebody else is at work on one of the bills
        """
        self.lock_for_update(allow_referencing=True)
        vals_list = [
            move._prepare_late_fee_charge(part, as_of)
            for move, fee in self._get_late_fees(as_of).items()
            for part in fee.parts
            if part.amount
            and part.date_from <= part.date_to
            and invoicing in (None, part.policy.invoicing)
        ]
        if not vals_list:
            return self.browse()
        # Whoever takes the money has the fee billed, though he makes no bills else.
        charges = self.env["property.charge"].sudo().create(vals_list)
        return charges._create_bills(as_of).with_env(self.env)

    def _prepare_late_fee_charge(self, part, as_of):
        """Return the values of the charge for a part of a late fee."""
        self.ensure_one()
        return {
            "unit_id": self.property_unit_id.id,
            "community_id": self.property_community_id.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "item_id": part.policy.fee_item_id.id,
            "period": month_start(as_of),
            "date_from": part.date_from,
            "date_to": part.date_to,
            "quantity": part.days,
            "unit_price": 0.0,
            "amount": float(part.amount),
            "explanation": part.record,
            "late_fee_move_id": self.id,
            "late_fee_policy_id": part.policy.id,
        }

    def action_bill_late_fees(self):
        """Bill the late fees of the chosen bills up to today and open what came of it."""
        self.check_access("write")
        bills = self._create_late_fee_bills(fields.Date.context_today(self))
        if not bills:
            raise UserError(
                self.env._("No late fee has accrued that is not billed already.")
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_bill_action"
        )
        action["domain"] = [("id", "in", bills.ids)]
        action["context"] = {"create": False}
        return action


class _Bill(NamedTuple):
    company: int
    community: int
    unit: int
    partner: int
    due: object
    total: int  # fen


class _Lines(NamedTuple):
    bearing: dict  # id of the fee item -> fen
    whole: int  # fen of all lines


class _Reductions(NamedTuple):
    payments: tuple = ()
    credits: tuple = ()


def _fen(amount):
    """Return an amount of the books in fen."""
    return round(float(amount) * tool.FEN)
