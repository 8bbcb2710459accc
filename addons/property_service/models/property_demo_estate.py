import csv
import random
from datetime import datetime, time, timedelta

from odoo import models
from odoo.tools.misc import file_open

from ..tools import transitions

TICKETS = 60
DAYS = 90
RECENT_STATES = ("new", "accepted", "dispatched", "in_progress", "done")
CHANNELS = ("phone", "phone", "phone", "visit", "wechat", "wechat", "portal")


class PropertyDemoEstate(models.AbstractModel):
    _inherit = "property.demo.estate"

    def _fill(self, community, today):
        """Add three months of tickets; nothing is added to a community that has some."""
        result = super()._fill(community, today)
        Ticket = self.env["property.ticket"]
        if not Ticket.search_count([("community_id", "=", community.id)], limit=1):
            self._fill_tickets(community, today)
        return result

    def _fill_tickets(self, community, today, count=TICKETS, seed=7):
        """Create tickets in all stages of their life, the older ones finished.

        :param community: the estate
        :param today: last day of the period
        :param int count: how many tickets
        :param int seed: the same seed makes the same tickets
        :return: the tickets
        """
        rng = random.Random(seed)
        with file_open("property_service/demo/tickets.csv") as samples_file:
            samples = list(csv.DictReader(samples_file))
        units = self.env["property.unit"].search(
            [
                ("community_id", "=", community.id),
                ("unit_type", "=", "home"),
                ("handover_date", "!=", False),
            ],
            order="id",
        )
        households = list(units._get_occupants(today).items())
        if not households:
            return self.env["property.ticket"]
        workers = self._get_ticket_workers(community)
        vals_list = []
        for number in range(count):
            # The last handful stands in each of the states of work at hand.
            recent = RECENT_STATES[number % len(RECENT_STATES)]
            sample = samples[number % len(samples)]
            problem = self.env.ref(f"property_service.{sample['problem']}")
            unit, people = rng.choice(households)
            public = problem.place in ("common", "facility")
            days_ago = int(DAYS * (1 - (number + 1) / count) ** 1.3)
            reported_at = datetime.combine(
                today - timedelta(days=days_ago),
                time(rng.randrange(0, 12), rng.randrange(60)),
            )
            vals_list.append(
                {
                    "community_id": community.id,
                    "unit_id": unit.id if not public or rng.random() < 0.4 else False,
                    "partner_id": people[:1].id,
                    "category_id": problem.id,
                    "channel": "patrol"
                    if public and rng.random() < 0.3
                    else rng.choice(CHANNELS),
                    "subject": sample["subject"],
                    "description": sample["description"],
                    "reported_at": reported_at,
                    **self._draw_ticket_progress(
                        rng, sample, problem, reported_at, days_ago, workers, recent
                    ),
                }
            )
        Ticket = self.env["property.ticket"].with_context(
            mail_create_nosubscribe=True,
            tracking_disable=True,
            property_no_notices=True,
        )
        return Ticket.create(vals_list)

    def _get_ticket_workers(self, community):
        """Return the engineers of the company, or whoever manages the community."""
        engineers = self.env.ref("property_base.group_property_engineer").all_user_ids
        engineers = engineers.filtered(
            lambda user: community.company_id in user.company_ids and user.active
        ).sorted("id")
        # Administrators are engineers by implication; a real one has no higher role.
        pure = engineers.filtered(
            lambda user: not user.has_group("property_base.group_property_admin")
        )
        return pure or community.manager_id or self.env.user

    def _draw_ticket_progress(
        self, rng, sample, problem, reported_at, days_ago, workers, recent
    ):
        """Return how far a ticket has come: state, dates, responsible and result."""
        if days_ago > 10:
            states = ("closed",) * 9 + ("cancelled", "confirmed", "waiting")
        elif days_ago > 2:
            states = ("closed", "confirmed", "done", "in_progress", "waiting")
        else:
            states = (recent,)
        state = rng.choice(states)
        fast = problem.urgency == "emergency"
        accepted_at = reported_at + timedelta(
            minutes=rng.randrange(2, 10 if fast else 180)
        )
        done_at = accepted_at + timedelta(hours=rng.randrange(1, 4 if fast else 60))
        vals = {"state": state}
        if state == "new":
            return vals
        vals["accepted_at"] = accepted_at
        if state == "cancelled":
            return {**vals, "closed_at": done_at, "close_reason": "业主来电取消"}
        if state != "accepted":
            vals["user_id"] = workers[:1].id
        if state in ("dispatched", "in_progress"):
            vals["appointment_at"] = reported_at + timedelta(days=rng.randrange(1, 5))
        if state == "waiting":
            vals["waiting_reason"] = rng.choice(("parts", "owner", "third_party"))
        if state not in transitions.OPEN_STATES:
            vals["result"] = sample["result"]
            vals["done_at"] = done_at
        if state == "closed":
            vals["closed_at"] = done_at + timedelta(days=1)
            vals["reopened_count"] = int(rng.random() < 0.08)
        return vals
