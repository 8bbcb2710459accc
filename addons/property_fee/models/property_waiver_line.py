from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class PropertyWaiverLine(models.Model):
    """How much of one charge is waived."""

    _name = "property.waiver.line"
    _description = "Waived Charge"
    _order = "waiver_id, id"

    waiver_id = fields.Many2one(
        "property.waiver", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="waiver_id.company_id")
    currency_id = fields.Many2one(related="waiver_id.currency_id")
    charge_id = fields.Many2one(
        "property.charge",
        index=True,
        ondelete="restrict",
        domain="[('unit_id', '=', parent.unit_id), ('partner_id', '=', parent.partner_id),"
        " ('state', 'in', ('draft', 'checked', 'billed')), ('amount_net', '>', 0)]",
    )
    bill_name = fields.Char(string="Bill", compute="_compute_bill_name")
    period_label = fields.Char(related="charge_id.period_label")
    explanation_text = fields.Char(related="charge_id.explanation_text")
    amount_original = fields.Monetary(
        string="Original Amount",
        compute="_compute_amount_original",
        store=True,
        precompute=True,
    )
    amount_open = fields.Monetary(
        string="Open",
        compute="_compute_amount_open",
        help="What may still be waived of it.",
    )
    percent = fields.Float(
        string="Part (%)",
        digits=(5, 2),
        compute="_compute_percent",
        inverse="_inverse_percent",
        help="Part of the open amount.",
    )
    amount = fields.Monetary(
        string="Waived Amount",
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    is_deducted = fields.Boolean(
        readonly=True,
        copy=False,
        help="Taken off before the charge was billed, so without a credit note.",
    )

    _charge_uniq = models.Constraint(
        "UNIQUE(waiver_id, charge_id)", "A charge stands in a waiver only once."
    )

    # === COMPUTE METHODS === #

    @api.depends("charge_id")
    def _compute_amount_original(self):
        for line in self:
            line.amount_original = line.charge_id.amount

    @api.depends("charge_id", "charge_id.amount_net", "waiver_id.approval_state")
    def _compute_amount_open(self):
        amounts = self._get_open_amounts()
        for line in self:
            line.amount_open = amounts.get(line, 0.0)

    def _get_open_amounts(self):
        """Return how much of what each line is about may still be waived.

        Overridden for other kinds of waivers.

        :return: dict line -> amount
        """
        amounts = self.charge_id._get_open_amounts()
        return {line: amounts.get(line.charge_id, 0.0) for line in self}

    @api.depends("charge_id")
    def _compute_bill_name(self):
        for line in self:
            # Its number is no secret to whoever sees the charge.
            line.bill_name = line.sudo().charge_id.move_id.name

    @api.depends("charge_id", "waiver_id.percent")
    def _compute_amount(self):
        for line in self:
            share = (line.waiver_id.percent or 0.0) / 100
            line.amount = line.currency_id.round(line.amount_open * share)

    @api.depends("amount", "amount_open")
    def _compute_percent(self):
        for line in self:
            base = line.amount_open
            if line.waiver_id.approval_state == "approved":
                base = line.amount_original
            line.percent = 100 * line.amount / base if base else 0.0

    def _inverse_percent(self):
        for line in self:
            line.amount = line.currency_id.round(line.amount_open * line.percent / 100)

    @api.onchange("percent")
    def _onchange_percent(self):
        self._inverse_percent()

    @api.constrains("charge_id", "waiver_id")
    def _check_household(self):
        for line in self:
            charge, waiver = line.charge_id, line.waiver_id
            if charge and (charge.unit_id, charge.partner_id) != (
                waiver.unit_id,
                waiver.partner_id,
            ):
                raise ValidationError(
                    self.env._(
                        "%(charge)s is not owed by %(payer)s for %(unit)s.",
                        charge=charge.display_name,
                        payer=waiver.partner_id.name,
                        unit=waiver.unit_id.code,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._check_not_deducted(vals_list)
            # Said explicitly, for a default in the context would say otherwise.
            vals_list = [{**vals, "is_deducted": False} for vals in vals_list]
        lines = super().create(vals_list)
        lines._check_unlocked()
        return lines

    def write(self, vals):
        if not self.env.su:
            self._check_not_deducted([vals])
        self._check_unlocked()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        self._check_unlocked()

    @api.model
    def _check_not_deducted(self, vals_list):
        """Refuse what would lower a bill without an approval.

        :raises AccessError: values say that the amount is taken off already
        """
        if any(vals.get("is_deducted") for vals in vals_list):
            raise AccessError(
                self.env._("An amount is taken off by the approval of its waiver only.")
            )

    def _check_unlocked(self):
        """Keep the lines of a submitted waiver as they are."""
        if not self.env.su:
            self.waiver_id._approval_check_unlocked()

    # === BUSINESS METHODS === #

    @api.depends("charge_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.charge_id.display_name

    def _deduct(self):
        """Take the amounts off charges that are not billed yet."""
        self.is_deducted = True
        for charge in self.charge_id:
            charge._update_credits()
            if charge.currency_id.is_zero(charge.amount_net):
                charge.state = "waived"
