from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PropertyFeeAssign(models.TransientModel):
    _name = "property.fee.assign"
    _description = "Assign Fee Item to Many Units"

    # What and where
    item_id = fields.Many2one("property.fee.item", string="Fee Item", required=True)
    company_id = fields.Many2one(related="item_id.company_id")
    community_id = fields.Many2one(
        "property.community", required=True, domain="[('company_id', '=', company_id)]"
    )
    building_ids = fields.Many2many(
        "property.building",
        string="Buildings",
        domain="[('community_id', '=', community_id)]",
        help="Leave empty for all buildings.",
    )
    for_home = fields.Boolean(string="Homes", default=True)
    for_shop = fields.Boolean(string="Shops")
    for_office = fields.Boolean(string="Offices")
    for_parking = fields.Boolean(string="Parking Spaces")
    for_storage = fields.Boolean(string="Storage Rooms")
    for_other = fields.Boolean(string="Others")

    # From when and who pays
    start_rule = fields.Selection(
        [("handover", "Handover Date of the Unit"), ("fixed", "One Date for All")],
        string="Charged From",
        required=True,
        default="handover",
    )
    date_start = fields.Date(string="Date", default=fields.Date.context_today)
    payer_rule = fields.Selection(
        [("owner", "Owner"), ("occupant", "Occupant")],
        string="Paid By",
        required=True,
        default="owner",
    )

    # Preview
    unit_count = fields.Integer(string="Units in Scope", compute="_compute_preview")
    assigned_count = fields.Integer(
        string="Already Assigned", compute="_compute_preview"
    )
    undated_count = fields.Integer(
        string="Without Handover Date", compute="_compute_preview"
    )
    new_count = fields.Integer(string="To Be Assigned", compute="_compute_preview")

    @api.depends(
        "item_id",
        "community_id",
        "building_ids",
        "for_home",
        "for_shop",
        "for_office",
        "for_parking",
        "for_storage",
        "for_other",
        "start_rule",
        "date_start",
    )
    def _compute_preview(self):
        for wizard in self:
            units, undated, assigned, new = wizard._sort_units()
            wizard.unit_count = len(units)
            wizard.undated_count = len(undated)
            wizard.assigned_count = len(assigned)
            wizard.new_count = len(new)

    def _get_unit_types(self):
        """Return the chosen unit types."""
        self.ensure_one()
        types = self.env["property.unit"]._fields["unit_type"].get_values(self.env)
        return [unit_type for unit_type in types if self[f"for_{unit_type}"]]

    def _get_start(self, unit):
        """Return the first day that a unit is charged, False when it has none yet."""
        return unit.handover_date if self.start_rule == "handover" else self.date_start

    def _sort_units(self):
        """Sort the units in scope by what is to be done with them.

        :return: units in scope, without a date to begin, already assigned, to be assigned
        """
        self.ensure_one()
        nothing = self.env["property.unit"]
        if not self.item_id or not self.community_id:
            return nothing, nothing, nothing, nothing
        domain = Domain("community_id", "=", self.community_id.id) & Domain(
            "unit_type", "in", self._get_unit_types()
        )
        if self.building_ids:
            domain &= Domain("building_id", "in", self.building_ids.ids)
        units = self.env["property.unit"].search(domain)
        undated = units.filtered(lambda unit: not self._get_start(unit))
        dated = units - undated
        ends = self.env["property.fee.assignment"].search_fetch(
            [("item_id", "=", self.item_id.id), ("unit_id", "in", dated.ids)],
            ["unit_id", "date_end"],
        )
        # The new assignment is open-ended: anything that lasts into it is in its way.
        assigned = self.env["property.unit"].union(
            *(
                assignment.unit_id
                for assignment in ends
                if not assignment.date_end
                or assignment.date_end >= self._get_start(assignment.unit_id)
            )
        )
        return units, undated, assigned, dated - assigned

    def action_assign(self):
        """Assign the item to all units in scope that do not have it yet.

        :return: action that shows the assignments of the item in the community
        """
        self.ensure_one()
        new = self._sort_units()[3]
        if not new:
            raise UserError(
                self.env._(
                    "There is nothing to assign: %(assigned)s units already have %(item)s"
                    " and %(undated)s have no handover date.",
                    assigned=self.assigned_count,
                    item=self.item_id.name,
                    undated=self.undated_count,
                )
            )
        self.env["property.fee.assignment"].create(
            [
                {
                    "unit_id": unit.id,
                    "item_id": self.item_id.id,
                    "date_start": self._get_start(unit),
                    "payer_rule": self.payer_rule,
                }
                for unit in new
            ]
        )
        action = self.item_id.action_view_assignments()
        action["domain"] += [("community_id", "=", self.community_id.id)]
        return action
