from odoo import fields, http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.addons.property_base.tools.text import clean, to_id

from .photos import read_photos

# Rectification is between the company and the developer, not a wish of a household.
PORTAL_KINDS = (
    "repair",
    "complaint",
    "consultation",
    "suggestion",
    "praise",
    "help",
    "paid_service",
)
MAX_SUBJECT = 100


class PropertyTicketPortal(CustomerPortal):
    """Tickets of the user's own household: list, detail, new one.

    Portal users hold no right to write; each route checks the household with the
    user's own rights and then writes a fixed set of fields as the system.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "property_ticket_count" in counters:
            Ticket = request.env["property.ticket"]
            values["property_ticket_count"] = (
                Ticket.search_count([]) if Ticket.has_access("read") else 0
            )
        return values

    # === LIST AND DETAIL === #

    def _get_ticket_filters(self):
        return {
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
            "open": {
                "label": request.env._("Open"),
                "domain": Domain("is_open", "=", True),
            },
            "done": {
                "label": request.env._("Waiting for my answer"),
                "domain": Domain("state", "=", "done"),
            },
        }

    @http.route(
        ["/my/tickets", "/my/tickets/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_tickets(self, page=1, filterby="all", **kwargs):
        filters = self._get_ticket_filters()
        filterby = filterby if filterby in filters else "all"
        # Staff who open the portal page see there what a household would see.
        domain = filters[filterby]["domain"] & Domain("is_own_household", "=", True)
        Ticket = request.env["property.ticket"]
        pager = portal_pager(
            url="/my/tickets",
            url_args={"filterby": filterby},
            total=Ticket.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        tickets = Ticket.search(
            domain, limit=self._items_per_page, offset=pager["offset"]
        )
        request.session["my_tickets_history"] = tickets.ids[:100]
        return request.render(
            "property_service.portal_my_tickets",
            {
                **self._prepare_portal_layout_values(),
                "tickets": tickets,
                "page_name": "property_ticket",
                "pager": pager,
                "default_url": "/my/tickets",
                "searchbar_filters": filters,
                "filterby": filterby,
            },
        )

    @http.route("/my/tickets/<int:ticket_id>", type="http", auth="public", website=True)
    def portal_my_ticket(self, ticket_id, access_token=None, **kwargs):
        return self._show_ticket(ticket_id, access_token)

    def _show_ticket(self, ticket_id, access_token, error=None):
        """Show the page of a ticket; nothing of the address but the token gets onto it.

        :param str error: what keeps a wish of the household from being fulfilled
        """
        try:
            ticket = self._document_check_access(
                "property.ticket", ticket_id, access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        values = self._get_page_view_values(
            ticket,
            access_token,
            self._get_ticket_page_values(ticket) | {"error": error},
            "my_tickets_history",
            False,
        )
        return request.render("property_service.portal_my_ticket", values)

    def _get_ticket_page_values(self, ticket):
        """Return what the page of a ticket shows."""
        return {"page_name": "property_ticket", "ticket": ticket}

    # === NEW TICKET === #

    def _get_own_units(self):
        """Return the units in which the user has a role today."""
        Occupancy = request.env["property.occupancy"].sudo()  # only his own are read
        today = fields.Date.context_today(Occupancy)
        return Occupancy.search(
            Occupancy._domain_on(today)
            & Domain("partner_id", "=", request.env.user.partner_id.id)
            & Domain("role", "!=", "emergency")
        ).unit_id

    @http.route(
        "/my/tickets/new", type="http", auth="user", website=True, methods=["GET"]
    )
    def portal_new_ticket(self, **kwargs):
        return self._render_new_ticket({})

    def _render_new_ticket(self, form, error=None):
        labels = request.env["property.ticket"]._fields["kind"]
        kinds = dict(labels._description_selection(request.env))
        return request.render(
            "property_service.portal_new_ticket",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "property_ticket_new",
                "units": self._get_own_units(),
                "kinds": [(kind, kinds[kind]) for kind in PORTAL_KINDS],
                "problems": request.env["property.ticket.category"].search(
                    [("parent_id", "!=", False)]
                ),
                "form": form,
                "error": error,
            },
        )

    @http.route(
        "/my/tickets/new", type="http", auth="user", website=True, methods=["POST"]
    )
    def portal_create_ticket(self, **form):
        try:
            vals = self._prepare_ticket_vals(form)
            photos = read_photos(request.httprequest.files.getlist("photos"))
        except UserError as error:
            return self._render_new_ticket(form, error=error.args[0])
        # Rights checked above: the unit is the user's own and the fields are ours.
        ticket = request.env["property.ticket"].sudo().create(vals)
        partner = request.env.user.partner_id
        ticket.message_subscribe(partner.ids)
        if photos:
            # The photos belong to the request itself and ask nothing more.
            ticket.with_context(property_no_question=True).message_post(
                body=request.env._("Photos"),
                attachments=photos,
                author_id=partner.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        return request.redirect(ticket.access_url)

    def _prepare_ticket_vals(self, form):
        """Return the values of a ticket from what the household typed in.

        :raise UserError: when a field is missing, foreign or too long
        """
        units = self._get_own_units()
        unit = units.filtered(lambda unit: unit.id == to_id(form.get("unit_id")))
        if not unit:
            raise UserError(request.env._("Choose one of your own homes."))
        if form.get("kind") not in PORTAL_KINDS:
            raise UserError(request.env._("Choose what your request is about."))
        # A longer one is refused, not cut.
        subject = clean(form.get("subject"), MAX_SUBJECT + 1)
        if not 0 < len(subject) <= MAX_SUBJECT:
            raise UserError(
                request.env._(
                    "Describe the matter in 1 to %(count)s characters.",
                    count=MAX_SUBJECT,
                )
            )
        problem = self._find_problem(form.get("category_id"))
        return {
            "unit_id": unit.id,
            # The household may not read every field of its unit's community.
            "community_id": unit.sudo().community_id.id,
            "partner_id": request.env.user.partner_id.id,
            "phone": clean(form.get("phone"), 32) or request.env.user.partner_id.phone,
            "channel": "portal",
            "kind": form["kind"],
            "category_id": problem.id,
            "subject": subject,
            "description": clean(form.get("description"), 5000),
        }

    def _find_problem(self, value):
        Category = request.env["property.ticket.category"]
        if not value:
            return Category
        domain = Domain("id", "=", to_id(value))
        problem = Category.search(domain & Domain("parent_id", "!=", False))
        if not problem:
            raise UserError(request.env._("Choose one of the problems in the list."))
        return problem
