from odoo import fields, models


class PropertyBuildingGenerateDoor(models.TransientModel):
    _name = "property.building.generate.door"
    _description = "Areas of a Column of Rooms"
    _order = "door"

    wizard_id = fields.Many2one(
        "property.building.generate", required=True, ondelete="cascade"
    )
    door = fields.Integer(required=True, help="Place on the floor, counted from 1.")
    gross_area = fields.Float(string="Gross Area (m²)", digits=(12, 2))
    inner_area = fields.Float(string="Inner Area (m²)", digits=(12, 2))
    layout = fields.Char(help="Rooms, such as 3 bedrooms and 2 living rooms.")

    _inner_within_gross = models.Constraint(
        "CHECK(COALESCE(gross_area, 0) = 0 OR inner_area <= gross_area)",
        "The inner area cannot be larger than the gross area.",
    )
