from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.period import month_start


class PropertyChargeEntry(models.Model):
    """Charges that come once, by list or from a workbook: cards, repairs, damages.

    Each row becomes a charge. Checked, it goes on the household's bill of the next run; or
    all are billed at once.
    """

    _name = "property.charge.entry"
    _description = "Charge Entry"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        default=lambda self: self.env._("Single charges"),
        help="What the list is about.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    community_id = fields.Many2one(
        "property.community", required=True, index=True, check_company=True
    )
    item_id = fields.Many2one(
        "property.fee.item",
        string="Fee Item",
        check_company=True,
        domain="[('kind', '=', 'one_off')]",
        help="Item of the rows that name none.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("checked", "Checked"),
            ("billed", "Billed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many("property.charge.entry.line", "entry_id", string="Rows")
    line_count = fields.Integer(string="Row Count", compute="_compute_totals")
    problem_count = fields.Integer(string="Problems", compute="_compute_totals")
    billed_count = fields.Integer(string="Rows Billed", compute="_compute_totals")
    amount = fields.Monetary(compute="_compute_totals", string="Total")

    @api.depends("line_ids.amount", "line_ids.problem", "line_ids.charge_id.state")
    def _compute_totals(self):
        for entry in self:
            lines = entry.line_ids
            entry.line_count = len(lines)
            entry.problem_count = len(lines.filtered("problem"))
            entry.billed_count = len(
                lines.filtered(lambda line: line.charge_id.state == "billed")
            )
            entry.amount = sum(lines.mapped("amount"))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_checked(self):
        if any(entry.state not in ("draft", "cancelled") for entry in self):
            raise UserError(
                self.env._("A list that has been checked cannot be deleted.")
            )

    # === ACTIONS === #

    def action_check(self):
        """Look at every row; make the charges when none has a problem."""
        for entry in self.filtered(lambda entry: entry.state == "draft"):
            if not entry.line_ids:
                raise UserError(self.env._("Enter at least one row."))
            entry.line_ids._find_problems()
            if not entry.problem_count:
                entry.line_ids._create_charges()
                entry.state = "checked"
        return True

    def action_bill(self):
        """Bill the checked charges now, on bills of their own."""
        self.check_access("write")
        for entry in self.filtered(lambda entry: entry.state == "checked"):
            entry.line_ids._bill(entry.date)
        return True

    def action_reset(self):
        """Take the charges back that are not billed yet; the rows can be changed again."""
        for entry in self.filtered(lambda entry: entry.state == "checked"):
            # Charges are written by the system alone; the list is the user's own.
            lines = entry.line_ids.sudo()
            charges = lines.charge_id
            if any(charge.move_id for charge in charges):
                raise UserError(
                    self.env._("Some of the charges have been billed already.")
                )
            lines.charge_id = False
            charges.unlink()
            entry.state = "draft"
        return True

    def action_cancel(self):
        """Give up a list that is not billed."""
        self.action_reset()
        self.filtered(lambda entry: entry.state == "draft").state = "cancelled"
        return True

    def action_draft(self):
        """Take up a list again that was given up."""
        self.filtered(lambda entry: entry.state == "cancelled").state = "draft"
        return True

    def action_view_charges(self):
        """Open the charges of the rows."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_charge_action"
        )
        action["domain"] = [("id", "in", self.line_ids.charge_id.ids)]
        return action

    def _get_period(self):
        """Return the first day of the month that the charges belong to."""
        self.ensure_one()
        return month_start(self.date)

    def _follow_charges(self):
        """Note lists of which every charge has been billed."""
        for entry in self:
            if entry.line_ids and entry.billed_count == entry.line_count:
                entry.state = "billed"
