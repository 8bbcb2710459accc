from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class PropertyApprovalMixin(models.AbstractModel):
    """Approval for any document.

    A document that needs approval says so in three lines::

        _inherit = ["property.approval.mixin"]
        _approval_amount_field = "amount_total"
        _approval_locked_fields = ("partner_id", "amount_total", "line_ids")

    and its module adds the `property.approval.step` records that tell who decides. There is
    nothing to put into the views: the form gets its status bar, buttons, the reason of a
    refusal, the log and read-only locked fields, the search its filters.

    draft -> submitted -> (as many steps as the amount asks for) -> approved, or refused with
    a reason. Back to draft: by the submitter while it waits, by whoever may submit after a
    refusal, by the last approver after approval where the document allows it.

    What a document may define, besides the class attributes below:

    * `_approval_check_submit()`: raise UserError when a document is not complete
    * `_approval_done()`: what follows from the approval
    * `_approval_refused(reason)`: what follows from a refusal
    * `_approval_may_submit()`: who may submit, by default whoever may write
    * `_approval_subject()`: amount, company and community by which the steps are chosen

    The hooks run in the environment of whoever pressed the button, after the state is
    written. He may have no right to write the document; a hook that does uses sudo.

    Code that runs as superuser may write the state; everybody else only comes by the
    methods, also over RPC.
    """

    _name = "property.approval.mixin"
    _description = "Approval"
    _inherit = ["mail.thread", "mail.activity.mixin"]

    # Monetary field with what the approval is about, in the currency of the company.
    _approval_amount_field = None
    _approval_company_field = "company_id"
    _approval_community_field = "community_id"
    # Fields that are not changed outside draft, besides amount, company and community.
    _approval_locked_fields = ()
    # Whether the approver of the last step may take an approved document back to draft.
    _approval_reopen = False

    approval_state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("refused", "Rejected"),
        ],
        string="Approval",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    approval_request_id = fields.Many2one(
        "property.approval.request",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="The last submission.",
    )
    approval_step_id = fields.Many2one(
        related="approval_request_id.step_id", string="Step", groups="base.group_user"
    )
    approval_submitter_id = fields.Many2one(
        related="approval_request_id.submitter_id", groups="base.group_user"
    )
    approval_decided_by_id = fields.Many2one(
        related="approval_request_id.decided_by_id", groups="base.group_user"
    )
    approval_decision_date = fields.Datetime(
        related="approval_request_id.decision_date", groups="base.group_user"
    )
    approval_reason = fields.Text(
        related="approval_request_id.reason",
        string="Reason of Refusal",
        groups="base.group_user",
    )
    approval_log_ids = fields.One2many(
        "property.approval.log",
        "res_id",
        domain=lambda self: [("res_model", "=", self._name)],
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    can_submit = fields.Boolean(compute="_compute_can_submit")
    can_approve = fields.Boolean(
        string="Waiting for My Approval",
        compute="_compute_can_approve",
        search="_search_can_approve",
    )
    can_reset = fields.Boolean(compute="_compute_can_reset")

    @api.model
    def _approval_models(self):
        """Return the names of the models that need approval, sorted."""
        names = self.env.registry.descendants(["property.approval.mixin"], "_inherit")
        return sorted(name for name in names if not self.env[name]._abstract)

    # === WHO MAY DO WHAT === #

    def _approval_may_submit(self):
        """Return the documents of `self` that the user may submit or rework."""
        return self._filtered_access("write")

    @api.depends("approval_state")
    @api.depends_context("uid")
    def _compute_can_submit(self):
        drafts = self._origin.filtered(lambda doc: doc.approval_state == "draft")
        allowed = drafts._approval_may_submit()
        for document in self:
            document.can_submit = document._origin in allowed

    @api.depends("approval_state", "approval_request_id.step_id")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        allowed = self._origin._approval_requests().filtered("can_approve")
        for document in self:
            document.can_approve = document._origin._approval_requests() in allowed

    def _search_can_approve(self, operator, value):
        if operator != "in":
            return NotImplemented
        requests = self.env["property.approval.request"]._domain_can_approve()
        return Domain("approval_request_id", "any!", requests)

    @api.depends("approval_state", "approval_request_id")
    @api.depends_context("uid")
    def _compute_can_reset(self):
        allowed = self._origin._approval_may_reset()
        for document in self:
            document.can_reset = document._origin in allowed

    def _approval_may_reset(self):
        """Return the documents of `self` that the user may take back to draft."""
        own = self.filtered(
            lambda doc: (
                doc.approval_state == "submitted"
                and doc._approval_requests().submitter_id == self.env.user
            )
        )
        refused = self.filtered(lambda doc: doc.approval_state == "refused")
        result = own | refused._approval_may_submit()
        if self._approval_reopen:
            approved = self.filtered(lambda doc: doc.approval_state == "approved")
            requests = approved._approval_requests()
            authorities = requests._authorities(self.env.user)
            mine = requests.filtered_domain(
                Domain.OR(domain for _holder, domain in authorities)
            )
            result |= approved.filtered(lambda doc: doc._approval_requests() in mine)
        return result

    # === HOOKS === #

    def _approval_subject(self):
        """Return by what the steps of the document are chosen.

        :return: (amount in the company's currency, not negative; res.company;
            property.community, may be empty)
        """
        self.ensure_one()
        company = self.env.company
        if self._approval_company_field in self._fields:
            company = self[self._approval_company_field] or company
        community = self.env["property.community"]
        if self._approval_community_field in self._fields:
            community = self[self._approval_community_field]
        amount = 0.0
        if self._approval_amount_field:
            amount = abs(company.currency_id.round(self[self._approval_amount_field]))
        return amount, company, community

    def _approval_check_submit(self):
        """Raise UserError when a document of `self` is not fit to be submitted."""

    def _approval_done(self):
        """Do what follows from the approval; called once for all that passed their last step."""

    def _approval_refused(self, reason):
        """Do what follows from a refusal.

        :param str reason: why
        """

    # === ACTIONS === #

    def action_approval_submit(self):
        """Submit drafts and tell those who may decide.

        :raise AccessError: if the user may not submit one of them, or it is no draft
        """
        if refused := self - self.filtered("can_submit"):
            raise AccessError(
                self.env._(
                    "You cannot submit %(document)s: only who may change it can, and only"
                    " as a draft.",
                    document=refused[0].display_name,
                )
            )
        self._approval_check_submit()
        requests = self.env["property.approval.request"]._submit(self)
        # Past the guard of write(), which is there for everybody else.
        documents = self.sudo()
        documents.write({"approval_state": "submitted"})
        for document, request in zip(documents, requests, strict=True):
            document.approval_request_id = request

    def action_approval_approve(self):
        """Approve the step at which the documents stand.

        :raise AccessError: if the user may not decide on one of them
        """
        finished = self._approval_pending_requests()._approve()
        done = self.filtered(lambda doc: doc._approval_requests() in finished)
        if done:
            # An approver need not have the right to write the document.
            done.sudo().write({"approval_state": "approved"})
            done._approval_tell_submitter(self.env._("Approved."))
            done._approval_done()

    def action_approval_refuse(self):
        """Open the dialog that asks for the reason.

        :raise AccessError: if the user may not decide on one of the documents
        """
        self._approval_pending_requests()._acting_for()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reject"),
            "res_model": "property.approval.refuse",
            "view_mode": "form",
            "target": "new",
            "context": {
                **self.env.context,
                "default_res_model": self._name,
                "default_res_ids": self.ids,
            },
        }

    def _approval_refuse(self, reason):
        """Refuse the documents.

        :param str reason: why, for the submitter and the log
        :raise AccessError: if the user may not decide on one of them
        """
        self._approval_pending_requests()._refuse(reason)
        # An approver need not have the right to write the document.
        self.sudo().write({"approval_state": "refused"})
        self._approval_tell_submitter(self.env._("Rejected: %(reason)s", reason=reason))
        self._approval_refused(reason)

    def action_approval_draft(self):
        """Take the documents back to draft.

        :raise AccessError: if the user may not do that with one of them
        """
        if refused := self - self._approval_may_reset():
            raise AccessError(
                self.env._(
                    "You cannot take %(document)s back to draft.",
                    document=refused[0].display_name,
                )
            )
        # Past the guard of write(); the requests are closed by these methods only.
        documents = self.sudo()
        states = documents.grouped("approval_state")
        if submitted := states.get("submitted"):
            submitted.approval_request_id._withdraw("withdrawn")
        if approved := states.get("approved"):
            approved.approval_request_id._withdraw("reopened")
        if rejected := states.get("refused"):
            rejected.approval_request_id._write_log("reopened")
        documents.write({"approval_state": "draft"})

    def _approval_pending_requests(self):
        """Return the requests of the documents, as superuser.

        :raise UserError: if one of the documents is not waiting for a decision
        """
        self.check_access("read")
        for document in self:
            if document.approval_state != "submitted":
                raise UserError(
                    self.env._(
                        "%(document)s is not waiting for approval.",
                        document=document.display_name,
                    )
                )
        return self._approval_requests()

    def _approval_requests(self):
        """Return the last requests of the documents, as superuser."""
        # They are open to whoever reads the document; a portal user lacks the field.
        return self.sudo().approval_request_id

    def _approval_tell_submitter(self, text):
        """Post the outcome on each document, to the person who submitted it."""
        # An approver need not have the right to write the document.
        documents = self.sudo()
        for document in documents:
            submitter = document.approval_request_id.submitter_id.partner_id
            document.message_post(
                body=text, partner_ids=submitter.ids, subtype_xmlid="mail.mt_note"
            )
