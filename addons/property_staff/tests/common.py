from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.property_base.tests.common import PropertyCase


class TrainingCase(PropertyCase):
    """A complete draft for 2027, drawn up by one manager, to be approved by another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.author = cls.users["manager"]
        cls.approver = new_test_user(
            cls.env,
            login="property_second_manager",
            groups="property_base.group_property_manager",
        )
        cls.department = cls.env["hr.department"].create({"name": "Customer Service"})
        cls.plan = cls._create_plan()

    @classmethod
    def _create_plan(cls, **vals):
        return (
            cls.env["property.training.plan"]
            .with_user(cls.author)
            .create(
                {
                    "year": 2027,
                    "department_id": cls.department.id,
                    "approver_id": cls.approver.id,
                    "is_lawful": True,
                    "line_ids": [
                        Command.create(cls._line_vals()),
                        Command.create(
                            cls._line_vals(name="Fire drill", month="05", budget=800.0)
                        ),
                    ],
                    **vals,
                }
            )
        )

    @classmethod
    def _line_vals(cls, **vals):
        return {
            "name": "Receiving complaints",
            "audience": "Front desk",
            "month": "03",
            "hours": 3.0,
            "standard": "Written test, 80 of 100 points",
            "budget": 300.0,
            **vals,
        }
