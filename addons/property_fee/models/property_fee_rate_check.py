from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.tiers import tariff_problem

# Bases whose price may depend on the quantity.
TIERED_BASES = ("gross_area", "inner_area", "count", "meter")


class PropertyFeeRate(models.Model):
    """What a rate must not be."""

    _inherit = "property.fee.rate"

    @api.constrains("item_id", "community_id")
    def _check_community_company(self):
        for rate in self:
            if (
                rate.community_id
                and rate.community_id.company_id != rate.item_id.company_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(item)s and %(community)s belong to different companies.",
                        item=rate.item_id.name,
                        community=rate.community_id.name,
                    )
                )

    @api.constrains("community_id", "building_id")
    def _check_building(self):
        for rate in self:
            if rate.building_id and rate.building_id.community_id != rate.community_id:
                raise ValidationError(
                    self.env._(
                        "%(building)s is no building of %(community)s: a rate of a building"
                        " names the community it belongs to.",
                        building=rate.building_id.display_name,
                        community=rate.community_id.name
                        or self.env._("all communities"),
                    )
                )

    @api.constrains("tier_ids", "basis")
    def _check_tiers(self):
        for rate in self:
            if rate.tier_ids and rate.basis not in TIERED_BASES:
                bases = dict(self._fields["basis"]._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "Tiers need a quantity: remove them from %(rate)s, or choose another"
                        " basis than %(basis)s.",
                        rate=rate.display_name,
                        basis=bases[rate.basis],
                    )
                )
        self._check_tariff()

    def _check_tariff(self):
        """Refuse tiers that leave a gap, overlap or do not cover every quantity.

        :raises ValidationError: naming the tier and what is wrong with it
        """
        for rate in self:
            tiers = rate.tier_ids.sorted(lambda tier: (tier.quantity_from, tier.id))
            found = tariff_problem([(tier.quantity_from, tier.up_to) for tier in tiers])
            if found:
                problem, index = found
                reached = tiers[index - 1].up_to if index else 0
                raise ValidationError(
                    self.env._(
                        "Tier %(number)s of %(rate)s (%(tier)s): %(problem)s",
                        number=index + 1,
                        rate=rate.display_name,
                        tier=tiers[index].display_name,
                        problem=self._explain_tariff_problem(problem, reached),
                    )
                )

    @api.model
    def _explain_tariff_problem(self, problem, reached):
        """Return what is wrong with a tier and how to mend it.

        :param str problem: see `tools.tiers.tariff_problem`
        :param float reached: where the tier before ends
        """
        if problem == "start":
            return self.env._("the first tier must begin at 0.")
        if problem == "gap":
            return self.env._(
                "it leaves a gap after the tier before; let it begin at %(reached)s.",
                reached=f"{reached:g}",
            )
        if problem == "overlap":
            return self.env._(
                "it overlaps the tier before; let it begin at %(reached)s.",
                reached=f"{reached:g}",
            )
        if problem == "order":
            return self.env._("it must end above where it begins.")
        if problem == "open":
            return self.env._("only the last tier may be without an end.")
        return self.env._(
            "the last tier must be without an end, so that every quantity has a price."
        )
