from odoo import api, fields, models


class PropertyEntrance(models.Model):
    _name = "property.entrance"
    _description = "Entrance"
    _order = "building_id, sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True)
    code = fields.Char(
        required=True,
        help='Number that stands second in the code of its units, such as "1" in 3-1-502.',
    )
    sequence = fields.Integer(default=10)
    building_id = fields.Many2one(
        "property.building", required=True, index=True, ondelete="cascade"
    )
    community_id = fields.Many2one(
        related="building_id.community_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="building_id.company_id", store=True, index=True
    )
    unit_ids = fields.One2many("property.unit", "entrance_id")

    _code_building_uniq = models.Constraint(
        "UNIQUE(building_id, code)",
        "Another entrance of the building already has this code.",
    )

    @api.depends("name", "building_id.name")
    def _compute_display_name(self):
        for entrance in self:
            entrance.display_name = f"{entrance.building_id.name}{entrance.name}"
