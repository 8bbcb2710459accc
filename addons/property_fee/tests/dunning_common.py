from datetime import date, timedelta

from .common import PropertyFeeCase

# Bills of October are due on the 16th.
DUE = date(2026, 10, 16)


class DunningCase(PropertyFeeCase):
    """Two homes whose owners owe 223.75 for October, and a policy of two levels.

    A notice after 15 days, repeated after 30; a letter of demand after 45 days.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["property.dunning.policy"].sudo().search([]).active = False
        cls.policy = cls.env["property.dunning.policy"].create(
            {"name": "Test", "quiet_days": False}
        )
        cls.level = cls._create_level("First Reminder", 15, min_amount=10)
        cls.second = cls._create_level("Demand", 45, channel="letter", sequence=20)
        cls._assign(cls.homes[:2])
        cls._run()

    @classmethod
    def _create_level(cls, name, days, **values):
        return cls.env["property.dunning.level"].create(
            {
                "name": name,
                "policy_id": cls.policy.id,
                "days_overdue": days,
                "interval_days": 30,
                "text": "<p>{debtor} owes {amount} for {unit} ({periods}).</p>",
                **values,
            }
        )

    def _generate(self, days, user="accountant"):
        return (
            self.env["property.dunning.letter"]
            .with_user(self.users[user])
            ._generate(DUE + timedelta(days=days), self.community)
        )

    def _sync(self, days=20):
        return self.env["property.dunning.case"]._sync(
            self.community, DUE + timedelta(days=days)
        )

    def _case(self, unit=None, partner=None):
        return self.env["property.dunning.case"].search(
            [
                ("unit_id", "=", (unit or self.home).id),
                ("partner_id", "=", (partner or self.owner).id),
            ]
        )
