from markupsafe import Markup
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class PropertyUnit(models.Model):
    """What whoever answers the phone has to see of a household at once."""

    _inherit = "property.unit"

    live_occupancy_ids = fields.One2many(
        "property.occupancy",
        "unit_id",
        string="Present People",
        domain=["|", ("date_end", "=", False), ("date_end", ">=", "today")],
    )
    phone_count = fields.Integer(
        string="Phone Numbers",
        compute="_compute_phone_alerts",
        help="Different numbers under which somebody of the household is reached.",
    )
    needs_phone = fields.Boolean(
        compute="_compute_phone_alerts",
        help="The household has left fewer than two numbers.",
    )
    has_suspicious_number = fields.Boolean(compute="_compute_phone_alerts")
    change_request_count = fields.Integer(
        string="Proposed Changes",
        compute="_compute_change_request_count",
        groups="property_base.group_property_frontdesk",
    )
    timeline = fields.Html(compute="_compute_timeline", sanitize=False)

    # === COMPUTE METHODS === #

    @api.depends(
        "occupancy_ids.date_end",
        "occupancy_ids.partner_id.phone",
        "occupancy_ids.partner_id.phone2",
    )
    def _compute_phone_alerts(self):
        Occupancy = self.env["property.occupancy"]
        today = fields.Date.context_today(self)
        live = Occupancy.search_fetch(
            Domain("unit_id", "in", self._origin.ids) & Occupancy._domain_on(today),
            ["unit_id", "partner_id"],
        )
        people = live.grouped("unit_id")
        for unit in self:
            partners = people.get(unit._origin, Occupancy).partner_id
            numbers = {*partners.mapped("phone"), *partners.mapped("phone2")} - {False}
            unit.phone_count = len(numbers - {""})
            unit.needs_phone = bool(partners) and unit.phone_count < 2
            unit.has_suspicious_number = any(partners.mapped("suspicious_number"))

    def _compute_change_request_count(self):
        counts = dict(
            self.env["property.change.request"]._read_group(
                [("unit_id", "in", self.ids), ("state", "=", "proposed")],
                ["unit_id"],
                ["__count"],
            )
        )
        for unit in self:
            unit.change_request_count = counts.get(unit._origin, 0)

    @api.depends(
        lambda self: [
            *self._STATUS_FACTS,
            "occupancy_ids.date_end",
            "occupancy_ids.role",
        ]
    )
    @api.depends_context("lang")
    def _compute_timeline(self):
        events = self._get_timeline_events()
        today = fields.Date.context_today(self)
        for unit in self:
            rows = sorted(
                events.get(unit._origin, ()), key=lambda event: event[0], reverse=True
            )
            unit.timeline = (
                Markup('<ul class="o_property_timeline list-unstyled mb-0">%s</ul>')
                % Markup().join(
                    Markup(
                        '<li class="d-flex gap-3 py-1%s"><span class="text-muted'
                        ' text-nowrap">%s</span><i class="fa fa-fw %s mt-1 %s"'
                        ' role="img"></i><span>%s</span></li>'
                    )
                    % (
                        Markup(" opacity-50") if day > today else "",
                        format_date(self.env, day),
                        icon,
                        color,
                        text,
                    )
                    for day, icon, color, text in rows
                )
                if rows
                else False
            )

    # === HOOKS === #

    def _get_timeline_events(self):
        """Return what has happened to the units, for the timeline of the household.

        Each module adds its own events with one query for all units.

        :return: dict unit -> list of (date, icon such as `fa-key`, class of its color,
            translated text)
        """
        events = {unit: [] for unit in self._origin}
        for unit, rows in events.items():
            for day, icon, text in (
                (unit.handover_date, "fa-key", self.env._("Delivered to the owner")),
                (
                    unit.renovation_start,
                    "fa-paint-brush",
                    self.env._("Renovation begins"),
                ),
                (unit.renovation_end, "fa-paint-brush", self.env._("Renovation ends")),
            ):
                if day:
                    rows.append((day, icon, "text-muted", text))
        people = self.env["property.occupancy"].search_fetch(
            [("unit_id", "in", self._origin.ids)],
            [
                "unit_id",
                "partner_id",
                "role",
                "share",
                "date_start",
                "date_end",
                "acquired_by",
            ],
        )
        for person in people:
            events[person.unit_id] += person._get_timeline_events()
        return events

    # === ACTIONS === #

    def action_print_household(self):
        """Print the household register of the present owners."""
        self.ensure_one()
        report = self.env.ref("property_base.owner_file_register_report")
        return report.report_action(self.owner_file_id)

    def action_view_change_requests(self):
        """Open the changes that the household has proposed."""
        self.ensure_one()
        requests = self.env["property.change.request"].search(
            [("unit_id", "=", self.id), ("state", "=", "proposed")]
        )
        return requests._get_list_action()
