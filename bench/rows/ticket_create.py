"""Tickets taken and given out, against OCA ``helpdesk_mgmt`` with its promises.

Modules of Odoo are imported where they are used: rows are listed outside of it too.
"""

import time

from bench.row import Outcome, Row

BATCH = 100
ENGINEERS = 10
SINGLES = 50  # tickets that are taken one by one, for the report


class TicketCreate(Row):
    """The front desk takes tickets, as many as rows, in batches.

    Ours is more than the peer is asked for: the ticket, three promises on the duty calendar
    with its holidays, acceptance, a work order, an engineer chosen by trade, roster and
    load, his to-do and a message to him. The peer creates the ticket with as many promises
    on the same calendar. Messages and tracking are on for both, as in production.
    """

    name = "ticket_create"
    title = "tickets created with their promises, ours given out to engineers besides"
    modules = ("property_service",)
    peer_modules = ("helpdesk_mgmt", "helpdesk_mgmt_sla")
    peer_packages = (
        "odoo-addon-helpdesk-mgmt==19.0.1.3.2",
        "odoo-addon-helpdesk-mgmt-sla==19.0.1.0.0.4",
    )

    def prepare(self, env, count):
        units = create_homes(env, count)
        create_crew(env)
        desk = env["res.users"].create(
            {
                "name": "Desk",
                "login": "bench_desk",
                "group_ids": [
                    (4, env.ref("property_base.group_property_frontdesk").id),
                    (4, env.ref("helpdesk_mgmt.group_helpdesk_manager").id),
                ],
            }
        )
        problem = env.ref("property_service.problem_home_water_drip")
        return {
            "desk": desk.id,
            "units": units.ids,
            "callers": units.owner_ids.ids,
            "problem": problem.id,
            "team": self._prepare_peer(env, units[0], problem),
        }

    @staticmethod
    def _get_policy(env, unit, problem):
        ticket = env["property.ticket"].new(
            {"unit_id": unit.id, "category_id": problem.id}
        )
        return env["property.sla.policy"]._get_policies(ticket)[ticket]

    @staticmethod
    def _prepare_peer(env, unit, problem):
        """Make a team with as many promises on the same calendar."""
        calendar = TicketCreate._get_policy(env, unit, problem).calendar_id
        team = env["helpdesk.ticket.team"].create(
            {
                "name": "Bench",
                "use_sla": True,
                "resource_calendar_id": calendar.id,
            }
        )
        started = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_in_progress")
        done = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        env["helpdesk.sla"].create(
            [
                {
                    "name": name,
                    "team_ids": [(6, 0, team.ids)],
                    "stage_id": stage.id,
                    "hours": hours,
                }
                for name, stage, hours in (
                    ("Response", started, 1),
                    ("Arrival", started, 4),
                    ("Resolution", done, 15),
                )
            ]
        )
        return team.id

    def ours(self, env, data):
        env = env(user=data["desk"])
        for start in range(0, len(data["units"]), BATCH):
            self._take(env, data, data["units"][start : start + BATCH])
            env.cr.commit()
        # What the scheduler does: a message to each engineer.
        while env["property.work.order"].sudo()._tell_chunk():
            env.cr.commit()
        Ticket = env["property.ticket"]
        return Outcome(
            Ticket.search_count([("state", "=", "dispatched")]),
            env["property.ticket.sla"].sudo().search_count([]),
        )

    @staticmethod
    def _take(env, data, units):
        """Take a ticket for each unit and send somebody."""
        tickets = env["property.ticket"].create(
            [
                {
                    "unit_id": unit,
                    "category_id": data["problem"],
                    "subject": "The tap in the kitchen drips",
                    "description": "Since this morning; the owner is at home.",
                    "channel": "phone",
                }
                for unit in units
            ]
        )
        tickets.action_accept()
        tickets._ensure_orders()._spread()

    def peer(self, env, data):
        env = env(user=data["desk"])
        for start in range(0, len(data["callers"]), BATCH):
            self._take_peer(env, data, data["callers"][start : start + BATCH])
            env.cr.commit()
        return Outcome(
            env["helpdesk.ticket"].search_count([("team_id", "=", data["team"])]),
            env["helpdesk.ticket.sla"].sudo().search_count([]),
        )

    @staticmethod
    def _take_peer(env, data, callers):
        env["helpdesk.ticket"].create(
            [
                {
                    "partner_id": caller,
                    "team_id": data["team"],
                    "name": "The tap in the kitchen drips",
                    "description": "Since this morning; the owner is at home.",
                    "channel_id": env.ref(
                        "helpdesk_mgmt.helpdesk_ticket_channel_phone"
                    ).id,
                }
                for caller in callers
            ]
        )

    def explain(self, env, data):
        """Tell what one ticket at a time takes, as on the phone."""
        env = env(user=data["desk"])
        takes = []
        for take, keys in (
            (self._take, data["units"]),
            (self._take_peer, data["callers"]),
        ):
            take(env, data, keys[:1])
            env.cr.commit()
            started = time.perf_counter()
            for key in keys[:SINGLES]:
                env.invalidate_all()
                take(env, data, [key])
                env.cr.commit()
            takes.append(1000 * (time.perf_counter() - started) / SINGLES)
        return [
            f"one at a time, each committed: ours {takes[0]:.1f} ms, peer"
            f" {takes[1]:.1f} ms"
        ]


def create_homes(env, count):
    """Create homes with an owner each who has a telephone.

    :return: property.unit
    """
    community = env["property.community"].create({"name": "Bench", "code": "BENCH"})
    building = env["property.building"].create(
        {"community_id": community.id, "name": "1", "code": "1"}
    )
    units = env["property.unit"].create(
        [
            {
                "community_id": community.id,
                "building_id": building.id,
                "name": f"{number:05d}",
                "handover_date": "2025-01-01",
            }
            for number in range(count)
        ]
    )
    owners = env["res.partner"].create(
        [
            {"name": f"Owner {number:05d}", "phone": f"138{number:08d}"}
            for number in range(count)
        ]
    )
    env["property.occupancy"].create(
        [
            {
                "unit_id": unit.id,
                "partner_id": owner.id,
                "role": "owner",
                "date_start": "2025-01-01",
            }
            for unit, owner in zip(units, owners, strict=True)
        ]
    )
    return units


def create_crew(env):
    """Create engineers with a login and all trades.

    :return: property.engineer
    """
    users = env["res.users"].create(
        [
            {
                "name": f"Engineer {number}",
                "login": f"bench_engineer_{number}",
                "email": f"engineer{number}@example.com",
                "group_ids": [(4, env.ref("property_base.group_property_engineer").id)],
            }
            for number in range(ENGINEERS)
        ]
    )
    skills = env["property.service.skill"].search([])
    return env["property.engineer"].create(
        [{"user_id": user.id, "skill_ids": [(6, 0, skills.ids)]} for user in users]
    )
