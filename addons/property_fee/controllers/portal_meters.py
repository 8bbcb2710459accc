import base64

from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from odoo.addons.property_base.controllers.portal import PropertyHomePortal

from ..tools.reading_sheet import number

MAX_PHOTO_BYTES = 10 * 1024 * 1024


class PropertyMeterPortal(PropertyHomePortal):
    """The meters of the user's homes: what they counted, and reporting a reading."""

    @http.route(
        "/my/homes/<int:unit_id>/meters", type="http", auth="user", website=True
    )
    def portal_home_meters(self, unit_id, sent=None, **kwargs):
        return self._render_meters(self._get_home(unit_id), sent=bool(sent))

    def _render_meters(self, home, **values):
        return request.render(
            "property_fee.portal_home_meters",
            {
                **self._prepare_portal_layout_values(),
                "home": home,
                "meters": home._get_portal_meters(request.env.user.partner_id),
                "kind_label": request.env._("Meters"),
                "page_name": "property_home",
                "sent": False,
                "error": None,
                "error_meter": None,
                "typed": "",
                **values,
            },
        )

    @http.route(
        "/my/homes/<int:unit_id>/meters/<int:meter_id>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_report_reading(self, unit_id, meter_id, **form):
        home = self._get_home(unit_id)
        typed = (form.get("value") or "").strip()[:20]
        try:
            photo = self._read_photo(form.get("photo"))
            with request.env.cr.savepoint():
                home._report_reading(meter_id, self._read_value(typed), photo)
        except (UserError, ValidationError) as error:
            return self._render_meters(
                home, error=error.args[0], error_meter=meter_id, typed=typed
            )
        return request.redirect(f"/my/homes/{home.id}/meters?sent=1")

    @staticmethod
    def _read_value(typed):
        try:
            value = number(typed)
        except ValueError:
            value = None
        if value is None:
            raise UserError(request.env._("Enter the figures that the dial shows."))
        return float(value)

    @staticmethod
    def _read_photo(upload):
        """Return an uploaded picture in base64, None when there is none.

        :raises UserError: it is too large or no picture
        """
        if not upload or not getattr(upload, "filename", ""):
            return None
        content = upload.read(MAX_PHOTO_BYTES + 1)
        if len(content) > MAX_PHOTO_BYTES or not content.startswith(
            (b"\xff\xd8\xff", b"\x89PNG\r\n", b"RIFF", b"GIF8")
        ):
            raise UserError(
                request.env._("Choose a picture (JPEG or PNG) of at most 10 MB.")
            )
        return base64.b64encode(content)
