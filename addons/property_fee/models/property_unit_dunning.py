from odoo import fields, models

from .property_unit import ARREARS_GROUPS


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    dunning_case_ids = fields.One2many(
        "property.dunning.case",
        "unit_id",
        string="Dunning Cases",
        groups=ARREARS_GROUPS,
    )
    dunning_count = fields.Integer(
        string="Open Dunning Cases",
        compute="_compute_dunning_count",
        groups=ARREARS_GROUPS,
    )

    def _compute_dunning_count(self):
        counts = dict(
            self.env["property.dunning.case"]._read_group(
                [("unit_id", "in", self.ids), ("state", "!=", "closed")],
                ["unit_id"],
                ["__count"],
            )
        )
        for unit in self:
            unit.dunning_count = counts.get(unit._origin, 0)

    def action_view_dunning(self):
        """Open the dunning cases of the unit, settled ones too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_dunning_case_action"
        )
        action["domain"] = [("unit_id", "=", self.id)]
        action["context"] = {"create": False}
        cases = self.dunning_case_ids.filtered(lambda case: case.state != "closed")
        if len(cases) == 1:
            action["views"] = [view for view in action["views"] if view[1] == "form"]
            action["res_id"] = cases.id
        return action

    def _get_way(self):
        """Return where a unit lies on the way of whoever carries letters, to sort by."""
        self.ensure_one()
        return (
            self.community_id.id,
            self.building_id.sequence,
            self.building_id.id or 0,
            self.entrance_id.sequence,
            self.entrance_id.id or 0,
            self.floor,
            self.sequence,
            self.code or "",
        )
