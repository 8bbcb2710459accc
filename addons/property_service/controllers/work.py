import base64

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.property_base.tools import identity
from odoo.addons.property_base.tools.text import clean, to_id

from .photos import check_photos, read_photos

MAX_LINES = 60


class PropertyWork(http.Controller):
    """The orders of an engineer on a phone: one column, large buttons, no menus.

    Every step is a form that is posted; whatever is refused is said on the same page and
    what was typed in stays.
    """

    # === PAGES === #

    @http.route("/property/orders", type="http", auth="user", methods=["GET"])
    def work_list(self, **kwargs):
        """Show my open orders by urgency and time, and those that I may take."""
        self._check_staff()
        Order = request.env["property.work.order"]
        mine = Order.search(
            [("is_mine", "=", True), ("is_open", "=", True)],
            order="urgency, planned_at, id",
        )
        done = Order.search(
            [
                ("is_mine", "=", True),
                ("state", "=", "done"),
                ("done_at", ">=", "today"),
            ],
            order="done_at desc",
        )
        return self._render(
            "property_service.work_list",
            {"mine": mine, "done": done, "free": self._get_free()},
        )

    @http.route(
        "/property/orders/<int:order_id>", type="http", auth="user", methods=["GET"]
    )
    def work_order(self, order_id, **kwargs):
        """Show one order with what can be done next."""
        return self._show(self._find(order_id))

    # === STEPS === #

    @http.route(
        "/property/orders/<int:order_id>/<any(grab, accept, arrive, done, back):step>",
        type="http",
        auth="user",
        methods=["POST"],
    )
    def work_step(self, order_id, step, **form):
        """Take a step; what keeps it from being taken is said on the page."""
        order = self._find(order_id)
        try:
            with request.env.cr.savepoint():
                if step != "grab":
                    self._check_own(order)
                if step == "back":
                    order._return(clean(form.get("reason"), 500))
                    return request.redirect("/property/orders")
                if step == "done":
                    self._keep_result(order, form)
                getattr(order, f"action_{step}")()
        except (UserError, AccessError) as error:
            return self._show(order, error=error.args[0], form=form)
        return request.redirect(f"/property/orders/{order.id}")

    @http.route(
        "/property/orders/<int:order_id>/photos",
        type="http",
        auth="user",
        methods=["POST"],
    )
    def work_photos(self, order_id, moment="before", **kwargs):
        """Keep photos of before or after the work."""
        order = self._find(order_id)
        field = "after_ids" if moment == "after" else "before_ids"
        try:
            self._check_own(order)
            photos = read_photos(request.httprequest.files.getlist("photos"))
            order[field] |= request.env["ir.attachment"].create(
                [
                    {
                        "name": name,
                        "raw": content,
                        "res_model": order._name,
                        "res_id": order.id,
                    }
                    for name, content in photos
                ]
            )
        except (UserError, AccessError) as error:
            return self._show(order, error=error.args[0])
        return request.redirect(f"/property/orders/{order.id}#photos")

    @http.route(
        "/property/orders/<int:order_id>/material",
        type="http",
        auth="user",
        methods=["POST"],
    )
    def work_material(self, order_id, price_id="", quantity="1", line_id="", **kwargs):
        """Add material or labour by the price list, or take a row out again."""
        order = self._find(order_id)
        try:
            self._check_own(order)
            with request.env.cr.savepoint():
                if line := to_id(line_id):
                    order.line_ids.filtered(lambda one: one.id == line).unlink()
                else:
                    self._add_line(order, price_id, quantity)
        except (UserError, AccessError) as error:
            return self._show(order, error=error.args[0])
        return request.redirect(f"/property/orders/{order.id}#materials")

    @http.route("/property/orders/<int:order_id>/sign", type="jsonrpc", auth="user")
    def work_sign(self, order_id, name=None, signature=None, **kwargs):
        """Keep the signature that the household drew on the screen."""
        order = self._find(order_id)
        try:
            drawn = base64.b64decode(signature or "", validate=True)
        except (TypeError, ValueError):
            drawn = b""
        try:
            self._check_own(order)
            if signature:
                check_photos(request.env, [(request.env._("Signature"), drawn)])
            order._sign(clean(name, 64), signature)
        except (UserError, AccessError) as error:
            return {"error": error.args[0]}
        return {"force_refresh": True, "redirect_url": f"/property/orders/{order.id}"}

    # === HELPERS === #

    def _check_staff(self):
        """Raise unless the user is staff of the company: the pages are not the portal's.

        :raise AccessError: a portal user opens them
        """
        request.env["property.work.order"].check_access("read")

    def _find(self, order_id):
        """Return an order that the user may see.

        :raise NotFound: there is none of this number, or it is not his to see
        """
        self._check_staff()
        order = request.env["property.work.order"].search([("id", "=", order_id)])
        if not order:
            raise request.not_found()
        return order

    def _check_own(self, order):
        """Refuse work on an order that is, or has become, somebody else's.

        :raise UserError: naming who has it
        """
        if order.has_access("write"):
            return
        raise UserError(
            request.env._(
                "%(order)s is not yours: %(name)s has it.",
                order=order.name,
                name=order.engineer_id.name or request.env._("nobody"),
            )
        )

    def _get_free(self):
        """Return the orders that nobody has and that the user could take."""
        Order = request.env["property.work.order"]
        # Every engineer may know himself.
        engineers = (
            request.env["property.engineer"]
            .sudo()
            .search([("user_id", "=", request.env.uid)])
        )
        takes = Domain.OR(
            Domain("company_id", "=", one.company_id.id)
            & Domain("skill_id", "in", [False, *one.skill_ids.ids])
            & (
                Domain("community_id", "in", one.community_ids.ids)
                if one.community_ids
                else Domain.TRUE
            )
            for one in engineers
        )
        return Order.search(
            Domain("state", "=", "open") & takes,
            order="urgency, planned_at, id",
            limit=20,
        )

    def _keep_result(self, order, form):
        """Keep what was found and done.

        :raise UserError: nothing was said
        """
        result = clean(form.get("result"), 5000)
        if not result:
            raise UserError(request.env._("Say what was found and done."))
        order.result = result

    def _add_line(self, order, price_id, quantity):
        """Add a row by the price list.

        :raise UserError: no price is chosen, or the quantity is no number above 0
        """
        price = request.env["property.service.price"].search(
            [
                ("id", "=", to_id(price_id)),
                ("company_id", "=", order.company_id.id),
            ]
        )
        if not price:
            raise UserError(request.env._("Choose something from the price list."))
        try:
            number = float(quantity.replace(",", "."))
        except ValueError:
            number = 0.0
        if not 0 < number <= 10000:
            raise UserError(
                request.env._("The quantity must be a number between 0 and 10,000.")
            )
        if len(order.line_ids) >= MAX_LINES:
            raise UserError(
                request.env._("An order has at most %(count)s rows.", count=MAX_LINES)
            )
        request.env["property.work.order.line"].create(
            {"order_id": order.id, "price_id": price.id, "quantity": number}
        )

    def _show(self, order, error=None, form=None):
        prices = request.env["property.service.price"].search(
            [("company_id", "=", order.company_id.id)]
        )
        # The engineer calls the household about this order; that is what it left the
        # number for. Who named the caller himself reads it like everybody else.
        ticket = order.sudo().ticket_id
        phone = ticket.phone if order.is_mine else ""
        if not ticket.sudo(False)._filtered_named_by_others():
            phone = identity.mask_phone(phone)
        values = {
            "order": order,
            "phone": phone,
            "prices": prices,
            "error": error,
            "form": form or {},
            "price_list_label": request.env._("Price List"),
        }
        return self._render("property_service.work_order", values)

    def _render(self, template, values):
        return request.render(
            template, {"no_header": True, "no_footer": True, **values}
        )
