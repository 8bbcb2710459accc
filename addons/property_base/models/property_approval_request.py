from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class PropertyApprovalRequest(models.Model):
    """One submission of a document: where it stands, who may decide now, what came out.

    Who may decide: whoever has the role of the step, works in the document's company and
    community and did not submit it; and, while such a holder of the role is on leave, his
    delegate, unless the delegate or that holder submitted it.
    """

    _name = "property.approval.request"
    _description = "Approval Request"
    _inherit = ["property.approval.trail"]
    _order = "id desc"
    _rec_name = "res_name"

    submitter_id = fields.Many2one(
        "res.users", string="Submitted By", required=True, readonly=True, index=True
    )
    submit_date = fields.Datetime(
        string="Submitted On",
        required=True,
        readonly=True,
        default=lambda self: fields.Datetime.now(),
    )
    step_id = fields.Many2one(
        "property.approval.step",
        readonly=True,
        required=True,
        ondelete="restrict",
    )
    role_id = fields.Many2one(
        related="step_id.group_id", store=True, string="Deciding Role"
    )
    state = fields.Selection(
        [
            ("pending", "Pending"),
            ("approved", "Approved"),
            ("refused", "Rejected"),
            ("withdrawn", "Withdrawn"),
            ("reopened", "Taken Back to Draft"),
        ],
        required=True,
        readonly=True,
        default="pending",
    )
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decision_date = fields.Datetime(string="Decided On", readonly=True)
    reason = fields.Text(readonly=True, help="Why it was refused.")
    log_ids = fields.One2many("property.approval.log", "request_id", readonly=True)
    can_approve = fields.Boolean(
        string="Waiting for My Approval",
        compute="_compute_can_approve",
        search="_search_can_approve",
    )

    _pending_uniq = models.UniqueIndex(
        "(res_model, res_id) WHERE state = 'pending'",
        "The document was already submitted.",
    )
    _pending_role_idx = models.Index("(role_id) WHERE state = 'pending'")

    # === WHO MAY DECIDE === #

    @api.model
    def _authorities(self, user):
        """Return by whose authority a user may decide today, and on which requests.

        :param user: res.users
        :return: list of (holder of the role, Domain), the user's own authority first
        """
        today = fields.Date.context_today(self)
        # Delegations of colleagues are read to apply them, not to show them.
        Users = self.env["res.users"].sudo()
        replaced = Users.search(
            Users._property_domain_delegating(today)
            & Domain("property_delegate_id", "=", user.id)
        )
        result = []
        for holder in user.with_env(Users.env) + (replaced - user):
            domain = (
                Domain("role_id", "in", holder.all_group_ids.ids)
                & Domain("submitter_id", "not in", (user + holder).ids)
                & Domain("company_id", "in", holder.company_ids.ids)
            )
            if holder.property_community_ids:
                domain &= Domain(
                    "community_id", "in", [False, *holder.property_community_ids.ids]
                )
            result.append((holder, domain))
        return result

    @api.model
    def _domain_can_approve(self):
        """Return the domain of the requests that wait for the current user."""
        authorities = self._authorities(self.env.user)
        return Domain("state", "=", "pending") & Domain.OR(
            domain for _holder, domain in authorities
        )

    @api.depends("state", "role_id", "submitter_id")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        # The columns it is told by are no secret to who reads the request.
        allowed = self.sudo().filtered_domain(self._domain_can_approve())
        for request in self:
            request.can_approve = request in allowed

    def _search_can_approve(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._domain_can_approve()

    @api.model
    def _deciders(self, cases):
        """Return who may decide in each case.

        :param cases: iterable of (role, company, community, submitter), records
        :return: dict case -> res.users
        """
        cases = set(cases)
        # Neither roles nor delegations of colleagues are open to everybody who submits.
        Users = self.env["res.users"].sudo()
        holders = {
            role: role.with_env(Users.env).all_user_ids.filtered(
                lambda user: user.active and not user.share
            )
            for role, _company, _community, _submitter in cases
        }
        replaced = Users.search(
            Users._property_domain_delegating(fields.Date.context_today(self))
            & Domain("id", "in", Users.union(*holders.values()).ids)
        )
        delegates = {user: user.property_delegate_id for user in replaced}
        result = {}
        for case in cases:
            role, company, community, submitter = case
            found = holders[role].filtered(
                lambda user, company=company, community=community, submitter=submitter: (
                    user != submitter
                    and company in user.company_ids
                    and (
                        not community
                        or not user.property_community_ids
                        or community in user.property_community_ids
                    )
                )
            )
            standing_in = Users.union(*(delegates.get(user, Users) for user in found))
            result[case] = (found | standing_in) - submitter
        return result

    def _case(self, step=None):
        """Return the case of `_deciders` for the request at a step (default: its own)."""
        step = step or self.step_id
        return (step.group_id, self.company_id, self.community_id, self.submitter_id)

    # === FROM SUBMISSION TO DECISION (on behalf of the mixin, as superuser) === #

    @api.model
    def _submit(self, documents):
        """Open a request for each document and tell those who may decide.

        :param documents: records of a model with `property.approval.mixin`
        :return: the requests, in the order of the documents
        :raise UserError: if no step covers a document, or nobody could decide on one
        """
        subjects = [(doc.id, *doc._approval_subject()) for doc in documents]
        chains = self.env["property.approval.step"]._chains(documents._name, subjects)
        # An earlier request of the document may have been closed in this transaction.
        self.flush_model(["state"])
        # Users have no right to write here: requests are made by submitting, only.
        requests = self.sudo().create(
            [
                {
                    "res_model": documents._name,
                    "res_id": key,
                    "res_name": document.display_name,
                    "company_id": company.id,
                    "community_id": community.id,
                    "amount": amount,
                    "submitter_id": self.env.uid,
                    "step_id": chains[key][0].id,
                }
                for document, (key, amount, company, community) in zip(
                    documents, subjects, strict=True
                )
            ]
        )
        requests._check_someone_decides(chains)
        requests._write_log("submitted")
        requests._open_activities()
        return requests

    def _check_someone_decides(self, chains):
        """Refuse a submission that would be stuck at a step for want of an approver."""
        cases = {
            (request, step): request._case(step)
            for request in self
            for step in chains[request.res_id]
        }
        deciders = self._deciders(cases.values())
        for (request, step), case in cases.items():
            if not deciders[case]:
                raise UserError(
                    self.env._(
                        "Nobody could decide on %(document)s at the step %(step)s: no one but"
                        " you has the role %(role)s there.",
                        document=request.res_name,
                        step=step.name,
                        role=case[0].name,
                    )
                )

    def _acting_for(self):
        """Return by whose authority the current user decides on each request.

        :return: dict request -> res.users, empty when it is his own
        :raise UserError: if a request is no longer pending or has moved to another step
        :raise AccessError: if the user may not decide on one
        """
        expected = self.env.context.get("approval_expected_step")
        result = {}
        for holder, domain in self._authorities(self.env.user):
            for request in self.filtered_domain(domain):
                result.setdefault(request, holder - self.env.user)
        for request in self:
            moved = expected and request.step_id.id != expected
            if request.state != "pending" or moved:
                raise UserError(
                    self.env._(
                        "Somebody else has decided on %(document)s meanwhile. Look at it again.",
                        document=request.res_name,
                    )
                )
            if request not in result:
                raise AccessError(
                    self.env._(
                        "You may not decide on %(document)s. It waits for the role %(role)s,"
                        " and nobody decides on what he submitted himself.",
                        document=request.res_name,
                        role=request.role_id.name,
                    )
                )
        return result

    def _approve(self):
        """Let the current user approve the step at which each request stands.

        :return: the requests that have passed their last step
        """
        acting_for = self._acting_for()
        self._write_log("approved", acting_for=acting_for)
        self._close_activities()
        following = self._following_steps()
        finished = self.filtered(lambda request: not following[request])
        finished._close("approved")
        for request in self - finished:
            request.step_id = following[request]
        (self - finished)._open_activities()
        return finished

    def _refuse(self, reason):
        """Let the current user refuse the requests."""
        acting_for = self._acting_for()
        self._write_log("refused", reason=reason, acting_for=acting_for)
        self._close_activities()
        self._close("refused", reason=reason)

    def _withdraw(self, decision):
        """End the requests because their documents go back to draft.

        :param str decision: "withdrawn" or "reopened"
        """
        self._write_log(decision)
        self._close_activities()
        self._close(decision)

    def _following_steps(self):
        """Return dict request -> the step after the present one, empty after the last."""
        Step = self.env["property.approval.step"]
        result = {}
        for name, requests in self.grouped("res_model").items():
            chains = Step._chains(
                name,
                [
                    (request, request.amount, request.company_id, request.community_id)
                    for request in requests
                ],
            )
            for request, chain in chains.items():
                here = (request.step_id.sequence, request.step_id.id)
                after = chain.filtered(
                    lambda step, here=here: (step.sequence, step.id) > here
                )
                result[request] = after[:1]
        return result

    def _close(self, state, reason=False):
        self.write(
            {
                "state": state,
                "reason": reason,
                "decided_by_id": self.env.uid,
                "decision_date": fields.Datetime.now(),
            }
        )

    def _write_log(self, decision, reason=False, acting_for=None):
        # Users have no right to write the log: it is written by deciding, only.
        self.env["property.approval.log"].sudo().create(
            [
                {
                    "request_id": request.id,
                    "res_model": request.res_model,
                    "res_id": request.res_id,
                    "res_name": request.res_name,
                    "company_id": request.company_id.id,
                    "community_id": request.community_id.id,
                    "amount": request.amount,
                    "user_id": self.env.uid,
                    "on_behalf_id": acting_for[request].id if acting_for else False,
                    "decision": decision,
                    "step_id": request.step_id.id,
                    "reason": reason,
                }
                for request in self
            ]
        )

    # === ACTIONS === #

    def action_approve(self):
        """Approve the documents of the requests."""
        for documents in self._documents():
            documents.action_approval_approve()

    def action_refuse(self):
        """Ask for the reason and refuse the documents of the requests."""
        documents = list(self._documents())
        if len(documents) > 1:
            raise UserError(
                self.env._(
                    "Refuse documents of one type at a time: they share the reason."
                )
            )
        return documents[0].action_approval_refuse()

    def _documents(self):
        for name, requests in self.grouped("res_model").items():
            yield self.env[name].browse(requests.mapped("res_id"))
