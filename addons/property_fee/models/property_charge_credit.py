from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.amount import amount_of
from .property_charge_bill import BULK_CONTEXT

LIVE_STATES = ("draft", "checked", "billed")


class PropertyCharge(models.Model):
    """What is taken back of a charge: by waivers and by corrections.

    The amount of a charge never changes, for it has to follow from its inputs; what is taken
    back stands beside it. On a posted bill it is a credit note, before that a deduction from
    the line to come.
    """

    _inherit = "property.charge"

    replaces_id = fields.Many2one(
        "property.charge",
        string="Replaces",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Charge that this one was made instead of.",
    )
    replaced_by_ids = fields.One2many(
        "property.charge", "replaces_id", string="Replaced By"
    )
    cancel_reason = fields.Char(
        string="Reason of the Correction", readonly=True, copy=False
    )

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

    # === CORRECTION === #

    def _cancel_charges(self, reason, day=None):
        """Cancel charges, those on a posted bill by a credit note.

        The days may be charged again afterwards.

        :param str reason: why, for the bill and the charge
        :param date day: date of the credit notes, today when left out
        :return: account.move, the credit notes
        :raises UserError: when one is cancelled or waived already or on a draft bill
        """
        # Charges are written by the system alone; the right to correct was checked before.
        charges = self.sudo()
        charges.move_id.lock_for_update()
        loose = charges.filtered(
            lambda charge: not charge.move_id and charge.state in ("draft", "checked")
        )
        notes = (charges - loose)._create_credit_notes(reason, day=day)
        loose.state = "cancelled"
        charges.cancel_reason = reason
        return notes

    def _bill_again(self, day=None):
        """Bill the days of cancelled charges with the rates and areas that count now.

        :param date day: date of the bills, today when left out
        :return: property.charge, billed
        :raises UserError: when one is not cancelled, or nothing of its days can be charged
        """
        for charge in self:
            if charge.state != "cancelled":
                raise UserError(
                    self.env._(
                        "%(charge)s is not cancelled: its days are charged already.",
                        charge=charge.display_name,
                    )
                )
        vals_list = []
        for month, charges in self.grouped("period").items():
            plan = charges.assignment_id._plan_charges(month)
            for charge in charges:
                vals_list += charge._pick_planned(plan)
        return self._create_and_bill(vals_list, day)

    def _pick_planned(self, plan):
        """Return the values of what a plan charges for the days of this charge.

        :param ChargePlan plan: of the month of the charge
        :raises UserError: the plan charges nothing
        """
        self.ensure_one()
        if reason := plan.problems.get(self.assignment_id):
            raise UserError(f"{self.display_name}: {reason}")
        found = [
            {**vals, "replaces_id": self.id, "run_id": self.run_id.id}
            for vals in plan.vals_list
            if vals["assignment_id"] == self.assignment_id.id
            and vals["date_from"] <= self.date_to
            and vals["date_to"] >= self.date_from
        ]
        if not found:
            raise UserError(
                self.env._(
                    "Nothing is due for %(charge)s: the days have been charged again, or"
                    " the item is no longer assigned to the unit.",
                    charge=self.display_name,
                )
            )
        return found

    @api.model
    def _create_and_bill(self, vals_list, day=None):
        """Create charges, post their bills and set open credit of the same bills against them.

        :return: property.charge
        """
        # The database compares days: it has to know what has just been cancelled.
        self.env["property.charge"].flush_model(["state"])
        # Charges are written by the system alone; the right to correct was checked before.
        charges = self.env["property.charge"].sudo().create(vals_list)
        bills = charges._create_bills(day or fields.Date.context_today(self))
        bills._use_replaced_credit()
        return charges.sudo(False)

    def _has_fixed_price(self):
        """Return whether the amount is a quantity times a price, so that both can be changed."""
        self.ensure_one()
        data = self.explanation or {}
        return bool(data.get("price")) and not data.get("tiers")

    def _prepare_changed(self, quantity, unit_price):
        """Return the values of a charge for the same days with other inputs.

        :param float quantity: the right quantity
        :param float unit_price: the right price of one
        :raises UserError: nothing is changed, or the price is not one number
        """
        self.ensure_one()
        if not self._has_fixed_price():
            raise UserError(
                self.env._(
                    "The price of %(charge)s is not one number. Put the rate, the reading"
                    " or the area right and bill it again.",
                    charge=self.display_name,
                )
            )
        inputs = {
            **self.explanation,
            "quantity": f"{quantity:.2f}",
            "price": f"{unit_price:.4f}",
        }
        if quantity < 0 or unit_price < 0:
            raise UserError(
                self.env._(
                    "%(charge)s: neither quantity nor price can be negative.",
                    charge=self.display_name,
                )
            )
        if inputs == self.explanation:
            raise UserError(
                self.env._(
                    "%(charge)s: neither quantity nor price has been changed.",
                    charge=self.display_name,
                )
            )
        result = amount_of(inputs)
        (vals,) = self.copy_data(
            {
                "state": "draft",
                "move_id": False,
                "replaces_id": self.id,
                "quantity": float(inputs["quantity"]),
                "unit_price": float(inputs["price"]),
                "amount": float(result.amount),
                "explanation": {
                    **inputs,
                    "whole_months": result.whole_months,
                    "parts": [list(part) for part in result.parts],
                    "amount": str(result.amount),
                },
            }
        )
        return vals

    # === ACTION METHODS === #

    def action_bill_again(self):
        """Bill the days of a cancelled charge at once, by the rates that count now."""
        self._check_may_correct()
        charges = self._bill_again()
        return charges[:1].action_view_bill()

    def action_waive(self):
        """Open a new waiver of the charges, which belong to one household."""
        if len(self.unit_id) > 1 or len(self.partner_id) > 1:
            raise UserError(
                self.env._("A waiver is for one household: choose its charges only.")
            )
        open_amounts = self._get_open_amounts()
        charges = self.filtered(lambda charge: open_amounts[charge] > 0)
        if not charges:
            raise UserError(self.env._("Nothing of this is open, so nothing to waive."))
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.waiver",
            "view_mode": "form",
            "context": {
                "default_unit_id": charges.unit_id.id,
                "default_partner_id": charges.partner_id.id,
                "default_line_ids": [
                    Command.create({"charge_id": charge.id}) for charge in charges
                ],
            },
        }

    def _check_may_correct(self):
        """Raise AccessError for whoever may not make bills."""
        self.check_access("read")
        self.env["property.charge.correct"].check_access("create")

    # === BILLS CHANGED BY HAND === #

    def _set_amount_by_hand(self, amount):
        """Take over a price that a bookkeeper typed on the bill, as its own explanation.

        :param float amount: the new amount of the charge
        """
        self.ensure_one()
        price = f"{amount:.4f}"
        inputs = {
            "kind": "one_off",
            "basis": "fixed",
            "quantity": "1.00",
            "price": price,
            "date_from": self.date_from.isoformat(),
            "date_to": self.date_to.isoformat(),
            "proration": "actual",
            "rounding": "fen",
        }
        result = amount_of(inputs)
        self.write(
            {
                "quantity": 1.0,
                "unit_price": amount,
                "amount": float(result.amount),
                "explanation": {
                    **inputs,
                    "whole_months": result.whole_months,
                    "parts": [list(part) for part in result.parts],
                    "amount": str(result.amount),
                    "by_hand": {"user": self.env.user.name, "before": self.amount},
                },
            }
        )

    @api.model
    def _render_explanation(self, data):
        text = super()._render_explanation(data)
        if data and data.get("by_hand"):
            return self.env._("%(calculation)s (entered by hand)", calculation=text)
        return text
