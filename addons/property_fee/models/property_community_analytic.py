from odoo import fields, models


class PropertyCommunity(models.Model):
    """Where analytic accounting books what a community earns."""

    _inherit = "property.community"
    _check_company_auto = True

    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        check_company=True,
        help="Bill lines of the community's own income are booked on it, unless a"
        " distribution model says otherwise. Empty: no analytic accounting.",
    )
