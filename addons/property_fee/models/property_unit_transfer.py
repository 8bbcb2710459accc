from odoo import models
from odoo.fields import Domain

from ..tools.period import ONE_DAY


class PropertyUnit(models.Model):
    """What a change of owners means for what a unit pays."""

    _inherit = "property.unit"

    def _transfer_open_items(self, date):
        items = super()._transfer_open_items(date)
        # Whoever records a transfer has to know of debts, without reading the books.
        bills = (
            self.env["account.move"]
            .sudo()
            .search(
                self._domain_bills()
                & Domain("move_type", "=", "out_invoice")
                & Domain("payment_state", "in", ("not_paid", "partial"))
            )
        )
        if bills:
            amount = sum(bills.mapped("amount_residual_signed"))
            items.append(
                {
                    "model": "account.move",
                    "label": self.env._(
                        "Unpaid bills, %(amount)s in all: they stay with whoever was billed",
                        amount=f"{amount:.2f}",
                    ),
                    "count": len(bills),
                    "blocking": False,
                    "action": self._get_open_bills_action(bills),
                }
            )
        return items

    def _get_open_bills_action(self, bills):
        """Return the action that opens bills, False for a user who may not read them."""
        if not self.env["account.move"].has_access("read"):
            return False
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_bill_action"
        )
        return {
            **action,
            "domain": [("id", "in", bills.ids)],
            "context": {"create": False},
        }

    def _on_transfer(self, date, old_partners, new_partners):
        result = super()._on_transfer(date, old_partners, new_partners)
        self._release_named_payers(date, old_partners - new_partners)
        return result

    def _release_named_payers(self, date, sellers):
        """Let sellers who pay by name stop paying; the owner of each day pays from then on.

        Days that have been billed to the seller already stay billed to him.

        :param date: first day of the new owners
        :param res.partner sellers: who does not own the unit any more
        """
        # Whoever records a transfer need not have the right to change fees.
        Assignment = self.env["property.fee.assignment"].sudo()
        named = Assignment.search(
            [
                ("unit_id", "=", self.id),
                ("payer_rule", "=", "partner"),
                ("partner_id", "in", sellers.ids),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", date),
            ]
        )
        charged = dict(
            # As above: the charges may be none of his business.
            self.env["property.charge"]
            .sudo()
            ._read_group(
                [("assignment_id", "in", named.ids), ("state", "!=", "cancelled")],
                ["assignment_id"],
                ["date_to:max"],
            )
        )
        following = []
        for assignment in named:
            last = max(charged.get(assignment, date - ONE_DAY), date - ONE_DAY)
            end = assignment.date_end
            if assignment.date_start > last:
                assignment.write({"payer_rule": "owner", "partner_id": False})
                continue
            if end and end <= last:
                continue
            assignment.date_end = last
            following.append(
                {
                    "unit_id": self.id,
                    "item_id": assignment.item_id.id,
                    "date_start": last + ONE_DAY,
                    "date_end": end,
                    "payer_rule": "owner",
                }
            )
        Assignment.create(following)
        if named:
            self.message_post(
                body=self.env._(
                    "%(items)s: paid by the owner from now on, no longer by %(sellers)s.",
                    items=", ".join(named.item_id.mapped("name")),
                    sellers=", ".join(sellers.mapped("name")),
                )
            )
