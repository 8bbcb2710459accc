import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.property_base.models.import_messages import unreadable_text
from odoo.addons.property_base.tools import workbook

from ..tools import debit
from ..tools.settle import fen


class PropertyDebitBatch(models.Model):
    _name = "property.debit.batch"
    _description = "Direct Debit"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, precompute=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank Account",
        required=True,
        check_company=True,
        domain="[('type', '=', 'bank')]",
        default=lambda self: self.env["property.bank.import"]._default_journal(),
    )
    community_ids = fields.Many2many(
        "property.community",
        string="Communities",
        check_company=True,
        help="Leave empty for all communities.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    due_until = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="Bills that are due up to this day are collected.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "At the Bank"), ("done", "Done")],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        tracking=True,
        copy=False,
    )
    line_ids = fields.One2many(
        "property.debit.line", "batch_id", string="Households", copy=False
    )
    line_count = fields.Integer(string="Lines", compute="_compute_totals")
    amount = fields.Monetary(compute="_compute_totals")
    amount_paid = fields.Monetary(string="Collected", compute="_compute_totals")
    failed_count = fields.Integer(string="Failed", compute="_compute_totals")
    out_csv = fields.Binary(
        string="File for the Bank (csv)",
        readonly=True,
        attachment=True,
        copy=False,
        groups="property_base.group_property_accountant",
    )
    out_csv_name = fields.Char(compute="_compute_file_names")
    out_xlsx = fields.Binary(
        string="File for the Bank (Excel)",
        readonly=True,
        attachment=True,
        copy=False,
        groups="property_base.group_property_accountant",
    )
    out_xlsx_name = fields.Char(compute="_compute_file_names")
    result_file = fields.Binary(
        string="Result File of the Bank", attachment=True, copy=False
    )
    result_name = fields.Char(copy=False)

    @api.depends("date", "journal_id.name")
    def _compute_name(self):
        for batch in self:
            parts = [batch.date and f"{batch.date:%Y-%m-%d}", batch.journal_id.name]
            batch.name = " ".join(part for part in parts if part) or "/"

    @api.depends("name")
    def _compute_file_names(self):
        for batch in self:
            name = (batch.name or "").replace("/", "-")
            batch.out_csv_name, batch.out_xlsx_name = f"{name}.csv", f"{name}.xlsx"

    @api.depends("line_ids.amount", "line_ids.state")
    def _compute_totals(self):
        totals = {}
        for batch, state, count, amount in self.env["property.debit.line"]._read_group(
            [("batch_id", "in", self.ids)],
            ["batch_id", "state"],
            ["__count", "amount:sum"],
        ):
            totals.setdefault(batch, {})[state] = (count, amount)
        for batch in self:
            rows = totals.get(batch, {})
            batch.line_count = sum(count for count, _amount in rows.values())
            batch.amount = sum(amount for _count, amount in rows.values())
            batch.amount_paid = rows.get("paid", (0, 0.0))[1]
            batch.failed_count = rows.get("failed", (0, 0.0))[0]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(batch.state != "draft" for batch in self):
            raise UserError(self.env._("What went to the bank cannot be deleted."))

    # === COLLECT === #

    def action_collect(self):
        """List the open bills of the households that have a mandate.

        Bills that are at the bank in another batch are left out.
        """
        self._check_draft()
        for batch in self:
            # Lines are the system's: amounts come from the bills.
            lines = batch.sudo().line_ids
            lines.unlink()
            lines.create(batch._prepare_lines())
        return True

    def _prepare_lines(self):
        Mandate = self.env["property.debit.mandate"]
        domain = Mandate._domain_valid(self.date) & Domain(
            "company_id", "=", self.company_id.id
        )
        if self.community_ids:
            domain &= Domain("community_id", "in", self.community_ids.ids)
        mandates = Mandate.search(domain)
        bills = self.env["property.collection"]._search_open_bills(mandates.unit_id)
        pending = self.env["property.debit.line"].search(
            [("state", "=", "pending"), ("batch_id", "!=", self.id)]
        )
        bills = (bills - pending.move_ids).filtered(
            lambda bill: bill.invoice_date_due <= self.due_until
        )
        own = bills.grouped(lambda bill: (bill.property_unit_id, bill.partner_id))
        vals_list = []
        for mandate in mandates:
            mine = own.pop((mandate.unit_id, mandate.partner_id), None)
            if mine:
                vals_list.append(
                    {
                        "batch_id": self.id,
                        "mandate_id": mandate.id,
                        "unit_id": mandate.unit_id.id,
                        "move_ids": mine.ids,
                        "amount": sum(mine.mapped("amount_residual")),
                    }
                )
        return vals_list

    def _check_draft(self):
        self.check_access("write")
        if any(batch.state != "draft" for batch in self):
            raise UserError(self.env._("The file has already gone to the bank."))

    # === FILE OUT === #

    def action_send(self):
        """Write the file for the bank; from now on its bills are with the bank.

        :raises UserError: nothing is to be collected
        """
        self._check_draft()
        for batch in self:
            if not batch.line_ids:
                raise UserError(
                    self.env._("No household with a mandate has an open bill.")
                )
            rows = [line._get_row() for line in batch.line_ids.sorted("id")]
            header = [title for _name, title in debit.OUT]
            book = workbook.write_workbook(
                [
                    {
                        "name": "代扣",
                        "header": header,
                        "rows": rows,
                        "widths": [14, 18, 16, 26, 24, 12, 30],
                    }
                ]
            )
            batch.write(
                {
                    "state": "sent",
                    "out_csv": base64.b64encode(debit.write_csv(rows)),
                    "out_xlsx": base64.b64encode(book),
                }
            )
        return True

    # === RESULT IN === #

    def action_read_result(self):
        """Book what the bank collected and note why the rest failed; never a line twice.

        :raises UserError: there is no result file, or it cannot be read
        """
        for batch in self:
            batch.check_access("write")
            if batch.state == "draft":
                raise UserError(self.env._("The file has not gone to the bank yet."))
            results = batch._read_results()
            batch.line_ids.lock_for_update()
            batch.line_ids.invalidate_recordset(["state"])
            done, problems = batch._book_results(results)
            if not batch.line_ids.filtered(lambda line: line.state == "pending"):
                batch.state = "done"
            batch.message_post(
                body=self.env._(
                    "%(paid)s collected, %(failed)s failed, %(known)s known before."
                    " %(problems)s",
                    **done,
                    problems=" ".join(problems),
                )
            )
        return True

    def _read_results(self):
        if not self.result_file:
            raise UserError(self.env._("Upload the result file of the bank first."))
        try:
            content = base64.b64decode(self.with_context(bin_size=False).result_file)
            return debit.read_results(workbook.read_rows(content))
        except workbook.UnreadableWorkbook as error:
            raise UserError(
                unreadable_text(self.env, error.args[0], self.result_name)
            ) from None
        except workbook.NoHeader:
            raise UserError(
                self.env._(
                    "The file is no result of direct debits: a row with the headers of the"
                    " result and of the serial or agreement number is missing."
                )
            ) from None

    def _book_results(self, results):
        """Book the rows of a result file.

        :return: (dict of counts, list of texts about rows that fit nothing)
        """
        by_reference = {line.reference: line for line in self.line_ids}
        by_agreement = self.line_ids.grouped(lambda line: line.mandate_id.agreement_no)
        done, problems = {"paid": 0, "failed": 0, "known": 0}, []
        for result in results:
            line = by_reference.get(result.reference) or by_agreement.get(
                result.agreement, self.env["property.debit.line"]
            )
            if problem := self._get_result_problem(line, result):
                problems.append(problem)
            elif line.state != "pending":
                done["known"] += 1
            elif result.paid:
                line._book_paid()
                done["paid"] += 1
            else:
                # Results are the bank's; who reads them in may write the bank's file.
                line.sudo().write(
                    {"state": "failed", "reason": result.reason or result.said}
                )
                done["failed"] += 1
        return done, problems

    def _get_result_problem(self, line, result):
        """Return why a row of the result file cannot be booked, None when it can."""
        if len(line) != 1:
            return self.env._("Row %(row)s is none of this batch.", row=result.number)
        if result.paid is None:
            return self.env._(
                "Row %(row)s: the result %(said)s is not known.",
                row=result.number,
                said=result.said,
            )
        if result.amount is not None and fen(result.amount) != fen(line.amount):
            return self.env._(
                "Row %(row)s: the bank says %(theirs)s where %(ours)s was sent.",
                row=result.number,
                theirs=f"{result.amount:.2f}",
                ours=f"{line.amount:.2f}",
            )
        return None
