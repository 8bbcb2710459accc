from odoo import api, fields, models
from odoo.fields import Domain


class PropertyQuietDay(models.Model):
    _name = "property.quiet.day"
    _description = "Quiet Day"
    _order = "date_from desc, id"

    name = fields.Char(required=True, help="Why, such as a local festival.")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(
        string="To",
        required=True,
        compute="_compute_date_to",
        store=True,
        readonly=False,
        precompute=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    community_id = fields.Many2one(
        "property.community",
        ondelete="cascade",
        help="Leave empty for all communities of the company.",
    )
    is_day_off = fields.Boolean(
        string="Day Off",
        help="Counts as a public holiday for late fees, too.",
    )

    _date_order = models.Constraint(
        "CHECK(date_to >= date_from)", "Quiet days cannot end before they begin."
    )

    @api.depends("date_from")
    def _compute_date_to(self):
        for record in self:
            if not record.date_to or (
                record.date_from and record.date_to < record.date_from
            ):
                record.date_to = record.date_from

    @api.depends("community_id")
    def _compute_company_id(self):
        for record in self:
            record.company_id = (
                record.community_id.company_id or record.company_id or self.env.company
            )

    @api.model
    def _get_days(self, companies, days_off_only=False):
        """Return the configured days, besides weekends and public holidays.

        :param res.company companies: for whom
        :param bool days_off_only: only those that count as public holidays
        :return: dict (company id, community id or False) -> set of dates
        """
        domain = Domain("company_id", "in", companies.ids)
        if days_off_only:
            domain &= Domain("is_day_off", "=", True)
        result = {}
        for record in self.search(domain):
            days = result.setdefault(
                (record.company_id.id, record.community_id.id), set()
            )
            number = (record.date_to - record.date_from).days + 1
            days.update(
                fields.Date.add(record.date_from, days=offset)
                for offset in range(number)
            )
        return result
