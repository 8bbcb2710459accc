from odoo import api, models, tools

AUDITOR = "property_base.group_property_auditor"


class IrModelAccess(models.Model):
    """An auditor reads every model of the suite and changes none, whatever else he is.

    A rule instead of a row for each model and each module: what a module adds is open to
    the auditor from its first day, and nobody can forget it. Record rules and the groups of
    fields count for him as for everybody.
    """

    _inherit = "ir.model.access"

    @api.model
    @tools.ormcache("self.env.uid", "mode")
    def _get_allowed_models(self, mode="read"):
        allowed = super()._get_allowed_models(mode)
        if not self.env.user.has_group(AUDITOR):
            return allowed
        ours = frozenset(
            name
            for name, model in self.env.registry.items()
            if name.startswith("property.")
            and not model._abstract
            and not model._transient
        )
        return allowed | ours if mode == "read" else allowed - ours
