from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import dispatch


class PropertyWorkOrder(models.Model):
    """How orders find somebody, and come back."""

    _inherit = "property.work.order"

    def _get_job(self):
        """Return the order as the dispatch sees it."""
        self.ensure_one()
        return dispatch.Job(
            skill=self.skill_id.id,
            community=self.community_id.id,
            building=self.building_id.id,
            urgency=self.urgency,
        )

    def _get_suggestions(self):
        """Return who can be sent and who cannot, with the reasons.

        :return: (list of `tools.dispatch.Suggestion`, list of (candidate, reasons))
        """
        self.ensure_one()
        candidates = self.env["property.engineer"]._get_candidates(
            self.company_id, self.community_id, fields.Datetime.now()
        )[self.community_id]
        job = self._get_job()
        suggested = dispatch.suggest(candidates, job)
        others = [
            (candidate, reasons)
            for candidate in candidates
            if (reasons := dispatch.why_not(candidate, job))
        ]
        return suggested, others

    def _give(self, engineers):
        """Give orders to engineers.

        :param dict engineers: order -> property.engineer
        """
        orders = self.browse(order.id for order in engineers)
        orders.filtered("engineer_id")._take_off_lists()
        for engineer, given in orders.grouped(lambda order: engineers[order]).items():
            given.write(
                {
                    "engineer_id": engineer.id,
                    "state": "given",
                    "return_reason": False,
                    "is_told": not engineer._is_to_be_told(),
                }
            )
        orders._put_on_lists()
        orders.ticket_id._follow_orders()

    def _spread(self):
        """Give out orders by the rules of the dispatch, as far as somebody is free.

        The most urgent go first, then the oldest, in whatever order they are asked for.

        :return: orders for which nobody was found
        """
        now, given = fields.Datetime.now(), {}
        Engineer = self.env["property.engineer"]
        for company, orders in self.grouped("company_id").items():
            ranked = orders.sorted(
                lambda order: (-dispatch.WEIGHTS[order.urgency], order.id)
            )
            candidates = Engineer._get_candidates(company, orders.community_id, now)
            keys = dispatch.spread_over(
                {community.id: pool for community, pool in candidates.items()},
                [order._get_job() for order in ranked],
            )
            given.update(
                (order, Engineer.browse(key))
                for order, key in zip(ranked, keys, strict=True)
                if key
            )
        self._give(given)
        return self - self.browse(order.id for order in given)

    # === ACTIONS === #

    def action_return(self):
        """Ask why the orders are given back."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Give Back"),
            "res_model": "property.work.order.return",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_ids": self.ids},
        }

    def action_dispatch(self):
        """Show who could be sent, the best first."""
        self.ensure_one()
        return self.env["property.dispatch"]._open(self)

    def _get_own_engineer(self):
        """Return the user as an engineer of the company of the orders.

        :raise AccessError: the user is none
        """
        # Every engineer may know himself.
        engineer = (
            self.env["property.engineer"]
            .sudo()
            .search(
                [
                    ("user_id", "=", self.env.uid),
                    ("company_id", "in", self.company_id.ids),
                ],
                limit=1,
            )
        )
        if not engineer:
            raise AccessError(
                self.env._("You are not on the list of engineers of this company.")
            )
        return engineer

    def action_grab(self):
        """Take an order that nobody has yet; of two who want it, the first gets it.

        :raise UserError: somebody has it, or the user lacks the trade or works elsewhere
        """
        self.ensure_one()
        self._lock()
        self.invalidate_recordset(["state", "engineer_id"])
        if self.state != "open":
            raise UserError(
                self.env._(
                    "%(order)s was taken by %(name)s.",
                    order=self.name,
                    name=self.engineer_id.name or self.env._("somebody else"),
                )
            )
        engineer = self._get_own_engineer()
        areas = engineer.community_ids
        if self.skill_id and self.skill_id not in engineer.skill_ids:
            raise UserError(
                self.env._(
                    "%(order)s asks for the trade %(trade)s, which is not yours.",
                    order=self.name,
                    trade=self.skill_id.name,
                )
            )
        if areas and self.community_id not in areas:
            raise UserError(
                self.env._(
                    "%(order)s is in %(community)s, where you do not work.",
                    order=self.name,
                    community=self.community_id.name,
                )
            )
        # The order is nobody's yet, so its engineer cannot write it; being qualified is
        # the right to take it.
        self.sudo()._give({self.sudo(): engineer})
        return self.action_accept()

    def _return(self, reason):
        """Give orders back.

        :param str reason: why
        :raise UserError: no reason is given
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the order is given back."))
        # Below the system writes, so whoever gives back is asked for his right here.
        self.check_access("write")
        self._lock()
        for order in self:
            # The log of returns keeps the name; without an engineer the writer may lose
            # his right to the order half-way, so the system finishes it.
            order.sudo().write(
                {
                    "state": "open",
                    "engineer_id": False,
                    "return_reason": reason.strip(),
                    "return_count": order.return_count + 1,
                }
            )
            order.sudo().message_post(  # as above
                body=self.env._(
                    "Given back by %(name)s: %(reason)s",
                    name=self.env.user.name,
                    reason=reason.strip(),
                ),
                author_id=self.env.user.partner_id.id,
            )
        self.ticket_id.sudo()._follow_orders()  # as above

    @api.model
    def _cron_spread(self):
        """Give out what was left open for want of somebody free."""
        # Only where the category asks for it; everything else waits for the desk.
        waiting = self.search(
            [
                ("state", "=", "open"),
                ("ticket_id.category_id.auto_dispatch", "=", True),
            ],
            order="urgency, id",
            limit=200,
        )
        waiting.try_lock_for_update()._spread()
