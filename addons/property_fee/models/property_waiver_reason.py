from odoo import fields, models


class PropertyWaiverReason(models.Model):
    """Why something is waived: the list from which a waiver takes its reason."""

    _name = "property.waiver.reason"
    _description = "Reason of a Waiver"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    needs_note = fields.Boolean(
        string="Explanation Needed",
        help="Whoever asks for the waiver has to explain it in his own words.",
    )

    _name_uniq = models.Constraint("UNIQUE(name)", "This reason is already listed.")
