from odoo.fields import Command

from .models.property_fee_item_seed import CN_CHARTS


def post_init_hook(env):
    """Give companies with a Chinese chart of accounts the usual fee items."""
    companies = env["res.company"].search([("chart_template", "in", CN_CHARTS)])
    for company in companies:
        env["property.fee.item"]._ensure_default_items(company)


def uninstall_hook(env):
    """Take back the accounting rights that this module gave to property groups."""
    invoicing = env.ref("account.group_account_invoice", raise_if_not_found=False)
    cashier = env.ref("property_base.group_property_cashier", raise_if_not_found=False)
    if invoicing and cashier:
        cashier.implied_ids = [Command.unlink(invoicing.id)]
