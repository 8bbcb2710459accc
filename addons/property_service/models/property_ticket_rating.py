from odoo import api, fields, models
from odoo.tools import plaintext2html
from odoo.tools.misc import formatLang

from odoo.addons.property_base.tools.text import clean
from odoo.addons.rating.models import rating_data

MAX_FEEDBACK = 2000
RATED_STATES = ("done", "confirmed", "closed")


class PropertyTicket(models.Model):
    """How satisfied the household is, kept as Odoo's ratings.

    A rating comes from the household itself, on the portal or by the links of an e-mail,
    or is told by phone at a return visit. Nobody else writes or changes one.
    """

    _inherit = "property.ticket"

    is_rated = fields.Boolean(
        string="Rated",
        compute="_compute_is_rated",
        compute_sudo=True,
        help="The household has rated what was done since the work was last finished.",
    )

    rating_satisfaction = fields.Selection(
        related="rating_ids.property_satisfaction",
        string="Satisfaction",
        groups="base.group_user",
    )

    @api.depends("rating_ids.consumed", "rating_ids.rated_on", "done_at")
    def _compute_is_rated(self):
        for ticket in self:
            ticket.is_rated = bool(ticket._get_current_rating())

    # === ODOO'S RATINGS === #

    def _rating_get_parent_field_name(self):
        return "community_id"

    def _get_rated_engineer(self):
        """Return who did the work: the engineer of the last visit that was finished."""
        self.ensure_one()
        # Who was there is no secret from whoever rates it.
        orders = self.sudo().order_ids.filtered(lambda order: order.state == "done")
        return orders.sorted(lambda order: (order.done_at, order.id))[-1:].engineer_id

    def _rating_get_operator(self):
        engineer = self._get_rated_engineer()
        partner = engineer.user_id.partner_id or engineer.partner_id
        return partner or super()._rating_get_operator()

    def rating_apply(
        self,
        rate,
        token=None,
        rating=None,
        feedback=None,
        subtype_xmlid=None,
        notify_delay_send=False,
    ):
        """Keep a rating with who is rated; a bad one becomes a task of the manager.

        A link that was sent before the ticket was reopened rates who came last.
        """
        rating = super().rating_apply(
            rate,
            token=token,
            rating=rating,
            feedback=clean(feedback, MAX_FEEDBACK),
            subtype_xmlid=subtype_xmlid,
            notify_delay_send=notify_delay_send,
        )
        for ticket in self:
            rating.write(
                {
                    "rated_partner_id": ticket._rating_get_operator().id,
                    "property_engineer_id": ticket._get_rated_engineer().id,
                }
            )
            ticket._follow_up_rating(rating)
        return rating

    def message_post(self, **kwargs):
        """Post a message; a rating does not come in by the chat, only by being asked."""
        kwargs.pop("rating_value", None)
        return super().message_post(**kwargs)

    # === BUSINESS === #

    def _look_at_last_rating(self):
        """Have the last rating read again; Odoo does so for changes of a rating only."""
        self.env.add_to_compute(self._fields["rating_last_value"], self.exists())

    def _get_current_rating(self):
        """Return the rating of what was last done; empty while there is none."""
        self.ensure_one()
        # Portal users have no right to ratings; this is the one of their own ticket.
        return self.sudo().rating_ids.filtered(
            lambda rating: (
                rating.consumed
                and rating.rating
                and (
                    not self.done_at
                    or (rating.rated_on and rating.rated_on >= self.done_at)
                )
            )
        )[:1]

    def _rate(self, rate, feedback=None, partner=None):
        """Rate what was last done; a second rating of it replaces the first.

        :param int rate: 1 to 5
        :param partner: who rates, as a rule the caller
        :return: rating.rating
        """
        self.ensure_one()
        # Whoever may rate was checked by the caller; ratings are the system's records.
        ticket = self.sudo()
        rating = ticket._get_current_rating()
        if not rating:
            token = ticket._rating_get_access_token(partner)
            rating = ticket.rating_ids.filtered(
                lambda one: one.access_token == token
            ) or rating.search([("access_token", "=", token)], limit=1)
        return ticket.rating_apply(rate, rating=rating, feedback=feedback)

    def _follow_up_rating(self, rating):
        """Let the manager of the community call whoever is not satisfied."""
        self.ensure_one()
        lead = self.community_id.manager_id or self.community_id.steward_id
        known = self.activity_search(
            ["property_service.mail_activity_bad_rating"], only_automated=False
        )
        if rating.rating >= rating_data.RATING_LIMIT_OK:
            known.unlink()
        elif lead and not known:
            self.activity_schedule(
                "property_service.mail_activity_bad_rating",
                user_id=lead.id,
                summary=self.env._(
                    "Rated %(rate)s of 5: %(subject)s",
                    rate=formatLang(self.env, rating.rating, digits=0),
                    subject=self.subject,
                ),
                note=plaintext2html(rating.feedback or ""),
            )

    def action_view_ratings(self):
        """Open the ratings of the ticket."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_service.rating_rating_action"
        )
        action["domain"] = [
            ("res_model", "=", self._name),
            ("res_id", "=", self.id),
            ("consumed", "=", True),
        ]
        action["context"] = {}
        return action
