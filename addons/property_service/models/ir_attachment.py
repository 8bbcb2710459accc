import logging
import struct

from odoo import models
from PIL import Image

_logger = logging.getLogger(__name__)

# What the decoder of pictures raises on files that are cut off or damaged.
DAMAGED = (
    ArithmeticError,
    EOFError,
    Image.DecompressionBombError,
    LookupError,
    OSError,
    SyntaxError,
    ValueError,
    struct.error,
)


class IrAttachment(models.Model):
    """A damaged picture neither loses a mail nor stops a household's request."""

    _inherit = "ir.attachment"

    def _postprocess_contents(self, values):
        """Keep a picture that cannot be made smaller as it came."""
        try:
            return super()._postprocess_contents(values)
        except DAMAGED as error:
            _logger.info("picture %s is kept as it came: %s", values.get("name"), error)
            return {**values, "mimetype": self._compute_mimetype(values)}
