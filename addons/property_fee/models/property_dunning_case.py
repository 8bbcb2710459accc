from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

CAUSES = [
    ("unknown", "Not Known"),
    ("forgot", "Forgotten"),
    ("away", "Absent or Vacant"),
    ("unreachable", "Cannot Be Reached"),
    ("hardship", "Hardship"),
    ("quality", "Discontent with the Service"),
    ("defect", "Defect or Handover Dispute"),
    ("bill", "Bill Disputed"),
    ("neighbour", "Conflict with Neighbours"),
    ("sold", "Sold or Let"),
    ("refuses", "Refuses to Pay"),
    ("other", "Other"),
]

# What follows from the bills and from what was agreed on.
FOLLOWED = {
    "unit_id",
    "partner_id",
    "amount_due",
    "amount_overdue",
    "date_oldest",
    "months_owed",
    "limitation_date",
    "state",
}


class PropertyDunningCase(models.Model):
    """What one debtor owes for one unit, and what has been done about it.

    Whoever buys the unit does not inherit it: his bills are a case of their own.
    """

    _name = "property.dunning.case"
    _description = "Dunning Case"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_oldest, id"
    _rec_names_search = ["unit_id.code", "partner_id.name"]

    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="restrict", readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    phone = fields.Char(related="partner_id.phone")
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True, precompute=True
    )
    building_id = fields.Many2one(
        related="unit_id.building_id", store=True, precompute=True
    )
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users", string="Responsible", tracking=True, index="btree_not_null"
    )

    # What is owed; kept up with every payment, see property_dunning_case_amounts.py
    amount_due = fields.Monetary(
        string="Open Amount",
        compute="_compute_amounts",
        store=True,
        help="Unpaid part of all bills of the debtor for the unit.",
    )
    amount_overdue = fields.Monetary(
        string="Overdue",
        compute="_compute_amounts",
        store=True,
        help="Unpaid part of the bills that are past their due date.",
    )
    date_oldest = fields.Date(
        string="Overdue Since",
        compute="_compute_amounts",
        store=True,
        help="Due date of the oldest open bill.",
    )
    months_owed = fields.Integer(
        compute="_compute_amounts", store=True, aggregator="avg"
    )
    days_overdue = fields.Integer(
        compute="_compute_days_overdue", search="_search_days_overdue"
    )

    # Where it stands
    state = fields.Selection(
        [
            ("open", "To Remind"),
            ("promised", "Promised"),
            ("instalment", "By Instalments"),
            ("held", "On Hold"),
            ("closed", "Closed"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )
    level_id = fields.Many2one(
        "property.dunning.level",
        tracking=True,
        index="btree_not_null",
        ondelete="set null",
        group_expand="_group_expand_level_id",
        help="Level of the last reminder; a broken promise raises it.",
    )
    raised = fields.Boolean(
        readonly=True,
        help="The level was raised because a promise or an agreement was broken; the next"
        " reminder is of this level whatever the days.",
    )
    date_reminded = fields.Date(string="Last Reminder", readonly=True)
    next_level_id = fields.Many2one(
        "property.dunning.level", string="Next Step", readonly=True
    )
    date_next = fields.Date(
        string="Next Step On",
        index="btree_not_null",
        help="Day on which the next reminder, promise or end of a hold is due.",
    )
    cause = fields.Selection(
        CAUSES, string="Cause of Non-Payment", default="unknown", tracking=True
    )
    note = fields.Html()

    # What has been done
    letter_ids = fields.One2many("property.dunning.letter", "case_id", "Reminders")
    contact_ids = fields.One2many("property.dunning.contact", "case_id", "Contacts")
    promise_ids = fields.One2many("property.dunning.promise", "case_id", "Promises")
    plan_ids = fields.One2many(
        "property.instalment.plan", "case_id", "Instalment Agreements"
    )
    hold_ids = fields.One2many("property.dunning.hold", "case_id", "Holds")
    letter_count = fields.Integer(compute="_compute_counts")
    contact_count = fields.Integer(compute="_compute_counts")

    # Hold, as of today
    hold_until = fields.Date(compute="_compute_hold")
    hold_reason = fields.Char(compute="_compute_hold")
    hold_reference = fields.Char(compute="_compute_hold")

    # Limitation
    limitation_date = fields.Date(
        string="Claim Lapses On",
        compute="_compute_limitation_date",
        store=True,
        index="btree_not_null",
        help="Last day on which the oldest open bill can be enforced: three years from its"
        " due date (Civil Code, article 188), anew from each documented reminder, promise"
        " or part payment (article 195).",
    )
    owed_table = fields.Html(
        string="Owed by Item and Month", compute="_compute_owed_table", sanitize=False
    )

    _household_uniq = models.Constraint(
        "UNIQUE(unit_id, partner_id)", "A debtor has one case for a unit."
    )

    # === COMPUTE AND SEARCH METHODS === #

    @api.depends("unit_id.code", "partner_id.name")
    def _compute_display_name(self):
        for case in self:
            case.display_name = f"{case.unit_id.code} {case.partner_id.name}"

    @api.depends("date_oldest")
    def _compute_days_overdue(self):
        today = fields.Date.context_today(self)
        for case in self:
            case.days_overdue = (
                (today - case.date_oldest).days if case.date_oldest else 0
            )

    def _search_days_overdue(self, operator, value):
        if operator not in ("<", "<=", ">", ">="):
            return NotImplemented
        flipped = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}[operator]
        day = fields.Date.subtract(fields.Date.context_today(self), days=value)
        return Domain("date_oldest", flipped, day)

    @api.depends(
        "amount_overdue",
        "hold_ids.date_from",
        "hold_ids.date_to",
        "promise_ids.state",
        "plan_ids.state",
    )
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for case in self:
            currency = case.currency_id or case.env.company.currency_id
            if currency.compare_amounts(case.amount_overdue, 0) <= 0:
                case.state = "closed"
            elif case._is_on_hold(today):
                case.state = "held"
            elif "active" in case.plan_ids.mapped("state"):
                case.state = "instalment"
            elif "open" in case.promise_ids.mapped("state"):
                case.state = "promised"
            else:
                case.state = "open"

    @api.depends("hold_ids")
    def _compute_hold(self):
        today = fields.Date.context_today(self)
        for case in self:
            hold = case.hold_ids.filtered(lambda hold: hold._covers(today))[:1]
            case.hold_until = hold.date_to
            case.hold_reason = hold.reason
            case.hold_reference = hold.reference

    def _compute_counts(self):
        letters = dict(
            self.env["property.dunning.letter"]._read_group(
                [("case_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["case_id"],
                ["__count"],
            )
        )
        contacts = dict(
            self.env["property.dunning.contact"]._read_group(
                [("case_id", "in", self.ids)], ["case_id"], ["__count"]
            )
        )
        for case in self:
            case.letter_count = letters.get(case._origin, 0)
            case.contact_count = contacts.get(case._origin, 0)

    @api.model
    def _group_expand_level_id(self, levels, domain):
        """Show every level as a column, not only those with cases."""
        return (levels | levels.search([("policy_id.active", "=", True)])).sorted()

    # === CRUD METHODS === #

    def write(self, vals):
        if FOLLOWED & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._(
                    "What is owed, and where a case stands, follows from the bills."
                )
            )
        return super().write(vals)

    # === ACTION METHODS === #

    def _open(self, name, res_model, field="case_id", view_mode="list,form", **context):
        """Return the action that opens records of the case."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": res_model,
            "view_mode": view_mode,
            "domain": [(field, "=", self.id)],
            "context": {f"default_{field}": self.id, **context},
        }

    def action_view_bills(self):
        """Open what the debtor has been billed for the unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_bill_action"
        )
        action["domain"] = [
            ("property_unit_id", "=", self.unit_id.id),
            ("partner_id", "=", self.partner_id.id),
            ("state", "=", "posted"),
        ]
        action["context"] = {"create": False}
        return action

    def action_view_letters(self):
        """Open the reminders of the case."""
        return self._open(
            self.env._("Reminders"), "property.dunning.letter", create=False
        )

    def action_view_contacts(self):
        """Open the contact log of the case."""
        return self._open(self.env._("Contacts"), "property.dunning.contact")

    def _action_new(self, name, res_model, **context):
        """Return the action that asks for a new record of the case in a dialog."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": res_model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_id": self.id, **context},
        }

    def action_log_contact(self):
        """Ask how the debtor was talked to."""
        return self._action_new(self.env._("Log Contact"), "property.dunning.contact")

    def action_promise(self):
        """Ask what the debtor promises to pay, and when."""
        return self._action_new(
            self.env._("Promise to Pay"),
            "property.dunning.promise",
            default_amount=self.amount_overdue,
        )

    def action_instalments(self):
        """Ask for an agreement to pay by instalments."""
        return self._action_new(
            self.env._("Instalment Agreement"),
            "property.instalment.plan",
            default_amount=self.amount_overdue,
        )

    def action_hold(self):
        """Ask why the case is put on hold, and until when."""
        return self._action_new(self.env._("Put on Hold"), "property.dunning.hold")

    def action_end_hold(self):
        """Go on with the case: reminders and late fees resume tomorrow."""
        self._end_hold()
        return True
