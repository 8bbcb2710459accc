from dateutil.relativedelta import relativedelta
from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

VALID_DAYS = 30
# What an issued certificate says.
CONTENT = {"unit_id", "partner_id", "whole_unit", "date", "date_valid", "purpose"}
FACTS = {"name", "state", "issued_by_id", "issued_at", "revoked_at"}


class PropertyClearanceCertificate(models.Model):
    """The written word that nothing is open, for instance before a unit is sold.

    It cannot be issued while anything is open as of its day, and says what is.
    """

    _name = "property.clearance.certificate"
    _description = "Clearance Certificate"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_names_search = ["name", "unit_id.code", "partner_id.name"]

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="restrict"
    )
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Issued To",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
    )
    whole_unit = fields.Boolean(
        string="Nobody Owes Anything",
        default=True,
        help="Nothing may be open for the unit, whoever owes it. Untick it to certify only"
        " what the person owes: a buyer is not answerable for the seller's debts.",
    )
    date = fields.Date(
        string="As Of",
        required=True,
        default=fields.Date.context_today,
        copy=False,
        tracking=True,
    )
    date_valid = fields.Date(
        string="Valid Until",
        compute="_compute_date_valid",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        copy=False,
    )
    purpose = fields.Char(help="For instance: sale of the unit, end of the lease.")
    state = fields.Selection(
        [("draft", "Draft"), ("issued", "Issued"), ("revoked", "Revoked")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    is_valid = fields.Boolean(
        string="Valid Today", compute="_compute_is_valid", search="_search_is_valid"
    )
    issued_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    issued_at = fields.Datetime(string="Issued On", readonly=True, copy=False)
    revoked_at = fields.Datetime(string="Revoked On", readonly=True, copy=False)
    revoke_reason = fields.Char(copy=False, tracking=True)
    open_matters = fields.Html(compute="_compute_open_matters", sanitize=False)

    _valid_order = models.Constraint(
        "CHECK(date_valid >= date)", "A certificate cannot expire before its day."
    )
    _number_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL",
        "Another certificate has this number.",
    )

    # === COMPUTE METHODS === #

    @api.depends("unit_id")
    def _compute_partner_id(self):
        for certificate in self:
            if certificate.unit_id and not certificate.partner_id:
                certificate.partner_id = certificate.unit_id.owner_ids[:1]

    @api.depends("date")
    def _compute_date_valid(self):
        for certificate in self:
            if certificate.date:
                certificate.date_valid = certificate.date + relativedelta(
                    days=VALID_DAYS
                )

    @api.depends("state", "date_valid")
    def _compute_is_valid(self):
        today = fields.Date.context_today(self)
        for certificate in self:
            certificate.is_valid = (
                certificate.state == "issued" and certificate.date_valid >= today
            )

    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "=", "issued") & Domain("date_valid", ">=", "today")

    @api.depends("name", "unit_id.code")
    def _compute_display_name(self):
        for certificate in self:
            number = certificate.name or self.env._("New Clearance Certificate")
            certificate.display_name = (
                f"{number} {certificate.unit_id.code or ''}".strip()
            )

    @api.depends("unit_id", "partner_id", "whole_unit", "date", "state")
    def _compute_open_matters(self):
        readable = self.env["account.move"].has_access("read")
        for certificate in self:
            certificate.open_matters = (
                certificate._render_matters()
                if readable and certificate.unit_id and certificate.date
                else False
            )

    def _render_matters(self):
        """Return what is open as a list for the form."""
        rows = self._get_matters()
        if not rows:
            return Markup("<p class='text-success'>%s</p>") % self.env._(
                "Nothing is open."
            )
        item = Markup("<li class='%s'>%s</li>")
        return Markup("<ul class='mb-0'>%s</ul>") % Markup("").join(
            item
            % (
                "text-danger" if row["blocking"] else "text-muted",
                self._describe_matter(row),
            )
            for row in rows
        )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            if any(
                vals.get("state", "draft") != "draft"
                or (FACTS - {"state"}) & vals.keys()
                for vals in vals_list
            ):
                self._raise_facts()
            vals_list = [{**vals, "state": "draft"} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if FACTS & vals.keys():
                self._raise_facts()
            if CONTENT & vals.keys() and any(
                certificate.state != "draft" for certificate in self
            ):
                raise UserError(
                    self.env._(
                        "An issued certificate is not changed; revoke it and issue"
                        " another."
                    )
                )
        return super().write(vals)

    def _raise_facts(self):
        raise AccessError(
            self.env._("A certificate is issued and revoked by its buttons only.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        if any(certificate.state != "draft" for certificate in self):
            raise UserError(
                self.env._("A certificate that was issued stays; revoke it.")
            )

    # === ACTION METHODS === #

    def action_issue(self):
        """Issue the certificates, if nothing is open.

        :raise UserError: listing what is open
        """
        self.check_access("write")
        Sequence = self.env["ir.sequence"]
        today = fields.Date.context_today(self)
        for certificate in self.filtered(lambda each: each.state == "draft"):
            if certificate.date > today:
                raise UserError(
                    self.env._(
                        "Nobody knows what will be open on %(day)s; choose today or an"
                        " earlier day.",
                        day=format_date(self.env, certificate.date),
                    )
                )
            open_rows = [
                certificate._describe_matter(row)
                for row in certificate._get_matters()
                if row["blocking"]
            ]
            if open_rows:
                raise UserError(
                    self.env._(
                        "The account of %(unit)s is not settled as of %(day)s:",
                        unit=certificate.unit_id.code,
                        day=format_date(self.env, certificate.date),
                    )
                    + "\n"
                    + "\n".join(f"- {row}" for row in open_rows)
                )
            # Facts are written by the buttons only.
            certificate.sudo().write(
                {
                    "name": Sequence.with_company(certificate.company_id).next_by_code(
                        self._name
                    ),
                    "state": "issued",
                    "issued_by_id": self.env.uid,
                    "issued_at": fields.Datetime.now(),
                }
            )

    def action_revoke(self):
        """Take issued certificates back, for a reason.

        :raise UserError: when no reason is given
        """
        self.check_access("write")
        if not self.env.user.has_group("property_base.group_property_accountant"):
            raise AccessError(
                self.env._("A certificate is revoked by the fee accountant.")
            )
        for certificate in self.filtered(lambda each: each.state == "issued"):
            if not (certificate.revoke_reason or "").strip():
                raise UserError(
                    self.env._("Say why the certificate is revoked, then revoke it.")
                )
            # As above.
            certificate.sudo().write(
                {"state": "revoked", "revoked_at": fields.Datetime.now()}
            )

    def action_print(self):
        """Print the certificates."""
        return self.env.ref(
            "property_fee.property_clearance_certificate_report"
        ).report_action(self)

    # === BUSINESS METHODS === #

    def _get_matters(self):
        """Return what is open of the household, see `property.unit._get_open_matters`."""
        self.ensure_one()
        partner = None if self.whole_unit else self.partner_id
        return self.unit_id._get_open_matters(self.date, partner)

    def _describe_matter(self, row):
        """Return a row of what is open as one line."""
        if row["amount"] is None:
            return self.env._("%(label)s: %(count)s", **row)
        return self.env._(
            "%(label)s: %(count)s, %(money)s",
            **row,
            money=self.currency_id.format(row["amount"]),
        )

    def _get_covered_items(self):
        """Return until when each fee of the unit is billed, and so paid.

        :return: list of (property.fee.item, last day)
        """
        self.ensure_one()
        domain = Domain("unit_id", "=", self.unit_id.id) & Domain(
            "state", "in", ("billed", "waived")
        )
        if not self.whole_unit:
            domain &= Domain("partner_id", "=", self.partner_id.id)
        return self.env["property.charge"]._read_group(
            domain, ["item_id"], ["date_to:max"], order="item_id"
        )
