from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .property_takeover_milestone_template import STAGES


class PropertyTakeoverMilestone(models.Model):
    _name = "property.takeover.milestone"
    _description = "Take-over Milestone"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "project_id, sequence, id"

    name = fields.Char(required=True)
    project_id = fields.Many2one(
        "property.takeover.project", required=True, index=True, ondelete="cascade"
    )
    community_id = fields.Many2one(
        related="project_id.community_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="project_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    stage = fields.Selection(STAGES, required=True, default="preparation")
    offset_days = fields.Integer(string="Days from Take-over")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index="btree_not_null",
        tracking=True,
        domain=[("share", "=", False)],
    )
    due_date = fields.Date(
        compute="_compute_due_date", store=True, readonly=False, tracking=True
    )
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("skipped", "Does Not Apply")],
        required=True,
        default="open",
        tracking=True,
    )
    done_date = fields.Date(readonly=True)
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue"
    )
    note = fields.Text()

    _done_has_date = models.Constraint(
        "CHECK(state != 'done' OR done_date IS NOT NULL)",
        "A milestone that is done has the day on which it was done.",
    )

    @api.depends("project_id.takeover_date", "offset_days")
    def _compute_due_date(self):
        for milestone in self:
            day = milestone.project_id.takeover_date
            if milestone.state == "open":
                milestone.due_date = day and fields.Date.add(
                    day, days=milestone.offset_days
                )
            else:
                milestone.due_date = milestone.due_date

    @api.depends("due_date", "state")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for milestone in self:
            due = milestone.due_date
            milestone.is_overdue = milestone.state == "open" and due and due < today

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "=", "open") & Domain(
            "due_date", "<", fields.Date.context_today(self)
        )

    def write(self, vals):
        if "state" in vals:
            if vals["state"] == "done":
                vals = {"done_date": fields.Date.context_today(self), **vals}
            else:
                vals = {**vals, "done_date": False}
            self._check_state_change(vals)
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        today = fields.Date.context_today(self)
        return super().create(
            [
                {"done_date": today, **vals} if vals.get("state") == "done" else vals
                for vals in vals_list
            ]
        )

    def _check_state_change(self, vals):
        """Refuse to skip without saying why, and to touch a closed project."""
        for milestone in self:
            if milestone.project_id.state == "closed":
                raise UserError(
                    self.env._(
                        "Take-over %(project)s is closed; its milestones are final.",
                        project=milestone.project_id.name,
                    )
                )
            if vals["state"] == "skipped" and not vals.get("note", milestone.note):
                raise UserError(
                    self.env._(
                        'Say in the note why "%(milestone)s" does not apply here.',
                        milestone=milestone.name,
                    )
                )

    def action_done(self):
        """Mark the milestones as done today."""
        return self.write({"state": "done"})

    def action_skip(self):
        """Mark the milestones as not applying to this estate."""
        return self.write({"state": "skipped"})

    def action_reopen(self):
        """Take the milestones up again."""
        return self.write({"state": "open"})
