from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models


class PropertyCharge(models.Model):
    """Charges for late payment: they belong to a bill instead of an assignment."""

    _inherit = "property.charge"

    assignment_id = fields.Many2one(required=False)
    late_fee_move_id = fields.Many2one(
        "account.move",
        string="Late Fee of Bill",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        help="Bill that was not paid in time.",
    )
    late_fee_policy_id = fields.Many2one(
        "property.late.fee.policy",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )

    _no_late_fee_twice = models.Constraint(
        "EXCLUDE USING gist (late_fee_move_id WITH =, late_fee_policy_id WITH =,"
        " daterange(date_from, date_to, '[]') WITH &&)"
        " WHERE (state NOT IN ('waived', 'cancelled'))",
        "The late fee of these days has already been billed.",
    )

    @api.model
    def _render_explanation(self, data):
        if data and data.get("kind") == "late_fee":
            return self._render_late_fee(data)
        return super()._render_explanation(data)

    @api.model
    def _render_late_fee(self, data):
        """Return the calculation of a late fee as one line."""
        share = Fraction(data["share"])
        sums = " + ".join(
            self.env._(
                "%(open)s x %(days)s days",
                open=self._format_fraction(Fraction(row["open"]) * share),
                days=row["days"],
            )
            for row in data["segments"]
        )
        rate = self._format_percent(Fraction(data["rate"]))
        already = Decimal(data["already"])
        total = Decimal(data["amount"]) + already
        parts = [
            self.env._(
                "(%(sums)s) x %(rate)s%% = %(total)s",
                sums=sums,
                rate=rate,
                total=f"{total:.2f}",
            )
        ]
        if data["capped"]:
            parts.append(
                self.env._(
                    "at most %(cap)s%% of %(principal)s",
                    cap=self._format_percent(Fraction(data["cap"])),
                    principal=self._format_fraction(Fraction(data["principal"])),
                )
            )
        if already:
            parts.append(
                self.env._(
                    "less %(already)s before = %(amount)s",
                    already=f"{already:.2f}",
                    amount=f"{Decimal(data['amount']):.2f}",
                )
            )
        return ", ".join(parts)

    @api.model
    def _format_fraction(self, value):
        """Return a fraction of yuan with two decimals."""
        return f"{float(value):.2f}"

    @api.model
    def _format_percent(self, value):
        """Return a fraction as a percentage without needless zeros."""
        return f"{float(value * 100):.4f}".rstrip("0").rstrip(".")
