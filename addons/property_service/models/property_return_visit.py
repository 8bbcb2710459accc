from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

RESULTS = [
    ("satisfied", "Satisfied"),
    ("partly", "Partly Satisfied"),
    ("unsatisfied", "Not Satisfied"),
    ("unreached", "Not Reached"),
]
STARS = {"satisfied": 5, "partly": 3, "unsatisfied": 1}
VISITED_STATES = ("done", "confirmed", "closed")


class PropertyReturnVisit(models.Model):
    """A call or visit after the work: was the household told, and is it satisfied?

    It is made by somebody who did not do the work. What the household says counts as its
    confirmation and as its rating; whoever is not satisfied has his ticket taken up again.
    """

    _name = "property.return.visit"
    _description = "Return Visit"
    _order = "visited_at desc, id desc"
    _rec_name = "ticket_id"
    _check_company_auto = True

    ticket_id = fields.Many2one(
        "property.ticket", required=True, index=True, ondelete="cascade"
    )
    community_id = fields.Many2one(
        related="ticket_id.community_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, index=True, precompute=True
    )
    unit_id = fields.Many2one(related="ticket_id.unit_id")
    kind = fields.Selection(related="ticket_id.kind", string="Kind of Ticket")
    worker_id = fields.Many2one(related="ticket_id.user_id", string="Who Did the Work")
    way = fields.Selection(
        [
            ("phone", "Phone"),
            ("home", "At Home"),
            ("wechat", "WeChat"),
        ],
        required=True,
        default="phone",
    )
    visited_at = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        index="btree_not_null",
    )
    result = fields.Selection(RESULTS, required=True, default="satisfied")
    comment = fields.Text(
        string="What the Household Said", help="The household sees it in its ticket."
    )
    is_last = fields.Boolean(compute="_compute_is_last")

    @api.depends("ticket_id", "visited_at")
    def _compute_is_last(self):
        last = dict(
            self._read_group(
                [("ticket_id", "in", self.ticket_id.ids)], ["ticket_id"], ["id:max"]
            )
        )
        for visit in self:
            visit.is_last = last.get(visit.ticket_id) == visit._origin.id

    @api.constrains("ticket_id", "user_id")
    def _check_not_by_worker(self):
        for visit in self:
            # Who was there is no secret from whoever calls afterwards.
            workers = (
                visit.ticket_id.sudo()
                .order_ids.filtered(lambda order: order.state == "done")
                .user_id
            )
            if visit.user_id in workers:
                raise ValidationError(
                    self.env._(
                        "%(user)s did the work on %(ticket)s; somebody else has to ask"
                        " the household.",
                        user=visit.user_id.name,
                        ticket=visit.ticket_id.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Note what the household said, with what follows for the ticket.

        :raise UserError: the work has not been finished, or a household that is not
            satisfied has not said why
        """
        visits = super().create(vals_list)
        if self.env.su and self.env.context.get("property_archive"):
            return visits  # taken over with all that followed
        for visit in visits:
            visit._check_complete()
            visit._follow()
        return visits

    @api.ondelete(at_uninstall=False)
    def _unlink_except_admin(self):
        """What a household has said stays on file."""
        if not self.env.user.has_group("property_base.group_property_admin"):
            raise UserError(self.env._("Return visits stay on file."))

    # === BUSINESS === #

    def _check_complete(self):
        self.ensure_one()
        if self.ticket_id.state not in VISITED_STATES:
            raise UserError(
                self.env._(
                    "Ticket %(ticket)s is not done yet; ask the household afterwards.",
                    ticket=self.ticket_id.name,
                )
            )
        if self.result == "unsatisfied" and not (self.comment or "").strip():
            raise UserError(
                self.env._("Write down why the household is not satisfied.")
            )

    def _follow(self):
        """Rate and confirm the ticket, or take it up again."""
        self.ensure_one()
        ticket = self.ticket_id
        if self.result == "unreached":
            return
        ticket._rate(STARS[self.result], self.comment, ticket.partner_id)
        if self.result == "unsatisfied":
            ticket.write({"state": "accepted"})
        elif ticket.state == "done":
            ticket.action_confirm()
