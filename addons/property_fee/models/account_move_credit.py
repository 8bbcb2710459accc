from odoo import fields, models
from odoo.tools import float_compare


class AccountMove(models.Model):
    """Charges follow what Odoo's own ways of correcting an invoice do to their bills."""

    _inherit = "account.move"

    property_waiver_id = fields.Many2one(
        "property.waiver",
        string="Waiver",
        index="btree_not_null",
        copy=False,
        readonly=True,
        ondelete="restrict",
        help="Approved waiver that this credit note carries out.",
    )

    # === CREDIT NOTES === #

    def _get_credited_charges(self):
        """Return the charges that the credit notes among the moves take back."""
        notes = self.filtered(
            lambda move: move.move_type == "out_refund" and move.property_unit_id
        )
        return notes.invoice_line_ids.property_charge_id

    def _on_posted(self):
        result = super()._on_posted()
        charges = self._get_credited_charges()
        again = self.filtered(lambda move: move.reversal_move_ids)
        (charges + again.property_charge_ids)._update_credits()
        return result

    def button_draft(self):
        result = super().button_draft()
        self._get_credited_charges()._update_credits()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._get_credited_charges()._update_credits()
        return result

    def unlink(self):
        charges = self._get_credited_charges()
        result = super().unlink()
        charges._update_credits()
        return result

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Let credit notes name the period of their bill."""
        values_list = default_values_list or [{} for _move in self]
        for move, values in zip(self, values_list, strict=True):
            if move.property_period:
                values.setdefault("property_period", move.property_period)
        return super()._reverse_moves(values_list, cancel=cancel)

    def _prepare_property_credit_note(self, reason, day):
        """Return the values, without lines, of a credit note for part of a bill.

        :param str reason: stands on it
        :param date day: its date
        """
        self.ensure_one()
        return {
            "move_type": "out_refund",
            "journal_id": self.journal_id.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "fiscal_position_id": self.fiscal_position_id.id,
            "invoice_date": day,
            "invoice_date_due": day,
            "invoice_payment_term_id": False,
            "invoice_origin": self.name,
            "invoice_user_id": self.env.uid,
            "ref": reason,
            "payment_reference": self.payment_reference,
            "reversed_entry_id": self.id,
            "property_unit_id": self.property_unit_id.id,
            "property_period": self.property_period,
        }

    def _use_replaced_credit(self):
        """Set the credit that is left from the bills which these replace against them.

        Who had paid the wrong bill has paid that much of the right one.
        """
        for bill in self:
            replaced = bill.property_charge_ids.replaces_id
            notes = replaced.move_line_ids.move_id.filtered(
                lambda move: move.move_type == "out_refund" and move.state == "posted"
            )
            lines = (bill + notes).line_ids.filtered(
                lambda line: (
                    line.account_type == "asset_receivable" and not line.reconciled
                )
            )
            for (account, partner), group in lines.grouped(
                lambda line: (line.account_id, line.partner_id)
            ).items():
                if account and partner and len(group.move_id) > 1:
                    group.reconcile()

    def action_property_waive(self):
        """Open a new waiver of what is open of the bills of one household."""
        return self.property_charge_ids.action_waive()

    # === BILLS CHANGED BY HAND === #

    def action_post(self):
        """Let charges follow what a bookkeeper changed on a draft bill."""
        result = super().action_post()
        self.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )._follow_by_hand()
        return result

    def _follow_by_hand(self):
        """Bring charges in line with bills that were changed by hand.

        A line that was taken out cancels its charge, another payer becomes the payer, and
        another price is noted as such in the explanation.
        """
        # Whoever may post a bill moves its charges along with it.
        for bill in self.sudo().filtered("property_unit_id"):
            lines = {line.property_charge_id: line for line in bill.invoice_line_ids}
            for charge in bill.property_charge_ids.filtered(
                lambda charge: charge.state == "billed"
            ):
                line = lines.get(charge)
                if not line:
                    charge.state = "cancelled"
                    continue
                if charge.partner_id != bill.partner_id:
                    charge.partner_id = bill.partner_id
                price = line.price_unit * line.quantity * (1 - line.discount / 100)
                price += charge._get_deducted_amounts().get(charge, 0.0)
                if float_compare(price, charge.amount, precision_digits=2):
                    charge._set_amount_by_hand(price)

    def _take_over_charges(self):
        """Give bills that Odoo made in place of others charges of their own.

        Called on the drafts of "reverse and create invoice": the lines still name the
        charges that the credit note has just cancelled.
        """
        # Charges are written by the system alone.
        Charge = self.env["property.charge"].sudo()
        for bill in self.filtered("property_unit_id"):
            lines = bill.invoice_line_ids.filtered(
                lambda line: line.property_charge_id.state == "cancelled"
            )
            old = Charge.browse(lines.property_charge_id.ids)
            new = Charge.create(
                [
                    {**vals, "move_id": bill.id, "replaces_id": charge.id}
                    for charge, vals in zip(
                        old, old.copy_data({"state": "draft"}), strict=True
                    )
                ]
            )
            by_old = dict(zip(old, new, strict=True))
            for line in lines:
                line.property_charge_id = by_old[line.property_charge_id]
            bill.write(
                {
                    "property_period": old[:1].period,
                    "property_run_id": old[:1].run_id.id,
                }
            )
