from odoo import models


class PropertyBankImport(models.Model):
    """The import itself, chunk by chunk in the background."""

    _inherit = "property.bank.import"

    def _prepare_worker(self):
        return self.env["property.bank.matching"]._build_index(self.company_id)

    def _process_chunk(self, sheet, rows, worker):
        job = self.with_context(tracking_disable=True).with_company(self.company_id)
        job._import_rows(rows)._match(worker)

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

    def _summary(self, sheet):
        return self.env._(
            "%(new)s lines are new, %(known)s were known, %(refused)s refused;"
            " %(settled)s settled, %(proposed)s proposed, %(waiting)s wait.",
            new=self.new_count,
            known=self.repeated_count,
            refused=self.refused_count,
            settled=self.settled_count,
            proposed=self.proposed_count,
            waiting=self.waiting_count,
        )
