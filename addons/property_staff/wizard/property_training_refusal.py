from odoo import fields, models


class PropertyTrainingRefusal(models.TransientModel):
    """Ask why training plans are refused."""

    _name = "property.training.refusal"
    _description = "Refusal of Training Plans"

    plan_ids = fields.Many2many("property.training.plan", required=True)
    reason = fields.Text(required=True)

    def action_refuse(self):
        """Refuse the plans for the reason given."""
        self.ensure_one()
        self.plan_ids._refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
