from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain

OPEN_STATES = ("open", "given", "accepted", "arrived")
LIST_ORDER = "(COALESCE(is_open, FALSE)) DESC, urgency, planned_at, id DESC"
STEPS = {
    "open": ("given", "cancelled"),
    "given": ("accepted", "open", "cancelled", "given"),
    "accepted": ("arrived", "open", "cancelled", "given"),
    "arrived": ("done", "open", "cancelled", "given"),
    "done": (),
    "cancelled": (),
}
STAMPS = {
    "given": "given_at",
    "accepted": "accepted_at",
    "arrived": "arrived_at",
    "done": "done_at",
}


class PropertyWorkOrder(models.Model):
    """One visit by one engineer or contractor; a ticket may need several."""

    _name = "property.work.order"
    _description = "Work Order"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "is_open desc, urgency, planned_at, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", required=True, readonly=True, copy=False)
    ticket_id = fields.Many2one(
        "property.ticket", required=True, index=True, ondelete="cascade"
    )
    subject = fields.Char(related="ticket_id.subject")
    description = fields.Text(related="ticket_id.description")
    unit_id = fields.Many2one(
        related="ticket_id.unit_id",
        store=True,
        index="btree_not_null",
        precompute=True,
    )
    building_id = fields.Many2one(
        related="ticket_id.building_id", store=True, precompute=True
    )
    community_id = fields.Many2one(
        related="ticket_id.community_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(related="ticket_id.partner_id", string="Caller")
    urgency = fields.Selection(related="ticket_id.urgency", store=True, precompute=True)
    skill_id = fields.Many2one(
        "property.service.skill",
        string="Trade",
        compute="_compute_skill_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    engineer_id = fields.Many2one(
        "property.engineer",
        check_company=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        related="engineer_id.user_id",
        string="Login",
        store=True,
    )
    state = fields.Selection(
        [
            ("open", "To Give Out"),
            ("given", "Given Out"),
            ("accepted", "Accepted"),
            ("arrived", "On Site"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="open",
        index=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    is_open = fields.Boolean(compute="_compute_is_open", store=True, precompute=True)
    is_mine = fields.Boolean(compute="_compute_is_mine", search="_search_is_mine")
    planned_at = fields.Datetime(
        string="Planned",
        compute="_compute_planned_at",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        help="When the engineer is expected; as a rule the appointment.",
    )
    given_at = fields.Datetime(string="Given Out", readonly=True, copy=False)
    accepted_at = fields.Datetime(readonly=True, copy=False)
    arrived_at = fields.Datetime(readonly=True, copy=False)
    done_at = fields.Datetime(readonly=True, copy=False)
    return_count = fields.Integer(string="Times Returned", readonly=True, copy=False)
    return_reason = fields.Char(readonly=True, copy=False)

    # What was done
    result = fields.Text(
        copy=False, help="What was found and done; the caller sees it."
    )
    line_ids = fields.One2many(
        "property.work.order.line", "order_id", string="Materials and Labour"
    )
    amount = fields.Monetary(compute="_compute_amount", store=True)
    before_ids = fields.Many2many(
        "ir.attachment",
        "property_work_order_before_rel",
        copy=False,
    )
    after_ids = fields.Many2many(
        "ir.attachment",
        "property_work_order_after_rel",
        copy=False,
    )
    signature = fields.Image(copy=False, max_width=1024, max_height=1024)
    signed_by = fields.Char(readonly=True, copy=False)
    signed_at = fields.Datetime(readonly=True, copy=False)
    rework_of_id = fields.Many2one(
        "property.work.order",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="Order after which the same problem of the same unit has come back.",
    )
    is_rework = fields.Boolean(
        compute="_compute_is_rework", store=True, precompute=True
    )

    _name_company_uniq = models.Constraint(
        "UNIQUE(company_id, name)", "The number of an order is unique in the company."
    )
    _given_to_somebody = models.Constraint(
        "CHECK(state IN ('open', 'cancelled') OR engineer_id IS NOT NULL)",
        "Say who is sent.",
    )

    # The list as Odoo orders it: of all, of an engineer, of a login.
    _list_idx = models.Index(f"({LIST_ORDER})")
    _engineer_idx = models.Index(f"(engineer_id, {LIST_ORDER})")
    _user_idx = models.Index(f"(user_id, {LIST_ORDER}) WHERE user_id IS NOT NULL")
    # Who was sent last.
    _turn_idx = models.Index("(engineer_id, id) WHERE engineer_id IS NOT NULL")
    # How much somebody has to do, without a look at the orders themselves.
    _load_idx = models.Index(
        "(engineer_id, urgency, community_id, company_id) WHERE is_open IS TRUE"
    )

    # === COMPUTE === #

    @api.depends("ticket_id.category_id")
    def _compute_skill_id(self):
        for order in self:
            order.skill_id = order.ticket_id.category_id._get_skill() or order.skill_id

    @api.depends("ticket_id.appointment_at")
    def _compute_planned_at(self):
        for order in self:
            order.planned_at = order.ticket_id.appointment_at or order.planned_at

    @api.depends("state")
    def _compute_is_open(self):
        for order in self:
            order.is_open = order.state in OPEN_STATES

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for order in self:
            order.is_mine = order.user_id == self.env.user

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("user_id", "=", self.env.uid)

    @api.depends("rework_of_id")
    def _compute_is_rework(self):
        for order in self:
            order.is_rework = bool(order.rework_of_id)

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for order in self:
            order.amount = sum(order.line_ids.mapped("amount"))

    @api.depends("name", "ticket_id.subject")
    def _compute_display_name(self):
        for order in self:
            order.display_name = f"{order.name or ''} {order.subject or ''}".strip()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._number(vals_list)
        orders = super().create(vals_list)
        orders._find_rework()
        return orders

    def write(self, vals):
        if "state" in vals:
            vals = self._check_step(vals)
        return super().write(vals)

    def _check_step(self, vals):
        """Return the values of a step with its date, after checking every order.

        :raise UserError: when an order cannot step there, or is over and nobody has said
            what was found and done
        """
        new = vals["state"]
        labels = dict(self._fields["state"]._description_selection(self.env))
        for order in self:
            if order.state != new and new not in STEPS[order.state]:
                raise UserError(
                    self.env._(
                        "Order %(order)s is %(old)s and cannot become %(new)s.",
                        order=order.name,
                        old=labels[order.state],
                        new=labels.get(new, new),
                    )
                )
            if new == "done" and not (vals.get("result", order.result) or "").strip():
                raise UserError(
                    self.env._(
                        "Order %(order)s: say what was found and done first.",
                        order=order.name,
                    )
                )
        if new in STAMPS:
            return {STAMPS[new]: fields.Datetime.now(), **vals}
        return dict(vals)

    @api.model
    def _number(self, vals_list):
        """Number the orders of each ticket from 1."""
        tickets = self.env["property.ticket"].browse(
            {vals["ticket_id"] for vals in vals_list}
        )
        counts = dict(
            self.sudo()._read_group(  # numbers go on whoever may see the orders
                [("ticket_id", "in", tickets.ids)], ["ticket_id"], ["__count"]
            )
        )
        numbers = {ticket.id: count for ticket, count in counts.items()}
        for vals in vals_list:
            ticket = self.env["property.ticket"].browse(vals["ticket_id"])
            numbers[ticket.id] = numbers.get(ticket.id, 0) + 1
            vals["name"] = f"{ticket.name}-{numbers[ticket.id]}"

    def _find_rework(self):
        """Tie an order to the one after which the same problem has come back."""
        asking = self.filtered(
            lambda order: order.unit_id and order.ticket_id.category_id
        )
        if not asking:
            return
        days = max(asking.company_id.mapped("property_rework_days"), default=0)
        since = fields.Datetime.now() - timedelta(days=days)
        # The household's earlier visits, also those that the user may not see.
        earlier = self.sudo().search(
            Domain("unit_id", "in", asking.unit_id.ids)
            & Domain("ticket_id.category_id", "in", asking.ticket_id.category_id.ids)
            & Domain("state", "=", "done")
            & Domain("done_at", ">=", since),
            order="done_at desc, id desc",
        )
        for order in asking:
            limit = fields.Datetime.now() - timedelta(
                days=order.company_id.property_rework_days
            )
            same = earlier.filtered(
                lambda one, order=order, limit=limit: (
                    one != order
                    and one.unit_id == order.unit_id
                    and one.ticket_id.category_id == order.ticket_id.category_id
                    and one.done_at >= limit
                )
            )
            if same:
                # A figure of the engineer's, which nobody writes himself.
                order.sudo().rework_of_id = same[:1]

    # === ACTIONS === #

    def _lock(self):
        """Let one person at a time take or change the orders.

        :raise UserError: somebody else is doing it at this moment
        """
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on %(orders)s at this moment. Please look"
                    " again.",
                    orders=", ".join(self.mapped("name")),
                )
            ) from error

    def _lead_tickets(self):
        """Let the tickets follow, whoever is responsible for them by now."""
        # Whoever may step his order need not be allowed to write the ticket.
        self.ticket_id.sudo()._follow_orders()

    def action_accept(self):
        """The engineer takes the order on."""
        self._lock()
        return self.write({"state": "accepted"})

    def action_arrive(self):
        """The engineer is on site: work on the ticket begins."""
        self._lock()
        self.write({"state": "arrived"})
        self._lead_tickets()
        return True

    def action_done(self):
        """The visit is over.

        :raise UserError: nobody has said what was found and done
        """
        self._lock()
        self.write({"state": "done"})
        self._lead_tickets()
        return True

    def action_cancel(self):
        """The visit is not needed any more."""
        self._lock()
        self.write({"state": "cancelled"})
        self._lead_tickets()
        return True
