from datetime import date

from odoo import Command
from odoo.tests import TransactionCase, new_test_user


class PropertyServiceCase(TransactionCase):
    """A small estate of two companies, its households and one user per role.

    Unit 101 belongs to Zhang (portal user `svc_zhang`), who has a tenant Li since 2026;
    unit 102 belongs to the neighbour Wang (portal user `svc_wang`).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.env["res.company"].create({"name": "Sunshine Service"})
        cls.other_company = cls.env["res.company"].create({"name": "Moon Service"})
        cls.community, cls.second, cls.foreign = cls.env["property.community"].create(
            [
                {"name": "Lake Garden", "code": "LG", "company_id": cls.company.id},
                {"name": "Hill Garden", "code": "HG", "company_id": cls.company.id},
                {"name": "Moon Bay", "code": "MB", "company_id": cls.other_company.id},
            ]
        )
        cls.units = cls.env["property.unit"].create(
            [
                {"name": name, "code": name, "community_id": cls.community.id}
                for name in ("101", "102", "103")
            ]
        )
        cls.unit, cls.neighbour_unit, cls.empty_unit = cls.units
        cls._create_users()
        cls._create_households()
        cls.problem = cls.env.ref("property_service.problem_home_water_drip")
        cls.emergency = cls.env.ref("property_service.problem_home_gas_leak")

    @classmethod
    def _create_users(cls):
        # Messages are compared in English, whatever languages the database speaks.
        companies = {
            "lang": "en_US",
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        for role in (
            "user",
            "frontdesk",
            "engineer",
            "security",
            "cashier",
            "manager",
            "admin",
        ):
            user = new_test_user(
                cls.env,
                login=f"svc_{role}",
                groups=f"property_base.group_property_{role}",
                **companies,
            )
            setattr(cls, role, user)
        for name in ("zhang", "wang", "li"):
            user = new_test_user(
                cls.env, login=f"svc_{name}", groups="base.group_portal", **companies
            )
            user.partner_id.phone = "13800000001"
            setattr(cls, name, user)

    @classmethod
    def _create_households(cls):
        cls.env["property.occupancy"].create(
            [
                {
                    "unit_id": unit.id,
                    "partner_id": user.partner_id.id,
                    "role": role,
                    "share": 100 if role == "owner" else 0,
                    "date_start": start,
                    "is_resident": True,
                }
                for unit, user, role, start in (
                    (cls.unit, cls.zhang, "owner", date(2020, 1, 1)),
                    (cls.neighbour_unit, cls.wang, "owner", date(2021, 1, 1)),
                    (cls.unit, cls.li, "tenant", date(2026, 1, 1)),
                )
            ]
        )

    @classmethod
    def _create_ticket(cls, user=None, **vals):
        """Return a ticket about unit 101, created as the front desk or as a user."""
        return (
            cls.env["property.ticket"]
            .with_user(user or cls.frontdesk)
            .create(
                {
                    "unit_id": cls.unit.id,
                    "category_id": cls.problem.id,
                    "subject": "Kitchen tap drips",
                    **vals,
                }
            )
        )

    @classmethod
    def _walk(cls, ticket, *states):
        """Step a ticket through states, filling in what each of them asks for."""
        for state in states:
            ticket.write(
                {
                    "state": state,
                    "user_id": cls.engineer.id,
                    "result": "Valve replaced",
                    "waiting_reason": "parts",
                    "close_reason": "Reported twice",
                }
            )
