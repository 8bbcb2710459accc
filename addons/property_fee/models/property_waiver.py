from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PropertyWaiver(models.Model):
    """What a household need not pay, with the reason and the approval for it.

    Approved, it takes effect at once: what is on a posted bill becomes a credit note set
    against the bill, what is not billed yet is taken off the bill to come. Who may approve
    how much is said by the approval steps of this model.

    Other kinds of waivers add to `kind`, extend `property.waiver.line` with what they waive
    and how much of it is open, and define `_apply_<kind>()`.
    """

    _name = "property.waiver"
    _description = "Waiver"
    _inherit = ["property.approval.mixin"]
    _order = "date desc, id desc"
    _approval_amount_field = "amount"
    _approval_locked_fields = (
        "kind",
        "unit_id",
        "partner_id",
        "date",
        "reason_id",
        "note",
        "percent",
        "line_ids",
    )

    name = fields.Char(readonly=True, copy=False, default="/", index="trigram")
    kind = fields.Selection(
        [("charge", "Charges")], required=True, default="charge", string="What"
    )
    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Payer",
        required=True,
        index=True,
        ondelete="restrict",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, default=fields.Date.context_today, copy=False)
    reason_id = fields.Many2one(
        "property.waiver.reason", required=True, index=True, ondelete="restrict"
    )
    needs_note = fields.Boolean(related="reason_id.needs_note")
    note = fields.Text(string="Explanation")
    percent = fields.Float(
        string="Part Waived (%)",
        default=100.0,
        digits=(5, 2),
        help="Proposed for every line; each may still be changed.",
    )
    line_ids = fields.One2many("property.waiver.line", "waiver_id", string="Charges")
    amount = fields.Monetary(
        string="Waived Amount", compute="_compute_amount", store=True, tracking=True
    )
    credit_note_ids = fields.One2many(
        "account.move", "property_waiver_id", string="Credit Notes"
    )
    credit_note_count = fields.Integer(compute="_compute_credit_note_count")

    _percent_range = models.Constraint(
        "CHECK(percent > 0 AND percent <= 100)",
        "The part that is waived lies between 0 and 100 percent.",
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for waiver in self:
            waiver.amount = sum(waiver.line_ids.mapped("amount"))

    @api.depends("unit_id")
    def _compute_partner_id(self):
        for waiver in self:
            if waiver.partner_id or not waiver.unit_id:
                continue
            # Open to whoever sees the unit; charges he might not.
            charge = self.env["property.charge"].search(
                [("unit_id", "=", waiver.unit_id.id), ("amount_net", ">", 0)],
                limit=1,
            )
            waiver.partner_id = charge.partner_id

    @api.depends("credit_note_ids")
    def _compute_credit_note_count(self):
        # Who sees the waiver may know that it was carried out.
        counts = dict(
            self.env["account.move"]
            .sudo()
            ._read_group(
                [("property_waiver_id", "in", self.ids)],
                ["property_waiver_id"],
                ["__count"],
            )
        )
        for waiver in self:
            waiver.credit_note_count = counts.get(waiver._origin, 0)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # Whoever asks for a waiver has no right on the counters of documents.
        Sequence = self.env["ir.sequence"].sudo()
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = Sequence.next_by_code("property.waiver")
        return super().create(vals_list)

    # === APPROVAL === #

    def _approval_check_submit(self):
        result = super()._approval_check_submit()
        for waiver in self:
            if waiver.needs_note and not (waiver.note or "").strip():
                raise UserError(
                    self.env._(
                        "%(waiver)s: the reason %(reason)s needs an explanation.",
                        waiver=waiver.name,
                        reason=waiver.reason_id.name,
                    )
                )
            waiver._check_amounts()
        return result

    def _check_amounts(self):
        """Raise UserError when the waiver takes nothing, or more than is open."""
        self.ensure_one()
        if not self.line_ids:
            raise UserError(
                self.env._("%(waiver)s says nothing to waive.", waiver=self.name)
            )
        amounts = self.line_ids._get_open_amounts()
        for line in self.line_ids:
            if self.currency_id.compare_amounts(line.amount, 0.0) <= 0:
                raise UserError(
                    self.env._(
                        "%(line)s: enter the amount that is waived.",
                        line=line.display_name,
                    )
                )
            if self.currency_id.compare_amounts(line.amount, amounts[line]) > 0:
                raise UserError(
                    self.env._(
                        "%(line)s: %(amount)s cannot be waived, only %(open)s is open.",
                        line=line.display_name,
                        amount=self.currency_id.format(line.amount),
                        open=self.currency_id.format(amounts[line]),
                    )
                )
        self._check_bills()

    def _check_bills(self):
        """Raise UserError when the lines together take more than a bill has open."""
        # Whoever asks for a waiver need not see the bills of the charges.
        lines = self.sudo().line_ids.filtered("charge_id.move_id")
        factors = lines.charge_id._get_gross_factors()
        for bill, own in lines.grouped(lambda line: line.charge_id.move_id).items():
            taken = sum(line.amount * factors[line.charge_id] for line in own)
            cents = len(own) * bill.currency_id.rounding
            if taken > bill.amount_residual + cents / 2:
                raise UserError(
                    self.env._(
                        "%(waiver)s takes %(amount)s from the bill %(bill)s, of which only"
                        " %(open)s is open.",
                        waiver=self.name,
                        amount=bill.currency_id.format(taken),
                        bill=bill.name,
                        open=bill.currency_id.format(bill.amount_residual),
                    )
                )

    def _approval_done(self):
        result = super()._approval_done()
        # The approver need not be a bookkeeper: the credit notes follow from the approval.
        for kind, waivers in self.sudo().grouped("kind").items():
            getattr(waivers, f"_apply_{kind}")()
        return result

    def _apply_charge(self):
        """Carry out approved waivers of charges.

        :raises UserError: when less is open by now than is waived
        """
        self.line_ids.charge_id.lock_for_update()
        self.line_ids.charge_id.move_id.lock_for_update()
        self.env.invalidate_all()
        for waiver in self:
            waiver._check_amounts()
            amounts = {line.charge_id: line.amount for line in waiver.line_ids}
            billed = waiver.line_ids.charge_id.filtered("move_id")
            if billed:
                billed._create_credit_notes(
                    self.env._(
                        "Waiver %(waiver)s: %(reason)s",
                        waiver=waiver.name,
                        reason=waiver.reason_id.name,
                    ),
                    {charge: amounts[charge] for charge in billed},
                    property_waiver_id=waiver.id,
                )
            loose = waiver.line_ids.filtered(
                lambda line, billed=billed: line.charge_id not in billed
            )
            loose._deduct()

    # === ACTION METHODS === #

    def action_fill(self):
        """List all open charges of the household with the part that is waived of each."""
        for waiver in self:
            waiver._approval_check_unlocked()
            charges = self.env["property.charge"].search(
                [
                    ("unit_id", "=", waiver.unit_id.id),
                    ("partner_id", "=", waiver.partner_id.id),
                    ("state", "in", ("draft", "checked", "billed")),
                ],
                order="date_from, item_id, id",
            )
            amounts = charges._get_open_amounts()
            listed = waiver.line_ids.charge_id
            waiver.line_ids = [
                Command.create({"charge_id": charge.id})
                for charge in charges
                if amounts[charge] > 0 and charge not in listed
            ]
            if not waiver.line_ids:
                raise UserError(
                    self.env._(
                        "%(payer)s owes nothing for %(unit)s.",
                        payer=waiver.partner_id.name,
                        unit=waiver.unit_id.code,
                    )
                )
        return True

    def action_view_credit_notes(self):
        """Open the credit notes that carried the waiver out."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_bill_action"
        )
        action["domain"] = [("property_waiver_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    def action_print(self):
        """Print the form of the waiver."""
        return self.env.ref("property_fee.property_waiver_report").report_action(self)
