from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PropertyChargeCorrect(models.TransientModel):
    """Takes billed charges back, and bills them anew where they only were wrong."""

    _name = "property.charge.correct"
    _description = "Correct Charges"

    mode = fields.Selection(
        [
            ("cancel", "Cancel"),
            ("again", "Bill Again by the Rates of Today"),
            ("change", "Change Quantity or Price"),
        ],
        required=True,
        default="cancel",
        help="Cancel: a credit note takes the charges back; the next run of the period may"
        " bill their days again.\n"
        "Bill again: after a rate, an area or a payer was put right.\n"
        "Change: with the quantity and the price entered below.",
    )
    reason = fields.Char(required=True, help="Stands on the credit note.")
    date = fields.Date(
        string="Date of the Credit Note",
        required=True,
        default=fields.Date.context_today,
        help="In a locked period Odoo moves it to the first open day.",
    )
    line_ids = fields.One2many("property.charge.correct.line", "wizard_id")
    paid_count = fields.Integer(compute="_compute_paid_count")

    @api.depends("line_ids")
    def _compute_paid_count(self):
        for wizard in self:
            paid = wizard.line_ids.charge_id.filtered(
                lambda charge: charge.payment_state in ("paid", "in_payment", "partial")
            )
            wizard.paid_count = len(paid)

    @api.model
    def default_get(self, field_names):
        """Take the charges, or those of the bills, from which the wizard was opened."""
        values = super().default_get(field_names)
        model = self.env.context.get("active_model")
        ids = self.env.context.get("active_ids", [])
        charges = self.env["property.charge"]
        if model == "property.charge":
            charges = charges.browse(ids)
        elif model == "account.move":
            charges = self.env["account.move"].browse(ids).property_charge_ids
        charges = charges.filtered(
            lambda charge: charge.state in ("draft", "checked", "billed")
        )
        if not charges:
            raise UserError(
                self.env._("None of these is a live charge that could be corrected.")
            )
        if "line_ids" in field_names:
            values["line_ids"] = [
                Command.create({"charge_id": charge.id}) for charge in charges
            ]
        return values

    def action_correct(self):
        """Carry the correction out and show the bills that it touched.

        :raises AccessError: for whoever may not make bills
        """
        self.ensure_one()
        charges = self.line_ids.charge_id
        self.check_access("write")
        changed = {}
        if self.mode == "change":
            changed = {
                line.charge_id: line._prepare_changed() for line in self.line_ids
            }
        notes = charges._cancel_charges(self.reason, self.date)
        new = charges.browse()
        if self.mode == "again":
            new = charges._bill_again(self.date)
        elif self.mode == "change":
            new = charges._create_and_bill(list(changed.values()), self.date)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_bill_action"
        )
        moves = charges.move_id | notes.sudo(False) | new.move_id
        action["domain"] = [("id", "in", moves.ids)]
        action["context"] = {"create": False}
        return action


class PropertyChargeCorrectLine(models.TransientModel):
    _name = "property.charge.correct.line"
    _description = "Corrected Charge"

    wizard_id = fields.Many2one(
        "property.charge.correct", required=True, ondelete="cascade"
    )
    charge_id = fields.Many2one("property.charge", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="charge_id.currency_id")
    amount = fields.Monetary(related="charge_id.amount_net", string="Billed")
    payment_state = fields.Selection(related="charge_id.payment_state")
    quantity = fields.Float(
        digits=(12, 2), compute="_compute_inputs", store=True, readonly=False
    )
    unit_price = fields.Float(
        digits=(12, 4), compute="_compute_inputs", store=True, readonly=False
    )
    has_fixed_price = fields.Boolean(
        compute="_compute_has_fixed_price",
        help="The price is one number, not tiers or a formula.",
    )
    new_amount = fields.Monetary(compute="_compute_new_amount")

    @api.depends("charge_id")
    def _compute_inputs(self):
        for line in self:
            line.quantity = line.charge_id.quantity
            line.unit_price = line.charge_id.unit_price

    @api.depends("charge_id")
    def _compute_has_fixed_price(self):
        for line in self:
            line.has_fixed_price = line.charge_id._has_fixed_price()

    @api.depends("charge_id", "quantity", "unit_price")
    def _compute_new_amount(self):
        for line in self:
            try:
                line.new_amount = line._prepare_changed()["amount"]
            except UserError:
                line.new_amount = 0.0

    def _prepare_changed(self):
        """Return the values of the charge that takes the place of the wrong one."""
        self.ensure_one()
        return self.charge_id._prepare_changed(self.quantity, self.unit_price)
