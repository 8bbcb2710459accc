from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class PropertyIncidentPortal(CustomerPortal):
    """What concerns the homes of the user: running, announced, lately over."""

    @http.route("/my/incidents", type="http", auth="user", website=True)
    def portal_my_incidents(self, **kwargs):
        return request.render(
            "property_service.portal_my_incidents",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "property_incident",
                "incidents": request.env["property.incident"]._get_portal_notices(),
            },
        )
