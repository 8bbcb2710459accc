from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .property_ticket_category import KINDS, URGENCIES

SEQUENCE_CODE = "property.ticket"


class PropertyTicket(models.Model):
    """Whatever a household, a guard or a colleague brings up: one record, one number."""

    _name = "property.ticket"
    _description = "Ticket"
    _inherit = [
        "property.ticket.flow",
        "portal.mixin",
        "rating.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "reported_at desc, id desc"
    _rec_names_search = ["name", "subject"]
    # Whoever may read a ticket may answer on it: the household does so on the portal.
    _mail_post_access = "read"

    # Identity
    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, index="trigram"
    )
    subject = fields.Char(required=True, index="trigram", tracking=True)
    description = fields.Text()
    kind = fields.Selection(
        KINDS,
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    channel = fields.Selection(
        [
            ("phone", "Phone"),
            ("visit", "Visit"),
            ("letter", "Letter"),
            ("email", "E-mail"),
            ("portal", "Portal"),
            ("wechat", "WeChat"),
            ("patrol", "Patrol"),
            ("staff", "Own Staff"),
        ],
        required=True,
        default="phone",
    )
    category_id = fields.Many2one(
        "property.ticket.category",
        string="Problem",
        index=True,
        ondelete="restrict",
        domain=[("parent_id", "!=", False)],
        tracking=True,
    )
    place = fields.Selection(related="category_id.place", store=True, precompute=True)
    urgency = fields.Selection(
        URGENCIES,
        compute="_compute_urgency",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )

    # Where and who
    unit_id = fields.Many2one(
        "property.unit",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Empty when the matter concerns a common area.",
    )
    community_id = fields.Many2one(
        "property.community",
        compute="_compute_community_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="community_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Caller",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="Who brought the matter up, as a rule a member of the household.",
    )
    phone = fields.Char(
        compute="_compute_phone",
        store=True,
        readonly=False,
        precompute=True,
        index="trigram",
        help="Number under which the caller can be reached about this ticket.",
    )
    is_own_household = fields.Boolean(
        compute="_compute_is_own_household",
        search="_search_is_own_household",
        compute_sudo=True,
        help="The user reported the ticket, or belonged to the household when it was "
        "reported and still does.",
    )

    other_open_count = fields.Integer(compute="_compute_other_open_count")

    _name_company_uniq = models.Constraint(
        "UNIQUE(company_id, name)", "The number of a ticket is unique in the company."
    )
    # The columns of the kanban in their order, and what the overview counts of what is
    # open without a look at the tickets themselves.
    _card_idx = models.Index("(state, urgency, reported_at, id DESC)")
    _open_idx = models.Index(
        "(state, urgency, reported_at, id DESC) INCLUDE (company_id, community_id,"
        " waiting_reason, kind, user_id, promised_at) WHERE is_open IS TRUE"
    )
    # Counts among all there ever were: few values, so it stays small.
    _count_idx = models.Index("(state, urgency, community_id, company_id)")

    # === COMPUTE === #

    @api.depends("category_id")
    def _compute_kind(self):
        for ticket in self:
            ticket.kind = ticket.category_id.kind or ticket.kind or "repair"

    @api.depends("category_id")
    def _compute_urgency(self):
        for ticket in self:
            ticket.urgency = ticket.category_id.urgency or ticket.urgency or "general"

    @api.depends("unit_id")
    def _compute_community_id(self):
        for ticket in self:
            ticket.community_id = ticket.unit_id.community_id or ticket.community_id
        if unplaced := self.filtered(lambda ticket: not ticket.community_id):
            unplaced.community_id = self._get_only_community()

    def _get_only_community(self):
        """Return the community in which the user works, if there is just one."""
        communities = self.env["property.community"].search(
            [("company_id", "in", self.env.companies.ids)], limit=2
        )
        return communities if len(communities) == 1 else communities.browse()

    @api.depends("unit_id")
    def _compute_partner_id(self):
        today = fields.Date.context_today(self)
        # A guard or engineer who reports something about a home is not its occupant.
        guessed = self.filtered(
            lambda ticket: (
                not ticket.partner_id and ticket.channel not in ("patrol", "staff")
            )
        )
        occupants = guessed.unit_id._get_occupants(today) if guessed.unit_id else {}
        for ticket in self - guessed:
            ticket.partner_id = ticket.partner_id
        for ticket in guessed:
            ticket.partner_id = occupants.get(
                ticket.unit_id._origin, ticket.partner_id
            )[:1]

    @api.depends("partner_id")
    def _compute_phone(self):
        for ticket in self:
            ticket.phone = ticket.partner_id.phone or ticket.phone

    @api.depends("unit_id")
    def _compute_other_open_count(self):
        counts = dict(
            self._read_group(
                [("unit_id", "in", self.unit_id.ids), ("is_open", "=", True)],
                ["unit_id"],
                ["__count"],
            )
        )
        for ticket in self:
            count = counts.get(ticket.unit_id, 0)
            ticket.other_open_count = max(count - int(ticket.is_open), 0)

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for ticket in self:
            parts = (ticket.name, ticket.subject)
            ticket.display_name = " ".join(part for part in parts if part)

    def _compute_access_url(self):
        for ticket in self:
            ticket.access_url = f"/my/tickets/{ticket.id}"

    @api.depends_context("uid")
    @api.depends("partner_id", "unit_id", "reported_at")
    def _compute_is_own_household(self):
        own = self.filtered_domain(self._get_household_domain())
        for ticket in self:
            ticket.is_own_household = ticket in own

    def _search_is_own_household(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_household_domain()

    def _get_household_domain(self):
        """Return the domain of the tickets that concern the user's own household.

        A new owner does not see what his predecessor reported, a former tenant not
        what the next one reports; each keeps what he brought up himself.
        """
        partner = self.env.user.partner_id
        Occupancy = self.env["property.occupancy"].sudo()  # called by record rules
        live = Occupancy.search_fetch(
            Domain("partner_id", "=", partner.id)
            & Domain("role", "!=", "emergency")
            & Occupancy._domain_on(fields.Date.context_today(self)),
            ["unit_id", "date_start"],
        )
        return Domain("partner_id", "=", partner.id) | Domain.OR(
            Domain("unit_id", "=", occupancy.unit_id.id)
            & Domain("reported_at", ">=", occupancy.date_start)
            for occupancy in live
        )

    # === CONSTRAINTS === #

    @api.constrains("unit_id", "community_id")
    def _check_community(self):
        for ticket in self:
            if ticket.unit_id and ticket.unit_id.community_id != ticket.community_id:
                raise ValidationError(
                    self.env._(
                        "Ticket %(ticket)s: unit %(unit)s does not belong to %(community)s.",
                        ticket=ticket.name,
                        unit=ticket.unit_id.code,
                        community=ticket.community_id.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._number(vals_list)
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_worked_on(self):
        """Nothing that was ever taken up disappears from the archive."""
        for ticket in self:
            if ticket.accepted_at or ticket.state not in ("new", "cancelled"):
                raise UserError(
                    self.env._(
                        "Ticket %(ticket)s has been worked on and stays in the archive."
                        " Cancel it instead.",
                        ticket=ticket.name,
                    )
                )

    # === ACTIONS === #

    def action_view_other_tickets(self):
        """Open the other open tickets of the same unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_service.property_ticket_action"
        )
        action["domain"] = [
            ("unit_id", "=", self.unit_id.id),
            ("is_open", "=", True),
            ("id", "!=", self.id),
        ]
        action["context"] = {"default_unit_id": self.unit_id.id}
        return action

    # === NUMBERING === #

    def _number(self, vals_list):
        """Put a number into each of the values that has none.

        Numbers run per company and year of the report, drawn in one go for each.
        """
        Unit, Community = self.env["property.unit"], self.env["property.community"]
        units = {
            unit.id: unit for unit in Unit.browse(v.get("unit_id") for v in vals_list)
        }
        waiting = {}
        for vals in vals_list:
            if vals.get("name"):
                continue
            community = Community.browse(vals.get("community_id"))
            if unit := units.get(vals.get("unit_id")):
                community = community or unit.community_id
            company = (community or self._get_only_community()).company_id
            company = company or self.env.company
            reported_at = vals.setdefault("reported_at", fields.Datetime.now())
            # Whoever reports it from wherever: the company's New Year counts.
            zone = company._get_zone_name()
            day = fields.Datetime.context_timestamp(
                self.with_context(tz=zone), fields.Datetime.to_datetime(reported_at)
            ).date()
            key = (company, day.year)
            waiting.setdefault(key, []).append((day, vals))
        for (company, _year), rows in waiting.items():
            sequence = self._ensure_sequences(company)[company]
            numbers = sequence._property_next_batch(len(rows), rows[0][0])
            for (_day, vals), number in zip(rows, numbers, strict=True):
                vals["name"] = number

    @api.model
    def _ensure_sequences(self, companies):
        """Return the numbering of each company, created where it is missing.

        :rtype: dict of res.company to ir.sequence
        """
        # Roles that report tickets have no rights on numberings.
        Sequence = self.env["ir.sequence"].sudo()
        found = Sequence.search_fetch(
            [("code", "=", SEQUENCE_CODE), ("company_id", "in", companies.ids)],
            ["company_id", "prefix", "suffix", "padding"],
        )
        result = {sequence.company_id: sequence for sequence in reversed(found)}
        missing = [company for company in companies if company not in result]
        created = Sequence.create(
            [
                {
                    "name": self.env._("Tickets of %(company)s", company=company.name),
                    "code": SEQUENCE_CODE,
                    "prefix": "T%(range_year)s-",
                    "padding": 5,
                    "use_date_range": True,
                    "company_id": company.id,
                }
                for company in missing
            ]
        )
        result.update(zip(missing, created, strict=True))
        return result
