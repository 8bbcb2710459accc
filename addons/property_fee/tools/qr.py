"""QR codes as small pictures that a print can carry with it.

>>> qr_png("https://example.com/my/bills")[:8] == PNG_SIGNATURE
True
"""

import io

from PIL import Image
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Blank modules around the code that readers need.
MARGIN = 4


def qr_png(text):
    """Return a QR code as a PNG, one dot per module; whoever prints it makes it larger.

    :param str text: what a reader shows
    :rtype: bytes
    """
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    size = code.getModuleCount()
    picture = Image.new("1", (size + 2 * MARGIN, size + 2 * MARGIN), 1)
    dots = picture.load()
    for row in range(size):
        for column in range(size):
            if code.modules[row][column]:
                dots[column + MARGIN, row + MARGIN] = 0
    # Enlarged here, for a print smooths what it enlarges itself.
    picture = picture.resize((picture.width * 4, picture.height * 4), Image.NEAREST)
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()
