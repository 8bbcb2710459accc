from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PropertyWaiver(models.Model):
    """Waiving late fees that have accrued and are not billed yet.

    What has been billed is waived like any other charge.
    """

    _inherit = "property.waiver"

    kind = fields.Selection(
        selection_add=[("late_fee", "Late Fees to Date")],
        ondelete={"late_fee": "cascade"},
    )

    def _check_bills(self):
        if self.kind == "late_fee":
            return
        super()._check_bills()

    def _apply_late_fee(self):
        """Carry out approved waivers: what is waived counts as charged from now on.

        :raises UserError: when less has accrued by now than is waived
        """
        self.line_ids.late_fee_move_id.lock_for_update(allow_referencing=True)
        self.env.invalidate_all()
        vals_list = []
        for waiver in self:
            waiver._check_amounts()
            fees = waiver.line_ids.late_fee_move_id._get_late_fees(waiver.date)
            for line in waiver.line_ids:
                vals_list += line._prepare_waived_charges(fees[line.late_fee_move_id])
        self.env["property.charge"].create(vals_list)

    def action_fill_late_fees(self):
        """List all late fees of the household with the part that is waived of each."""
        for waiver in self:
            waiver._approval_check_unlocked()
            # Whoever asks for a waiver need not see the books.
            bills = (
                self.env["account.move"]
                .sudo()
                .search(
                    [
                        ("property_unit_id", "=", waiver.unit_id.id),
                        ("partner_id", "=", waiver.partner_id.id),
                        ("state", "=", "posted"),
                        ("move_type", "=", "out_invoice"),
                    ],
                    order="invoice_date_due, id",
                )
            )
            fees = bills._get_late_fees(waiver.date)
            # As above.
            listed = waiver.line_ids.sudo().late_fee_move_id
            waiver.line_ids = [
                Command.create({"late_fee_move_id": bill.id})
                for bill in bills
                if bill in fees and fees[bill].amount and bill not in listed
            ]
            if not waiver.line_ids:
                raise UserError(
                    self.env._(
                        "%(payer)s owes no late fee for %(unit)s.",
                        payer=waiver.partner_id.name,
                        unit=waiver.unit_id.code,
                    )
                )
        return True
