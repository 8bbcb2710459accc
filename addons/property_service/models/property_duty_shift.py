from odoo import api, fields, models
from odoo.fields import Domain


class PropertyDutyShift(models.Model):
    """Who is on duty where and when: day shifts, night shifts, weekends."""

    _name = "property.duty.shift"
    _description = "Duty Shift"
    _order = "start desc, id"

    user_id = fields.Many2one(
        "res.users",
        string="On Duty",
        required=True,
        index=True,
        domain=[("share", "=", False)],
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    community_ids = fields.Many2many(
        "property.community",
        string="Communities",
        help="Empty: all communities of the company.",
    )
    start = fields.Datetime(required=True, index=True)
    end = fields.Datetime(required=True)
    note = fields.Char(help="Such as night shift, holiday shift, substitute.")

    _order_of_times = models.Constraint(
        'CHECK("end" > start)', "A shift cannot end before it begins."
    )
    _no_overlap = models.Constraint(
        'EXCLUDE USING gist (user_id WITH =, tsrange(start, "end") WITH &&)',
        "This person has another shift at that time.",
    )

    @api.depends("user_id.name", "start")
    def _compute_display_name(self):
        for shift in self:
            start = shift.start and fields.Datetime.context_timestamp(
                shift, shift.start
            )
            shift.display_name = (
                f"{shift.user_id.name or ''} {start:%m-%d %H:%M}"
                if (start)
                else (shift.user_id.name or "")
            )

    @api.model
    def _domain_on_duty(self, company, now):
        return (
            Domain("company_id", "=", company.id)
            & Domain("start", "<=", now)
            & Domain("end", ">", now)
        )

    @api.model
    def _get_on_duty(self, community, now):
        """Return who is on duty for a community at a moment, whose shift began first first.

        :param datetime now: the moment, in UTC
        :rtype: res.users
        """
        # The roster is looked at by the system, whoever caused it.
        shifts = self.sudo().search(
            self._domain_on_duty(community.company_id, now)
            & (
                Domain("community_ids", "=", False)
                | Domain("community_ids", "in", community.ids)
            ),
            order="start, id",
        )
        return shifts.user_id
