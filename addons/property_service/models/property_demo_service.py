from datetime import datetime, time, timedelta

from odoo import models
from odoo.fields import Command

# Name, kind, trade, unit, price: a price list as it hangs in the office.
PRICES = (
    ("上门费", "labour", None, "次", 0.0),
    ("水工人工", "labour", "plumbing", "小时", 60.0),
    ("电工人工", "labour", "electric", "小时", 60.0),
    ("疏通马桶", "labour", "plumbing", "次", 80.0),
    ("更换门锁(人工)", "labour", "carpentry", "把", 50.0),
    ("水龙头芯", "material", "plumbing", "个", 15.0),
    ("角阀", "material", "plumbing", "个", 28.0),
    ("软管 60 cm", "material", "plumbing", "根", 18.0),
    ("空气开关 16 A", "material", "electric", "个", 32.0),
    ("五孔插座", "material", "electric", "个", 16.0),
    ("LED 灯管", "material", "electric", "支", 22.0),
)
CREW = (
    ("张师傅", ("plumbing", "masonry", "carpentry")),
    ("李师傅", ("electric", "weak", "fire", "pump")),
    ("王师傅", ("plumbing", "electric", "gas")),
)
CONTRACTORS = (
    ("安捷电梯维保有限公司", ("lift",)),
    ("洁净保洁服务部", ("cleaning", "greening")),
)
ROSTER_DAYS = 14
LOCAL_OFFSET = timedelta(hours=8)  # Shanghai has no summer time


class PropertyDemoEstate(models.AbstractModel):
    _inherit = "property.demo.estate"

    def _fill_tickets(self, community, today, **options):
        """Add crew, price list, duty roster and visits around the tickets."""
        self._load_demo_holidays(today)
        crew = self._create_demo_crew(community)
        self._create_demo_prices(community)
        self._create_demo_roster(community, crew, today)
        tickets = super()._fill_tickets(community, today, **options)
        self._create_demo_orders(tickets, crew)
        self._create_demo_incidents(community, today)
        return tickets

    def _load_demo_holidays(self, today):
        Day = self.env["property.duty.day"]
        if not Day.search_count([], limit=1):
            Day._load_public_days(today.year)

    def _create_demo_crew(self, community):
        """Return engineers: those with a login first, then the contractors."""
        Engineer = self.env["property.engineer"]
        if known := Engineer.search([("company_id", "=", community.company_id.id)]):
            return known
        skills = {
            key: self.env.ref(f"property_service.skill_{key}")
            for _name, keys in (*CREW, *CONTRACTORS)
            for key in keys
        }
        workers = self._get_ticket_workers(community)
        people = [
            {
                "user_id": user.id,
                "skill_ids": [Command.set([skill.id for skill in skills.values()])],
            }
            for user in workers[:1]
        ]
        partners = self.env["res.partner"].create(
            [{"name": name} for name, _keys in (*CREW, *CONTRACTORS)]
        )
        people += [
            {
                "partner_id": partner.id,
                "skill_ids": [Command.set([skills[key].id for key in keys])],
            }
            for partner, (_name, keys) in zip(
                partners, (*CREW, *CONTRACTORS), strict=True
            )
        ]
        common = {
            "company_id": community.company_id.id,
            "community_ids": [Command.set(community.ids)],
        }
        return Engineer.create([{**person, **common} for person in people])

    def _create_demo_prices(self, community):
        Price = self.env["property.service.price"]
        if Price.search_count([("company_id", "=", community.company_id.id)], limit=1):
            return
        Price.create(
            [
                {
                    "name": name,
                    "kind": kind,
                    "skill_id": self.env.ref(f"property_service.skill_{trade}").id
                    if trade
                    else False,
                    "unit": unit,
                    "price": price,
                    "sequence": number,
                    "company_id": community.company_id.id,
                }
                for number, (name, kind, trade, unit, price) in enumerate(PRICES, 1)
            ]
        )

    def _create_demo_roster(self, community, crew, today):
        """Put somebody on duty by day and by night for the weeks around today."""
        by_day = crew.user_id[:1]
        by_night = community.manager_id or by_day
        Shift = self.env["property.duty.shift"]
        if not by_day or Shift.search_count([("user_id", "=", by_day.id)], limit=1):
            return
        vals_list = []
        for number in range(-1, ROSTER_DAYS):
            midnight = datetime.combine(today, time()) - LOCAL_OFFSET
            morning = midnight + timedelta(days=number, hours=8)
            evening = morning + timedelta(hours=12)
            shifts = [(by_day, morning, evening, "白班")]
            if by_night != by_day:
                shifts.append(
                    (by_night, evening, evening + timedelta(hours=12), "夜班")
                )
            vals_list += [
                {
                    "user_id": user.id,
                    "company_id": community.company_id.id,
                    "community_ids": [Command.set(community.ids)],
                    "start": start,
                    "end": end,
                    "note": note,
                }
                for user, start, end, note in shifts
            ]
        Shift.create(vals_list)

    def _create_demo_orders(self, tickets, crew):
        """Give the tickets that somebody works on a visit in the same state."""
        states = {
            "dispatched": "given",
            "in_progress": "arrived",
            "done": "done",
            "confirmed": "done",
        }
        working = tickets.filtered(lambda ticket: ticket.state in states)
        vals_list = []
        for number, ticket in enumerate(working):
            fit = crew.filtered(
                lambda one, ticket=ticket: (
                    not ticket.category_id._get_skill()
                    or ticket.category_id._get_skill() in one.skill_ids
                )
            )
            engineer = (fit or crew)[number % max(len(fit), 1)]
            state = states[ticket.state]
            vals_list.append(
                {
                    "ticket_id": ticket.id,
                    "engineer_id": engineer.id,
                    "state": state,
                    "accepted_at": ticket.accepted_at,
                    "arrived_at": ticket.accepted_at if state != "given" else False,
                    "done_at": ticket.done_at if state == "done" else False,
                    "result": ticket.result if state == "done" else False,
                }
            )
        return self.env["property.work.order"].create(vals_list)
