from odoo import api, fields, models
from odoo.fields import Domain


class PropertyProcedure(models.Model):
    """A standard operating procedure of the company; what it says is in its versions."""

    _name = "property.procedure"
    _description = "Procedure"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "code, id"
    _rec_names_search = ["code", "name"]

    code = fields.Char(
        required=True,
        copy=False,
        tracking=True,
        help="Number of the procedure; records that follow it find it by this.",
    )
    name = fields.Char(string="Title", required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    category = fields.Selection(
        [
            ("takeover", "Take-over and Delivery"),
            ("service", "Customer Service"),
            ("estate", "Building and Site"),
            ("fee", "Fees"),
            ("staff", "Staff and Office"),
            ("community", "Community Life"),
        ],
        required=True,
        default="service",
    )
    purpose = fields.Text(
        string="What It Is For",
        translate=True,
        help="What it is for, in a sentence or two.",
    )
    role_id = fields.Many2one(
        "res.groups",
        string="Responsible Role",
        ondelete="restrict",
        tracking=True,
        domain=lambda self: self.env["property.approval.step"]._domain_group_id(),
        help="Who sees to it that the procedure is followed and kept up to date.",
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Empty: procedure of every company. A company's own procedure goes before a"
        " general one with the same code.",
    )
    version_ids = fields.One2many(
        "property.procedure.version", "procedure_id", string="Versions"
    )
    version_id = fields.Many2one(
        "property.procedure.version",
        string="Version in Force",
        compute="_compute_version_id",
        store=True,
    )
    version_number = fields.Integer(
        related="version_id.number", string="Version", aggregator=None
    )
    version_date = fields.Date(
        related="version_id.date_in_force", string="In Force Since"
    )
    step_ids = fields.One2many(related="version_id.step_ids", string="Steps in Force")
    draft_count = fields.Integer(compute="_compute_version_counts")
    version_count = fields.Integer(compute="_compute_version_counts")

    _code_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), code)",
        "Another procedure already has this code.",
    )

    @api.depends("version_ids.in_force")
    def _compute_version_id(self):
        in_force = dict(
            self.env["property.procedure.version"]._read_group(
                [("procedure_id", "in", self.ids), ("in_force", "=", True)],
                ["procedure_id"],
                ["id:recordset"],
            )
        )
        for procedure in self:
            procedure.version_id = in_force.get(procedure)

    @api.depends("version_ids.status")
    def _compute_version_counts(self):
        counts = {}
        for procedure, status, count in self.env[
            "property.procedure.version"
        ]._read_group(
            [("procedure_id", "in", self.ids)], ["procedure_id", "status"], ["__count"]
        ):
            counts.setdefault(procedure, {})[status] = count
        for procedure in self:
            found = counts.get(procedure, {})
            procedure.version_count = sum(found.values())
            procedure.draft_count = sum(
                found.get(status, 0) for status in ("draft", "submitted", "refused")
            )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for procedure in self:
            procedure.display_name = f"{procedure.code or ''} {procedure.name or ''}"

    @api.model
    def _in_force(self, codes, company):
        """Return the version in force of each procedure, in one query.

        :param codes: codes of procedures
        :param company: res.company whose own procedures go before the general ones
        :return: dict code -> property.procedure.version; codes without one are left out
        """
        domain = Domain("code", "in", list(codes)) & Domain(
            "company_id", "in", [False, company.id]
        )
        # A record may be made by somebody who reads no procedures, such as a resident.
        found = self.sudo().search_fetch(
            domain & Domain("version_id", "!=", False),
            ["code", "company_id", "version_id"],
        )
        result = {}
        for procedure in found.sorted(lambda proc: bool(proc.company_id)):
            result[procedure.code] = procedure.version_id.with_env(self.env)
        return result

    def action_new_version(self):
        """Open the draft of the next version, made from the one in force if there is none."""
        self.ensure_one()
        versions = self.env["property.procedure.version"]
        draft = versions.search(
            [
                ("procedure_id", "=", self.id),
                ("approval_state", "in", ("draft", "refused")),
            ],
            limit=1,
        )
        if not draft and self.version_id:
            draft = self.version_id.copy()
        elif not draft:
            draft = versions.create({"procedure_id": self.id})
        action = self._version_action()
        action.update(
            res_id=draft.id, view_mode="form", views=[(False, "form")], domain=[]
        )
        return action

    def action_view_versions(self):
        """Open all versions of the procedure."""
        self.ensure_one()
        return self._version_action()

    def _version_action(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_base.property_procedure_version_action"
        )
        action["domain"] = [("procedure_id", "=", self.id)]
        action["context"] = {"default_procedure_id": self.id}
        return action

    @api.model
    def action_print_handbook(self):
        """Print all procedures of the user's companies as one handbook."""
        procedures = self.search([("active", "=", True)])
        return self.env.ref(
            "property_base.property_procedure_handbook_report"
        ).report_action(procedures)
