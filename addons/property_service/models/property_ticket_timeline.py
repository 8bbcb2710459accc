from odoo import fields, models

from ..tools import timeline

IMAGES = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp")


class PropertyTicket(models.Model):
    """The ticket as its household follows it: history, next visit, promise, photos.

    Of our people only the engineers who come are named.
    """

    _inherit = "property.ticket"

    def _get_timeline(self):
        """Return the history for the household, in order of time.

        :return: list of `tools.timeline.Moment`
        """
        self.ensure_one()
        # Fixed words about his own ticket; the household may not read visits and waits.
        ticket = self.sudo()
        Moment = timeline.Moment
        moments = [
            Moment(ticket.reported_at, "reported", self.env._("You made the request")),
            Moment(ticket.accepted_at, "accepted", self.env._("We have accepted it")),
            Moment(ticket.reopened_at, "reopened", self.env._("Taken up again")),
            Moment(ticket.confirmed_at, "confirmed", self.env._("Confirmed as solved")),
        ]
        for order in ticket.order_ids:
            moments += ticket._get_visit_moments(order)
        moments += ticket._get_wait_moments()
        # Where a visit says what was done, it is not said twice.
        told = any(order.result for order in ticket.order_ids)
        moments.append(
            Moment(
                ticket.done_at,
                "done",
                self.env._("The work is done"),
                "" if told else ticket.result or "",
            )
        )
        rating = ticket._get_current_rating()
        if rating:
            moments.append(
                Moment(
                    rating.rated_on,
                    "rated",
                    self.env._("You gave %(stars)s stars", stars=int(rating.rating)),
                    rating.feedback or "",
                )
            )
        ends = {
            "closed": self.env._("Closed and archived"),
            "rejected": self.env._("We cannot take it up"),
            "cancelled": self.env._("Withdrawn"),
        }
        if ticket.state in ends:
            moments.append(
                Moment(
                    ticket.closed_at,
                    ticket.state,
                    ends[ticket.state],
                    ticket.close_reason or "",
                )
            )
        return timeline.arrange(moments)

    def _get_visit_moments(self, order):
        """Return what the household sees of a visit."""
        Moment = timeline.Moment
        name = order.engineer_id.name
        if not name or (order.state == "cancelled" and not order.arrived_at):
            return []
        return [
            Moment(
                order.given_at or order.accepted_at,
                "dispatched",
                self.env._("%(name)s takes care of it", name=name),
            ),
            Moment(
                order.arrived_at,
                "arrived",
                self.env._("%(name)s has arrived", name=name),
            ),
            Moment(
                order.done_at,
                "visited",
                self.env._("%(name)s has finished the visit", name=name),
                order.result or "",
            ),
        ]

    def _get_wait_moments(self):
        words = {
            "owner": self.env._("We are waiting for your word"),
            "parts": self.env._("We are waiting for spare parts"),
            "third_party": self.env._("We are waiting for another company"),
            "appointment": self.env._("We come at the agreed time"),
        }
        return [
            timeline.Moment(pause.started_at, "waiting", words[pause.reason])
            for pause in self.pause_ids
        ]

    def _get_next_visit(self):
        """Return when somebody is expected; False when nobody is or the time is past."""
        self.ensure_one()
        ticket = self.sudo()  # as in the history
        if not ticket.is_open:
            return False
        planned = ticket.order_ids.filtered(
            lambda order: order.is_open and order.state != "arrived"
        ).mapped("planned_at")
        times = [at for at in [*planned, ticket.appointment_at] if at]
        coming = [at for at in times if at >= fields.Datetime.now()]
        return min(coming, default=False)

    def _get_portal_engineer(self):
        """Return who comes or came last, by the name that the household knows."""
        self.ensure_one()
        orders = self.sudo().order_ids.filtered(  # as in the history
            lambda order: order.engineer_id and order.state != "cancelled"
        )
        return orders.sorted("id")[-1:].engineer_id.name or ""

    def _get_portal_photos(self):
        """Return the photos that the household may see: sent by it, or of the visits.

        :return: list of (caption, ir.attachment)
        """
        self.ensure_one()
        ticket = self.sudo()  # as in the history; each photo is of this ticket
        chat = ticket.message_ids.filtered(ticket._is_chat).attachment_ids
        orders = ticket.order_ids.filtered(lambda order: order.state != "cancelled")
        groups = (
            (self.env._("Sent in"), chat),
            (self.env._("Before"), orders.before_ids),
            (self.env._("After"), orders.after_ids),
        )
        images = [
            (caption, found.filtered(lambda one: one.mimetype in IMAGES).sorted("id"))
            for caption, found in groups
        ]
        return [(caption, photos) for caption, photos in images if photos]
