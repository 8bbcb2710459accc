from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from psycopg2.errors import CheckViolation, NotNullViolation

from ..tools.amount import exact, flat_amount


class PropertyChargeEntryLine(models.Model):
    _name = "property.charge.entry.line"
    _description = "Charge Entry Row"
    _order = "entry_id desc, row, id"

    entry_id = fields.Many2one(
        "property.charge.entry", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="entry_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="entry_id.currency_id")
    community_id = fields.Many2one(
        related="entry_id.community_id", store=True, index=True, precompute=True
    )
    state = fields.Selection(related="entry_id.state")
    row = fields.Integer(help="Row of the workbook that it came from.")
    unit_id = fields.Many2one(
        "property.unit",
        index="btree_not_null",
        domain="[('community_id', '=', community_id)]",
        ondelete="restrict",
    )
    item_id = fields.Many2one(
        "property.fee.item",
        string="Fee Item",
        domain="[('kind', '=', 'one_off'), ('company_id', '=', company_id)]",
        compute="_compute_item_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    quantity = fields.Float(default=1.0, digits=(12, 2), aggregator=None)
    price = fields.Float(digits=(12, 4), aggregator=None)
    amount = fields.Monetary(compute="_compute_amount", store=True, precompute=True)
    date = fields.Date(
        compute="_compute_date", store=True, readonly=False, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Payer",
        ondelete="restrict",
        help="Leave empty for whoever owns the unit on the day.",
    )
    remark = fields.Char(help="Shown on the bill.")
    problem = fields.Text(readonly=True, copy=False)
    charge_id = fields.Many2one(
        "property.charge", readonly=True, copy=False, ondelete="restrict"
    )
    charge_state = fields.Selection(
        related="charge_id.state", string="Status of the Charge"
    )

    @api.depends("entry_id.item_id")
    def _compute_item_id(self):
        for line in self:
            line.item_id = line.item_id or line.entry_id.item_id

    @api.depends("entry_id.date")
    def _compute_date(self):
        for line in self:
            line.date = line.date or line.entry_id.date

    @api.depends("quantity", "price")
    def _compute_amount(self):
        for line in self:
            line.amount = float(flat_amount(line.quantity, line.price).amount)

    @api.depends("unit_id.code", "item_id.name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.unit_id.code or ''} {line.item_id.name or ''}"

    @api.model_create_multi
    def create(self, vals_list):
        self.env["property.charge.entry"].browse(
            [vals["entry_id"] for vals in vals_list if vals.get("entry_id")]
        )._check_rows_may_change()
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su or vals.keys() - {"charge_id", "problem"}:
            self.entry_id._check_rows_may_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_checked(self):
        self.entry_id._check_rows_may_change()

    # === CHECK === #

    def _find_problems(self):
        """Note on each row what keeps it from being charged."""
        payers = self._get_payers()
        for line in self:
            line.problem = "\n".join(line._get_problems(payers.get(line))) or False

    def _get_payers(self):
        """Return who pays each row: who is named, or who owns the unit on its day."""
        payers = {line: line.partner_id for line in self if line.partner_id}
        rest = self.filtered(lambda line: line not in payers and line.unit_id)
        for day, lines in rest.grouped("date").items():
            found = lines.unit_id._get_payers(day, "owner") if day else {}
            for line in lines:
                owner = found.get(line.unit_id)
                payers[line] = owner or line.community_id.developer_id
        return payers

    def _get_problems(self, payer):
        """Return what is wrong with a row, each with its cure.

        :param payer: res.partner, may be empty
        """
        self.ensure_one()
        found = []
        if not self.unit_id:
            found.append(self.env._("There is no such unit in the community."))
        elif self.unit_id.community_id != self.community_id:
            found.append(self.env._("The unit belongs to another community."))
        if not self.item_id:
            found.append(self.env._("Choose a fee item of the kind one-off."))
        elif self.item_id.kind != "one_off":
            found.append(
                self.env._("%(item)s is not a one-off fee.", item=self.item_id.name)
            )
        elif reason := self.item_id._get_account_problem(self.company_id):
            found.append(reason)
        if self.currency_id.compare_amounts(self.amount, 0.0) <= 0:
            found.append(self.env._("The amount has to be above zero."))
        if not self.date:
            found.append(self.env._("Enter a date."))
        if self.unit_id and not payer:
            found.append(
                self.env._("The unit has no owner on this day: name the payer.")
            )
        elif payer and not payer.active:
            found.append(
                self.env._(
                    "%(payer)s, who pays, is archived. Restore the contact or change who"
                    " pays.",
                    payer=payer.name,
                )
            )
        return found

    # === CHARGES === #

    def _create_charges(self):
        """Make a checked charge of each row."""
        payers = self._get_payers()
        # Charges are written by the system alone; the rows have been checked.
        charges = (
            self.env["property.charge"]
            .sudo()
            .create([line._prepare_charge(payers[line]) for line in self])
        )
        for line, charge in zip(self.sudo(), charges, strict=True):
            line.charge_id = charge

    def _prepare_charge(self, payer):
        """Return the values of the charge of a row."""
        self.ensure_one()
        result = flat_amount(self.quantity, self.price)
        return {
            "entry_line_id": self.id,
            "unit_id": self.unit_id.id,
            "item_id": self.item_id.id,
            "community_id": self.community_id.id,
            "company_id": self.company_id.id,
            "partner_id": payer.id,
            "period": self.entry_id._get_period(),
            "date_from": self.date,
            "date_to": self.date,
            "quantity": self.quantity,
            "unit_price": self.price,
            "amount": float(result.amount),
            "state": "checked",
            "explanation": {
                "kind": "one_off",
                "basis": "count",
                "quantity": f"{Decimal(str(self.quantity)):.2f}",
                "price": f"{float(exact(self.price)):.4f}",
                "date_from": self.date.isoformat(),
                "date_to": self.date.isoformat(),
                "rounding": "fen",
                "whole_months": 0,
                "parts": [],
                "remark": self.remark or "",
                "amount": str(result.amount),
            },
        }

    def _bill(self, day):
        """Put the charges of the rows on bills; note on a row why it failed."""
        # The accountant bills by this button alone, whatever else he may post.
        rows = self.sudo()
        waiting = rows.filtered(lambda line: line.charge_id.state == "checked")
        for _unit, lines in waiting.grouped("unit_id").items():
            try:
                with self.env.cr.savepoint():
                    lines.charge_id._create_bills(day)
                    lines.problem = False
            except (UserError, CheckViolation, NotNullViolation) as error:
                lines.problem = str(error)
        rows.entry_id._follow_charges()
