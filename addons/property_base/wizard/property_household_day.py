from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class PropertyHouseholdDay(models.TransientModel):
    _name = "property.household.day"
    _description = "Households on a Day"

    date = fields.Date(string="As of", required=True, default=fields.Date.context_today)
    community_id = fields.Many2one("property.community")
    unit_id = fields.Many2one(
        "property.unit",
        domain="[('community_id', '=?', community_id)]",
        help="Leave empty for all units.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        domain="[('occupancy_ids', '!=', False)]",
        help="Who owned, rented or lived there on that day.",
    )
    show = fields.Selection(
        [("units", "Units"), ("people", "Owners and Residents")],
        required=True,
        default="units",
    )

    def action_open(self):
        """Open the units, or the people, as they were on the day."""
        self.ensure_one()
        Occupancy = self.env["property.occupancy"]
        people = Occupancy._domain_on(self.date)
        if self.partner_id:
            people &= Domain("partner_id", "=", self.partner_id.id)
        if self.show == "people":
            action = self._get_action("property_base.property_occupancy_action")
            domain = people & self._get_place_domain("unit_id")
        else:
            action = self._get_action("property_base.property_unit_action")
            domain = self._get_place_domain("id")
            if self.partner_id:
                domain &= Domain("occupancy_ids", "any", people)
        return action | {
            "domain": list(domain),
            "context": {"property_as_of": fields.Date.to_string(self.date)},
        }

    def _get_action(self, xmlid):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        name = self.env._(
            "%(what)s on %(day)s",
            what=action["name"],
            day=format_date(self.env, self.date),
        )
        # the path leads to the list of today
        return {key: value for key, value in action.items() if key != "path"} | {
            "name": name,
            "display_name": name,
        }

    def _get_place_domain(self, unit):
        domain = Domain.TRUE
        if self.community_id:
            domain &= Domain("community_id", "=", self.community_id.id)
        if self.unit_id:
            domain &= Domain(unit, "=", self.unit_id.id)
        return domain
