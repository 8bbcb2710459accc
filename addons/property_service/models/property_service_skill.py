from odoo import api, fields, models


class PropertyServiceSkill(models.Model):
    """A trade: what somebody must know to be sent."""

    _name = "property.service.skill"
    _description = "Trade"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    engineer_ids = fields.Many2many("property.engineer", string="Engineers")
    engineer_count = fields.Integer(compute="_compute_engineer_count")

    @api.depends("engineer_ids")
    def _compute_engineer_count(self):
        for skill in self:
            skill.engineer_count = len(skill.engineer_ids)
