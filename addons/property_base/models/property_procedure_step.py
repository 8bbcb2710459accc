from odoo import api, fields, models


class PropertyProcedureStep(models.Model):
    _name = "property.procedure.step"
    _description = "Procedure Step"
    _order = "version_id, sequence, id"

    version_id = fields.Many2one(
        "property.procedure.version", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="version_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Text(string="What Is Done", required=True, translate=True)
    role_id = fields.Many2one(
        "res.groups",
        string="Responsible Role",
        ondelete="restrict",
        domain=lambda self: self.env["property.approval.step"]._domain_group_id(),
    )
    time_limit = fields.Integer(help="Within how long the step is done; 0: no limit.")
    time_unit = fields.Selection(
        [
            ("minute", "minute(s)"),
            ("hour", "hour(s)"),
            ("workday", "working day(s)"),
            ("day", "day(s)"),
        ],
        default="workday",
    )
    time_text = fields.Char(string="Within", compute="_compute_time_text")
    record = fields.Char(
        string="Record Kept",
        translate=True,
        help="Form, register or document that shows that the step was done.",
    )

    _time_limit_positive = models.Constraint(
        "CHECK(time_limit >= 0)", "A time limit cannot be negative."
    )

    @api.depends("time_limit", "time_unit")
    @api.depends_context("lang")
    def _compute_time_text(self):
        units = dict(self._fields["time_unit"]._description_selection(self.env))
        for step in self:
            step.time_text = False
            if step.time_limit:
                step.time_text = self.env._(
                    "%(count)s %(unit)s",
                    count=step.time_limit,
                    unit=units.get(step.time_unit, ""),
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Add no step to a version that is submitted or in force."""
        steps = super().create(vals_list)
        steps._check_version_is_draft()
        return steps

    def write(self, vals):
        """Change no step of a version that is submitted or in force."""
        self._check_version_is_draft()
        result = super().write(vals)
        if "version_id" in vals:
            self._check_version_is_draft()
        return result

    def _update_field_translations(self, field_name, translations, *args, **kwargs):
        """Translate no step of a version that is submitted or in force."""
        self._check_version_is_draft()
        return super()._update_field_translations(
            field_name, translations, *args, **kwargs
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fixed(self):
        self._check_version_is_draft()

    def _check_version_is_draft(self):
        if not self.env.su:
            self.version_id._approval_check_unlocked()
