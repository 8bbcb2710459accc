import base64

from odoo import models
from odoo.http import Stream

from .confidential import PHOTOS


class IrBinary(models.AbstractModel):
    _inherit = "ir.binary"

    def _record_to_stream(self, record, field_name):
        """Stream initials instead of the photo of a person whose photo is confidential."""
        source = record._get_confidential_fields().get(field_name)
        if source and source[1] in PHOTOS:
            # the record may come with the rights of an access token; the user counts
            hidden = record.with_env(self.env)._get_hidden_people([field_name])
            for partner in hidden.values():
                # nothing but the name goes into the initials
                return self._initials_to_stream(partner.sudo())
        return super()._record_to_stream(record, field_name)

    def _initials_to_stream(self, partner):
        data = base64.b64decode(partner._get_initials() or b"")
        return Stream(
            type="data",
            data=data,
            mimetype="image/svg+xml",
            etag=self.env["ir.attachment"]._compute_checksum(data),
            size=len(data),
            download_name="initials.svg",
        )
