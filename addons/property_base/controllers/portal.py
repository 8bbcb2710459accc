from odoo import fields, http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..tools import normalise

MAX_OPEN_REQUESTS = 5
KINDS = ("phone", "member", "move_out")


class PropertyHomePortal(CustomerPortal):
    """The homes of the user: list, household, papers, and changes he proposes.

    Everything is read and written with the user's own rights; staff who open the page see
    the homes in which they have a role themselves.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "property_home_count" in counters:
            Unit = request.env["property.unit"]
            values["property_home_count"] = (
                Unit.search_count(self._get_home_domain())
                if Unit.has_access("read")
                else 0
            )
        return values

    def _get_home_domain(self):
        partner = request.env.user.partner_id
        return request.env["property.unit"]._get_portal_domain(partner)

    def _get_home(self, unit_id):
        """Return one of the user's homes.

        :raises NotFound: for any other unit, so that nobody learns which units exist
        """
        domain = self._get_home_domain() & fields.Domain("id", "=", unit_id)
        Unit = request.env["property.unit"]
        home = Unit.search(domain) if Unit.has_access("read") else Unit
        if not home:
            raise request.not_found()
        return home.with_context(property_community_in_name=True)

    # === READING === #

    @http.route(
        ["/my/homes", "/my/homes/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_homes(self, page=1, **kwargs):
        Unit = request.env["property.unit"]
        domain = self._get_home_domain()
        readable = Unit.has_access("read")
        pager = portal_pager(
            url="/my/homes",
            total=Unit.search_count(domain) if readable else 0,
            page=page,
            step=self._items_per_page,
        )
        homes = Unit
        if readable:
            homes = Unit.search(
                domain, limit=self._items_per_page, offset=pager["offset"]
            )
        partner = request.env.user.partner_id
        return request.render(
            "property_base.portal_my_homes",
            {
                **self._prepare_portal_layout_values(),
                "homes": homes.with_context(property_community_in_name=True),
                "roles": {home.id: self._get_role_labels(home) for home in homes},
                "partner": partner,
                "page_name": "property_home",
                "pager": pager,
                "default_url": "/my/homes",
            },
        )

    def _get_role_labels(self, home):
        field = request.env["property.occupancy"]._fields["role"]
        labels = dict(field._description_selection(request.env))
        roles = home._get_portal_role(request.env.user.partner_id)
        return [label for role, label in labels.items() if role in roles]

    @http.route("/my/homes/<int:unit_id>", type="http", auth="user", website=True)
    def portal_my_home(self, unit_id, sent=None, **kwargs):
        home = self._get_home(unit_id)
        partner = request.env.user.partner_id
        return request.render(
            "property_base.portal_my_home_page",
            {
                **self._prepare_portal_layout_values(),
                "home": home,
                "roles": self._get_role_labels(home),
                "people": home._get_portal_people(partner),
                "sections": home._get_portal_sections(partner),
                "requests": request.env["property.change.request"].search(
                    [("unit_id", "=", home.id), ("partner_id", "=", partner.id)],
                    limit=20,
                ),
                "kinds": self._get_change_kinds(home),
                "sent": bool(sent),
                "page_name": "property_home",
            },
        )

    @http.route(
        "/my/homes/<int:unit_id>/documents/<int:document_id>/<int:attachment_id>",
        type="http",
        auth="user",
        website=True,
    )
    def portal_home_document(self, unit_id, document_id, attachment_id, **kwargs):
        home = self._get_home(unit_id)
        document = request.env["property.owner.document"].search(
            [("id", "=", document_id), ("unit_id", "=", home.id)]
        )
        # the rules let the user read the document; its scans belong to it
        scan = document.sudo().attachment_ids.filtered(
            lambda attachment: attachment.id == attachment_id
        )
        if not scan:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(scan)
        return stream.get_response(as_attachment=True)

    # === PROPOSING A CHANGE === #

    def _get_change_kinds(self, home):
        """Return the changes that the user may propose, as (kind, label)."""
        field = request.env["property.change.request"]._fields["kind"]
        labels = dict(field._description_selection(request.env))
        kinds = [kind for kind in KINDS if kind != "member"]
        if home._may_name_members(request.env.user.partner_id):
            kinds.insert(1, "member")
        return [(kind, labels[kind]) for kind in kinds]

    @http.route(
        "/my/homes/<int:unit_id>/change/<any(phone, member, move_out):kind>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_new_change(self, unit_id, kind, **kwargs):
        return self._render_change(self._get_home(unit_id), kind, {})

    def _render_change(self, home, kind, form, error=None):
        kinds = dict(self._get_change_kinds(home))
        if kind not in kinds:
            raise request.not_found()
        return request.render(
            "property_base.portal_new_change",
            {
                **self._prepare_portal_layout_values(),
                "home": home,
                "kind": kind,
                "kind_label": kinds[kind],
                "form": form,
                "error": error,
                "today": fields.Date.context_today(home),
                "page_name": "property_home",
            },
        )

    @http.route(
        "/my/homes/<int:unit_id>/change/<any(phone, member, move_out):kind>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_create_change(self, unit_id, kind, **form):
        home = self._get_home(unit_id)
        try:
            values = self._prepare_change_vals(home, kind, form)
            with request.env.cr.savepoint():
                request.env["property.change.request"].create(values)
        except (UserError, ValidationError) as error:
            return self._render_change(home, kind, form, error=error.args[0])
        return request.redirect(f"/my/homes/{home.id}?sent=1#changes")

    def _prepare_change_vals(self, home, kind, form):
        """Return the values of a proposal from what the user typed in.

        :raises UserError: when a field is missing, too long or no date, or too many
            proposals wait for a decision already
        """
        partner = request.env.user.partner_id
        waiting = request.env["property.change.request"].search_count(
            [
                ("unit_id", "=", home.id),
                ("partner_id", "=", partner.id),
                ("state", "=", "proposed"),
            ]
        )
        if waiting >= MAX_OPEN_REQUESTS:
            raise UserError(
                request.env._(
                    "Please wait until the front desk has decided on your proposals."
                )
            )
        values = {
            "unit_id": home.id,
            "partner_id": partner.id,
            "kind": kind,
            "note": (form.get("note") or "").strip()[:1000],
        }
        if kind in ("phone", "member"):
            values["phone"] = self._read_phone(form.get("phone"))
            values["phone2"] = self._read_phone(form.get("phone2"))
        if kind == "member":
            values["member_name"] = (form.get("member_name") or "").strip()[:64]
            values["is_resident"] = bool(form.get("is_resident"))
        if kind in ("member", "move_out"):
            try:
                values["date"] = normalise.day(form.get("date"))
            except ValueError:
                values["date"] = None
            if not values["date"]:
                raise UserError(request.env._("Enter a date."))
        return values

    @staticmethod
    def _read_phone(text):
        """Return a number as we write it; what does not look like one stays as typed."""
        typed = (text or "").strip()[:32]
        try:
            return " / ".join(normalise.phones(typed)) or False
        except ValueError:
            return typed
