from odoo import api, fields, models
from odoo.fields import Domain

from .property_unit import ARREARS_GROUPS


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    credit = fields.Monetary(
        compute="_compute_credit",
        groups=ARREARS_GROUPS,
        help="Money that was paid for the unit and that no bill has used yet.",
    )
    auto_credit = fields.Selection(
        [("yes", "Yes"), ("no", "No")],
        string="Use Credit When Billing",
        groups="property_base.group_property_cashier",
        help="Let new bills use the household's credit at once. Left empty, the company's"
        " setting counts.",
    )
    receipt_count = fields.Integer(
        compute="_compute_receipt_count", groups="property_base.group_property_cashier"
    )

    @api.depends_context("uid")
    def _compute_credit(self):
        # The front desk answers what a household has paid ahead without reading the books.
        credit = self.sudo()._get_credit()
        for unit in self:
            unit.credit = credit.get(unit._origin, 0.0)

    def _compute_receipt_count(self):
        counts = dict(
            self.env["property.receipt"]._read_group(
                [("unit_id", "in", self.ids)], ["unit_id"], ["__count"]
            )
        )
        for unit in self:
            unit.receipt_count = counts.get(unit, 0)

    def _get_credit(self):
        """Return what the households have paid and not used.

        :return: dict unit -> amount; units without credit are left out
        """
        return {
            unit: -amount
            for unit, amount in self._read_credit(["property_credit_unit_id"])
        }

    def _get_credit_by_debtor(self):
        """Return what each person has paid for the units and not used.

        :return: dict (unit, res.partner) -> amount
        """
        rows = self._read_credit(["property_credit_unit_id", "partner_id"])
        return {(unit, partner): -amount for unit, partner, amount in rows}

    def _read_credit(self, groupby):
        Line = self.env["account.move.line"]
        return Line._read_group(
            Line._domain_open_credit()
            & Domain("property_credit_unit_id", "in", self.ids),
            groupby,
            ["amount_residual:sum"],
        )

    def _get_credit_lines(self):
        """Return the entries with unused money and unused credit notes, the oldest first.

        :return: dict (unit, res.partner) -> account.move.line
        """
        Line = self.env["account.move.line"]
        lines = Line.search(
            (
                Line._domain_open_credit()
                & Domain("property_credit_unit_id", "in", self.ids)
            )
            | (
                Line._domain_open_refund()
                & Domain("move_id.property_unit_id", "in", self.ids)
            ),
            order="date, id",
        )
        return lines.grouped(
            lambda line: (
                line.property_credit_unit_id or line.move_id.property_unit_id,
                line.partner_id,
            )
        )

    def _uses_credit(self):
        """Return the units whose bills use their credit without being asked."""
        # A setting of the company, read by whoever bills.
        return self.sudo().filtered(
            lambda unit: (
                unit.auto_credit == "yes"
                or (not unit.auto_credit and unit.company_id.property_auto_credit)
            )
        )

    def action_open_counter(self):
        """Open the counter with the household."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id(
            "property_fee.property_counter_action"
        )
        return {**action, "params": {"unit_id": self.id}}

    def action_view_receipts(self):
        """Open the receipts of the unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_receipt_action"
        )
        return {
            **action,
            "domain": [("unit_id", "=", self.id)],
            "context": {"create": False},
        }
