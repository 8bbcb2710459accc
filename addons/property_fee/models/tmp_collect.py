from odoo import fields, models
from odoo.fields import Domain


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    property_credit_unit_id = fields.Many2one(
        "property.unit", index="btree_not_null", copy=False
    )

    def _domain_open_credit(self):
        return (
            Domain("property_credit_unit_id", "!=", False)
            & Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False)
            & Domain("account_type", "=", "asset_receivable")
            & Domain("amount_residual", "<", 0)
        )

    def _domain_open_refund(self):
        return (
            Domain("move_id.property_unit_id", "!=", False)
            & Domain("move_id.move_type", "=", "out_refund")
            & Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False)
            & Domain("account_type", "=", "asset_receivable")
            & Domain("amount_residual", "<", 0)
        )


class AccountPayment(models.Model):
    _inherit = "account.payment"
    property_unit_id = fields.Many2one(
        "property.unit", index="btree_not_null", copy=False
    )

    def _prepare_move_line_default_vals(
        self, write_off_line_vals=None, force_balance=None
    ):
        vals_list = super()._prepare_move_line_default_vals(
            write_off_line_vals, force_balance
        )
        if self.property_unit_id and self.payment_type == "inbound":
            vals_list[1]["property_credit_unit_id"] = self.property_unit_id.id
        return vals_list


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    def _get_credit_lines(self):
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
