import uuid
from datetime import date

from odoo.fields import Command

from odoo.addons.property_fee.tests.common import PropertyFeeCase


class StoryCase(PropertyFeeCase):
    """One home of 250.00 a month, a late fee policy, two levels; what people do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.home = cls._create_homes(1)
        cls.seller = cls.home.owner_ids
        cls.cash = cls.company_data["default_journal_cash"]
        cls.env["property.late.fee.policy"].search([]).unlink()
        cls.env["property.late.fee.policy"].create(
            {
                "name": "Five in ten thousand",
                "date_start": date(2026, 1, 1),
                "daily_rate": 0.05,
                "due_moves": False,
                "invoicing": "payment",
            }
        )
        cls.env["property.dunning.policy"].search([]).active = False
        policy = cls.env["property.dunning.policy"].create(
            {"name": "Story", "quiet_days": False}
        )
        cls.first, cls.second = cls.env["property.dunning.level"].create(
            [
                {
                    "name": name,
                    "policy_id": policy.id,
                    "sequence": number,
                    "days_overdue": days,
                    "interval_days": 30,
                    "channel": "letter",
                    "text": "<p>{debtor} owes {amount}.</p>",
                }
                for number, (name, days) in enumerate(
                    [("First Reminder", 15), ("Demand", 60)], 1
                )
            ]
        )
        cls._assign(cls.home, start=date(2026, 3, 1))

    # === WHAT PEOPLE DO === #

    def _bill_month(self, month):
        self._run(date(2026, month, 1))

    def _remind(self):
        """Return the levels of the reminders that a run writes today to the home."""
        today = date.today()
        Case = self.env["property.dunning.case"]
        Case._sync(self.community, today)
        letters = (
            self.env["property.dunning.letter"]
            .with_user(self.users["accountant"])
            ._generate(today, self.community)
        )
        mine = letters.filtered(lambda letter: letter.unit_id == self.home)
        mine.action_deliver()
        return mine.level_id

    def _case(self, partner):
        return self.env["property.dunning.case"].search(
            [("unit_id", "=", self.home.id), ("partner_id", "=", partner.id)]
        )

    def _open_bills(self, partner):
        return self.env["account.move"].search(
            [
                ("property_unit_id", "=", self.home.id),
                ("partner_id", "=", partner.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
            ],
            order="invoice_date_due, id",
        )

    def _take(self, bills, amount, payer, late=False):
        """Take money at the counter for bills, in their order."""
        answer = (
            self.env["property.counter"]
            .with_user(self.users["cashier"])
            .take_payment(
                self.home.id,
                {
                    "token": uuid.uuid4().hex,
                    "bills": [
                        {
                            "id": bill.id,
                            "amount": bill.amount_residual,
                            "residual": bill.amount_residual,
                        }
                        for bill in bills
                    ],
                    "amount": amount,
                    "journal_id": self.cash.id,
                    "payer_name": payer,
                    "with_late_fee": late,
                },
            )
        )
        self.env.invalidate_all()
        return self.env["property.receipt"].browse(answer["receipt_id"])

    def _waive(self, month, amount):
        """Submit a waiver of part of a month's bill."""
        charge = self._charges(self.home).filtered(
            lambda charge: (
                charge.period == date(2026, month, 1)
                and charge.item_id == self.management
            )
        )
        waiver = (
            self.env["property.waiver"]
            .with_user(self.users["cashier"])
            .create(
                {
                    "unit_id": self.home.id,
                    "partner_id": self.seller.id,
                    "reason_id": self.env.ref("property_fee.waiver_reason_service").id,
                    "line_ids": [
                        Command.create({"charge_id": charge.id, "amount": amount})
                    ],
                }
            )
        )
        waiver.action_approval_submit()
        return waiver

    def _late_fee(self, partner):
        """Return the late fee of a debtor's open bills as of today."""
        bills = self._open_bills(partner)
        return (
            f"{sum(f.amount for f in bills._get_late_fees(date.today()).values()):.2f}"
        )

    def _certificate(self, partner, whole_unit):
        return (
            self.env["property.clearance.certificate"]
            .with_user(self.users["cashier"])
            .create(
                {
                    "unit_id": self.home.id,
                    "partner_id": partner.id,
                    "whole_unit": whole_unit,
                }
            )
        )
