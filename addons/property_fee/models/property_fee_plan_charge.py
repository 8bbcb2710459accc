from decimal import Decimal

from odoo import api, fields, models

from ..tools.amount import amount_of, carry_after, exact
from ..tools.formula import FormulaError, names_of
from ..tools.meter import days_of
from ..tools.period import ONE_DAY, months_in
from .property_fee_plan import Piece

# What makes the price of one an average, in the explanation of a charge.
NOT_ONE_PRICE = ("tiers", "formula", "rate_parts")


class PropertyFeeAssignment(models.Model):
    """From days, rate and payer to the charge and what explains it."""

    _inherit = "property.fee.assignment"

    def _make_piece(self, span, rate, **values):
        """Return a piece of the assignment; see `Piece`."""
        self.ensure_one()
        return Piece(self, span, rate, **values)

    def _get_quantity(self, rate):
        """Return how much of a rate's unit of price the household has.

        Overridden to add further bases.
        """
        self.ensure_one()
        if rate.basis in ("gross_area", "inner_area"):
            return self.unit_id[rate.basis]
        if rate.basis == "count":
            return float(self.unit_id._count_spaces())
        return 1.0

    def _get_piece_problem(self, piece):
        """Return why a piece cannot be charged, None when it can."""
        if reason := self.item_id._get_billing_problem():
            return reason
        if piece.quantity is not None or (piece.inputs or {}).get("override"):
            return None
        if self._get_quantity(piece.rate) > 0:
            return None
        bases = dict(piece.rate._fields["basis"]._description_selection(self.env))
        return self.env._(
            "%(item)s is charged by %(basis)s, which the unit does not have. Enter it on the"
            " unit, or end the assignment.",
            item=self.item_id.name,
            basis=bases[piece.rate.basis],
        )

    def _prepare_charges(self, pieces, month, problems):
        """Return the values of the charges of pieces.

        What rounding leaves over goes into the next piece of the same days on end, so that
        a month that is split costs what the whole month does.

        :param list pieces: of each assignment in order of their days
        :param date month: first day of the month of the run
        :param dict problems: filled with the assignments that cannot be charged
        :rtype: list
        """
        vals_list, rests = [], {}
        for piece in pieces:
            assignment, rate = piece.assignment, piece.rate
            if assignment in problems:
                continue
            if reason := assignment._get_piece_problem(piece):
                problems[assignment] = reason
                continue
            rest = 0
            if before := rests.get(assignment):
                end, rounding, carry = before
                if end + ONE_DAY == piece.span.start and rounding == rate.rounding:
                    rest = carry
            try:
                vals, rest = assignment._prepare_charge(piece, month, rest)
            except FormulaError as error:
                problems[assignment] = self.env._(
                    "The formula of %(item)s fails for this unit: %(problem)s",
                    item=assignment.item_id.name,
                    problem=rate._explain_formula_error(error),
                )
                continue
            if assignment.item_id.kind == "recurring":
                rests[assignment] = (piece.span.end, rate.rounding, rest)
                if not vals["amount"]:
                    # Free for vacant units, or out of season: nothing to bill.
                    continue
            vals_list.append(vals)
        return [
            vals
            for vals in vals_list
            if self.browse(vals["assignment_id"]) not in problems
        ]

    def _get_charge_inputs(self, piece):
        """Return what the amount of a piece is computed from; see `tools.amount.amount_of`.

        :rtype: dict
        """
        self.ensure_one()
        rate, span = piece.rate, piece.span
        extra = piece.inputs or {}
        agreed = extra.get("override") or {}
        quantity = piece.quantity
        if quantity is None:
            # What was measured is never replaced by an agreed quantity.
            quantity = agreed.get("quantity") or self._get_quantity(rate)
        inputs = {
            "kind": self.item_id.kind,
            "quantity": _text(quantity),
            "date_from": span.start.isoformat(),
            "date_to": span.end.isoformat(),
            "proration": rate.proration,
            "rounding": rate.rounding,
            "rate_from": fields.Date.to_string(rate.date_start),
        }
        if rate.basis == "meter" and self.item_id.measure:
            inputs["measure"] = self.item_id.measure
        inputs.update(self._get_price_inputs(rate, span, quantity, agreed))
        if piece.parts and "price" not in agreed:
            inputs["rate_parts"] = [
                {
                    "quantity": _text(part.quantity),
                    "date_from": part.span.start.isoformat(),
                    "date_to": part.span.end.isoformat(),
                    "days": days_of(part.span),
                    **self._get_price_inputs(part.rate, span, quantity, agreed),
                    **part.inputs,
                }
                for part in piece.parts
            ]
            for name in ("tiers", "tier_period", "formula", "formula_per", "variables"):
                inputs.pop(name, None)
        if rate.minimum and "price" not in agreed:
            inputs["minimum"] = f"{rate.minimum:.2f}"
        return {**inputs, **extra}

    def _get_price_inputs(self, rate, span, quantity, agreed):
        """Return what a rate asks for a quantity; see `tools.amount.amount_of`.

        :param dict agreed: agreed price, which goes without tiers
        :rtype: dict
        """
        price = agreed.get("price", f"{rate.price:.4f}")
        inputs = {
            "basis": rate.basis,
            "price": "1.0000" if rate.basis == "shared" else price,
        }
        if rate.basis == "formula":
            names = names_of(rate.formula or "")
            variables = rate._get_formula_variables(
                self.unit_id,
                span,
                months_in(*span, rate.proration),
                quantity=float(quantity),
                price=float(price),
            )
            inputs["formula"] = rate.formula
            inputs["formula_per"] = rate.formula_per
            inputs["variables"] = {
                name: variables[name] for name in names if name in variables
            }
        if rate.tier_ids and "price" not in agreed:
            inputs["tiers"] = [
                [_text(tier.up_to) if tier.up_to else None, f"{tier.price:.4f}"]
                for tier in rate.tier_ids
            ]
            inputs["tier_period"] = rate.tier_period
        return inputs

    @api.model
    def _explain_inputs(self, inputs):
        """Return the explanation of a charge, and its amount.

        :param dict inputs: see `_get_charge_inputs`
        :return: dict for the field `explanation`; ChargeAmount
        :raises FormulaError: a formula fails
        """
        result = amount_of(inputs)
        explanation = {
            **inputs,
            "whole_months": result.whole_months,
            "parts": [list(part) for part in result.parts],
            "amount": str(result.amount),
        }
        if result.is_minimum:
            explanation["is_minimum"] = True
        if inputs.get("formula"):
            explanation["rate_value"] = _text(float(result.rate_value))
        return explanation, result

    def _prepare_charge(self, piece, month, rest=0):
        """Return the values of the charge of a piece, and what its rounding leaves over.

        :param Piece piece: days, rate and payer
        :param date month: first day of the month of the run
        :param Fraction rest: what rounding the days before left over
        :raises FormulaError: the formula of the rate fails
        """
        self.ensure_one()
        inputs = self._get_charge_inputs(piece)
        explanation, result = self._explain_inputs(inputs)
        left = result.value - exact(result.amount)
        if rest:
            carried = {**inputs, "carry": str(rest)}
            with_rest, result_with_rest = self._explain_inputs(carried)
            left = carry_after(carried, result_with_rest)
            if result_with_rest.amount != result.amount:
                explanation, result = with_rest, result_with_rest
        quantity, price = Decimal(inputs["quantity"]), float(inputs["price"])
        if any(inputs.get(name) for name in NOT_ONE_PRICE):
            price = float(result.rate_value / exact(quantity)) if quantity else 0.0
        vals = {
            "assignment_id": self.id,
            "unit_id": self.unit_id.id,
            "item_id": self.item_id.id,
            "community_id": self.community_id.id,
            "company_id": self.company_id.id,
            "partner_id": piece.payer.id,
            "rate_id": piece.rate.id,
            "period": month,
            "date_from": piece.span.start,
            "date_to": piece.span.end,
            "quantity": float(quantity),
            "unit_price": round(price, 4),
            "amount": float(result.amount),
            # A new charge has been neither waived nor credited: Odoo would make a second
            # record of each to compute that.
            "amount_net": float(result.amount),
            "explanation": explanation,
        }
        return vals, left


def _text(number):
    """Return a quantity as text: two decimals, or as many more as it has, up to four."""
    text = f"{float(number):.4f}"
    return text[:-2] if text.endswith("00") else text.rstrip("0")
