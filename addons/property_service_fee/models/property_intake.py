from odoo import api, models
from odoo.tools.misc import formatLang

from odoo.addons.property_fee.models.property_unit import ARREARS_GROUPS


class PropertyIntake(models.AbstractModel):
    """Whoever takes a call sees what the household owes, if he may."""

    _inherit = "property.intake"

    @api.model
    def _get_arrears(self, unit):
        if not self.env.user.has_groups(ARREARS_GROUPS):
            return super()._get_arrears(unit)
        return {
            "overdue": unit.amount_overdue,
            "due": unit.amount_due,
            "text": formatLang(
                self.env, unit.amount_overdue, currency_obj=unit.currency_id
            ),
        }
