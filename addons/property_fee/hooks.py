from odoo.fields import Command


def uninstall_hook(env):
    """Take back the accounting rights that this module gave to property groups."""
    invoicing = env.ref("account.group_account_invoice", raise_if_not_found=False)
    cashier = env.ref("property_base.group_property_cashier", raise_if_not_found=False)
    if invoicing and cashier:
        cashier.implied_ids = [Command.unlink(invoicing.id)]
