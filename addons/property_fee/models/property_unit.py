from odoo import api, fields, models
from odoo.fields import Domain

# Who may see what a household owes.
ARREARS_GROUPS = (
    "property_base.group_property_frontdesk,property_base.group_property_cashier,"
    "account.group_account_readonly"
)
# Who may see what a household is charged for.
FEE_GROUPS = (
    "property_base.group_property_frontdesk,property_base.group_property_cashier"
)


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    currency_id = fields.Many2one(related="company_id.currency_id")
    fee_assignment_ids = fields.One2many(
        "property.fee.assignment",
        "unit_id",
        string="Fee Assignments",
        groups=FEE_GROUPS,
    )
    bill_count = fields.Integer(compute="_compute_bills", groups=ARREARS_GROUPS)
    amount_due = fields.Monetary(
        string="Open Amount",
        compute="_compute_bills",
        groups=ARREARS_GROUPS,
        help="Unpaid part of all bills of the unit, whoever owes them.",
    )
    amount_overdue = fields.Monetary(
        string="Arrears",
        compute="_compute_bills",
        groups=ARREARS_GROUPS,
        help="Unpaid part of the bills that are past their date.",
    )
    has_arrears = fields.Boolean(
        compute="_compute_bills", search="_search_has_arrears", groups=ARREARS_GROUPS
    )

    def _domain_bills(self):
        """Return the domain of the posted bills and credit notes of the units."""
        return Domain("property_unit_id", "in", self.ids) & Domain(
            "state", "=", "posted"
        )

    @api.depends_context("uid")
    def _compute_bills(self):
        # The front desk answers what a household owes without reading the books.
        Move = self.env["account.move"].sudo()
        domain = self._domain_bills()
        today = fields.Date.context_today(self)
        bills = {
            unit: (count, due)
            for unit, count, due in Move._read_group(
                domain, ["property_unit_id"], ["__count", "amount_residual_signed:sum"]
            )
        }
        overdue = dict(
            Move._read_group(
                domain & Domain("invoice_date_due", "<", today),
                ["property_unit_id"],
                ["amount_residual_signed:sum"],
            )
        )
        for unit in self:
            unit.bill_count, unit.amount_due = bills.get(unit, (0, 0.0))
            unit.amount_overdue = overdue.get(unit, 0.0)
            unit.has_arrears = unit.amount_overdue > 0

    def _search_has_arrears(self, operator, value):
        if operator != "in":
            return NotImplemented
        # As in the compute: the amount stays hidden, only the units are found.
        rows = (
            self.env["account.move"]
            .sudo()
            ._read_group(
                [
                    ("property_unit_id", "!=", False),
                    ("state", "=", "posted"),
                    ("invoice_date_due", "<", fields.Date.context_today(self)),
                ],
                ["property_unit_id"],
                having=[("amount_residual_signed:sum", ">", 0)],
            )
        )
        return Domain("id", "in", [unit.id for (unit,) in rows])

    def action_view_bills(self):
        """Open the bills of the unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_bill_action"
        )
        action["domain"] = [
            ("property_unit_id", "=", self.id),
            ("state", "!=", "cancel"),
        ]
        action["context"] = {"create": False}
        return action

    def action_view_charges(self):
        """Open the charges of the unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_charge_action"
        )
        action["domain"] = [("unit_id", "=", self.id)]
        action["context"] = {"search_default_unpaid": 1}
        return action
