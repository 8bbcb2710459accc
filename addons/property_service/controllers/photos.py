"""Photos that come in over the web: what is taken and what is not."""

from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools.mimetypes import guess_mimetype

from odoo.addons.property_base.tools.text import clean

MAX_PHOTOS = 6
MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_NAME = 100


def read_photos(uploads):
    """Return uploaded photos as (name, content).

    :param uploads: files of a form
    :raise UserError: when a file is no image, too large, or there are too many
    """
    files = [upload for upload in uploads if upload.filename]
    photos = [
        (
            clean(upload.filename, MAX_NAME) or "photo.jpg",
            upload.read(MAX_PHOTO_BYTES + 1),
        )
        for upload in files[: MAX_PHOTOS + 1]
    ]
    check_photos(request.env, photos)
    return photos


def check_photos(env, photos):
    """Refuse what is no photo, is too large or too many.

    :param env: environment of whoever sends them
    :param photos: list of (name, content)
    :raise UserError: naming the photo
    """
    if len(photos) > MAX_PHOTOS:
        raise UserError(env._("Send at most %(count)s photos.", count=MAX_PHOTOS))
    for name, content in photos:
        if len(content) > MAX_PHOTO_BYTES:
            raise UserError(
                env._("The photo %(name)s is larger than 10 MB.", name=name)
            )
        mimetype = guess_mimetype(content)
        if not mimetype.startswith("image/") or mimetype == "image/svg+xml":
            raise UserError(env._("%(name)s is not a photo.", name=name))
