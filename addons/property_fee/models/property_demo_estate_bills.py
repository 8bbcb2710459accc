import re

from odoo import api, models
from odoo.fields import Command

from .property_demo_estate import QUIET

OPTION_VALUE = r'<option value="([^"]*)"'
# reason, part in percent, note, whether it has been decided on
DEMO_WAIVERS = [
    ("waiver_reason_defect", 50, "地下室渗水，车位两周无法使用，工程部已确认。", True),
    ("waiver_reason_service", 20, "电梯连续停运三天，业主要求减免部分物业费。", False),
]


class PropertyDemoEstate(models.AbstractModel):
    """Waivers, a corrected bill and a provider to pay with, for the demo estate."""

    _inherit = "property.demo.estate"

    @api.model
    def _demo_payments(self, community, months, today):
        """Waive and correct before the households pay, as it goes in life."""
        self._demo_provider(community.company_id)
        bills = self.env["account.move"].search(
            [
                ("property_community_id", "=", community.id),
                ("state", "=", "posted"),
                ("property_period", "=", months[-1]),
            ],
            order="property_unit_id, id",
        )
        result = super()._demo_payments(community, months, today)
        still_open = bills.filtered(
            lambda bill: bill.payment_state == "not_paid" and bill.amount_total > 0
        )
        if len(still_open) >= 3:
            self._demo_waivers(still_open[:2])
            self._demo_correction(still_open[2])
        return result

    @api.model
    def _demo_waivers(self, bills):
        """One waiver that has been decided on and one that waits for its manager."""
        asking, deciding = self._demo_waiver_users()
        for bill, (reason, percent, note, decided) in zip(
            bills, DEMO_WAIVERS, strict=True
        ):
            waiver = (
                self.env["property.waiver"]
                .with_user(asking)
                .with_context(**QUIET)
                .create(
                    {
                        "unit_id": bill.property_unit_id.id,
                        "partner_id": bill.partner_id.id,
                        "reason_id": self.env.ref(f"property_fee.{reason}").id,
                        "note": note,
                        "percent": percent,
                        "line_ids": [
                            Command.create({"charge_id": charge.id})
                            for charge in bill.property_charge_ids[:1]
                        ],
                    }
                )
            )
            waiver.action_approval_submit()
            if decided:
                waiver.with_user(deciding).action_approval_approve()

    @api.model
    def _demo_waiver_users(self):
        """Return who asks for the waivers of the demo and who decides on them.

        The people of the demo where it has any; else the two that every database has.
        """
        Users = self.env["res.users"]
        found = [
            Users.search([("login", "=", login)], limit=1)
            for login in ("cashier", "manager")
        ]
        if all(found):
            return found
        return self.env.ref("base.user_root"), self.env.ref("base.user_admin")

    @api.model
    def _demo_correction(self, bill):
        """A bill whose area was wrong: a credit note, and a new bill for the right one."""
        charge = bill.property_charge_ids.filtered(
            lambda charge: charge._has_fixed_price() and charge.quantity > 10
        )[:1]
        if charge:
            vals = charge._prepare_changed(charge.quantity - 1.5, charge.unit_price)
            charge._cancel_charges("面积复测后更正")
            charge._create_and_bill([vals])

    @api.model
    def _demo_provider(self, company):
        """Let households of the demo pay online, where Odoo's demo provider is installed."""
        provider = self.env["payment.provider"].search(
            [("code", "=", "demo"), ("company_id", "=", company.id)], limit=1
        )
        if provider and provider.state == "disabled":
            provider.write({"state": "test", "is_published": True})
            self._demo_mend_provider()

    @api.model
    def _demo_mend_provider(self):
        """Give the choice of the demo provider the values that its program expects.

        Odoo's Chinese translation of the page translates them, and every payment fails.
        """
        view = self.env.ref("payment_demo.payment_details")
        for row in view.get_field_translations("arch_db")[0]:
            values = re.findall(OPTION_VALUE, row["source"])
            found = re.findall(OPTION_VALUE, row["value"] or "")
            if values and len(values) == len(found) and values != found:
                right = iter(values)
                text = re.sub(
                    OPTION_VALUE,
                    lambda _match, right=right: f'<option value="{next(right)}"',
                    row["value"],
                )
                view.update_field_translations(
                    "arch_db", {row["lang"]: {row["source"]: text}}
                )
