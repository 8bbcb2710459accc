from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

CENT = Decimal("0.01")
# What a line `l` of the entry `m` asks for before taxes that come on top.
LINE_PRICE = SQL(
    "CASE WHEN m.move_type = 'out_refund' THEN -1 ELSE 1 END"
    " * ROUND((l.price_unit * l.quantity * (1 - COALESCE(l.discount, 0) / 100))::numeric, 2)"
)
HOLDS_CHARGES = SQL(
    "EXISTS (SELECT 1 FROM account_move_line h"
    " WHERE h.move_id = m.id AND h.property_charge_id IS NOT NULL)"
)


class PropertyCharge(models.Model):
    """The suite's own check that charges, bills and accounts tell the same."""

    _inherit = "property.charge"

    @api.model
    def _check_ledger(self, company=None, date_from=None, date_to=None):
        """Compare charges with the bill lines and accounts they went to, to the cent.

        * every billed charge has posted lines whose prices, less those of its credit
          notes, add up to what remains of it after waivers and credit notes
        * every line of a charge was booked with what it says, to the account its item
          asks for: what is collected for others, and deposits, to a liability account
        * every bill and credit note with charges shows on its receivable account what its
          lines and taxes add up to

        Periods are chosen by the date of the accounting entries.

        :param res.company company: only this company; the present one when not given
        :param date date_from: first accounting date
        :param date date_to: last accounting date
        :return: dict of Decimal: `charges` (what remains of billed charges) and `lines`
            (prices of their lines), which must agree; of the bills that hold them `untaxed`
            and `accounts` (what the accounts of their lines show), which must agree,
            `taxes` and `receivable`; and `problems`: list of texts, empty when all agrees
        """
        company = company or self.env.company
        self.env.flush_all()
        where = [SQL("m.company_id = %s", company.id), SQL("m.state = 'posted'")]
        if date_from:
            where.append(SQL("m.date >= %s", date_from))
        if date_to:
            where.append(SQL("m.date <= %s", date_to))
        moves = SQL(" AND ").join(where)
        problems = [
            *self._find_wrong_charges(company, moves),
            *self._find_wrong_lines(moves),
            *self._find_wrong_bills(moves),
        ]
        return {**self._get_ledger_totals(moves), "problems": problems}

    @api.model
    def _get_ledger_totals(self, moves):
        """Return the sums that have to agree, as Decimal.

        :param SQL moves: condition on the journal entries `m`
        """
        ((charges,),) = self.env.execute_query(
            SQL(
                "SELECT SUM(c.amount - COALESCE(c.amount_waived, 0)"
                " - COALESCE(c.amount_credited, 0)) FROM property_charge c"
                " JOIN account_move m ON m.id = c.move_id"
                " WHERE c.state = 'billed' AND %s",
                moves,
            )
        )
        ((lines,),) = self.env.execute_query(
            SQL(
                "SELECT SUM(%s) FROM account_move_line l"
                " JOIN account_move m ON m.id = l.move_id"
                " JOIN property_charge c ON c.id = l.property_charge_id"
                " WHERE c.state = 'billed' AND %s",
                LINE_PRICE,
                moves,
            )
        )
        ((untaxed,),) = self.env.execute_query(
            SQL(
                "SELECT SUM(m.amount_untaxed_signed) FROM account_move m"
                " WHERE %s AND %s",
                moves,
                HOLDS_CHARGES,
            )
        )
        (bills,) = self.env.execute_query(
            SQL(
                "SELECT -SUM(l.balance) FILTER (WHERE l.display_type = 'product'),"
                " -SUM(l.balance) FILTER (WHERE l.display_type = 'tax'),"
                " SUM(l.balance) FILTER (WHERE l.display_type = 'payment_term')"
                " FROM account_move_line l JOIN account_move m ON m.id = l.move_id"
                " WHERE %s AND %s",
                moves,
                HOLDS_CHARGES,
            )
        )
        names = ("charges", "lines", "untaxed", "accounts", "taxes", "receivable")
        return {
            name: Decimal(str(value or 0)).quantize(CENT)
            for name, value in zip(
                names, (charges, lines, untaxed, *bills), strict=True
            )
        }

    @api.model
    def _find_wrong_charges(self, company, moves):
        """Return what charges and their bill lines tell differently.

        :param SQL moves: condition on the journal entries `m` of the bills
        :return: list of texts
        """
        rows = self.env.execute_query(
            SQL(
                "WITH told AS (SELECT c.id, c.state, c.amount"
                " - COALESCE(c.amount_waived, 0) - COALESCE(c.amount_credited, 0) AS net,"
                " (SELECT COALESCE(SUM(%(price)s), 0) FROM account_move_line l"
                " JOIN account_move m ON m.id = l.move_id"
                " WHERE l.property_charge_id = c.id AND m.state = 'posted') AS lines"
                " FROM property_charge c LEFT JOIN account_move m ON m.id = c.move_id"
                " WHERE c.company_id = %(company)s"
                " AND c.state NOT IN ('cancelled', 'waived')"
                " AND (c.state = 'billed' OR m.state = 'posted')"
                " AND (m.id IS NULL OR (%(moves)s)))"
                " SELECT id, state, net, lines FROM told"
                " WHERE state != 'billed' OR net != lines",
                price=LINE_PRICE,
                company=company.id,
                moves=moves,
            )
        )
        return [
            f"charge {charge_id} ({state}): {net} on the charge, {lines} on its bills"
            for charge_id, state, net, lines in rows
        ]

    @api.model
    def _find_wrong_lines(self, moves):
        """Return the bill lines of charges that were booked otherwise than they say.

        Where a company rounds taxes per bill, Odoo moves a cent between the lines of one.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT m.name, l.id, l.price_subtotal, -l.balance, a.account_type"
                " FROM account_move_line l"
                " JOIN account_move m ON m.id = l.move_id"
                " JOIN property_charge c ON c.id = l.property_charge_id"
                " JOIN property_fee_item i ON i.id = c.item_id"
                " JOIN account_account a ON a.id = l.account_id"
                " WHERE %s AND (ABS(ABS(l.price_subtotal) - ABS(l.balance)) > 0.01"
                " OR ((i.is_agency OR i.kind = 'deposit')"
                " AND a.account_type NOT LIKE 'liability%%'))",
                moves,
            )
        )
        return [
            f"{name}, line {line_id}: {subtotal} billed, {balance} booked on {account_type}"
            for name, line_id, subtotal, balance, account_type in rows
        ]

    @api.model
    def _find_wrong_bills(self, moves):
        """Return the bills and credit notes whose accounts do not add up to their total."""
        rows = self.env.execute_query(
            SQL(
                "SELECT m.name, m.amount_total_signed, SUM(l.balance),"
                " COALESCE(SUM(l.balance) FILTER"
                " (WHERE l.display_type = 'payment_term'), 0) FROM account_move m"
                " JOIN account_move_line l ON l.move_id = m.id"
                " WHERE %s AND %s"
                " GROUP BY m.id HAVING SUM(l.balance) != 0 OR m.amount_total_signed !="
                " COALESCE(SUM(l.balance) FILTER"
                " (WHERE l.display_type = 'payment_term'), 0)",
                moves,
                HOLDS_CHARGES,
            )
        )
        return [
            f"{name}: total {total}, off balance by {balance}, receivable {receivable}"
            for name, total, balance, receivable in rows
        ]
