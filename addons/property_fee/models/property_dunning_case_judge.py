from odoo import models
from odoo.tools import format_date

from ..tools.dunning import choose


class PropertyDunningCase(models.Model):
    """Whether a debtor is to be reminded, and of which level."""

    _inherit = "property.dunning.case"

    def _get_credit(self):
        """Return what debtors have paid that is not matched with a bill yet.

        :return: dict case -> amount
        """
        # Whether somebody is reminded does not depend on who may read the books.
        credit = self.unit_id.sudo()._get_credit_by_debtor()
        return {case: credit.get((case.unit_id, case.partner_id), 0.0) for case in self}

    def _choose_level(self, levels, rules, facts):
        """Return the place of the level that is next for a case, or None."""
        self.ensure_one()
        places = {level: place for place, level in enumerate(levels)}
        place = places.get(self.level_id)
        if place is not None and self.raised:
            return choose(rules, facts, floor=place, last=place - 1, step_by_step=True)
        step_by_step = levels.policy_id.step_by_step
        return choose(rules, facts, last=place, step_by_step=step_by_step)

    def _why_spared(self, date, facts, policy, exempt):
        """Return why nobody reminds the debtor on a day, empty when nothing speaks for it.

        :param Facts facts: what he owes
        :param property.dunning.policy policy: of the community, may be empty
        :param dict exempt: see `property.dunning.exemption._get_exempt`
        """
        self.ensure_one()
        if self.currency_id.compare_amounts(facts.amount, 0) <= 0:
            return self.env._("Nothing is overdue.")
        if not policy:
            return self.env._("No policy is in force for the community.")
        if self._is_on_hold(date):
            hold = self.hold_ids.filtered(lambda hold: hold._covers(date))[:1]
            return self.env._("On hold: %(reason)s", reason=hold.reason)
        promise = self.promise_ids.filtered(
            lambda promise: promise.state == "open" and promise.date >= date
        )[:1]
        if promise:
            return self.env._(
                "Promised to pay until %(date)s.",
                date=format_date(self.env, promise.date),
            )
        if "active" in self.plan_ids.mapped("state"):
            return self.env._("Pays by instalments.")
        kinds = exempt.get((self.unit_id.id, self.partner_id.id), set()) | exempt.get(
            (self.unit_id.id, False), set()
        )
        if policy.spare_vip and "vip" in kinds:
            return self.env._("Spared: VIP.")
        if policy.spare_hardship and "hardship" in kinds:
            return self.env._("Spared: hardship.")
        return ""

    def _in_delivery_order(self):
        """Return the cases in the order in which somebody walks: building, floor, door."""
        return self.sorted(lambda case: case.unit_id._get_way())
