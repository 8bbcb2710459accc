from markupsafe import Markup
from odoo import api, models
from odoo.exceptions import UserError

CHUNK = 50


class PropertyBankImport(models.Model):
    """The import itself, chunk by chunk in the background."""

    _inherit = "property.bank.import"

    @api.model
    def _cron_process(self):
        """Work off the queued files; a killed one goes on where its last commit was."""
        jobs = self.search([("state", "in", ("queued", "running"))], order="id")
        for job in jobs:
            if not job.try_lock_for_update():
                continue
            try:
                if not job._run():
                    return
            except UserError as error:
                self.env.cr.rollback()
                job.write({"state": "failed", "failure": str(error)})
                self.env["ir.cron"]._commit_progress(1)

    def _run(self):
        """Import and match the rows that are still to do, a chunk per transaction.

        :return: False when the time of the scheduled action is over before the work is
        """
        self.ensure_one()
        job = self.with_context(
            lang=self.user_id.lang, tz=self.user_id.tz, tracking_disable=True
        ).with_company(self.company_id)
        rows = job._read_export().rows
        index = self.env["property.bank.matching"]._build_index(self.company_id)
        cron = self.env["ir.cron"]
        while todo := rows[self.rows_done : self.rows_done + CHUNK]:
            lines = job._import_rows(todo)
            lines._match(index)
            self.write({"state": "running", "rows_done": self.rows_done + len(todo)})
            left = cron._commit_progress(
                len(todo), remaining=len(rows) - self.rows_done
            )
            if not left and self.rows_done < len(rows):
                return False
        job._finish()
        cron._commit_progress(0, remaining=0)
        return True

    def _import_rows(self, rows):
        """Write rows of the file; lines that the account already has come to nothing.

        :param list rows: `tools.bank.BankRow`
        :return: property.bank.line that are new
        """
        Line = self.env["property.bank.line"]
        Statement = self.env["account.bank.statement.line"]
        good = [row for row in rows if not row.problem]
        taken = set(
            Statement.search_fetch(
                [
                    ("journal_id", "=", self.journal_id.id),
                    ("property_fingerprint", "in", [row.fingerprint for row in good]),
                ],
                ["property_fingerprint"],
            ).mapped("property_fingerprint")
        )
        fresh, known = [], []
        for row in good:
            (known if row.fingerprint in taken else fresh).append(row)
            taken.add(row.fingerprint)
        statements = Statement.create(
            [self._prepare_statement_line(row) for row in fresh]
        )
        lines = Line.create(
            [
                {
                    **self._prepare_line(row),
                    "statement_line_id": statement.id,
                    "state": "waiting" if row.amount > 0 else "outgoing",
                }
                for row, statement in zip(fresh, statements, strict=True)
            ]
        )
        Line.create([{**self._prepare_line(row), "state": "repeated"} for row in known])
        Line.create(
            [
                {
                    **self._prepare_line(row),
                    "state": "refused",
                    "reason": self._get_problem_text(row),
                }
                for row in rows
                if row.problem
            ]
        )
        return lines

    def _prepare_statement_line(self, row):
        said = " ".join(text for text in (row.summary, row.memo) if text)
        return {
            "journal_id": self.journal_id.id,
            "date": row.date,
            "amount": float(row.amount),
            "payment_ref": said or row.name or self.env._("Bank line"),
            "partner_name": row.name,
            "account_number": row.account,
            "property_fingerprint": row.fingerprint,
        }

    def _prepare_line(self, row):
        return {
            "import_id": self.id,
            "row": row.number,
            "date": row.date,
            "time": row.time,
            "amount": float(row.amount or 0),
            "balance": float(row.balance or 0),
            "payer_name": row.name,
            "payer_account": row.account,
            "memo": " ".join(text for text in (row.summary, row.memo) if text),
        }

    def _get_problem_text(self, row):
        """Return what is wrong with a row and how to cure it."""
        what = {
            "no_date": self.env._(
                "has no day that can be read; write it as 2026-10-31"
            ),
            "not_a_number": self.env._("has no amount that can be read"),
            "no_amount": self.env._("has no amount"),
            "direction": self.env._(
                "does not say whether the money came in or went out"
            ),
        }.get(row.problem, row.problem)
        return self.env._(
            "Row %(row)s %(what)s: %(value)s",
            row=row.number,
            what=what,
            value=row.value,
        )

    def _finish(self):
        self.write({"state": "done"})
        body = self.env._(
            "%(new)s lines are new, %(known)s were known, %(refused)s refused;"
            " %(settled)s settled, %(proposed)s proposed, %(waiting)s wait.",
            new=self.new_count,
            known=self.repeated_count,
            refused=self.refused_count,
            settled=self.settled_count,
            proposed=self.proposed_count,
            waiting=self.waiting_count,
        )
        self.message_post(
            body=Markup("<p>%s</p>") % body,
            author_id=self.env.ref("base.partner_root").id,
        )
