from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import transitions


class PropertyTicket(models.Model):
    """The visits of a ticket, and how the ticket follows them."""

    _inherit = "property.ticket"

    order_ids = fields.One2many(
        "property.work.order", "ticket_id", string="Work Orders"
    )
    order_count = fields.Integer(compute="_compute_order_count")
    is_rework = fields.Boolean(
        string="Rework",
        compute="_compute_is_rework",
        store=True,
        help="The same problem of the same unit had been dealt with shortly before.",
    )

    @api.depends("order_ids")
    def _compute_order_count(self):
        counts = dict(
            self.env["property.work.order"]._read_group(
                [("ticket_id", "in", self.ids)], ["ticket_id"], ["__count"]
            )
        )
        for ticket in self:
            ticket.order_count = counts.get(ticket._origin, 0)

    @api.depends("order_ids.is_rework")
    def _compute_is_rework(self):
        for ticket in self:
            ticket.is_rework = any(ticket.order_ids.mapped("is_rework"))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        tickets._dispatch_at_once()
        return tickets

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in (*transitions.ENDED_STATES, "done", "confirmed"):
            # A ticket that ends takes its open visits along.
            orders = self.env["property.work.order"].sudo()
            orders = orders.search(
                Domain("ticket_id", "in", self.ids) & Domain("is_open", "=", True)
            )
            orders.write({"state": "cancelled"})
        return result

    # === BUSINESS === #

    def _ensure_orders(self):
        """Return an order that waits for somebody for each ticket, made where there is none."""
        waiting = self.order_ids.filtered(lambda order: order.state == "open")
        without = self - waiting.ticket_id
        return waiting | self.env["property.work.order"].create(
            [{"ticket_id": ticket.id} for ticket in without]
        )

    def _dispatch_at_once(self):
        """Give out the tickets whose problem asks for it, without anybody at the desk."""
        urgent = self.filtered(
            lambda ticket: (
                ticket.category_id.auto_dispatch and ticket.state in ("new", "accepted")
            )
        )
        if not urgent:
            return
        # It happens by itself, also when a household reports on the portal.
        urgent = urgent.sudo()
        urgent.filtered(lambda ticket: ticket.state == "new").action_accept()
        urgent._ensure_orders()._spread()

    def _follow_orders(self):
        """Let tickets step as their visits do."""
        # Whoever is sent hears of his order; the ticket need not tell him again.
        self = self.with_context(mail_auto_subscribe_no_notify=True)
        steps = {}
        for ticket in self:
            if step := ticket._get_step_of_orders():
                steps[ticket] = step
        for step, tickets in (
            self.browse(ticket.id for ticket in steps)
            .grouped(lambda ticket: tuple(sorted(steps[ticket].items())))
            .items()
        ):
            tickets.write(dict(step))

    def _get_step_of_orders(self):
        """Return the values by which a ticket follows its visits, None when it stays."""
        self.ensure_one()
        orders = self.order_ids.filtered(lambda order: order.state != "cancelled")
        states = set(orders.mapped("state"))
        if not orders or self.state not in transitions.OPEN_STATES:
            return None
        if states == {"done"}:
            finished = orders.sorted(lambda order: (order.done_at, order.id))
            results = [order.result.strip() for order in finished]
            return {"state": "done", "result": "\n".join(results)}
        if "arrived" in states:
            new = "in_progress"
        elif states & {"given", "accepted"}:
            new = "dispatched"
        else:
            new = "accepted"
        sent = orders.filtered(
            lambda order: order.state in ("given", "accepted", "arrived")
        )
        values = {"state": new} if self.state != new else {}
        if sent:
            # Of a contractor's visit whoever sent him takes care.
            user = sent.user_id[:1] or self.user_id or self.env.user
            if user != self.user_id:
                values["user_id"] = user.id
        if values.get("state") and not transitions.is_allowed(self.state, new):
            values.pop("state")
        return values or None

    # === ACTIONS === #

    def action_dispatch(self):
        """Show who could be sent; without a list of engineers, ask who is responsible."""
        if len(self) == 1 and self.env["property.engineer"].search_count(
            [("company_id", "=", self.company_id.id)], limit=1
        ):
            return self._ensure_orders()[:1].action_dispatch()
        return super().action_dispatch()

    def action_new_order(self):
        """Plan another visit, by another trade or a contractor."""
        self.ensure_one()
        order = self.env["property.work.order"].create({"ticket_id": self.id})
        return order.action_dispatch()

    def action_view_orders(self):
        """Open the visits of the ticket."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_service.property_work_order_action"
        )
        action["domain"] = [("ticket_id", "=", self.id)]
        action["context"] = {"default_ticket_id": self.id}
        return action
