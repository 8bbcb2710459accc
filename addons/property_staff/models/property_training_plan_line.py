from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import plan_rules

# What is recorded while a plan is carried out, and therefore after its approval.
RECORD_FIELDS = {"cost", "held_on", "participant_count"}


class PropertyTrainingPlanLine(models.Model):
    _name = "property.training.plan.line"
    _description = "Planned Training"
    _order = "plan_id, month, sequence, id"

    plan_id = fields.Many2one(
        "property.training.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    community_id = fields.Many2one(
        related="plan_id.community_id", store=True, index="btree_not_null"
    )
    department_id = fields.Many2one(related="plan_id.department_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    year = fields.Integer(related="plan_id.year", store=True, aggregator=None)
    state = fields.Selection(related="plan_id.state", store=True, string="Plan State")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Topic", required=True)
    audience = fields.Char(string="Scope", help="Who takes part.")
    month = fields.Selection(
        [
            ("01", "January"),
            ("02", "February"),
            ("03", "March"),
            ("04", "April"),
            ("05", "May"),
            ("06", "June"),
            ("07", "July"),
            ("08", "August"),
            ("09", "September"),
            ("10", "October"),
            ("11", "November"),
            ("12", "December"),
        ],
        compute="_compute_month",
        store=True,
        readonly=False,
        precompute=True,
    )
    date = fields.Date(help="Exact day, if it is fixed already.")
    trainer = fields.Char(help="Colleague, or institute outside the company.")
    hours = fields.Float(default=2.0)
    standard = fields.Char(
        string="Standard of Assessment",
        help="By what the participants are assessed, such as a written test with 80 of"
        " 100 points.",
    )
    budget = fields.Monetary()
    is_free = fields.Boolean(
        string="No Cost", help="The training costs nothing; no budget is needed."
    )
    cost = fields.Monetary(copy=False, help="What it did cost.")
    held_on = fields.Date(copy=False)
    participant_count = fields.Integer(string="Participants", copy=False)

    _not_negative = models.Constraint(
        "CHECK(hours >= 0 AND budget >= 0 AND cost >= 0 AND participant_count >= 0)",
        "Hours, amounts and participants cannot be negative.",
    )
    _free_costs_nothing = models.Constraint(
        "CHECK(NOT is_free OR COALESCE(budget, 0) = 0)",
        "A training without cost has no budget.",
    )

    @api.depends("date")
    def _compute_month(self):
        for line in self:
            line.month = f"{line.date.month:02d}" if line.date else line.month

    @api.constrains("date", "month", "plan_id")
    def _check_date(self):
        for line in self:
            if line.date and (
                line.date.year != line.year or line.month != f"{line.date.month:02d}"
            ):
                raise ValidationError(
                    self.env._(
                        '"%(training)s": %(date)s does not lie in the month and year of'
                        " the plan.",
                        training=line.name,
                        date=fields.Date.to_string(line.date),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_open()
        return lines

    def write(self, vals):
        if not vals.keys() <= RECORD_FIELDS:
            self._check_open()
        result = super().write(vals)
        if "plan_id" in vals:
            self._check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        self._check_open()

    def _check_open(self):
        """Refuse to change trainings of a plan that is submitted or approved.

        The system itself may: it fills in demo data and archives.
        """
        if self.env.su:
            return
        for plan in self.plan_id:
            if plan.state in ("submitted", "approved"):
                raise UserError(
                    self.env._(
                        "The trainings of %(plan)s are fixed; set it back to draft to"
                        " change them.",
                        plan=plan.name,
                    )
                )

    def _describe_missing(self):
        """Return a sentence that says what the training lacks, or an empty string."""
        self.ensure_one()
        missing = plan_rules.missing_parts(
            self.month, self.standard, self.audience, self.budget, self.is_free
        )
        if not missing:
            return ""
        names = {
            "time": self.env._("time"),
            "standard": self.env._("standard of assessment"),
            "scope": self.env._("scope"),
            "budget": self.env._("budget"),
        }
        return self.env._(
            '"%(training)s" does not name: %(parts)s.',
            training=self.name,
            parts=", ".join(names[part] for part in missing),
        )
