from odoo import fields, models


class PropertyApprovalLog(models.Model):
    """What somebody did to a document on its way to approval; rows are never changed."""

    _name = "property.approval.log"
    _description = "Approval Log"
    _inherit = ["property.approval.trail"]
    _order = "id desc"
    _rec_name = "res_name"

    request_id = fields.Many2one(
        "property.approval.request",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    date = fields.Datetime(
        required=True, readonly=True, default=lambda self: fields.Datetime.now()
    )
    user_id = fields.Many2one("res.users", string="By", required=True, readonly=True)
    on_behalf_id = fields.Many2one(
        "res.users",
        string="On Behalf Of",
        readonly=True,
        help="The approver who is on leave and for whom the user stood in.",
    )
    decision = fields.Selection(
        [
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("refused", "Rejected"),
            ("withdrawn", "Withdrawn"),
            ("reopened", "Taken Back to Draft"),
        ],
        required=True,
        readonly=True,
    )
    step_id = fields.Many2one(
        "property.approval.step",
        readonly=True,
        ondelete="restrict",
        help="The step at which the document stood.",
    )
    reason = fields.Text(readonly=True)

    _document_idx = models.Index("(res_model, res_id)")
