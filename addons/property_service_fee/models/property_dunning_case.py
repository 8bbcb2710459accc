from odoo import fields, models


class PropertyDunningCase(models.Model):
    _inherit = "property.dunning.case"

    ticket_ids = fields.One2many(
        "property.ticket", "dunning_case_id", string="Disputes", readonly=True
    )
    ticket_count = fields.Integer(compute="_compute_ticket_count")

    def _compute_ticket_count(self):
        counts = dict(
            self.env["property.ticket"]._read_group(
                [("dunning_case_id", "in", self.ids)], ["dunning_case_id"], ["__count"]
            )
        )
        for case in self:
            case.ticket_count = counts.get(case, 0)

    def action_view_tickets(self):
        """Open the tickets that dispute the case."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_service.property_ticket_action"
        )
        return {
            **action,
            "domain": [("dunning_case_id", "=", self.id)],
            "context": {
                "default_unit_id": self.unit_id.id,
                "default_partner_id": self.partner_id.id,
                "default_dunning_case_id": self.id,
            },
        }
