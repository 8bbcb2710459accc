from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.background import all_in_chunks

ACTIVITY = "property_base.mail_activity_approval"
CRON = "property_base.ir_cron_approval_activities"
CHUNK = 200


class PropertyApprovalActivity(models.Model):
    """The activities that tell approvers what waits for them."""

    _inherit = "property.approval.request"

    def _approvers(self):
        """Return dict request -> res.users who may decide now and can read the document."""
        cases = {request: request._case() for request in self}
        deciders = self._deciders(cases.values())
        result = {request: self.env["res.users"] for request in self}
        for name, requests in self.grouped("res_model").items():
            by_user = {}
            for request in requests:
                for user in deciders[cases[request]]:
                    by_user.setdefault(user, []).append(request)
            for user, candidates in by_user.items():
                documents = self.env[name].browse(r.res_id for r in candidates)
                readable = documents.with_user(user)._filtered_access("read")._ids
                for request in candidates:
                    if request.res_id in readable:
                        result[request] |= user
        return result

    def _open_activities(self, approvers=None):
        """Schedule an activity on the document for everybody who may decide on it.

        :param approvers: dict request -> res.users, by default all who may
        """
        if approvers is None:
            approvers = self._approvers()
        today = fields.Date.context_today(self)
        activity_type = self.env.ref(ACTIVITY)
        # The submitter need not have a right on the documents of those who decide.
        self.env["mail.activity"].sudo().create(
            [
                {
                    "activity_type_id": activity_type.id,
                    "res_model_id": self.env["ir.model"]._get_id(request.res_model),
                    "res_id": request.res_id,
                    "user_id": user.id,
                    "summary": request.step_id.with_context(lang=user.lang).name,
                    "date_deadline": fields.Date.add(today, days=request.step_id.days),
                    "automated": True,
                }
                for request, users in approvers.items()
                for user in users
            ]
        )

    def _activities(self):
        """Return the open approval activities on the documents of the requests."""
        # Those of other users are closed, too.
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                Domain("activity_type_id", "=", self.env.ref(ACTIVITY).id)
                & Domain("automated", "=", True)
                & Domain.OR(
                    Domain("res_model", "=", name)
                    & Domain("res_id", "in", requests.mapped("res_id"))
                    for name, requests in self.grouped("res_model").items()
                )
            )
        )

    def _close_activities(self):
        """Remove the activities: somebody has decided, or nobody need any more."""
        self._activities().unlink()

    @api.model
    def _trigger_sync(self):
        """Let the scheduled action bring the activities in line with who now decides."""
        if cron := self.env.ref(CRON, raise_if_not_found=False):
            # Whoever goes on leave has no right on scheduled actions.
            cron.sudo()._trigger()

    @api.model
    def _cron_sync_activities(self):
        """Give delegates whose leave has begun their activities, and take back the others."""
        pending = self.search([("state", "=", "pending")], order="id")
        all_in_chunks(pending, CHUNK, lambda chunk: chunk._sync_activities())

    def _sync_activities(self):
        """Make the open activities exactly those of who may decide now."""
        activities = self._activities()
        there = {(act.res_model, act.res_id, act.user_id): act for act in activities}
        missing, needed = {}, set()
        for request, users in self._approvers().items():
            for user in users:
                key = (request.res_model, request.res_id, user)
                if key in there:
                    needed.add(there[key].id)
                else:
                    missing[request] = missing.get(request, user.browse()) | user
        activities.filtered(lambda act: act.id not in needed).unlink()
        self._open_activities(missing)
