from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..tools import identity
from .property_occupancy import OWNER_ROLES

DECISION = frozenset({"state", "decided_by_id", "decided_on"})
CONTENT = frozenset(
    {
        "unit_id",
        "partner_id",
        "kind",
        "phone",
        "phone2",
        "member_name",
        "is_resident",
        "date",
        "note",
        "decision_reason",
    }
)


class PropertyChangeRequest(models.Model):
    """A change of the household that its people propose and the front desk decides on."""

    _name = "property.change.request"
    _description = "Proposed Change"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "create_date desc, id desc"
    _rec_name = "summary"

    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="cascade"
    )
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Proposed By",
        required=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(
        [
            ("phone", "New Phone Number"),
            ("member", "New Family Member"),
            ("move_out", "Moving Out"),
        ],
        required=True,
    )
    state = fields.Selection(
        [("proposed", "Proposed"), ("approved", "Approved"), ("refused", "Refused")],
        required=True,
        default="proposed",
        index=True,
        copy=False,
        tracking=True,
    )
    phone = fields.Char(help="Masked once the proposal has been decided on.")
    phone2 = fields.Char(string="Second Phone")
    member_name = fields.Char(string="Name of the Member")
    is_resident = fields.Boolean(string="Lives Here", default=True)
    date = fields.Date(
        string="Effective On",
        required=True,
        default=fields.Date.context_today,
        help="First day of the new member, or last day of who moves out.",
    )
    note = fields.Text(string="Remark")
    summary = fields.Char(compute="_compute_summary")
    is_suspicious = fields.Boolean(
        compute="_compute_is_suspicious", help="A number does not look like one."
    )
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    decided_on = fields.Datetime(readonly=True, copy=False)
    decision_reason = fields.Char(
        copy=False, tracking=True, help="Shown to the household."
    )

    _proposed_idx = models.Index("(unit_id) WHERE state = 'proposed'")

    # === COMPUTE METHODS === #

    @api.depends("kind", "unit_id.code", "partner_id.name", "member_name")
    @api.depends_context("lang")
    def _compute_summary(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for request in self:
            who = request.member_name or request.partner_id.name or ""
            request.summary = (
                f"{request.unit_id.code}: {kinds.get(request.kind, '')} ({who})"
            )

    @api.depends("phone", "phone2", "state")
    def _compute_is_suspicious(self):
        for request in self:
            request.is_suspicious = request.state == "proposed" and any(
                identity.check_phone(number)
                for number in (request.phone, request.phone2)
            )

    @api.constrains("kind", "phone", "phone2", "member_name")
    def _check_content(self):
        for request in self:
            if request.kind == "phone" and not (request.phone or request.phone2):
                raise ValidationError(self.env._("Enter the new number."))
            if request.kind == "member" and not (request.member_name or "").strip():
                raise ValidationError(self.env._("Enter the name of the new member."))

    # === PRIVACY === #

    @api.model
    def _get_confidential_copies(self):
        return {
            **super()._get_confidential_copies(),
            "phone": ("partner_id", "phone"),
            "phone2": ("partner_id", "phone2"),
        }

    def _filtered_copies_needed(self):
        """Who decides on a new number has to read it; an auditor does not."""
        if self.env.user.has_group("property_base.group_property_frontdesk"):
            return self
        # Once decided on, what is stored is a mask already.
        return super()._filtered_copies_needed() | self.filtered(
            lambda request: request.state != "proposed"
        )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            for name in (*DECISION, "decision_reason"):
                vals.pop(name, None)  # every proposal starts as one
        requests = super().create(vals_list)
        requests._check_proposer()
        for request in requests:
            request._ask_for_decision()
        return requests

    def write(self, vals):
        """Keep what has been decided on as it was; only a decision writes a decision."""
        if not self.env.su:
            if DECISION.intersection(vals):
                raise AccessError(
                    self.env._("Use Approve or Refuse to decide on a proposal.")
                )
            decided = any(request.state != "proposed" for request in self)
            if decided and CONTENT.intersection(vals):
                raise UserError(
                    self.env._("This proposal has been decided on already.")
                )
        return super().write(vals)

    def _check_proposer(self):
        """Refuse proposals for a household that the proposer does not belong to."""
        Occupancy = self.env["property.occupancy"].sudo()  # only whether a row exists
        today = fields.Date.context_today(self)
        for request in self:
            belongs = Occupancy.search_count(
                Occupancy._domain_on(today)
                & Domain("unit_id", "=", request.unit_id.id)
                & Domain("partner_id", "=", request.partner_id.id),
                limit=1,
            )
            if not belongs:
                raise ValidationError(
                    self.env._(
                        "%(person)s has no role in %(unit)s today.",
                        person=request.partner_id.name,
                        unit=request.unit_id.code,
                    )
                )
            if request.kind == "member" and not request.unit_id._may_name_members(
                request.partner_id
            ):
                raise ValidationError(
                    self.env._("Only an owner or a tenant may name a family member.")
                )

    def _ask_for_decision(self):
        """Give the decision to the manager of the community, or to the front desk."""
        self.ensure_one()
        manager = self.community_id.sudo().manager_id  # a portal user reads no staff
        if manager.active and manager.has_group(
            "property_base.group_property_frontdesk"
        ):
            # a portal user may not create activities
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=manager.id,
                summary=self.env._("Decide on a change proposed by the household"),
            )

    # === DECISION === #

    def action_approve(self):
        """Apply the proposals and tell the households."""
        self._check_decider()
        for request in self:
            getattr(request, f"_apply_{request.kind}")()
        self._decide("approved")

    def action_refuse(self):
        """Refuse the proposals; the reason is shown to the households."""
        self._check_decider()
        for request in self:
            if not (request.decision_reason or "").strip():
                raise UserError(
                    self.env._(
                        "Enter a reason first: the household is going to read it."
                    )
                )
        self._decide("refused")

    def _check_decider(self):
        if not self.env.user.has_group("property_base.group_property_frontdesk"):
            raise AccessError(self.env._("The front desk decides on proposals."))
        self.check_access("write")
        if any(request.state != "proposed" for request in self):
            raise UserError(self.env._("This proposal has been decided on already."))
        own = self.filtered(
            lambda request: request.partner_id == self.env.user.partner_id
        )
        if own:
            raise UserError(self.env._("Somebody else has to decide on your proposal."))

    def _decide(self, state):
        user = self.env.user
        for request in self.sudo():  # nobody writes a decision but the decision
            request.write(
                {
                    "state": state,
                    "decided_by_id": user.id,
                    "decided_on": fields.Datetime.now(),
                    # the number is on the person now; a second copy helps nobody
                    "phone": identity.mask_phone(request.phone) or False,
                    "phone2": identity.mask_phone(request.phone2) or False,
                }
            )
        self.activity_feedback(["mail.mail_activity_data_todo"])
        self._tell_household()

    def _tell_household(self):
        """Send the decision to the people who have an e-mail address."""
        states = dict(self._fields["state"]._description_selection(self.env))
        for request in self.filtered("partner_id.email"):
            request.message_post(
                body=self.env._(
                    "Your proposal (%(summary)s): %(state)s. %(reason)s",
                    summary=request.summary,
                    state=states[request.state],
                    reason=request.decision_reason or "",
                ),
                partner_ids=request.partner_id.ids,
                subtype_xmlid="mail.mt_comment",
            )

    def _apply_phone(self):
        self.partner_id.write(
            {
                name: self[name]
                for name in ("phone", "phone2")
                if self[name] and not identity.is_masked(self[name])
            }
        )

    def _apply_member(self):
        member = self.env["res.partner"].create(
            {
                "name": self.member_name.strip(),
                "phone": self.phone,
                "phone2": self.phone2,
                "lang": self.partner_id.lang,
            }
        )
        self.env["property.occupancy"].create(
            {
                "unit_id": self.unit_id.id,
                "partner_id": member.id,
                "role": "family",
                "date_start": self.date,
                "is_resident": self.is_resident,
            }
        )

    def _apply_move_out(self):
        """An owner stays owner and no longer lives there; all other roles end."""
        Occupancy = self.env["property.occupancy"]
        live = Occupancy.search(
            Occupancy._domain_on(fields.Date.context_today(self))
            & Domain("unit_id", "=", self.unit_id.id)
            & Domain("partner_id", "=", self.partner_id.id)
        )
        owned = live.filtered(lambda occupancy: occupancy.role in OWNER_ROLES)
        owned.is_resident = False
        for occupancy in live - owned:
            occupancy.date_end = max(self.date, occupancy.date_start)

    def _get_list_action(self):
        """Return the window action that opens these proposals."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_base.property_change_request_action"
        )
        action["domain"] = [("id", "in", self.ids)]
        action["context"] = {}
        if len(self) == 1:
            action.update(view_mode="form", views=[(False, "form")], res_id=self.id)
        return action
