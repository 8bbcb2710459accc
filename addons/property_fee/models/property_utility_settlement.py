from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools.period import month_end, month_start


class PropertyUtilitySettlement(models.Model):
    _name = "property.utility.settlement"
    _description = "Utility Settlement"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    community_id = fields.Many2one(
        "property.community", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="community_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    item_id = fields.Many2one(
        "property.fee.item",
        string="Fee Item",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('is_agency', '=', True)]",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Utility",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
    )
    date_from = fields.Date(
        string="From Month",
        required=True,
        default=lambda self: month_start(fields.Date.context_today(self)),
    )
    date_to = fields.Date(
        string="To Month",
        compute="_compute_date_to",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    account_id = fields.Many2one(
        related="item_id.agency_account_id", string="Liability Account"
    )

    # What the utility asks for
    bill_id = fields.Many2one(
        "account.move",
        string="Master Bill",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('move_type', '=', 'in_invoice'), ('partner_id', '=', partner_id)]",
    )
    master_quantity = fields.Float(
        string="Quantity Billed by the Utility",
        digits=(14, 3),
        compute="_compute_master_quantity",
        store=True,
        readonly=False,
        precompute=True,
        help="By the main meters of the community, until the bill says otherwise.",
    )
    master_amount = fields.Monetary(
        string="Amount Billed by the Utility",
        compute="_compute_master_amount",
        store=True,
        readonly=False,
        precompute=True,
    )

    # What the households were asked for
    charge_ids = fields.One2many("property.charge", "settlement_id", string="Charges")
    charge_count = fields.Integer(string="Number of Charges", compute="_compute_billed")
    billed_quantity = fields.Float(
        string="Quantity Billed to Households",
        digits=(14, 3),
        compute="_compute_billed",
    )
    billed_amount = fields.Monetary(
        string="Billed to Households", compute="_compute_billed"
    )
    collected_amount = fields.Monetary(
        string="Paid by Households", compute="_compute_billed"
    )
    loss_quantity = fields.Float(digits=(14, 3), compute="_compute_loss")
    loss_amount = fields.Monetary(
        compute="_compute_loss",
        help="Asked for by the utility and billed to nobody; negative for a surplus.",
    )
    loss_rate = fields.Float(string="Loss (%)", digits=(6, 2), compute="_compute_loss")

    # Entry
    date = fields.Date(
        string="Entry On", required=True, default=fields.Date.context_today
    )
    journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain="[('type', '=', 'general')]",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    loss_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        domain="[('account_type', 'in', ('expense', 'expense_direct_cost', 'income_other'))]",
        help="Where the difference goes that the company bears.",
    )
    move_id = fields.Many2one(
        "account.move", string="Entry", readonly=True, copy=False, ondelete="restrict"
    )
    state = fields.Selection(
        [("draft", "Draft"), ("confirmed", "Confirmed"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    note = fields.Text()

    _period_order = models.Constraint(
        "CHECK(date_to >= date_from)", "A settlement cannot end before it starts."
    )

    # === COMPUTE METHODS === #

    @api.depends("community_id.name", "item_id.name", "date_from")
    def _compute_name(self):
        for settlement in self:
            month = settlement.date_from and f"{settlement.date_from:%Y-%m}"
            parts = [month, settlement.community_id.name, settlement.item_id.name]
            settlement.name = " ".join(part for part in parts if part)

    @api.depends("item_id")
    def _compute_partner_id(self):
        for settlement in self:
            settlement.partner_id = (
                settlement.item_id.agency_partner_id or settlement.partner_id
            )

    @api.depends("date_from")
    def _compute_date_to(self):
        for settlement in self:
            settlement.date_to = settlement.date_from and month_end(
                settlement.date_from
            )

    @api.depends("company_id")
    def _compute_journal_id(self):
        Journal = self.env["account.journal"]
        for settlement in self:
            settlement.journal_id = Journal.search(
                [
                    *Journal._check_company_domain(settlement.company_id),
                    ("type", "=", "general"),
                ],
                limit=1,
            )

    @api.depends("community_id", "item_id", "date_from", "date_to")
    def _compute_master_quantity(self):
        Meter, Reading = self.env["property.meter"], self.env["property.meter.reading"]
        for settlement in self:
            kinds = Meter.search_fetch(
                [
                    ("community_id", "=", settlement.community_id.id),
                    ("item_id", "=", settlement.item_id.id),
                    ("is_common", "=", False),
                ],
                ["kind"],
                limit=1,
            ).mapped("kind")
            rows = Reading._read_group(
                [
                    ("meter_id.community_id", "=", settlement.community_id.id),
                    ("meter_id.is_common", "=", True),
                    ("meter_id.parent_id", "=", False),
                    ("meter_kind", "in", kinds),
                    ("period", ">=", settlement.date_from),
                    ("period", "<=", settlement.date_to),
                    ("state", "in", ("confirmed", "billed")),
                ],
                [],
                ["quantity:sum"],
            )
            settlement.master_quantity = rows[0][0] or 0.0

    @api.depends("bill_id")
    def _compute_master_amount(self):
        for settlement in self:
            settlement.master_amount = (
                settlement.bill_id.amount_total or settlement.master_amount or 0.0
            )

    @api.depends("community_id", "item_id", "date_from", "date_to", "state")
    def _compute_billed(self):
        for settlement in self:
            charges = settlement._get_charges()
            settlement.charge_count = len(charges)
            settlement.billed_quantity = sum(charges.mapped("quantity"))
            settlement.billed_amount = -sum(
                settlement._get_agency_lines(charges).mapped("balance")
            )
            paid = 0.0
            # The accountant sees the bills of all households whose charges he sees.
            for move, own in charges.grouped("move_id").items():
                if move.amount_total:
                    share = 1 - move.amount_residual / move.amount_total
                    paid += share * sum(own.mapped("amount"))
            # A new one knows its company once a community is chosen.
            currency = settlement.currency_id or self.env.company.currency_id
            settlement.collected_amount = currency.round(paid)

    @api.depends("master_quantity", "master_amount", "billed_quantity", "billed_amount")
    def _compute_loss(self):
        for settlement in self:
            settlement.loss_quantity = (
                settlement.master_quantity - settlement.billed_quantity
            )
            settlement.loss_amount = settlement.master_amount - settlement.billed_amount
            settlement.loss_rate = (
                100.0 * settlement.loss_quantity / settlement.master_quantity
                if settlement.master_quantity
                else 0.0
            )

    # === CRUD METHODS === #

    def write(self, vals):
        frozen = {"community_id", "item_id", "date_from", "date_to", "bill_id"}
        frozen |= {"master_quantity", "master_amount", "loss_account_id"}
        if frozen & vals.keys() and any(row.state == "confirmed" for row in self):
            raise UserError(
                self.env._("A confirmed settlement cannot be changed. Cancel it first.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        if any(row.state == "confirmed" for row in self):
            raise UserError(self.env._("A confirmed settlement cannot be deleted."))

    # === ACTION METHODS === #

    def action_create_bill(self):
        """Make a draft of the utility's bill on the liability account and open it."""
        self.ensure_one()
        self._check_ready()
        if not self.bill_id:
            self.bill_id = self.env["account.move"].create(
                {
                    "move_type": "in_invoice",
                    "company_id": self.company_id.id,
                    "partner_id": self.partner_id.id,
                    "invoice_date": self.date,
                    "ref": self.name,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": self.name,
                                "account_id": self.account_id.id,
                                "quantity": 1.0,
                                "price_unit": self.master_amount or self.billed_amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        return self.action_view_bill()

    def action_view_bill(self):
        """Open the utility's bill."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.bill_id.id,
            "view_mode": "form",
        }

    def action_view_entry(self):
        """Open the entry that cleared the liability."""
        self.ensure_one()
        return {**self.action_view_bill(), "res_id": self.move_id.id}

    def action_view_charges(self):
        """Open the charges that are settled."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_charge_action"
        )
        action["domain"] = [("id", "in", self._get_charges().ids)]
        action["context"] = {}
        return action

    def action_confirm(self):
        """Clear the liability by the utility's bill; the company bears the difference.

        :raises UserError: account, journal or posted bill are missing
        """
        for settlement in self:
            settlement._check_ready()
            if settlement.state != "draft":
                raise UserError(
                    self.env._("%(name)s has been settled.", name=settlement.name)
                )
            if settlement.bill_id.state != "posted":
                raise UserError(
                    self.env._(
                        "%(name)s: choose the posted bill of the utility.",
                        name=settlement.name,
                    )
                )
            charges = settlement._get_charges()
            lines = settlement._prepare_entry_lines(charges)
            # A charge is settled once; the rows are the system's.
            charges.sudo().settlement_id = settlement
            if lines:
                settlement.move_id = self.env["account.move"].create(
                    settlement._prepare_entry(lines)
                )
                settlement.move_id._post(soft=False)
            settlement.state = "confirmed"
        return True

    def action_cancel(self):
        """Take a settlement back: its entry is reversed and its charges are free again."""
        for settlement in self.filtered(lambda row: row.state == "confirmed"):
            if settlement.move_id:
                settlement.move_id._reverse_moves(
                    [{"date": settlement.move_id.date, "ref": settlement.name}],
                    cancel=True,
                )
            # The rows are the system's; the right to cancel is that on the settlement.
            settlement.charge_ids.sudo().settlement_id = False
            settlement.state = "cancelled"
        return True

    def action_draft(self):
        """Open a cancelled settlement again."""
        self.filtered(lambda row: row.state == "cancelled").write(
            {"state": "draft", "move_id": False}
        )
        return True
