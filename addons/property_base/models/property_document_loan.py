from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

USUAL_DAYS = 7
REMIND_AGAIN_DAYS = 7


class PropertyDocumentLoan(models.Model):
    _name = "property.document.loan"
    _description = "Document Loan"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_out desc, id desc"
    _rec_names_search = ["file_id.name", "document_id.type_id.name", "borrower_id.name"]

    file_id = fields.Many2one(
        "property.owner.file",
        string="Owner File",
        required=True,
        index=True,
        ondelete="restrict",
    )
    document_id = fields.Many2one(
        "property.owner.document",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('file_id', '=', file_id), ('kind', '=', 'filed'),"
        " ('received_on', '!=', False)]",
        help="Empty: the whole file.",
    )
    unit_id = fields.Many2one(related="file_id.unit_id", store=True, index=True)
    community_id = fields.Many2one(
        related="file_id.community_id", store=True, index=True
    )
    company_id = fields.Many2one(related="file_id.company_id", store=True, index=True)
    keeper_id = fields.Many2one(related="file_id.keeper_id")
    borrower_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    borrower_phone = fields.Char(string="Phone", related="borrower_id.phone_masked")
    purpose = fields.Char(required=True)
    date_out = fields.Date(
        string="Out On", required=True, default=fields.Date.context_today
    )
    date_due = fields.Date(
        string="Due On",
        compute="_compute_date_due",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        tracking=True,
    )
    lent_by_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
    )
    date_returned = fields.Date(string="Returned On", copy=False, tracking=True)
    returned_to_id = fields.Many2one("res.users", copy=False, readonly=True)
    state = fields.Selection(
        [("out", "Lent Out"), ("overdue", "Overdue"), ("returned", "Returned")],
        compute="_compute_state",
        search="_search_state",
        help="As of today.",
    )
    reminded_on = fields.Date(readonly=True, copy=False)
    note = fields.Text()

    # One open loan of a document; a loan of the whole file (no document: the range is
    # without bounds) goes with no other.
    _lent_once = models.Constraint(
        "EXCLUDE USING gist (file_id WITH =,"
        " int4range(document_id, document_id, '[]') WITH &&)"
        " WHERE (date_returned IS NULL)",
        "This document, or the file it is in, is lent out already.",
    )
    _due_order = models.Constraint(
        "CHECK(date_due >= date_out)", "A loan cannot be due before it goes out."
    )
    _returned_order = models.Constraint(
        "CHECK(date_returned IS NULL OR date_returned >= date_out)",
        "A document cannot come back before it went out.",
    )

    # === COMPUTE METHODS === #

    @api.depends("date_out")
    def _compute_date_due(self):
        for loan in self:
            if loan.date_out and not loan.date_due:
                loan.date_due = loan.date_out + relativedelta(days=USUAL_DAYS)

    @api.depends("date_due", "date_returned")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for loan in self:
            if loan.date_returned:
                loan.state = "returned"
            else:
                overdue = loan.date_due and loan.date_due < today
                loan.state = "overdue" if overdue else "out"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        out = Domain("date_returned", "=", False)
        domains = {
            "returned": ~out,
            "overdue": self._domain_overdue(today),
            "out": out & Domain("date_due", ">=", today),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _domain_overdue(self, date):
        """Return the domain of the loans that are out on a day though due before it."""
        return Domain("date_returned", "=", False) & Domain("date_due", "<", date)

    @api.depends("file_id.name", "document_id.type_id.name")
    def _compute_display_name(self):
        for loan in self:
            what = loan.document_id.display_name or self.env._("Whole file")
            loan.display_name = f"{loan.file_id.name}: {what}"

    # === CONSTRAINTS === #

    @api.constrains("file_id", "document_id")
    def _check_document(self):
        for loan in self.filtered("document_id"):
            document = loan.document_id
            if document.file_id != loan.file_id:
                raise ValidationError(
                    self.env._(
                        "%(document)s is not in file %(file)s.",
                        document=document.display_name,
                        file=loan.file_id.name,
                    )
                )
            if not document.received_on:
                raise ValidationError(
                    self.env._(
                        "%(document)s is not in the file yet, so it cannot be lent.",
                        document=document.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_not_out(vals_list)
        return super().create(vals_list)

    @api.model
    def _check_not_out(self, vals_list):
        """Say who has what is asked for; what happens at once the database refuses.

        :raises UserError: naming what is out, with whom and since when
        """
        default = self.env.context.get
        for vals in vals_list:
            if vals.get("date_returned"):
                continue
            document_id = vals.get("document_id", default("default_document_id"))
            overlap = Domain("document_id", "in", [document_id, False])
            out = self.search(
                Domain("file_id", "=", vals.get("file_id", default("default_file_id")))
                & Domain("date_returned", "=", False)
                & (overlap if document_id else Domain.TRUE),
                limit=1,
            )
            if out:
                raise UserError(
                    self.env._(
                        "%(what)s is out with %(borrower)s since %(day)s."
                        " It has to come back first.",
                        what=out.display_name,
                        borrower=out.borrower_id.name,
                        day=fields.Date.to_string(out.date_out),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_out(self):
        if any(not loan.date_returned for loan in self):
            raise UserError(self.env._("What is still out stays in the log."))

    # === ACTION METHODS === #

    def action_return(self):
        """Note that the user got the papers back today."""
        back = self.filtered(lambda loan: not loan.date_returned)
        back.write(
            {
                "date_returned": fields.Date.context_today(self),
                "returned_to_id": self.env.uid,
            }
        )
        back.activity_unlink(["property_base.mail_activity_data_loan_overdue"])

    # === SCHEDULED ACTION === #

    @api.model
    def _cron_remind(self, date=None):
        """Remind the keepers of what was not brought back.

        A keeper has one reminder of a loan at a time. When he ticked it off and the
        papers are still out, he is reminded again a week after the first time. Nothing
        happens when it runs a second time on the same day.

        :param date: the day; today when left out
        :return: the property.document.loan of which somebody was reminded
        """
        date = date or fields.Date.context_today(self)
        again = date - relativedelta(days=REMIND_AGAIN_DAYS)
        loans = self.search(
            self._domain_overdue(date)
            & (Domain("reminded_on", "=", False) | Domain("reminded_on", "<=", again))
        )
        overdue_type = self.env.ref("property_base.mail_activity_data_loan_overdue")
        reminded = self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", loans.ids),
                ("activity_type_id", "=", overdue_type.id),
            ]
        )
        loans -= self.browse(reminded.mapped("res_id"))
        for user, mine in loans.grouped(lambda loan: loan._reminded_user()).items():
            mine.activity_schedule(
                "property_base.mail_activity_data_loan_overdue",
                date_deadline=date,
                user_id=user.id,
            )
        loans.reminded_on = date
        return loans

    def _reminded_user(self):
        """Return who is reminded: the keeper, or who lent it where there is none."""
        self.ensure_one()
        keeper = self.keeper_id
        return keeper if keeper.active else self.lent_by_id
