from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.settle import allocate, combination, fen, yuan

# A payment that the counter took and the bank's line about it are this many days apart at most.
TRANSIT_DAYS = 15


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    property_fingerprint = fields.Char(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Tells the line from every other line of the account.",
    )

    _property_fingerprint_uniq = models.UniqueIndex(
        "(journal_id, property_fingerprint) WHERE property_fingerprint IS NOT NULL",
        "The account already has this line.",
    )

    def _settle_household(self, unit, bills=None):
        """Let an incoming line pay a household: its bills, the rest is its credit.

        As at the counter, the late fee up to the day of the money is billed along with the
        principal and paid by the same money, as far as a policy says "at payment": when the
        amount is exactly that of bills with their late fees, or when it leaves something over
        after all bills. What is not paid with it is billed in the night.

        As Odoo's own reconciliation does, the entry's line in suspense gives way to one
        receivable line for each bill. Money that the counter recorded before as being under
        way is not booked again: the line then only confirms it.

        To be called with the rights of the system, after those of the user were checked.

        :param property.unit unit: the household
        :param account.move bills: bills to pay first; those that fit the amount by default
        :raises UserError: the line is settled already, or somebody is just taking money
        """
        self.ensure_one()
        if self.amount <= 0 or self.is_reconciled:
            raise UserError(
                self.env._(
                    "%(line)s is no incoming payment that is still to settle.",
                    line=self.payment_ref,
                )
            )
        if transit := self._find_in_transit(unit):
            self._replace_suspense([self._prepare_transit_line(transit)], [transit])
            return
        Collection = self.env["property.collection"]
        open_bills = Collection._search_open_bills(unit)
        Collection._lock_bills(open_bills)
        open_bills = open_bills.filtered(lambda bill: bill.amount_residual > 0)
        money = fen(self.amount)
        order = self._order_bills(open_bills, bills, money)
        vals_list, targets = [], []
        owed = Collection._get_owed_lines(order)
        lines = [line for bill in order for line in owed.get(bill, ())]
        shares, rest = allocate([fen(line.amount_residual) for line in lines], money)
        for line, share in zip(lines, shares, strict=True):
            if share:
                vals_list.append(
                    self._prepare_household_line(
                        line.account_id, line.partner_id, share, line.move_id.name, unit
                    )
                )
                targets.append(line)
        if rest:
            debtor = lines[0].partner_id if lines else Collection._get_debtor(unit)
            account = debtor.with_company(
                self.company_id
            ).property_account_receivable_id
            name = self.env._("Paid in advance")
            vals_list.append(
                self._prepare_household_line(account, debtor, rest, name, unit)
            )
        self._replace_suspense(vals_list, targets)

    def _order_bills(self, open_bills, bills, money):
        """Return the bills in the order in which the money pays them, late fees included."""
        fees = self.env["property.bank.matching"]._get_fees_at_payment(
            open_bills, self.date
        )
        amounts = [fen(bill.amount_residual) for bill in open_bills]
        with_fees = open_bills.browse()
        if bills is None:
            exact = combination(amounts, money)
            if exact is None and fees:
                exact = combination(
                    [
                        amount + fees.get(bill, 0)
                        for bill, amount in zip(open_bills, amounts, strict=True)
                    ],
                    money,
                )
                with_fees = open_bills.browse(
                    [open_bills[index].id for index in exact or ()]
                )
            bills = open_bills.browse([open_bills[index].id for index in exact or ()])
        if money > sum(amounts):
            with_fees = open_bills
        first = open_bills.filtered(lambda bill: bill in bills)
        late = open_bills.browse()
        if with_fees & open_bills.browse([bill.id for bill in fees]):
            late = with_fees._create_late_fee_bills(self.date, "payment")
        return first + late + (open_bills - first)

    def _prepare_household_line(self, account, partner, amount, name, unit):
        return {
            "name": name,
            "account_id": account.id,
            "partner_id": partner.id,
            "currency_id": self.company_id.currency_id.id,
            "amount_currency": -yuan(amount),
            "balance": -yuan(amount),
            "property_credit_unit_id": unit.id,
        }

    def _find_in_transit(self, unit):
        """Return the entry line of a payment of the household that this line confirms."""
        lines = self.env["account.move.line"].search(
            [
                ("move_id.origin_payment_id.property_unit_id", "=", unit.id),
                ("move_id.journal_id", "=", self.journal_id.id),
                ("parent_state", "=", "posted"),
                ("account_id.reconcile", "=", True),
                ("account_type", "!=", "asset_receivable"),
                ("reconciled", "=", False),
                ("amount_residual", "=", self.amount),
            ],
            order="date, id",
        )
        return lines.filtered(
            lambda line: abs((line.date - self.date).days) <= TRANSIT_DAYS
        )[:1]

    def _prepare_transit_line(self, transit):
        return {
            "name": transit.name,
            "account_id": transit.account_id.id,
            "partner_id": transit.partner_id.id,
            "currency_id": transit.currency_id.id,
            "amount_currency": -transit.amount_residual_currency,
            "balance": -transit.amount_residual,
        }

    def _replace_suspense(self, vals_list, targets):
        """Put lines in the place of the suspense line and reconcile each with its target."""
        partners = {vals["partner_id"] for vals in vals_list}
        if len(partners) == 1:
            self.partner_id = partners.pop()
        _liquidity, suspense, _other = self._seek_for_lines()
        before = self.move_id.line_ids
        self.with_context(force_delete=True, skip_readonly_check=True).write(
            {
                "line_ids": [
                    *(Command.delete(line.id) for line in suspense),
                    *(Command.create(vals) for vals in vals_list),
                ]
            }
        )
        created = (self.move_id.line_ids - before).sorted("id")
        self.env["account.move.line"]._reconcile_plan(
            [own + target for own, target in zip(created, targets, strict=False)]
        )

    def action_undo_reconciliation(self):
        result = super().action_undo_reconciliation()
        # Whoever may undo it moves what is shown of the line along with it.
        lines = (
            self.env["property.bank.line"]
            .sudo()
            .search([("statement_line_id", "in", self.ids)])
        )
        lines._reopen()
        return result
