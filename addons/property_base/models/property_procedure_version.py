from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list


class PropertyProcedureVersion(models.Model):
    """What a procedure said from the day it came into force; never changed once submitted."""

    _name = "property.procedure.version"
    _description = "Procedure Version"
    _inherit = ["property.approval.mixin"]
    _order = "procedure_id, number desc"
    _approval_locked_fields = (
        "procedure_id",
        "number",
        "scope",
        "change_note",
        "date_effective",
        "step_ids",
    )

    procedure_id = fields.Many2one(
        "property.procedure", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="procedure_id.company_id", store=True, index=True
    )
    category = fields.Selection(related="procedure_id.category")
    number = fields.Integer(
        string="Version",
        aggregator=None,
        compute="_compute_number",
        store=True,
        precompute=True,
        copy=False,
    )
    scope = fields.Text(
        string="Applies To", translate=True, help="What and whom the procedure covers."
    )
    change_note = fields.Text(
        translate=True,
        copy=False,
        help="What differs from the version before, and why.",
    )
    date_effective = fields.Date(
        string="Effective From",
        copy=False,
        help="Day from which it is in force; empty: as soon as it is approved.",
    )
    date_in_force = fields.Date(string="In Force Since", readonly=True, copy=False)
    date_superseded = fields.Date(string="In Force Until", readonly=True, copy=False)
    in_force = fields.Boolean(readonly=True, copy=False)
    status = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("refused", "Rejected"),
            ("scheduled", "Approved, Not Yet in Force"),
            ("in_force", "In Force"),
            ("superseded", "Superseded"),
        ],
        compute="_compute_status",
        store=True,
    )
    step_ids = fields.One2many(
        "property.procedure.step", "version_id", string="Steps", copy=True
    )
    step_count = fields.Integer(compute="_compute_step_count")

    _number_uniq = models.Constraint(
        "UNIQUE(procedure_id, number)", "The procedure already has this version."
    )
    _in_force_uniq = models.UniqueIndex(
        "(procedure_id) WHERE in_force", "Only one version of a procedure is in force."
    )

    @api.depends("procedure_id")
    def _compute_number(self):
        # Numbers go on counting over versions that the user may not see.
        highest = dict(
            self.env["property.procedure.version"]
            .sudo()
            ._read_group(
                [("procedure_id", "in", self.procedure_id.ids)],
                ["procedure_id"],
                ["number:max"],
            )
        )
        for version in self:
            number = highest.get(version.procedure_id, 0) + 1
            highest[version.procedure_id] = version.number = number

    @api.depends("approval_state", "in_force", "date_superseded")
    def _compute_status(self):
        for version in self:
            if version.in_force:
                version.status = "in_force"
            elif version.approval_state != "approved":
                version.status = version.approval_state
            elif version.date_superseded:
                version.status = "superseded"
            else:
                version.status = "scheduled"

    @api.depends("step_ids")
    def _compute_step_count(self):
        counts = dict(
            self.env["property.procedure.step"]._read_group(
                [("version_id", "in", self.ids)], ["version_id"], ["__count"]
            )
        )
        for version in self:
            version.step_count = counts.get(version, 0)

    @api.depends("procedure_id.code", "procedure_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = (
                f"{version.procedure_id.display_name} V{version.number}"
            )

    def write(self, vals):
        """Keep what puts a version in force to the approval."""
        moved = {"in_force", "date_in_force", "date_superseded"} & vals.keys()
        if moved and not self.env.su:
            self._approval_raise_protected()
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        """Start with nothing in force, whatever the caller asks for."""
        if not self.env.su:
            start = {
                "in_force": False,
                "date_in_force": False,
                "date_superseded": False,
            }
            vals_list = [{**vals, **start} for vals in vals_list]
        return super().create(vals_list)

    def _approval_check_submit(self):
        """Ask for steps, and from the second version on for what has changed."""
        for version in self:
            if not version.step_ids:
                raise UserError(
                    self.env._(
                        "%(version)s has no steps yet.", version=version.display_name
                    )
                )
            if version.number > 1 and not (version.change_note or "").strip():
                raise UserError(
                    self.env._(
                        "Say in the change note of %(version)s what differs from the version"
                        " before.",
                        version=version.display_name,
                    )
                )

    def _approval_done(self):
        """Put into force what is to be in force by today."""
        result = super()._approval_done()
        self._put_in_force(fields.Date.context_today(self))
        return result

    def _put_in_force(self, today):
        """Put approved versions into force whose day has come, in place of the older ones.

        When two versions of a procedure are due at once, the newer one wins and the older
        is superseded the same day.

        :param date today: the day
        """
        due = self.filtered(
            lambda version: (
                version.status == "scheduled"
                and (version.date_effective or today) <= today
            )
        )
        # Nobody but the approval changes what is in force.
        due = due.sudo().sorted("number")
        for versions in due.grouped("procedure_id").values():
            newest = versions[-1]
            versions.procedure_id.version_ids.filtered(
                lambda version, newest=newest: (
                    version.number < newest.number
                    and version.status in ("in_force", "scheduled")
                )
            ).write({"in_force": False, "date_superseded": today})
        self.env.flush_all()
        for versions in due.grouped("procedure_id").values():
            versions[-1].write({"in_force": True, "date_in_force": today})

    def _responsibilities(self):
        """Return which steps fall to which role, one line of text for each, for print."""
        self.ensure_one()
        numbers = {}
        for number, step in enumerate(self.step_ids, 1):
            numbers.setdefault(step.role_id.name or "-", []).append(str(number))
        return [
            self.env._(
                "%(role)s: steps %(steps)s",
                role=role,
                steps=format_list(self.env, found),
            )
            for role, found in numbers.items()
        ]

    def _history(self):
        """Return the version and those before it that were ever in force, the newest first."""
        self.ensure_one()
        return self.procedure_id.version_ids.filtered(
            lambda version: (
                version == self
                or (version.number < self.number and version.date_in_force)
            )
        )

    @api.model
    def _cron_put_in_force(self):
        """Put into force what was approved for a day that has come."""
        self.search([("status", "=", "scheduled")])._put_in_force(
            fields.Date.context_today(self)
        )
