from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import bank
from .property_bank_header import bank_columns


class PropertyBankImport(models.Model):
    _name = "property.bank.import"
    _description = "Bank File"
    _inherit = ["property.import.mapping.mixin"]
    _check_company_auto = True

    _import_cron = "property_fee.ir_cron_bank_import"
    _import_chunk = 50
    _import_header = "property.bank.header"

    name = fields.Char(compute="_compute_name", store=True, precompute=True)
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank Account",
        required=True,
        index=True,
        check_company=True,
        domain="[('type', '=', 'bank')]",
        default=lambda self: self._default_journal(),
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    file = fields.Binary(
        help="The account export of the bank: csv (also GBK), xlsx or xls.",
    )
    column_ids = fields.One2many(
        "property.bank.import.column", "import_id", string="Columns", copy=False
    )
    line_ids = fields.One2many(
        "property.bank.line", "import_id", string="Lines", copy=False
    )
    new_count = fields.Integer(string="New", compute="_compute_counts")
    repeated_count = fields.Integer(string="Known", compute="_compute_counts")
    refused_count = fields.Integer(string="Refused", compute="_compute_counts")
    settled_count = fields.Integer(string="Settled", compute="_compute_counts")
    proposed_count = fields.Integer(string="Proposed", compute="_compute_counts")
    waiting_count = fields.Integer(string="Waiting", compute="_compute_counts")

    def _default_journal(self):
        Journal = self.env["account.journal"]
        return Journal.search(
            [*Journal._check_company_domain(self.env.company), ("type", "=", "bank")],
            limit=1,
        )

    @api.depends("filename", "journal_id.name")
    def _compute_name(self):
        for job in self:
            job.name = job.filename or job.journal_id.name or self.env._("Bank File")

    @api.depends("line_ids.state")
    def _compute_counts(self):
        counts = {}
        for job, state, count in self.env["property.bank.line"]._read_group(
            [("import_id", "in", self.ids)], ["import_id", "state"], ["__count"]
        ):
            counts.setdefault(job, {})[state] = count
        for job in self:
            mine = counts.get(job, {})
            for state in ("repeated", "refused", "settled", "proposed", "waiting"):
                job[f"{state}_count"] = mine.get(state, 0)
            job.new_count = sum(mine.values()) - job.repeated_count - job.refused_count

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(job.state != "draft" for job in self):
            raise UserError(
                self.env._("A bank file that was imported stays, with its lines.")
            )

    # === READING === #

    def _parse(self, rows):
        return bank.read_export(rows, self._mapping())

    def _guess_header(self, rows, remembered):
        return bank.guess_header(rows, remembered)

    def _known_header(self, header):
        return bank.known_header(header)

    def _column_label(self, column):
        return dict(bank_columns(self))[column]

    # === ACTIONS === #

    def action_start(self):
        """Check that the file is an account export and hand it to the background.

        :raises UserError: when it cannot be read
        """
        self._enqueue()
        self._remember_columns()
        return True

    def action_view_lines(self):
        """Open the lines of the file, those that wait for somebody first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_bank_line_action"
        )
        todo = self.proposed_count or self.waiting_count
        return {
            **action,
            "domain": [("import_id", "=", self.id)],
            "context": {"search_default_todo": int(bool(todo))},
        }
