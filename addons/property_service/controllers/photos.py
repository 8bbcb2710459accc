"""Photos that come in over the web: what is taken and what is not."""

from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools.mimetypes import guess_mimetype

MAX_PHOTOS = 6
MAX_PHOTO_BYTES = 10 * 1024 * 1024


def read_photos(uploads):
    """Return uploaded photos as (name, content).

    :param uploads: files of a form
    :raise UserError: when a file is no image, too large, or there are too many
    """
    files = [upload for upload in uploads if upload.filename]
    if len(files) > MAX_PHOTOS:
        raise UserError(
            request.env._("Send at most %(count)s photos.", count=MAX_PHOTOS)
        )
    photos = []
    for upload in files:
        content = upload.read(MAX_PHOTO_BYTES + 1)
        if len(content) > MAX_PHOTO_BYTES:
            raise UserError(
                request.env._(
                    "The photo %(name)s is larger than 10 MB.", name=upload.filename
                )
            )
        mimetype = guess_mimetype(content)
        if not mimetype.startswith("image/") or mimetype == "image/svg+xml":
            raise UserError(
                request.env._("%(name)s is not a photo.", name=upload.filename)
            )
        photos.append((upload.filename, content))
    return photos
