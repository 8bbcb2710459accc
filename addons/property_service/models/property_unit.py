from odoo import api, fields, models


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    ticket_ids = fields.One2many("property.ticket", "unit_id")
    open_ticket_count = fields.Integer(
        compute="_compute_ticket_counts", groups="property_base.group_property_user"
    )
    ticket_count = fields.Integer(
        compute="_compute_ticket_counts", groups="property_base.group_property_user"
    )

    fact_count = fields.Integer(
        string="Known Facts",
        compute="_compute_fact_count",
        groups="property_base.group_property_user",
    )

    def _compute_fact_count(self):
        counts = dict(
            self.env["property.house.fact"]._read_group(
                [("unit_id", "in", self.ids)], ["unit_id"], ["__count"]
            )
        )
        for unit in self:
            unit.fact_count = counts.get(unit._origin, 0)

    @api.depends("ticket_ids.is_open")
    def _compute_ticket_counts(self):
        totals, opened = {}, {}
        for unit, is_open, count in self.env["property.ticket"]._read_group(
            [("unit_id", "in", self.ids)], ["unit_id", "is_open"], ["__count"]
        ):
            totals[unit] = totals.get(unit, 0) + count
            if is_open:
                opened[unit] = count
        for unit in self:
            unit.ticket_count = totals.get(unit, 0)
            unit.open_ticket_count = opened.get(unit, 0)

    def action_view_tickets(self):
        """Open the tickets of the units; a new one is about the unit at hand."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_service.property_ticket_action"
        )
        action["domain"] = [("unit_id", "in", self.ids)]
        action["context"] = {"default_unit_id": self.id} if len(self) == 1 else {}
        return action

    def action_view_facts(self):
        """Open what is known of the unit; a new fact is about the unit at hand."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_service.property_house_fact_action"
        )
        action["domain"] = [("unit_id", "=", self.id)]
        action["context"] = {"default_unit_id": self.id}
        return action
