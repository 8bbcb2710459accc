from odoo import api, fields, models


class PropertyCommunity(models.Model):
    _name = "property.community"
    _description = "Community"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="Short code, unique in the company; it starts references of bills and tickets.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    street = fields.Char()
    city = fields.Char()
    developer_id = fields.Many2one("res.partner")
    manager_id = fields.Many2one("res.users", tracking=True)
    steward_id = fields.Many2one(
        "res.users",
        tracking=True,
        help="Whom the households call first; the manager where nobody is named.",
    )
    duty_phone = fields.Char(help="Number that is answered day and night.")
    takeover_date = fields.Date(
        string="Taken Over On",
        help="Day the company took the estate over from the developer.",
    )
    delivery_date = fields.Date(
        string="Delivered From",
        help="Day from which homes were delivered to their owners.",
    )
    note = fields.Text()

    building_ids = fields.One2many("property.building", "community_id")
    unit_ids = fields.One2many("property.unit", "community_id")
    building_count = fields.Integer(compute="_compute_counts")
    unit_count = fields.Integer(compute="_compute_counts")

    _code_company_uniq = models.Constraint(
        "UNIQUE(company_id, code)",
        "Another community of the company already has this code.",
    )

    @api.depends("building_ids")
    def _compute_counts(self):
        domain = [("community_id", "in", self.ids)]
        buildings = dict(
            self.env["property.building"]._read_group(
                domain, ["community_id"], ["__count"]
            )
        )
        units = dict(
            self.env["property.unit"]._read_group(domain, ["community_id"], ["__count"])
        )
        for community in self:
            community.building_count = buildings.get(community, 0)
            community.unit_count = units.get(community, 0)

    def action_view_units(self):
        """Open the units of the community."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_base.property_unit_action"
        )
        action["domain"] = [("community_id", "=", self.id)]
        action["context"] = {"default_community_id": self.id}
        return action
