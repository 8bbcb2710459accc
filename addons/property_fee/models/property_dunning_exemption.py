from odoo import api, fields, models
from odoo.fields import Domain


class PropertyDunningExemption(models.Model):
    _name = "property.dunning.exemption"
    _description = "Dunning Exemption"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"
    _rec_name = "unit_id"

    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="restrict"
    )
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        ondelete="restrict",
        help="Leave empty for whoever owes for the unit.",
    )
    kind = fields.Selection(
        [("vip", "VIP"), ("hardship", "Hardship")],
        required=True,
        default="hardship",
        tracking=True,
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="Until", tracking=True)
    reason = fields.Text(required=True)

    _date_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "An exemption cannot end before it begins.",
    )

    @api.model
    def _get_exempt(self, units, date):
        """Return who is not to be reminded on a day.

        :param property.unit units: which households
        :return: dict (unit id, partner id or False) -> set of kinds
        """
        # Whoever starts a run need not know why a household is spared.
        rows = self.sudo().search(
            Domain("unit_id", "in", units.ids)
            & Domain("date_from", "<=", date)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", date))
        )
        result = {}
        for row in rows:
            key = (row.unit_id.id, row.partner_id.id)
            result.setdefault(key, set()).add(row.kind)
        return result
