from odoo import api, models


class PropertyDutyPartMixin(models.AbstractModel):
    """What hours of duty are made of: when it changes, they are read anew."""

    _name = "property.duty.part.mixin"
    _description = "Part of Hours on Duty"

    def _filtered_duty(self):
        """Return the records that hours on duty are made of."""
        return self

    def _forget_duty(self):
        if self._filtered_duty():
            self.env.registry.clear_cache()

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._forget_duty()
        return parts

    def write(self, vals):
        self._forget_duty()
        result = super().write(vals)
        self._forget_duty()
        return result

    def unlink(self):
        self._forget_duty()
        return super().unlink()
