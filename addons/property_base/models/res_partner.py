from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    phone2 = fields.Char(string="Second Phone")
    wechat = fields.Char(
        string="WeChat", help="WeChat account; of a steward, the one households add."
    )
    identity_number = fields.Char(
        copy=False,
        index="btree_not_null",
        groups="property_base.group_property_confidential",
        help="Number of the identity card, passport or business licence.",
    )
    occupancy_ids = fields.One2many("property.occupancy", "partner_id", string="Homes")
    property_unit_count = fields.Integer(
        string="Units",
        compute="_compute_property_unit_count",
        groups="property_base.group_property_user",
    )

    @api.depends("occupancy_ids.unit_id", "occupancy_ids.date_end")
    def _compute_property_unit_count(self):
        Occupancy = self.env["property.occupancy"]
        today = fields.Date.context_today(self)
        counts = dict(
            Occupancy._read_group(
                Occupancy._domain_on(today)
                & fields.Domain("partner_id", "in", self.ids),
                ["partner_id"],
                ["unit_id:count_distinct"],
            )
        )
        for partner in self:
            partner.property_unit_count = counts.get(partner, 0)

    def action_view_units(self):
        """Open the units in which the person has a role today."""
        self.ensure_one()
        Occupancy = self.env["property.occupancy"]
        live = Occupancy._domain_on(fields.Date.context_today(self))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_base.property_unit_action"
        )
        action["domain"] = [
            (
                "occupancy_ids",
                "any",
                list(live & fields.Domain("partner_id", "=", self.id)),
            )
        ]
        action["context"] = {}
        return action
