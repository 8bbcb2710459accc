from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    property_run_approval = fields.Boolean(
        string="Fee Runs Need Approval",
        help="A fee run is previewed and approved before its bills are posted. Who approves"
        " is said by the approval steps.",
    )
    property_spike_percent = fields.Float(
        string="Flag Changes Above (%)",
        default=50.0,
        help="A fee run flags what differs by more than this from the period before.",
    )
