from odoo import fields, models


class PropertyReadingClear(models.TransientModel):
    _name = "property.reading.clear"
    _description = "Clear Odd Readings"

    reading_ids = fields.Many2many("property.meter.reading", string="Readings")
    reason = fields.Char(
        required=True, help="Why the readings are right: leak, renovation, empty home."
    )

    def action_clear(self):
        """Note the reason on the readings, so that they can be billed."""
        self.ensure_one()
        self.reading_ids._clear(self.reason)
        return {"type": "ir.actions.act_window_close"}
