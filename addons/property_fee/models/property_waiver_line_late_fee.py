from decimal import Decimal

from odoo import api, fields, models


class PropertyWaiverLine(models.Model):
    _inherit = "property.waiver.line"

    late_fee_move_id = fields.Many2one(
        "account.move",
        string="Overdue Bill",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('property_unit_id', '=', parent.unit_id),"
        " ('partner_id', '=', parent.partner_id), ('state', '=', 'posted')]",
    )

    _late_fee_uniq = models.Constraint(
        "UNIQUE(waiver_id, late_fee_move_id)", "A bill stands in a waiver only once."
    )

    @api.depends("late_fee_move_id", "waiver_id.date")
    def _compute_amount_open(self):
        return super()._compute_amount_open()

    @api.depends("late_fee_move_id")
    def _compute_amount(self):
        return super()._compute_amount()

    @api.depends("late_fee_move_id")
    def _compute_amount_original(self):
        late = self.filtered("late_fee_move_id")
        result = super(PropertyWaiverLine, self - late)._compute_amount_original()
        amounts = late._get_late_fee_amounts()
        for line in late:
            line.amount_original = amounts[line]
        return result

    @api.depends("late_fee_move_id")
    def _compute_bill_name(self):
        late = self.filtered("late_fee_move_id")
        result = super(PropertyWaiverLine, self - late)._compute_bill_name()
        for line in late:
            # Its number is no secret to whoever sees the waiver.
            line.bill_name = line.sudo().late_fee_move_id.name
        return result

    @api.depends("late_fee_move_id")
    def _compute_display_name(self):
        late = self.filtered("late_fee_move_id")
        result = super(PropertyWaiverLine, self - late)._compute_display_name()
        for line in late:
            line.display_name = line.bill_name
        return result

    def _get_open_amounts(self):
        late = self.filtered("late_fee_move_id")
        return {
            **super(PropertyWaiverLine, self - late)._get_open_amounts(),
            **late._get_late_fee_amounts(),
        }

    def _get_late_fee_amounts(self):
        """Return the late fee of the bill of each line up to the day of its waiver.

        :return: dict line -> amount
        """
        result = {}
        for date, lines in self.grouped(lambda line: line.waiver_id.date).items():
            # Whoever asks for a waiver sees what is owed, not the books.
            fees = lines.sudo().late_fee_move_id._get_late_fees(
                date or fields.Date.context_today(self)
            )
            for line in lines:
                # As above.
                fee = fees.get(line.sudo().late_fee_move_id)
                result[line] = fee.amount if fee else 0.0
        return result

    def _prepare_waived_charges(self, fee):
        """Return the values of the waived charges of a line, one for each policy.

        :param LateFee fee: of the bill, not less than what is waived
        """
        self.ensure_one()
        left = Decimal(str(self.amount))
        vals_list = []
        for part in fee.parts:
            taken = min(left, part.amount)
            if not taken:
                continue
            left -= taken
            record = part.record
            total = Decimal(record["amount"]) + Decimal(record["already"])
            already = total - taken
            vals = self.late_fee_move_id._prepare_late_fee_charge(
                part, self.waiver_id.date
            )
            vals_list.append(
                {
                    **vals,
                    # The days of a part that is only waived may still be billed.
                    "date_from": min(vals["date_from"], vals["date_to"]),
                    "amount": float(taken),
                    "explanation": {
                        **record,
                        "already": str(already),
                        "amount": str(taken),
                    },
                    "state": "waived",
                }
            )
        return vals_list
