from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

OWNER_ROLES = ("owner", "co_owner")
TENANT_ROLES = ("tenant", "shop_operator")


class PropertyOccupancy(models.Model):
    _name = "property.occupancy"
    _description = "Occupancy"
    _order = "unit_id, date_start desc, id"
    _STATUS_FACTS = ("unit_id", "role", "date_start", "date_end", "is_resident")

    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="cascade"
    )
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, ondelete="restrict"
    )
    phone = fields.Char(related="partner_id.phone")
    phone2 = fields.Char(related="partner_id.phone2")
    phone_warning = fields.Selection(related="partner_id.phone_warning")
    suspicious_number = fields.Boolean(related="partner_id.suspicious_number")
    role = fields.Selection(
        [
            ("owner", "Owner"),
            ("co_owner", "Co-owner"),
            ("tenant", "Tenant"),
            ("shop_operator", "Shop Operator"),
            ("family", "Family Member"),
            ("agent", "Agent"),
            ("emergency", "Emergency Contact"),
        ],
        required=True,
        default="owner",
    )
    acquired_by = fields.Selection(
        [
            ("developer", "From the Developer"),
            ("sale", "Sale"),
            ("inheritance", "Inheritance"),
            ("gift", "Gift"),
        ],
        string="How Acquired",
        help="How an owner came to own the unit.",
    )
    share = fields.Float(
        string="Share (%)",
        digits=(6, 3),
        help="Part of the ownership in percent; only for owners and co-owners.",
    )
    date_start = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_end = fields.Date(string="Until", help="Last day; empty while it lasts.")
    is_resident = fields.Boolean(
        string="Lives Here", help="The person lives in, or uses, the unit."
    )
    note = fields.Char()
    on_day = fields.Date(
        string="On the Day",
        store=False,
        search="_search_on_day",
        help="Finds who had a role on that day.",
    )

    _period_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start)",
        "An occupancy cannot end before it starts.",
    )
    _share_range = models.Constraint(
        "CHECK(share IS NULL OR (share >= 0 AND share <= 100))",
        "A share of ownership lies between 0 and 100 percent.",
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (unit_id WITH =, partner_id WITH =, role WITH =,"
        " daterange(date_start, date_end, '[]') WITH &&)",
        "This person already has the same role in the unit in that period.",
    )
    _unit_dates_idx = models.Index("(unit_id, date_start, date_end)")

    @api.model
    def _domain_on(self, date):
        """Return the domain of the occupancies that are live on a day.

        :param date: the day
        :rtype: Domain
        """
        return Domain("date_start", "<=", date) & (
            Domain("date_end", "=", False) | Domain("date_end", ">=", date)
        )

    def _search_on_day(self, operator, value):
        if operator != "in":
            return NotImplemented
        days = map(fields.Date.to_date, value)
        return Domain.OR(self._domain_on(day) for day in days if day)

    @api.depends("partner_id.name", "role", "unit_id.code")
    def _compute_display_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for occupancy in self:
            role = roles.get(occupancy.role, "")
            occupancy.display_name = (
                f"{occupancy.unit_id.code} {occupancy.partner_id.name} ({role})"
            )

    @api.constrains("unit_id", "role", "share", "date_start", "date_end")
    def _check_total_share(self):
        """Refuse owners whose shares exceed 100 percent on any day."""
        units = self.filtered(lambda occupancy: occupancy.role in OWNER_ROLES).unit_id
        owners = self.search_fetch(
            [("unit_id", "in", units.ids), ("role", "in", OWNER_ROLES)],
            ["unit_id", "share", "date_start", "date_end"],
        )
        for unit, occupancies in owners.grouped("unit_id").items():
            for day in occupancies.mapped("date_start"):
                total = sum(
                    occupancy.share
                    for occupancy in occupancies
                    if occupancy.date_start <= day
                    and (not occupancy.date_end or occupancy.date_end >= day)
                )
                if total > 100.0005:
                    raise ValidationError(
                        self.env._(
                            "The owners of %(unit)s would hold %(total)s percent on %(day)s."
                            " Lower a share or end an ownership first.",
                            unit=unit.code,
                            total=f"{total:g}",
                            day=fields.Date.to_string(day),
                        )
                    )

    def action_reveal(self):
        """Ask for the reason, then show confidential data of the person."""
        self.ensure_one()
        return self.partner_id.with_context(
            property_unit_id=self.unit_id.id
        ).action_reveal()
