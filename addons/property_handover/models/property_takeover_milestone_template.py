from odoo import fields, models

STAGES = [
    ("preparation", "Preparation"),
    ("acceptance", "Acceptance"),
    ("rectification", "Rectification"),
    ("handover", "Handover"),
    ("opening", "Opening"),
]


class PropertyTakeoverMilestoneTemplate(models.Model):
    _name = "property.takeover.milestone.template"
    _description = "Take-over Milestone Template"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    stage = fields.Selection(STAGES, required=True, default="preparation")
    offset_days = fields.Integer(
        string="Days from Take-over",
        help="Due so many days after the day of take-over; negative: before it.",
    )
    note = fields.Text(
        translate=True, help="What belongs to it, and which paper proves it."
    )

    def _prepare_milestone_vals(self):
        """Return the values of a milestone of a new project."""
        self.ensure_one()
        return {
            "name": self.name,
            "sequence": self.sequence,
            "stage": self.stage,
            "offset_days": self.offset_days,
            "note": self.note,
        }
