from odoo import api, models


class PropertyUnit(models.Model):
    """The building chart can be coloured by the tickets that are open."""

    _inherit = "property.unit"

    @api.model
    def _chart_measures(self):
        return [
            *super()._chart_measures(),
            {
                "id": "open_tickets",
                "label": self.env._("Open Tickets"),
                "kind": "scale",
                "unit": "",
                "none": self.env._("No Open Tickets"),
            },
        ]

    @api.model
    def _chart_values(self, measure, units):
        if measure == "open_tickets":
            return {unit.id: unit.open_ticket_count for unit in units}
        return super()._chart_values(measure, units)
