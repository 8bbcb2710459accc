from odoo import models

from .property_fee_item_seed import CN_CHARTS


class AccountChartTemplate(models.AbstractModel):
    _inherit = "account.chart.template"

    def _post_load_data(self, template_code, company, template_data):
        result = super()._post_load_data(template_code, company, template_data)
        if template_code in CN_CHARTS:
            self.env["property.fee.item"]._ensure_default_items(
                company or self.env.company
            )
        return result
