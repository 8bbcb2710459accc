from odoo import api, fields, models
from odoo.fields import Domain

from .property_unit import ARREARS_GROUPS


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    deposit_ids = fields.One2many(
        "property.deposit", "unit_id", string="Deposits", groups=ARREARS_GROUPS
    )
    deposit_balance = fields.Monetary(
        string="Deposits Held",
        compute="_compute_deposit_balance",
        groups=ARREARS_GROUPS,
        help="What is held for the unit, whoever paid it.",
    )

    @api.depends("deposit_ids.balance")
    def _compute_deposit_balance(self):
        # Who reads the books need not be a user of the estate.
        held = dict(
            self.env["property.deposit"]
            .sudo()
            ._read_group([("unit_id", "in", self.ids)], ["unit_id"], ["balance:sum"])
        )
        for unit in self:
            unit.deposit_balance = held.get(unit._origin, 0.0)

    def _domain_deposits_held(self):
        """Return the domain of the deposits that are held for the units."""
        return Domain("unit_id", "in", self.ids) & Domain("state", "=", "held")

    def _transfer_open_items(self, date):
        """Add the deposits: they belong to whoever paid them, not to the new owner."""
        items = super()._transfer_open_items(date)
        Deposit = self.env["property.deposit"]
        if not Deposit.has_access("read"):
            return items
        held = Deposit.search(self._domain_deposits_held())
        if held:
            items.append(
                {
                    "model": held._name,
                    "label": self.env._(
                        "Deposits held, to be returned to the depositor"
                    ),
                    "count": len(held),
                    "blocking": False,
                    "action": held[0].unit_id._get_deposit_action(held),
                }
            )
        return items

    def _get_deposit_action(self, deposits):
        """Return the window action that lists deposits."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_deposit_action"
        )
        action["domain"] = [("id", "in", deposits.ids)]
        return action

    def action_view_deposits(self):
        """Open the deposits of the unit."""
        self.ensure_one()
        action = self._get_deposit_action(self.deposit_ids)
        action["domain"] = [("unit_id", "=", self.id)]
        action["context"] = {"default_unit_id": self.id}
        return action
