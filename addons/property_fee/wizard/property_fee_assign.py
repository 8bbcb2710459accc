from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PropertyFeeAssign(models.TransientModel):
    _name = "property.fee.assign"
    _description = "Assign Fee Item to Many Units"
    _inherit = ["property.fee.scope.mixin"]

    keep_rule = fields.Boolean(
        string="Also Units Handed Over Later",
        help="Keep this as a rule that is applied every day: a unit that gets its date later"
        " is assigned by itself.",
    )

    def action_assign(self):
        """Assign the item to all units in scope that do not have it yet.

        :return: action that shows the assignments of the item in the community
        """
        self.ensure_one()
        if self.keep_rule:
            rule = self.env["property.fee.assignment.rule"].create(self._prepare_rule())
            new = rule._apply()
        else:
            new = self._assign_new()
        if not new and not self.keep_rule:
            raise UserError(
                self.env._(
                    "There is nothing to assign: %(assigned)s units already have %(item)s"
                    " and %(undated)s have no date from which they are charged.",
                    assigned=self.assigned_count,
                    item=self.item_id.name,
                    undated=self.undated_count,
                )
            )
        action = self.item_id.action_view_assignments()
        action["domain"] += [("community_id", "=", self.community_id.id)]
        return action

    def _prepare_rule(self):
        """Return the values of the rule that goes on with what the wizard does."""
        names = (
            *("start_rule", "date_start", "payer_rule"),
            *(name for name in self._fields if name.startswith("for_")),
        )
        return {
            "item_id": self.item_id.id,
            "community_id": self.community_id.id,
            "building_ids": [Command.set(self.building_ids.ids)],
            **{name: self[name] for name in names},
        }
