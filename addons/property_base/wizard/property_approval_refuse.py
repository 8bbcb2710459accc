from odoo import fields, models
from odoo.exceptions import UserError


class PropertyApprovalRefuse(models.TransientModel):
    """Asks why documents are refused; the decision is checked by the documents."""

    _name = "property.approval.refuse"
    _description = "Refuse an Approval"

    res_model = fields.Char(required=True, readonly=True)
    res_ids = fields.Json(required=True, readonly=True)
    reason = fields.Text(required=True)

    def action_refuse(self):
        """Refuse the documents for the reason.

        :raise UserError: if the reason is blank or the model knows no approval
        """
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why, so that it can be done better."))
        if self.res_model not in self.env["property.approval.mixin"]._approval_models():
            raise UserError(self.env._("Documents of this kind need no approval."))
        self.env[self.res_model].browse(self.res_ids)._approval_refuse(reason)
        return {"type": "ir.actions.act_window_close"}
