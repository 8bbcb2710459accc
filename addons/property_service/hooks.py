def post_init_hook(env):
    """Give every existing company its own numbering of tickets."""
    env["property.ticket"]._ensure_sequences(env["res.company"].search([]))


def uninstall_hook(env):
    """Remove the numberings: they were created by code and carry no external id."""
    env["ir.sequence"].with_context(active_test=False).search(
        [("code", "=", "property.ticket")]
    ).unlink()
