from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PropertyDunningCommitment(models.AbstractModel):
    """What a debtor has undertaken to pay of what was open on a day.

    What came in since is measured on the very bills that were open then: new bills do not
    make the promise look broken, nor does their payment make it look kept.
    """

    _name = "property.dunning.commitment"
    _description = "Commitment to Pay"

    case_id = fields.Many2one(
        "property.dunning.case", required=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one(related="case_id.unit_id", store=True)
    partner_id = fields.Many2one(related="case_id.partner_id", store=True)
    community_id = fields.Many2one(related="case_id.community_id", store=True)
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="case_id.currency_id")
    amount = fields.Monetary(required=True)
    amount_open = fields.Monetary(
        string="Open Then", readonly=True, help="Open on the day it was given."
    )
    amount_paid = fields.Monetary(
        string="Paid Since", compute="_compute_amount_paid", store=True
    )
    note = fields.Text()

    @api.depends("move_ids.amount_residual_signed", "amount_open")
    def _compute_amount_paid(self):
        for record in self:
            # What was paid is for whoever sees the promise, the books are not.
            still_open = sum(record.sudo().move_ids.mapped("amount_residual_signed"))
            record.amount_paid = max(record.amount_open - still_open, 0.0)

    @api.constrains("amount")
    def _check_amount(self):
        for record in self:
            if record.amount <= 0:
                raise ValidationError(
                    self.env._(
                        "Say how much is to be paid: the amount must be positive."
                    )
                )
            if (
                record.currency_id.compare_amounts(record.amount, record.amount_open)
                > 0
            ):
                raise ValidationError(
                    self.env._(
                        "%(amount)s is more than the %(open)s that is open. Enter what of it"
                        " is to be paid.",
                        amount=f"{record.amount:.2f}",
                        open=f"{record.amount_open:.2f}",
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        cases = self.env["property.dunning.case"].browse(
            vals.get("case_id") for vals in vals_list
        )
        cases.check_access("read")
        # The open bills are noted by the system; who makes the promise need not read them.
        bills = (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("property_unit_id", "in", cases.unit_id.ids),
                    ("partner_id", "in", cases.partner_id.ids),
                    ("state", "=", "posted"),
                    ("amount_residual", "!=", 0),
                ]
            )
            .grouped(lambda bill: (bill.property_unit_id, bill.partner_id))
        )
        for case, vals in zip(cases, vals_list, strict=True):
            own = bills.get((case.unit_id, case.partner_id), self.env["account.move"])
            vals.pop("move_ids", None)
            vals["amount_open"] = sum(own.mapped("amount_residual_signed"))
        records = super().create(vals_list)
        # The books again: what is measured is noted by the system.
        for record in records.sudo():
            record.move_ids = bills.get(
                (record.case_id.unit_id, record.case_id.partner_id)
            )
        return records
