from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    property_quiet_from = fields.Float(
        string="Quiet From",
        default=22.0,
        help="From this hour on nobody is disturbed by escalations, except in emergencies.",
    )
    property_quiet_until = fields.Float(
        string="Quiet Until",
        default=7.0,
        help="Escalations of the night follow at this hour.",
    )
    property_rework_days = fields.Integer(
        string="Days of Rework",
        default=30,
        help="The same problem of the same unit within so many days after a visit is"
        " rework.",
    )
    _property_quiet_hours = models.Constraint(
        "CHECK(property_quiet_from BETWEEN 0 AND 24"
        " AND property_quiet_until BETWEEN 0 AND 24)",
        "Quiet hours lie between 0:00 and 24:00.",
    )

    def _get_zone_name(self):
        """Return the name of the time zone in which the days of the company begin."""
        self.ensure_one()
        return self.partner_id.tz or "Asia/Shanghai"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["property.ticket"]._ensure_sequences(companies)
        return companies
