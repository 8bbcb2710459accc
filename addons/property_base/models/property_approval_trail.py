from odoo import api, fields, models
from odoo.fields import Domain


class PropertyApprovalTrail(models.AbstractModel):
    """A record about a document of any model, readable by whoever may read the document.

    Headquarters reads all of its companies, also when the document is gone. Nobody has a
    right to write: the methods of the approval do, as superuser.
    """

    _name = "property.approval.trail"
    _description = "Trail of an Approval"

    res_model = fields.Selection(
        selection=lambda self: self.env[
            "property.approval.step"
        ]._selection_res_model(),
        string="Document Kind",
        required=True,
        readonly=True,
    )
    res_id = fields.Many2oneReference(
        string="Document ID", model_field="res_model", required=True, readonly=True
    )
    res_name = fields.Char(string="Document Name", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    community_id = fields.Many2one("property.community", readonly=True, index=True)
    amount = fields.Monetary(
        readonly=True, help="In the currency of the company, as it was submitted."
    )

    @api.model
    def _domain_visible(self):
        """Return the domain of the records whose document the user may read.

        One subquery per kind of document; no query is run here.
        """
        if self.env.user.has_group("property_base.group_property_admin"):
            return Domain.TRUE
        domains = []
        for name in self.env["property.approval.mixin"]._approval_models():
            documents = self.env[name]
            if documents.has_access("read"):
                readable = documents._search(Domain.TRUE, active_test=False)
                domains.append(
                    Domain("res_model", "=", name) & Domain("res_id", "in", readable)
                )
        return Domain.OR(domains)

    @api.model
    def _search(
        self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs
    ):
        """Leave out what belongs to documents that the user may not read."""
        if not self.env.su and not bypass_access and self.has_access("read"):
            domain = Domain(domain) & self._domain_visible()
        return super()._search(
            domain, offset, limit, order, bypass_access=bypass_access, **kwargs
        )

    def _check_access(self, operation):
        """Forbid what belongs to documents that the user may not read."""
        result = super()._check_access(operation)
        allowed = self - result[0] if result else self
        if self.env.su or not any(allowed._ids):
            return result
        # The rules were checked before; what is left is the document.
        visible = allowed.sudo().search(
            Domain("id", "in", allowed.ids) & self._domain_visible()
        )
        forbidden = allowed - visible.with_env(self.env)
        if not forbidden:
            return result
        if result:
            return result[0] + forbidden, result[1]
        return forbidden, lambda: self.env["ir.rule"]._make_access_error(
            operation, forbidden
        )

    def action_open_document(self):
        """Open the document in its own form."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
