from odoo import api, models

from odoo.addons.property_base.tools import identity

NUMBERS = frozenset(
    {
        "recipient_single_number",
        "recipient_single_number_itf",
        "numbers",
        "sanitized_numbers",
    }
)


class SmsComposer(models.TransientModel):
    """The window for a text message shows the mask of a number that it sends to.

    The window fetches the number of whoever it is opened on. What leaves the server is masked
    for whom it would be masked on the person; what he types himself stays as it is.
    """

    _inherit = "sms.composer"

    def _read_format(self, fnames, load="_classic_read"):
        result = super()._read_format(fnames, load)
        names = NUMBERS.intersection(fnames)
        if not names or self._sees_confidential():
            return result
        composers = {composer.id: composer for composer in self}
        for values in result:
            hidden = composers[values["id"]]._get_hidden_numbers()
            for name in names:
                values[name] = values[name] and ",".join(
                    identity.mask_phone(number) if number in hidden else number
                    for number in values[name].split(",")
                )
        return result

    def _get_hidden_numbers(self):
        """Return the numbers on file of the recipient that the user may not see."""
        record = self._get_records()
        if not record or len(record) != 1:
            return set()
        info = record._sms_get_recipients_info(
            force_field=self.number_field_name, partner_fallback=True
        )[record.id]
        field = info["field_store"]
        if field in record._get_confidential_fields():
            hidden = record._get_hidden_people([field])
        else:
            hidden = info["partner"]._get_hidden_people(["phone"])
        return {info["sanitized"], info["number"]} - {False, ""} if hidden else set()

    @staticmethod
    def _drop_masks(vals):
        """Return values without the masks that come back from the window."""
        return {
            name: value
            for name, value in vals.items()
            if name not in NUMBERS or not identity.is_masked(value)
        }

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._drop_masks(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._drop_masks(vals))

    def onchange(self, values, field_names, fields_spec):
        return super().onchange(self._drop_masks(values), field_names, fields_spec)
