from odoo import api, fields, models


class PropertyDunningLevel(models.Model):
    _name = "property.dunning.level"
    _description = "Reminder Level"
    _order = "days_overdue, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        help="Leave empty for all companies.",
    )
    community_id = fields.Many2one(
        "property.community",
        ondelete="cascade",
        help="Leave empty for all communities.",
    )
    days_overdue = fields.Integer(
        required=True,
        default=15,
        help="Days that the oldest open bill must be past its due date.",
    )
    min_amount = fields.Float(
        string="From Amount",
        digits="Account",
        help="Households that owe less are left alone.",
    )
    interval_days = fields.Integer(
        string="Not Again Within",
        required=True,
        default=30,
        help="Days within which nobody gets a second letter of this level.",
    )
    text = fields.Html(
        translate=True,
        help="What the letter says below the list of open bills.",
    )

    _days_positive = models.Constraint(
        "CHECK(days_overdue >= 0)", "The days overdue cannot be negative."
    )
    _interval_positive = models.Constraint(
        "CHECK(interval_days > 0)",
        "There must be at least one day between two letters of a level.",
    )

    @api.depends("community_id")
    def _compute_company_id(self):
        for level in self.filtered("community_id"):
            level.company_id = level.community_id.company_id

    def _matches(self, household):
        """Return whether a household has come to this level.

        :param Household household: what is open, see `property.dunning.letter`
        """
        self.ensure_one()
        unit = household.unit
        return (
            self.company_id in (self.company_id.browse(), unit.company_id)
            and self.community_id in (self.community_id.browse(), unit.community_id)
            and household.days_overdue >= self.days_overdue
            and household.amount >= self.min_amount
        )
