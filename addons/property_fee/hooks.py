from odoo.fields import Command

from .models.property_fee_item_seed import CN_CHARTS

# Groups of the estate -> the accounting group that this module gives them.
IMPLIED = {
    "property_base.group_property_cashier": "account.group_account_invoice",
    "property_base.group_property_auditor": "account.group_account_readonly",
}


def post_init_hook(env):
    """Give companies with a Chinese chart of accounts the usual fee items."""
    companies = env["res.company"].search([("chart_template", "in", CN_CHARTS)])
    for company in companies:
        env["property.fee.item"]._ensure_default_items(company)


def uninstall_hook(env):
    """Take back the accounting rights that this module gave to property groups."""
    for ours, theirs in IMPLIED.items():
        group = env.ref(ours, raise_if_not_found=False)
        implied = env.ref(theirs, raise_if_not_found=False)
        if group and implied:
            group.implied_ids = [Command.unlink(implied.id)]
