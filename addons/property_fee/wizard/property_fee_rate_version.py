from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.amount import exact, round_half_up
from ..tools.period import ONE_DAY, add_months, month_start

PRICE_STEP = "0.0001"


class PropertyFeeRateVersion(models.TransientModel):
    _name = "property.fee.rate.version"
    _description = "New Version of Fee Rates"

    rate_ids = fields.Many2many("property.fee.rate", string="Rates", required=True)
    date_start = fields.Date(
        string="New Prices From",
        required=True,
        default=lambda self: add_months(
            month_start(fields.Date.context_today(self)), 1
        ),
    )
    percent = fields.Float(
        string="Change (%)",
        digits=(6, 2),
        help="By how many percent all prices, tiers and minimums change; 0 copies them to be"
        " changed by hand.",
    )
    is_single = fields.Boolean(compute="_compute_is_single")
    price = fields.Float(
        string="New Price",
        digits=(12, 4),
        compute="_compute_price",
        store=True,
        readonly=False,
    )
    charged_count = fields.Integer(
        string="Already Billed Beyond",
        compute="_compute_charged_count",
        help="Charges that hold days from that date on. They stay as they are; cancel and"
        " bill them anew where the new price is meant for them.",
    )

    @api.depends("rate_ids.tier_ids")
    def _compute_is_single(self):
        for wizard in self:
            rate = wizard.rate_ids
            wizard.is_single = len(rate) == 1 and not rate.tier_ids

    @api.depends("rate_ids", "percent")
    def _compute_price(self):
        for wizard in self:
            rate = wizard.rate_ids[:1]
            wizard.price = wizard._change(rate.price) if wizard.is_single else 0.0

    @api.depends("rate_ids", "date_start")
    def _compute_charged_count(self):
        for wizard in self:
            wizard.charged_count = self.env["property.charge"].search_count(
                [
                    ("rate_id", "in", wizard.rate_ids.ids),
                    ("state", "!=", "cancelled"),
                    ("date_to", ">=", wizard.date_start),
                ]
            )

    def _change(self, price, step=PRICE_STEP):
        """Return a price changed by the percentage, rounded half up."""
        factor = 1 + exact(self.percent) / 100
        return float(round_half_up(exact(price) * factor, exact(step)))

    def action_create_versions(self):
        """End the rates and let new versions follow on them.

        :return: action that shows the new versions
        :raises UserError: a rate begins later, or ends before, the day of the change
        """
        self.ensure_one()
        versions = self.env["property.fee.rate"]
        for rate in self.rate_ids:
            versions += self._create_version(rate)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_fee_rate_action"
        )
        if len(versions) == 1:
            return {
                **action,
                "views": [(False, "form")],
                "res_id": versions.id,
            }
        return {**action, "domain": [("id", "in", versions.ids)], "context": {}}

    def _create_version(self, rate):
        """End a rate on the day before and return the version that follows on it."""
        if rate.date_start >= self.date_start or (
            rate.date_end and rate.date_end < self.date_start - ONE_DAY
        ):
            raise UserError(
                self.env._(
                    "%(rate)s is not in force on the day before %(day)s, so no new version"
                    " can follow on it. Choose another day or another rate.",
                    rate=rate.display_name,
                    day=fields.Date.to_string(self.date_start),
                )
            )
        end = rate.date_end
        goes_on = not end or end >= self.date_start
        rate.date_end = self.date_start - ONE_DAY
        price = self.price if self.is_single else self._change(rate.price)
        version = rate.copy(
            {
                "date_start": self.date_start,
                "date_end": end if goes_on else False,
                "price": price,
                "minimum": self._change(rate.minimum, "0.01"),
            }
        )
        if self.percent:
            for tier in version.tier_ids:
                tier.price = self._change(tier.price)
        return version
