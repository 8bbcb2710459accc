from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import approval

Limits = namedtuple("Limits", "id amount_from amount_to company community")


class PropertyApprovalStep(models.Model):
    """One step that documents of a model have to pass: who decides, up to which amount.

    All active steps of the narrowest scope (community, company, all) whose limits hold the
    amount of a document form its chain, in the order of their sequence; see `tools/approval.py`.
    """

    _name = "property.approval.step"
    _description = "Approval Step"
    _inherit = ["property.scope.mixin"]
    _order = "res_model, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    res_model = fields.Selection(
        selection="_selection_res_model",
        string="Document Kind",
        required=True,
        index=True,
    )
    sequence = fields.Integer(
        default=10, help="Steps are passed in this order, the lowest first."
    )
    group_id = fields.Many2one(
        "res.groups",
        string="Deciding Role",
        required=True,
        ondelete="restrict",
        domain=lambda self: self._domain_group_id(),
        help="Everybody who has the role may decide, except on what he submitted himself.",
    )
    community_id = fields.Many2one(
        help="Empty for all communities. The steps of a community replace those of its"
        " company for the amounts they cover.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    amount_from = fields.Monetary(
        string="Above",
        help="The step is needed for amounts above this one. 0: for all amounts and for"
        " documents without an amount.",
    )
    amount_to = fields.Monetary(
        string="Up To",
        help="The step is needed for amounts up to and including this one. 0: no limit.",
    )
    days = fields.Integer(
        string="Days to Decide",
        default=2,
        help="The activity of those who may decide is due after so many days.",
    )

    _amount_order = models.Constraint(
        "CHECK(amount_from >= 0 AND (amount_to = 0 OR amount_to > amount_from))",
        "The upper limit of an approval step lies above its lower limit.",
    )
    _days_positive = models.Constraint(
        "CHECK(days >= 0)", "The days to decide cannot be negative."
    )

    @api.model
    def _selection_res_model(self):
        names = self.env["property.approval.mixin"]._approval_models()
        # Users have no right on ir.model; its names are no secret.
        found = (
            self.env["ir.model"]
            .sudo()
            .search_fetch([("model", "in", names)], ["model", "name"], order="name")
        )
        return [(model.model, model.name) for model in found]

    @api.model
    def _domain_group_id(self):
        privilege = self.env.ref(
            "property_base.privilege_property", raise_if_not_found=False
        )
        return [("privilege_id", "=", privilege.id)] if privilege else []

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for step in self:
            step.currency_id = (step.company_id or self.env.company).currency_id

    @api.constrains("community_id", "company_id")
    def _check_company_of_community(self):
        """Refuse a step of a community that would hold for other companies too."""
        for step in self:
            if step.community_id and step.company_id != step.community_id.company_id:
                raise ValidationError(
                    self.env._(
                        "%(community)s belongs to %(company)s; so does its approval step.",
                        community=step.community_id.name,
                        company=step.community_id.company_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_passed(self):
        """Keep the steps that the log of a document names."""
        # The log of other communities counts, too.
        Log = self.env["property.approval.log"].sudo()
        if log := Log.search([("step_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Documents have come to the step %(step)s. Archive it instead.",
                    step=log.step_id.name,
                )
            )

    def write(self, vals):
        """Bring the activities of pending documents in line when a role changes."""
        result = super().write(vals)
        if "group_id" in vals:
            self.env["property.approval.request"]._trigger_sync()
        return result

    @api.model
    def _chains(self, res_model, subjects):
        """Return the steps that each subject has to pass, in one query.

        :param str res_model: model of the documents
        :param subjects: iterable of (key, amount, company, community), the amount in the
            currency of the company, the others records
        :return: dict key -> property.approval.step (never empty), as superuser
        :raise UserError: if no step covers a subject: nothing is approved by nobody
        """
        # Who submits need not see the steps of other communities to be held to them.
        steps = self.sudo().search([("res_model", "=", res_model)])
        limits = [
            Limits(
                step.id,
                step.amount_from,
                step.amount_to,
                step.company_id.id,
                step.community_id.id,
            )
            for step in steps
        ]
        chains = {}
        for key, amount, company, community in subjects:
            chain = approval.applicable(
                limits, amount=amount, company=company.id, community=community.id
            )
            if not chain:
                # Users have no right on ir.model; its names are no secret.
                document = self.env["ir.model"]._get(res_model).sudo()
                raise UserError(
                    self.env._(
                        "No approval step covers %(document)s with an amount of %(amount)s."
                        " Ask headquarters to add one in the configuration.",
                        document=document.name,
                        amount=company.currency_id.format(amount),
                    )
                )
            chains[key] = steps.browse(step.id for step in chain)
        return chains
