from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.transitions import OPEN_STATES

# Which step may follow which; what has ended can go on again.
STEPS = {
    "planned": ("running", "cancelled"),
    "running": ("ended", "cancelled"),
    "ended": ("running",),
    "cancelled": (),
}
# What residents read first, and what they do not read at all.
ON_PORTAL = ("running", "planned", "ended")
ANNOUNCED = timedelta(days=7)
KEPT_ON_PORTAL = timedelta(days=14)


class PropertyIncident(models.Model):
    """A cut or a failure that many households call about: one sentence for all of them.

    While it runs, whoever answers the phone sees what to say, tickets about it are
    proposed to be linked, and its end finishes them.
    """

    _name = "property.incident"
    _description = "Incident"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _rec_names_search = ["name", "message"]

    name = fields.Char(
        string="Title", required=True, tracking=True, help="E.g. water cut, building 3."
    )
    state = fields.Selection(
        [
            ("planned", "Announced"),
            ("running", "Going On"),
            ("ended", "Over"),
            ("cancelled", "Called Off"),
        ],
        compute="_compute_state",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    kind = fields.Selection(
        [("emergency", "Emergency"), ("planned", "Planned Work")],
        required=True,
        default="emergency",
        tracking=True,
    )
    community_id = fields.Many2one(
        "property.community",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["property.ticket"]._get_only_community(),
    )
    company_id = fields.Many2one(
        related="community_id.company_id", store=True, index=True, precompute=True
    )
    building_ids = fields.Many2many(
        "property.building",
        string="Buildings",
        domain="[('community_id', '=', community_id)]",
        help="Without buildings and units the whole community is concerned.",
    )
    unit_ids = fields.Many2many(
        "property.unit",
        string="Units",
        domain="[('community_id', '=', community_id)]",
        help="Single units that are concerned, beside the buildings.",
    )
    facility = fields.Char(
        groups="base.group_user",
        help="What has failed or is worked on, such as a pump, a riser, a lift.",
    )
    category_ids = fields.Many2many(
        "property.ticket.category",
        string="Problems",
        help="Categories or problems that households report because of it.",
    )
    message = fields.Text(
        string="What to Say",
        required=True,
        tracking=True,
        help="For whoever answers the phone and for the residents on the portal.",
    )
    date_from = fields.Datetime(
        string="From", required=True, default=fields.Datetime.now, tracking=True
    )
    date_expected = fields.Datetime(
        string="Expected Until",
        tracking=True,
        help="What the residents are told; empty while nobody knows.",
    )
    date_end = fields.Datetime(
        string="Over Since", copy=False, readonly=True, tracking=True
    )
    date_until = fields.Datetime(
        string="Until",
        compute="_compute_date_until",
        store=True,
        precompute=True,
        help="Its end, as far as it is known: for the calendar.",
    )
    hours = fields.Float(compute="_compute_hours", store=True, aggregator="avg")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        groups="base.group_user",
        tracking=True,
    )
    work_done = fields.Text(
        copy=False, help="What was found and done; residents read it, too."
    )
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue"
    )
    scope_text = fields.Char(
        string="Concerns", compute="_compute_scope_text", compute_sudo=True
    )
    is_own_scope = fields.Boolean(
        compute="_compute_is_own_scope",
        search="_search_is_own_scope",
        compute_sudo=True,
        help="It concerns a home of the user.",
    )

    _expected_order = models.Constraint(
        "CHECK(date_expected IS NULL OR date_expected >= date_from)",
        "An incident cannot be expected to end before it begins.",
    )
    _end_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_from)",
        "An incident cannot end before it begins.",
    )
    _current_idx = models.Index("(community_id) WHERE state IN ('planned', 'running')")

    # === COMPUTE === #

    @api.depends("date_from")
    def _compute_state(self):
        """Begin what has no state yet: announced before its time, else running."""
        now = fields.Datetime.now()
        for incident in self:
            if not incident.state:
                coming = incident.date_from and incident.date_from > now
                incident.state = "planned" if coming else "running"
            else:
                incident.state = incident.state

    @api.depends("date_from", "date_end")
    def _compute_hours(self):
        for incident in self:
            start, end = incident.date_from, incident.date_end
            known = start and end and end >= start
            incident.hours = (end - start).total_seconds() / 3600 if known else 0.0

    @api.depends("date_from", "date_expected", "date_end")
    def _compute_date_until(self):
        for incident in self:
            # Of unknown length it is an hour, or it would be missing.
            known = incident.date_end or incident.date_expected
            incident.date_until = known or (
                incident.date_from and incident.date_from + timedelta(hours=1)
            )

    @api.depends("date_expected", "state")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for incident in self:
            incident.is_overdue = incident.state == "running" and bool(
                incident.date_expected and incident.date_expected < now
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "=", "running") & Domain(
            "date_expected", "<", fields.Datetime.now()
        )

    @api.depends("building_ids.name", "unit_ids.code", "community_id.name")
    def _compute_scope_text(self):
        for incident in self:
            names = [
                *incident.building_ids.mapped("name"),
                *incident.unit_ids.mapped("code"),
            ]
            incident.scope_text = ", ".join(names) or incident.community_id.name

    @api.depends_context("uid")
    @api.depends("community_id", "building_ids", "unit_ids")
    def _compute_is_own_scope(self):
        own = self.filtered_domain(self._get_own_scope_domain())
        for incident in self:
            incident.is_own_scope = incident in own

    def _search_is_own_scope(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_own_scope_domain()

    def _get_own_scope_domain(self):
        """Return the domain of the incidents that concern the user's homes of today."""
        Occupancy = self.env["property.occupancy"].sudo()  # called by record rules
        units = Occupancy.search(
            Domain("partner_id", "=", self.env.user.partner_id.id)
            & Domain("role", "!=", "emergency")
            & Occupancy._domain_on(fields.Date.context_today(self))
        ).unit_id
        return Domain.OR(
            self._get_scope_domain(unit.community_id, unit.building_id, unit)
            for unit in units
        )

    # === CONSTRAINTS === #

    @api.constrains("community_id", "building_ids", "unit_ids")
    def _check_scope(self):
        for incident in self:
            # A place of another community may be hidden from the user.
            where = incident.sudo()
            strange = where.building_ids.filtered(
                lambda one, here=where.community_id: one.community_id != here
            ) or where.unit_ids.filtered(
                lambda one, here=where.community_id: one.community_id != here
            )
            if strange:
                raise ValidationError(
                    self.env._(
                        "Incident %(incident)s: %(places)s does not belong to"
                        " %(community)s.",
                        incident=incident.name,
                        places=", ".join(strange.mapped("display_name")),
                        community=where.community_id.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        incidents = super().create(vals_list)
        for incident in incidents:
            if incident.state == "ended" and not incident.date_end:
                raise UserError(
                    self.env._(
                        "Say since when incident %(incident)s is over.",
                        incident=incident.name,
                    )
                )
        return incidents

    def write(self, vals):
        if "state" in vals:
            self._check_steps(vals["state"])
            if vals["state"] == "ended":
                vals = {"date_end": fields.Datetime.now(), **vals}
            elif vals["state"] == "running":
                vals = {**vals, "date_end": False}
        return super().write(vals)

    def _check_steps(self, new):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for incident in self:
            if incident.state != new and new not in STEPS[incident.state]:
                raise UserError(
                    self.env._(
                        "Incident %(incident)s is %(old)s and cannot become %(new)s.",
                        incident=incident.name,
                        old=labels[incident.state],
                        new=labels.get(new, new),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_happened(self):
        for incident in self:
            if incident.state in ("running", "ended"):
                raise UserError(
                    self.env._(
                        "Incident %(incident)s has happened and stays on record.",
                        incident=incident.name,
                    )
                )

    # === ACTIONS === #

    def action_start(self):
        """Begin, or go on with, the incidents; what was only announced begins now."""
        now = fields.Datetime.now()
        early = self.filtered(
            lambda one: one.state == "planned" and one.date_from > now
        )
        early.write({"state": "running", "date_from": now})
        return (self - early).write({"state": "running"})

    def action_cancel(self):
        """Call the incidents off."""
        return self.write({"state": "cancelled"})

    def action_end(self):
        """Ask what was done, then end the incident and finish its tickets."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("End of the Incident"),
            "res_model": "property.incident.end",
            "view_mode": "form",
            "target": "new",
            "context": {"default_incident_id": self.id},
        }

    # === SCOPE === #

    @api.model
    def _get_scope_domain(self, community, building=None, unit=None):
        """Return the domain of the incidents that concern a place.

        :param community: property.community; without building and unit all of its
            incidents, since any of them may be meant
        """
        here = Domain("community_id", "=", community.id)
        if not building and not unit:
            return here
        places = Domain("building_ids", "=", False) & Domain("unit_ids", "=", False)
        if building:
            places |= Domain("building_ids", "in", building.ids)
        if unit:
            places |= Domain("unit_ids", "in", unit.ids)
        return here & places

    @api.model
    def _get_current_domain(self, ahead=ANNOUNCED):
        """Return the domain of what runs now or begins soon."""
        until = fields.Datetime.now() + ahead
        return Domain("state", "=", "running") | (
            Domain("state", "=", "planned") & Domain("date_from", "<=", until)
        )

    @api.model
    def _get_portal_notices(self):
        """Return what the user on the portal should know: current, then lately ended."""
        since = fields.Datetime.now() - KEPT_ON_PORTAL
        return self.search(
            Domain("is_own_scope", "=", True)
            & (
                self._get_current_domain()
                | (Domain("state", "=", "ended") & Domain("date_end", ">=", since))
            ),
            limit=20,
        ).sorted(lambda one: ON_PORTAL.index(one.state))

    def _covers(self, ticket):
        """Return whether a ticket is about the incident: its problem, its place."""
        self.ensure_one()
        problem, where = ticket.category_id, self.sudo()  # the desk sees the ticket
        if not problem & where.category_ids and not (
            problem.parent_id & where.category_ids
        ):
            return False
        if ticket.community_id != where.community_id:
            return False
        if not where.building_ids and not where.unit_ids:
            return True
        unit, building = ticket.unit_id, ticket.building_id
        if not unit and not building:
            return problem.place in ("common", "facility")
        return unit in where.unit_ids or building in where.building_ids

    def _domain_candidates(self):
        """Return the domain of the open tickets that may be about the incident."""
        self.ensure_one()
        return (
            Domain("community_id", "=", self.community_id.id)
            & Domain("state", "in", OPEN_STATES)
            & Domain("incident_id", "=", False)
            & Domain("category_id", "child_of", self.category_ids.ids)
            & Domain("reported_at", ">=", self.date_from)
        )
