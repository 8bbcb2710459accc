from odoo import api, fields, models
from odoo.fields import Domain


class PropertyFeeScopeMixin(models.AbstractModel):
    """Which units get a fee item, from when and who pays: for the wizard and for the rule."""

    _name = "property.fee.scope.mixin"
    _description = "Scope of Fee Assignments"

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
        [
            ("handover", "Handover Date of the Unit"),
            ("sale", "First Sale of the Unit"),
            ("renovation", "End of the Renovation"),
            ("fixed", "One Date for All"),
        ],
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
        string="Without Such a Date", compute="_compute_preview"
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
        for scope in self:
            units, undated, assigned, new = scope._sort_units()
            scope.unit_count = len(units)
            scope.undated_count = len(undated)
            scope.assigned_count = len(assigned)
            scope.new_count = len(new)

    def _get_unit_types(self):
        """Return the chosen unit types."""
        self.ensure_one()
        types = self.env["property.unit"]._fields["unit_type"].get_values(self.env)
        return [unit_type for unit_type in types if self[f"for_{unit_type}"]]

    def _domain_units(self):
        """Return the domain of the units in scope."""
        self.ensure_one()
        domain = Domain("community_id", "=", self.community_id.id) & Domain(
            "unit_type", "in", self._get_unit_types()
        )
        if self.building_ids:
            domain &= Domain("building_id", "in", self.building_ids.ids)
        return domain

    def _get_starts(self, units):
        """Return the first day that each unit is charged.

        :return: dict unit -> date; units that have no such day yet are left out
        """
        self.ensure_one()
        if self.start_rule != "fixed":
            return units._get_rule_starts(self.start_rule)
        return dict.fromkeys(units, self.date_start) if self.date_start else {}

    def _sort_units(self):
        """Sort the units in scope by what is to be done with them.

        :return: units in scope, without a date to begin, already assigned, to be assigned
        """
        self.ensure_one()
        nothing = self.env["property.unit"]
        if not self.item_id or not self.community_id:
            return nothing, nothing, nothing, nothing
        units = nothing.search(self._domain_units())
        starts = self._get_starts(units)
        dated = units.filtered(lambda unit: unit in starts)
        known = self.env["property.fee.assignment"].search_fetch(
            [("item_id", "=", self.item_id.id), ("unit_id", "in", dated.ids)],
            ["unit_id", "date_end"],
        )
        # The new assignment is open-ended: anything that lasts into it is in its way.
        taken = {
            assignment.unit_id.id
            for assignment in known
            if not assignment.date_end
            or assignment.date_end >= starts[assignment.unit_id]
        }
        assigned = dated.filtered(lambda unit: unit.id in taken)
        return units, units - dated, assigned, dated - assigned

    def _assign_new(self, **values):
        """Assign the item to all units in scope that do not have it yet.

        :param values: further values of the assignments
        :return: the new assignments
        """
        self.ensure_one()
        new = self._sort_units()[3]
        starts = self._get_starts(new)
        return self.env["property.fee.assignment"].create(
            [
                {
                    "unit_id": unit.id,
                    "item_id": self.item_id.id,
                    "date_start": starts[unit],
                    "payer_rule": self.payer_rule,
                    **values,
                }
                for unit in new
            ]
        )
