from datetime import timedelta

from odoo import models
from odoo.fields import Command

# What complaints of the samples were found to be: justified, why, cause, department, what
# was done, what is changed.
FINDINGS = (
    (
        "yes",
        "现场核实属实",
        "environment",
        "cleaning",
        "当日安排清理并复查",
        "增加每日巡检一次",
    ),
    (
        "yes",
        "值班记录与监控核实属实",
        "attitude",
        "security",
        "当事人向业主致歉",
        "纳入服务礼仪培训",
    ),
    (
        "no",
        "核对面积与合同一致,已向业主说明",
        "fees",
        "finance",
        "逐项解释计费依据",
        "在公告栏公示收费标准",
    ),
)
STARS = (5, 4, 5, 3, 5, 4, 5, 2)
WORDS = {
    5: "师傅准时,修得很仔细",
    4: "",
    3: "等得有点久",
    2: "修完两天又漏了",
}


class PropertyDemoEstate(models.AbstractModel):
    _inherit = "property.demo.estate"

    def _fill_tickets(self, community, today, **options):
        """Add what the figures are made of: findings, ratings, materials, visits of today."""
        tickets = super()._fill_tickets(community, today, **options)
        self._judge_demo_complaints(tickets)
        self._rate_demo_tickets(tickets)
        self._add_demo_materials(tickets)
        self._plan_demo_visits(
            tickets, self.env["property.service.overview"]._get_today()
        )
        return tickets

    def _judge_demo_complaints(self, tickets):
        ended = tickets.filtered(
            lambda one: one.kind == "complaint" and one.state in ("confirmed", "closed")
        )
        names = (
            "is_justified",
            "justified_reason",
            "cause",
            "department",
            "corrective_action",
            "preventive_action",
        )
        for number, ticket in enumerate(ended):
            ticket.write(
                dict(zip(names, FINDINGS[number % len(FINDINGS)], strict=True))
            )

    def _rate_demo_tickets(self, tickets):
        """Let two of three households rate what was done for them."""
        ended = tickets.filtered(lambda one: one.state in ("confirmed", "closed"))
        model = self.env["ir.model"]._get_id("property.ticket")
        self.env["rating.rating"].create(
            [
                {
                    "res_model_id": model,
                    "res_id": ticket.id,
                    "partner_id": ticket.partner_id.id,
                    "rating": STARS[number % len(STARS)],
                    "feedback": WORDS[STARS[number % len(STARS)]],
                    "rated_on": ticket.done_at + timedelta(hours=3),
                    "consumed": True,
                }
                for number, ticket in enumerate(ended)
                if number % 3 and ticket.done_at and ticket.partner_id
            ]
        )

    def _add_demo_materials(self, tickets):
        prices = self.env["property.service.price"].search(
            [("company_id", "in", tickets.company_id.ids), ("price", ">", 0)],
            order="id",
        )
        orders = tickets.order_ids.filtered(lambda order: order.state == "done")
        for number, order in enumerate(orders if prices else ()):
            price = prices[number % len(prices)]
            order.line_ids = [Command.create({"price_id": price.id, "quantity": 1})]

    def _plan_demo_visits(self, tickets, today):
        """Put the visits of today at hours of the day; one more waits for somebody."""
        figures = self.env["property.service.figures"]
        midnight, _end = figures._get_bounds(today, today)
        morning = midnight + timedelta(hours=9)
        orders = tickets.order_ids.filtered(lambda order: order.is_open)
        for number, order in enumerate(orders):
            order.planned_at = morning + timedelta(hours=2 * (number % 5))
        accepted = tickets.filtered(
            lambda one: one.state == "accepted" and not one.order_ids
        )
        self.env["property.work.order"].create(
            [{"ticket_id": ticket.id} for ticket in accepted[-2:]]
        )
