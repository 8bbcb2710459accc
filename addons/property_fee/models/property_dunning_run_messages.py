import base64

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.property_base.tools.workbook import write_workbook


class PropertyDunningRun(models.Model):
    """Text messages for the gateway of the company, where Odoo's SMS module is not used."""

    _inherit = "property.dunning.run"

    messages_file = fields.Binary(
        readonly=True,
        copy=False,
        groups="property_base.group_property_confidential",
    )
    messages_filename = fields.Char(compute="_compute_messages_filename")

    def _compute_messages_filename(self):
        for run in self:
            run.messages_filename = f"{run.name}.xlsx"

    def action_export_messages(self):
        """Download the text messages that wait, with numbers; what was paid is left out.

        :raises AccessError: the user does not see phone numbers in full
        :raises UserError: no message waits
        """
        self.ensure_one()
        if not self._sees_confidential():
            raise AccessError(
                self.env._(
                    "The list holds phone numbers. Ask somebody of the group Confidential"
                    " Data to export it."
                )
            )
        waiting = self.letter_ids.filtered(
            lambda letter: letter.channel == "sms" and letter.state == "queued"
        )
        stands, _busy = waiting._stands()
        if not stands:
            raise UserError(self.env._("No text message of the run waits to be sent."))
        partners = stands.partner_id
        # As an export: who took the numbers out of the house is logged.
        phones = dict(
            zip(partners.ids, partners.export_data(["phone"])["datas"], strict=True)
        )
        content = write_workbook(
            [
                {
                    "name": self.env._("Text Messages"),
                    "header": [
                        self.env._("Phone"),
                        self.env._("Text"),
                        self.env._("Unit No."),
                        self.env._("Debtor"),
                        self.env._("Amount"),
                    ],
                    "rows": [
                        [
                            phones[letter.partner_id.id][0],
                            letter.short_text or letter.subject,
                            letter.unit_id.code,
                            letter.partner_id.name,
                            letter.amount,
                        ]
                        for letter in stands._in_delivery_order()
                    ],
                    "widths": [16, 80, 14, 16, 12],
                }
            ]
        )
        # The rows of the file are the system's; the right was checked above.
        self.sudo().messages_file = base64.b64encode(content)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/messages_file"
            "?download=true&filename_field=messages_filename",
            "target": "download",
        }
