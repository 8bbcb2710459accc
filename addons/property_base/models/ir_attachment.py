from odoo import models
from odoo.exceptions import AccessError

from .confidential import PHOTOS


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _check_access(self, operation):
        """Keep the file behind a confidential photo from being read as an attachment."""
        result = super()._check_access(operation)
        if operation != "read" or self.env.su:
            return result
        allowed = self - result[0] if result else self
        # only the fields that tell what the file belongs to
        photos = allowed.sudo().filtered(
            lambda attachment: (
                attachment.res_model == "res.partner" and attachment.res_field in PHOTOS
            )
        )
        if not photos:
            return result
        hidden = (
            self.env["res.partner"]
            .browse(photos.mapped("res_id"))
            ._get_hidden_people(["image_1920"])
        )
        forbidden = photos.filtered(
            lambda photo: (photo.res_id, "image_1920") in hidden
        )
        if not forbidden:
            return result
        forbidden = self.browse(forbidden.ids)
        return (
            forbidden | result[0] if result else forbidden,
            lambda: AccessError(self.env._("This photo is confidential.")),
        )
