from odoo import api, fields, models


class PropertyBuilding(models.Model):
    _name = "property.building"
    _description = "Building"
    _order = "community_id, sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True)
    code = fields.Char(
        required=True,
        help='Number that stands first in the code of its units, such as "3" in 3-1-502.',
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    community_id = fields.Many2one(
        "property.community", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="community_id.company_id", store=True, index=True
    )
    kind = fields.Selection(
        [
            ("residential", "Residential"),
            ("commercial", "Commercial"),
            ("parking", "Parking"),
            ("other", "Other"),
        ],
        required=True,
        default="residential",
    )
    floors = fields.Integer(help="Number of floors above ground.")
    has_lift = fields.Boolean()
    entrance_ids = fields.One2many("property.entrance", "building_id")
    unit_ids = fields.One2many("property.unit", "building_id")
    unit_count = fields.Integer(compute="_compute_unit_count")

    _code_community_uniq = models.Constraint(
        "UNIQUE(community_id, code)",
        "Another building of the community already has this code.",
    )
    _check_floors = models.Constraint(
        "CHECK(floors >= 0)", "The number of floors cannot be negative."
    )

    @api.depends("unit_ids")
    def _compute_unit_count(self):
        counts = dict(
            self.env["property.unit"]._read_group(
                [("building_id", "in", self.ids)], ["building_id"], ["__count"]
            )
        )
        for building in self:
            building.unit_count = counts.get(building, 0)

    @api.depends("name", "community_id.name")
    @api.depends_context("property_community_in_name")
    def _compute_display_name(self):
        for building in self:
            if self.env.context.get("property_community_in_name"):
                building.display_name = f"{building.community_id.name} {building.name}"
            else:
                building.display_name = building.name
