import os
from datetime import date

from hypothesis import settings
from odoo.tests import TransactionCase, new_test_user

# A slow machine is no failure; random cases are new ones at every run but in CI.
settings.register_profile(
    "suite", deadline=None, derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("suite")

ROLES = {
    "reader": "property_base.group_property_user",
    "security": "property_base.group_property_security",
    "engineer": "property_base.group_property_engineer",
    "frontdesk": "property_base.group_property_frontdesk",
    "cashier": "property_base.group_property_cashier",
    "accountant": "property_base.group_property_accountant",
    "manager": "property_base.group_property_manager",
    "hq": "property_base.group_property_admin",
}


class PropertyCase(TransactionCase):
    """A community with one building of six homes, a shop and a parking space, and a user per role.

    Users are in `cls.users`; logins are `property_<role>`. The owner of home 1-1-101 has a
    portal login, `property_portal`; so has his neighbour of 1-1-102, `property_neighbour`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(cls.env.context, tracking_disable=True, no_reset_password=True)
        )
        cls.users = {
            role: new_test_user(
                cls.env, login=f"property_{role}", groups=group, lang="en_US"
            )
            for role, group in ROLES.items()
        }
        cls.today = date(2026, 10, 15)
        cls.community = cls._create_community("Lakeside", "LAKE")
        cls.building = cls.env["property.building"].create(
            {
                "community_id": cls.community.id,
                "code": "1",
                "name": "1栋",
                "floors": 3,
                "sequence": 1,
            }
        )
        cls.entrance = cls.env["property.entrance"].create(
            {
                "building_id": cls.building.id,
                "code": "1",
                "name": "1单元",
                "sequence": 1,
            }
        )
        cls.homes = cls.env["property.unit"].create(
            [
                {
                    "community_id": cls.community.id,
                    "building_id": cls.building.id,
                    "entrance_id": cls.entrance.id,
                    "name": f"{floor}{door:02d}",
                    "floor": floor,
                    "gross_area": 89.5,
                    "inner_area": 69.81,
                    "handover_date": date(2022, 6, 1),
                }
                for floor in (1, 2, 3)
                for door in (1, 2)
            ]
        )
        cls.home, cls.neighbour_home = cls.homes[:2]
        cls.owner, cls.neighbour, cls.tenant = cls.env["res.partner"].create(
            [
                {
                    "name": "张三",
                    "phone": "13912345678",
                    "identity_number": "990000197209105980",
                },
                {"name": "李四", "phone": "13987654321"},
                {"name": "王五", "phone": "13700001111"},
            ]
        )
        cls._occupy(cls.home, cls.owner)
        cls._occupy(cls.neighbour_home, cls.neighbour)
        cls.portal_user, cls.portal_neighbour = (
            new_test_user(
                cls.env,
                login=login,
                groups="base.group_portal",
                partner_id=partner.id,
                name=partner.name,
            )
            for login, partner in (
                ("property_portal", cls.owner),
                ("property_neighbour", cls.neighbour),
            )
        )

    @classmethod
    def _create_community(cls, name, code, **values):
        return cls.env["property.community"].create(
            {"name": name, "code": code, **values}
        )

    @classmethod
    def _occupy(cls, unit, partner, role="owner", start=date(2022, 6, 1), **values):
        share = {"share": 100} if role == "owner" else {}
        return cls.env["property.occupancy"].create(
            {
                "unit_id": unit.id,
                "partner_id": partner.id,
                "role": role,
                "date_start": start,
                **share,
                **values,
            }
        )
