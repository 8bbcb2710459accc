import random
from datetime import datetime, time, timedelta

from odoo import models

# Stars and what a household says to them.
PRAISE = ("师傅很准时,谢谢", "处理很快", "态度好,活也干净", "", "", "")
BLAME = ("等了两天才来", "修完没打扫卫生", "问题又出现了")
STARS = (5,) * 11 + (4,) * 5 + (3, 3, 2, 1)
AT_HOME = "上午九点以后家里都有人,来之前请先打电话。"
RATED_PART = 0.6
VISITS = 12


class PropertyDemoEstate(models.AbstractModel):
    _inherit = "property.demo.estate"

    def _fill_tickets(self, community, today, **options):
        """Add what households say: ratings, return visits, and the owner's own tickets."""
        tickets = super()._fill_tickets(community, today, **options)
        rng = random.Random(11)
        finished = tickets.filtered(
            lambda ticket: ticket.state in ("confirmed", "closed") and ticket.partner_id
        )
        self._create_demo_ratings(finished, rng)
        self._create_demo_visits(community, finished[-VISITS:])
        owner = self.env["res.users"].search([("login", "=", "owner")], limit=1)
        if owner:
            tickets |= self._create_demo_own_tickets(community, owner.partner_id, today)
        return tickets

    def _create_demo_ratings(self, tickets, rng):
        """Let a part of the households rate, the day after the work."""
        rated = tickets.filtered(lambda ticket: rng.random() < RATED_PART)
        model = self.env["ir.model"]._get_id("property.ticket")
        vals_list = []
        for ticket in rated:
            stars = rng.choice(STARS)
            engineer = ticket._get_rated_engineer()
            vals_list.append(
                {
                    "res_model_id": model,
                    "res_id": ticket.id,
                    "partner_id": ticket.partner_id.id,
                    "rated_partner_id": ticket._rating_get_operator().id,
                    "property_engineer_id": engineer.id,
                    "rating": stars,
                    "feedback": rng.choice(PRAISE if stars > 3 else BLAME),
                    "consumed": True,
                }
            )
        ratings = self.env["rating.rating"].create(vals_list)
        for rating, ticket in zip(ratings, rated, strict=True):
            rating.rated_on = ticket.done_at + timedelta(hours=20)

    def _create_demo_visits(self, community, tickets):
        """Note calls of the front desk; what followed from them is done already."""
        caller = community.steward_id or community.manager_id or self.env.user
        workers = tickets.order_ids.user_id
        if caller in workers:
            return
        self.env["property.return.visit"].with_context(property_archive=True).create(
            [
                {
                    "ticket_id": ticket.id,
                    "user_id": caller.id,
                    "visited_at": ticket.done_at + timedelta(days=1),
                    "result": "unreached" if number % 5 == 4 else "satisfied",
                    "comment": "" if number % 5 == 4 else "业主表示满意",
                }
                for number, ticket in enumerate(tickets)
            ]
        )

    def _create_demo_own_tickets(self, community, partner, today):
        """Give the owner on the portal a ticket to confirm and one to wait for."""
        home = self.env["property.unit"].search(
            [
                ("community_id", "=", community.id),
                ("occupancy_ids.partner_id", "=", partner.id),
                ("unit_type", "=", "home"),
            ],
            limit=1,
        )
        engineers = self.env["property.engineer"].search(
            [
                ("company_id", "=", community.company_id.id),
                ("skill_ids", "in", self.env.ref("property_service.skill_plumbing").id),
            ]
        )
        engineers = engineers.sorted(lambda engineer: not engineer.user_id)[:2]
        sender = engineers.user_id[:1] or community.manager_id or self.env.user
        if not home or not engineers:
            return self.env["property.ticket"]
        morning = datetime.combine(today, time(1))
        common = {
            "unit_id": home.id,
            "partner_id": partner.id,
            "channel": "portal",
        }
        done, coming = (
            self.env["property.ticket"]
            .with_context(property_no_notices=True, tracking_disable=True)
            .create(
                [
                    {
                        **common,
                        "category_id": self.env.ref(
                            "property_service.problem_home_water_drip"
                        ).id,
                        "subject": "厨房水龙头漏水",
                        "description": "昨晚开始滴水,关紧了也不行,下面用盆接着。",
                        "state": "done",
                        "reported_at": morning - timedelta(days=2),
                        "accepted_at": morning - timedelta(days=2, minutes=-12),
                        "done_at": morning - timedelta(days=1),
                        "result": "阀芯老化,已更换阀芯并试水,不再滴漏。",
                        "user_id": sender.id,
                    },
                    {
                        **common,
                        "category_id": self.env.ref(
                            "property_service.problem_home_power_socket"
                        ).id,
                        "subject": "阳台灯不亮",
                        "description": "换了灯泡还是不亮。",
                        "state": "dispatched",
                        "reported_at": morning - timedelta(hours=20),
                        "accepted_at": morning - timedelta(hours=19),
                        "appointment_at": morning + timedelta(days=1, hours=1),
                        "user_id": sender.id,
                    },
                ]
            )
        )
        self.env["property.work.order"].create(
            [
                {
                    "ticket_id": done.id,
                    "engineer_id": engineers[0].id,
                    "state": "done",
                    "given_at": done.accepted_at + timedelta(minutes=20),
                    "accepted_at": done.accepted_at + timedelta(minutes=25),
                    "arrived_at": done.done_at - timedelta(hours=1),
                    "done_at": done.done_at,
                    "result": done.result,
                },
                {
                    "ticket_id": coming.id,
                    "engineer_id": engineers[-1].id,
                    "state": "given",
                    "given_at": coming.accepted_at + timedelta(minutes=10),
                },
            ]
        )
        (done | coming).message_subscribe(partner.ids)
        coming.message_post(
            body=AT_HOME,
            author_id=partner.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        return done | coming
