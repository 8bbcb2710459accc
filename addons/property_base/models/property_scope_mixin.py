from odoo import api, fields, models


class PropertyScopeMixin(models.AbstractModel):
    """A rule that holds for a community, for a company, or for all.

    The closer one goes before the wider one; models say themselves what else decides.
    """

    _name = "property.scope.mixin"
    _description = "Scope of a Rule"

    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="Empty for all companies.",
    )
    community_id = fields.Many2one(
        "property.community",
        check_company=True,
        index="btree_not_null",
        help="Empty for all communities.",
    )

    @api.depends("community_id")
    def _compute_company_id(self):
        for rule in self:
            rule.company_id = rule.community_id.company_id or rule.company_id
