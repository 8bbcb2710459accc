from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.amount import amount_of
from .property_fee_plan_charge import NOT_ONE_PRICE


class PropertyCharge(models.Model):
    """A wrong charge is taken back and, where its days are still due, billed again."""

    _inherit = "property.charge"

    replaces_id = fields.Many2one(
        "property.charge",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Charge that this one was made instead of.",
    )
    replaced_by_ids = fields.One2many("property.charge", "replaces_id")
    cancel_reason = fields.Char(
        string="Reason of the Correction", readonly=True, copy=False
    )

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
        assignment = self.assignment_id
        if reason := plan.problems.get(assignment) or plan.held.get(assignment):
            raise UserError(
                self.env._(
                    "%(charge)s: %(reason)s", charge=self.display_name, reason=reason
                )
            )
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
        return bool(data.get("price")) and not any(map(data.get, NOT_ONE_PRICE))

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
