from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .property_charge_bill import BULK_CONTEXT

LIVE_STATES = ("draft", "checked", "billed")


class PropertyCharge(models.Model):
    """What is taken back of a charge: by waivers and by corrections.

    The amount of a charge never changes, for it has to follow from its inputs; what is taken
    back stands beside it. On a posted bill it is a credit note, before that a deduction from
    the line to come.
    """

    _inherit = "property.charge"

    @api.depends("amount", "amount_waived", "amount_credited")
    def _compute_amount_net(self):
        for charge in self:
            charge.amount_net = (
                charge.amount - charge.amount_waived - charge.amount_credited
            )

    # === WHAT IS OPEN === #

    def _get_open_amounts(self):
        """Return how much of each charge may still be waived.

        For a charge on a posted bill that is what the bill has left unpaid, at most the
        charge itself. Amounts are in the terms of the charge: taxes that its price does not
        include come on top.

        :return: dict charge -> amount, 0 for what is paid, taken back or on a draft bill
        """
        result = {}
        factors = self._get_gross_factors()
        # The front desk asks for a waiver without reading the books.
        bills = {charge: charge.sudo().move_id for charge in self}
        for charge in self:
            amount = charge.amount_net
            bill, factor = bills[charge], factors[charge]
            if charge.state not in LIVE_STATES:
                amount = 0.0
            elif bill:
                residual = bill.amount_residual if bill.state == "posted" else 0.0
                amount = min(amount, charge.currency_id.round(residual / factor))
            result[charge] = max(amount, 0.0)
        return result

    def _get_gross_factors(self):
        """Return by what the price of each charge is multiplied to get what is owed for it."""
        factors = dict.fromkeys(self, 1.0)
        for line in self._get_bill_lines().values():
            price = line.price_unit * line.quantity
            if price and line.price_total:
                factors[line.property_charge_id] = line.price_total / price
        return factors

    def _get_bill_lines(self):
        """Return the line of each charge on its bill.

        :return: dict charge -> account.move.line
        """
        # The front desk asks for a waiver without reading the books.
        bills = self.sudo().move_id
        wanted = set(self)
        return {
            line.property_charge_id: line
            for line in bills.invoice_line_ids
            if line.property_charge_id in wanted
        }

    # === CREDIT NOTES === #

    def _create_credit_notes(self, reason, amounts=None, day=None, **values):
        """Take charges back from their posted bills.

        One credit note for each bill, posted and set against it. What the bill has no open
        amount for is left to the household as its credit. A charge of which nothing is left
        becomes cancelled, or waived when a waiver took the rest.

        :param str reason: stands on the credit note
        :param dict amounts: charge -> how much, in the terms of the charge; all when left out
        :param date day: date of the credit notes, today when left out
        :param values: further values of the credit notes
        :return: account.move, posted
        :raises UserError: when a charge is on no posted bill or has less than that
        """
        amounts = amounts or {charge: charge.amount_net for charge in self}
        lines = self._get_bill_lines()
        for charge in self:
            charge._check_creditable(amounts[charge], lines)
        day = day or fields.Date.context_today(self)
        # Whoever was allowed to take the charges back need not be a bookkeeper.
        Move = self.env["account.move"].sudo().with_context(**BULK_CONTEXT)
        notes = Move.create(
            [
                {
                    **bill._prepare_property_credit_note(reason, day),
                    "invoice_line_ids": [
                        Command.create(
                            charge._prepare_credit_line(lines[charge], amounts[charge])
                        )
                        for charge in charges
                    ],
                    **values,
                }
                for bill, charges in self.grouped("move_id").items()
            ]
        )
        notes._post(soft=False)
        for note in notes:
            note.reversed_entry_id.message_post(
                body=self.env._(
                    "Credit note %(note)s over %(amount)s: %(reason)s",
                    note=note.name,
                    amount=note.currency_id.format(note.amount_total),
                    reason=reason,
                )
            )
        return notes

    def _check_creditable(self, amount, lines):
        """Raise UserError when an amount of the charge cannot be credited."""
        self.ensure_one()
        name = self.display_name
        if self not in lines or lines[self].parent_state != "posted":
            raise UserError(
                self.env._(
                    "%(charge)s is not on a posted bill. Post or cancel its bill first.",
                    charge=name,
                )
            )
        if self.state != "billed":
            raise UserError(
                self.env._("%(charge)s has been taken back already.", charge=name)
            )
        if self.currency_id.compare_amounts(amount, self.amount_net) > 0:
            raise UserError(
                self.env._(
                    "Only %(left)s is left of %(charge)s, not %(amount)s.",
                    left=self.currency_id.format(self.amount_net),
                    charge=name,
                    amount=self.currency_id.format(amount),
                )
            )

    def _prepare_credit_line(self, line, amount):
        """Return the values of the line of a credit note.

        :param line: the bill line of the charge, whose account and taxes it shares
        :param float amount: in the terms of the charge
        """
        return {
            "product_id": line.product_id.id,
            "name": line.name,
            "account_id": line.account_id.id,
            "quantity": 1.0,
            "price_unit": amount,
            "tax_ids": [Command.set(line.tax_ids.ids)],
            "analytic_distribution": line.analytic_distribution,
            "property_charge_id": self.id,
        }

    def _update_credits(self):
        """Bring amounts and state in line with the posted credit notes of the charges."""
        if not self:
            return
        # Kept by the system alone, see `account.move._post`.
        charges = self.sudo()
        lines = charges.env["account.move.line"].search(
            [
                ("property_charge_id", "in", charges.ids),
                ("parent_state", "=", "posted"),
                ("move_id.move_type", "=", "out_refund"),
            ],
            order="date, id",
        )
        waived, credited, last = defaultdict(float), defaultdict(float), {}
        for line in lines:
            charge = line.property_charge_id
            taken = line.price_unit * line.quantity * (1 - line.discount / 100)
            is_waiver = bool(line.move_id.property_waiver_id)
            (waived if is_waiver else credited)[charge] += taken
            last[charge] = "waived" if is_waiver else "cancelled"
        deducted = charges._get_deducted_amounts()
        for charge in charges:
            charge.amount_waived = waived[charge] + deducted.get(charge, 0.0)
            charge.amount_credited = credited[charge]
            if charge.move_id.state != "posted":
                continue
            left = charge.currency_id.compare_amounts(charge.amount_net, 0.0) > 0
            state = "billed" if left or charge not in last else last[charge]
            if charge.state != state:
                charge.state = state

    def _get_deducted_amounts(self):
        """Return what approved waivers took from charges before they were billed."""
        rows = self.env["property.waiver.line"]._read_group(
            [("charge_id", "in", self.ids), ("is_deducted", "=", True)],
            ["charge_id"],
            ["amount:sum"],
        )
        return dict(rows)
