import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.property_base.models.roster_messages import unreadable_text
from odoo.addons.property_base.tools import normalise, workbook

from ..tools import bank
from .property_bank_header import IGNORE, bank_columns


class PropertyBankImport(models.Model):
    _name = "property.bank.import"
    _description = "Bank File"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

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
    user_id = fields.Many2one(
        "res.users",
        string="Imported By",
        readonly=True,
        default=lambda self: self.env.user,
    )
    file = fields.Binary(
        required=True,
        attachment=True,
        help="The account export of the bank: csv (also GBK), xlsx or xls.",
    )
    filename = fields.Char()
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("queued", "Queued"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        copy=False,
    )
    column_ids = fields.One2many(
        "property.bank.import.column", "import_id", string="Columns", copy=False
    )
    row_count = fields.Integer(string="Rows", readonly=True, copy=False)
    rows_done = fields.Integer(readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress", string="Progress (%)")
    line_ids = fields.One2many(
        "property.bank.line", "import_id", string="Lines", copy=False
    )
    new_count = fields.Integer(string="New", compute="_compute_counts")
    repeated_count = fields.Integer(string="Known", compute="_compute_counts")
    refused_count = fields.Integer(string="Refused", compute="_compute_counts")
    settled_count = fields.Integer(string="Settled", compute="_compute_counts")
    proposed_count = fields.Integer(string="Proposed", compute="_compute_counts")
    waiting_count = fields.Integer(string="Waiting", compute="_compute_counts")
    failure = fields.Text(string="Why It Stopped", readonly=True, copy=False)

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

    @api.depends("row_count", "rows_done")
    def _compute_progress(self):
        for job in self:
            job.progress = (
                100.0 * job.rows_done / job.row_count if job.row_count else 0.0
            )

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

    # === COLUMNS === #

    @api.model_create_multi
    def create(self, vals_list):
        jobs = super().create(vals_list)
        jobs._guess_columns()
        return jobs

    def write(self, vals):
        result = super().write(vals)
        if vals.get("file"):
            self._guess_columns()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(job.state != "draft" for job in self):
            raise UserError(
                self.env._("A bank file that was imported stays, with its lines.")
            )

    def _read_sheet(self):
        return workbook.read_rows(
            base64.b64decode(self.with_context(bin_size=False).file)
        )

    def _guess_columns(self):
        """List the columns of the file with what each seems to mean.

        A file that cannot be read gets no columns; starting the import says why.
        """
        for job in self:
            try:
                rows = job._read_sheet()
            except workbook.UnreadableWorkbook:
                job.column_ids = [Command.clear()]
                continue
            remembered = self.env["property.bank.header"]._mapping(job.company_id)
            index, columns = bank.guess_header(rows, remembered)
            meanings = {position: column for column, position in columns.items()}
            first = rows[index + 1] if index + 1 < len(rows) else []
            job.column_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "position": position,
                            "header": normalise.text(header),
                            "column": meanings.get(position)
                            or (
                                remembered.get(normalise.text(header)) is False
                                and IGNORE
                            ),
                            "sample": normalise.text(first[position])
                            if position < len(first)
                            else "",
                        }
                    )
                    for position, header in enumerate(rows[index])
                    if normalise.text(header)
                ),
            ]

    def _mapping(self):
        """Return what the headers mean: as remembered, and as chosen on this file."""
        self.ensure_one()
        chosen = {
            column.header: False if column.column == IGNORE else column.column
            for column in self.column_ids
            if column.column
        }
        remembered = self.env["property.bank.header"]._mapping(self.company_id)
        return {**remembered, **chosen}

    def _read_export(self):
        """Return the file as `tools.bank.Export`.

        :raises UserError: it cannot be read, or is no account export
        """
        self.ensure_one()
        try:
            return bank.read_export(self._read_sheet(), self._mapping())
        except workbook.UnreadableWorkbook as error:
            raise UserError(
                unreadable_text(self.env, error.args[0], self.filename)
            ) from None
        except bank.NoHeader as error:
            labels = dict(bank_columns(self))
            raise UserError(
                self.env._(
                    "No header row was found: %(columns)s has no column. Say below which"
                    " column holds it, or name it in one row above the lines.",
                    columns=", ".join(labels[column] for column in error.args[0]),
                )
            ) from None

    # === ACTIONS === #

    def action_start(self):
        """Check that the file is an account export and hand it to the background.

        :raises UserError: when it cannot be read
        """
        for job in self:
            if job.state not in ("draft", "failed"):
                raise UserError(
                    self.env._("%(name)s was already imported.", name=job.name)
                )
            export = job._read_export()
            job.write(
                {
                    "state": "queued",
                    "row_count": len(export.rows),
                    "failure": False,
                    "user_id": self.env.uid,
                }
            )
            chosen = {
                column.header: column.column
                for column in job.column_ids
                if column.column and bank.known_header(column.header) != column.column
            }
            self.env["property.bank.header"]._remember(job.company_id, chosen)
        # The cron belongs to the system; starting it shows and changes nothing else.
        self.env.ref("property_fee.ir_cron_bank_import").sudo()._trigger()
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
