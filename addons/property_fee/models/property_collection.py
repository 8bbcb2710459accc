from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from ..tools.settle import allocate, fen, yuan


class Settled(NamedTuple):
    """What a sum of money did.

    :ivar payments: account.payment
    :ivar dict paid: bill -> fen that it got, of money and credit together
    :ivar dict by_credit: bill -> fen of these that came from credit
    :ivar int rest: fen that stay as the household's credit
    """

    payments: models.BaseModel
    paid: dict
    by_credit: dict
    rest: int


class PropertyCollection(models.AbstractModel):
    """Money of households becomes Odoo's payments, each entry against exactly its bill."""

    _name = "property.collection"
    _description = "Collection of Fees"

    # === WHAT IS OWED === #

    @api.model
    def _search_open_bills(self, units):
        """Return the posted bills of units that are not paid, the first due first.

        :rtype: account.move
        """
        return self.env["account.move"].search(
            [
                ("property_unit_id", "in", units.ids),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial", "in_payment")),
                ("amount_residual", ">", 0),
            ],
            order="invoice_date_due, property_period, id",
        )

    @api.model
    def _lock_bills(self, bills):
        """Keep others from paying the bills until this transaction ends.

        :raises UserError: somebody else is just paying one of them
        """
        try:
            bills.lock_for_update(allow_referencing=True)
        except LockError:
            raise UserError(
                self.env._(
                    "Somebody is just taking money for %(unit)s at another counter."
                    " Load the household again in a moment: nothing was booked here.",
                    unit=", ".join(bills.property_unit_id.mapped("code")),
                )
            ) from None
        bills.invalidate_recordset(["amount_residual", "payment_state", "state"])
        bills.line_ids.invalidate_recordset(["amount_residual", "reconciled"])

    @api.model
    def _get_owed_lines(self, bills):
        """Return the open receivable lines of bills, the first due first, by bill."""
        lines = bills.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
        return lines.sorted("date_maturity").grouped("move_id")

    # === SETTLE === #

    @api.model
    def _settle(self, unit, bills, money, journal=None, *, use_credit=False, **values):
        """Let money and, if wanted, credit of a household pay bills in their order.

        To be called with the rights of the system, after those of the user were checked.

        :param property.unit unit: the household
        :param dict bills: bill -> fen to pay of it at most, in the order of payment
        :param int money: fen that came in
        :param account.journal journal: where it came in
        :param bool use_credit: use what the household has paid before
        :param values: `date` of the payments, `debtor` of what is left over,
            `payment_method_line_id`, `payer_name`, `receipt`, `memo`
        :rtype: Settled
        """
        plan, paid, by_credit = [], defaultdict(int), defaultdict(int)
        owed = {
            bill: [
                [line, fen(line.amount_residual)]
                for line in self._get_owed_lines(bill).get(bill, ())
            ]
            for bill in bills
        }
        wanted = dict(bills)
        if use_credit:
            self._plan_credit(unit, owed, wanted, plan, by_credit)
        shares, rest = allocate(wanted.values(), money)
        for bill, share in zip(wanted, shares, strict=True):
            paid[bill] = share + by_credit[bill]
        parts = []
        for bill, share in zip(wanted, shares, strict=True):
            amounts, _left = allocate([open_ for _line, open_ in owed[bill]], share)
            parts += [
                (line, amount)
                for (line, _open), amount in zip(owed[bill], amounts, strict=True)
                if amount
            ]
        payments = self._create_payments(unit, parts, rest, journal, plan, values)
        self.env["account.move.line"]._reconcile_plan(plan)
        return Settled(payments, dict(paid), dict(by_credit), rest)

    def _plan_credit(self, unit, owed, wanted, plan, by_credit):
        """Plan what the credit of each debtor pays of his bills."""
        for (_unit, partner), lines in unit._get_credit_lines().items():
            left = [[line, -fen(line.amount_residual)] for line in lines]
            for bill in wanted:
                for entry in owed[bill]:
                    if entry[0].partner_id != partner:
                        continue
                    self._use_lines(bill, entry, left, wanted, plan, by_credit)

    @staticmethod
    def _use_lines(bill, entry, left, wanted, plan, by_credit):
        line, _open = entry
        for source in left:
            amount = min(source[1], entry[1], wanted[bill])
            if amount <= 0 or source[0].account_id != line.account_id:
                continue
            # Odoo takes as much as both sides have: a part goes by a line of its own size.
            if amount < min(source[1], entry[1]):
                continue
            plan.append(source[0] + line)
            source[1] -= amount
            entry[1] -= amount
            wanted[bill] -= amount
            by_credit[bill] += amount

    def _create_payments(self, unit, parts, rest, journal, plan, values):
        """Create and post one payment for each debtor; add what it pays to the plan."""
        debtor = values.get("debtor")
        groups = defaultdict(list)
        for line, amount in parts:
            groups[line.partner_id].append((line, amount))
        if rest:
            if not debtor:
                debtor = next(iter(groups), None) or self._get_debtor(unit)
            groups.setdefault(debtor, [])
        Payment = self.env["account.payment"].with_context(force_payment_move=True)
        payments = Payment.browse()
        for partner, shares in groups.items():
            extra = rest if partner == debtor else 0
            payment = Payment.create(
                self._prepare_payment(unit, partner, shares, extra, journal, values)
            )
            payment.outstanding_account_id = payment._get_household_account()
            payment._generate_journal_entry(
                line_ids=payment._prepare_household_lines(shares, extra)
            )
            payments += payment
            booked = payment.move_id.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            ).sorted("id")
            for (line, _amount), own in zip(shares, booked, strict=False):
                plan.append(line + own)
        payments.action_post()
        return payments

    def _prepare_payment(self, unit, partner, shares, rest, journal, values):
        amount = sum(amount for _line, amount in shares) + rest
        method = values.get("payment_method_line_id")
        receipt = values.get("receipt")
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": partner.id,
            "amount": yuan(amount),
            "date": values["date"],
            "journal_id": journal.id,
            **({"payment_method_line_id": method.id} if method else {}),
            "memo": values.get("memo") or unit.code,
            "property_unit_id": unit.id,
            "property_payer_name": values.get("payer_name"),
            "property_receipt_id": receipt.id if receipt else False,
        }

    @api.model
    def _get_debtor(self, unit, day=None):
        """Return whose credit money is that no bill names anybody for.

        :raises UserError: the unit has no owner and its community no developer
        """
        day = day or fields.Date.context_today(self)
        partner = unit._get_payers(day).get(unit) or unit.community_id.developer_id
        if not partner:
            raise UserError(
                self.env._(
                    "%(unit)s has neither an owner nor a developer whose credit the money"
                    " could be. Enter the owner of the unit first.",
                    unit=unit.code,
                )
            )
        return partner

    # === CREDIT === #

    @api.model
    def _apply_credit(self, bills):
        """Let the credit of households pay bills, all of them in one go.

        :param account.move bills: posted
        :return: account.move that something was paid of
        """
        units = bills.property_unit_id
        credit = units._get_credit_lines()
        if not credit:
            return bills.browse()
        plan, touched = [], bills.browse()
        left = {
            key: [[line, -fen(line.amount_residual)] for line in lines]
            for key, lines in credit.items()
        }
        owed = self._get_owed_lines(bills)
        for bill in bills.sorted(lambda move: (move.invoice_date_due, move.id)):
            for line in owed.get(bill, ()):
                need = fen(line.amount_residual)
                for source in left.get((bill.property_unit_id, line.partner_id), ()):
                    amount = min(source[1], need)
                    if amount > 0 and source[0].account_id == line.account_id:
                        plan.append(source[0] + line)
                        source[1] -= amount
                        need -= amount
                        touched |= bill
        self.env["account.move.line"]._reconcile_plan(plan)
        return touched
