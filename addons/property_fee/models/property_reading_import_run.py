import base64

import psycopg2
from markupsafe import Markup
from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.property_base.tools import workbook

from ..tools.reading_sheet import Problem
from .reading_messages import problem_text
from .reading_writer import REFUSED, ReadingWriter

CHUNK = 300


class PropertyReadingImport(models.Model):
    """The import itself, chunk by chunk in the background."""

    _inherit = "property.reading.import"

    @api.model
    def _cron_process(self):
        """Work off the queued imports; a killed one goes on where its last commit was."""
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
        """Import the rows that are still to do, a chunk per transaction.

        :return: False when the time of the scheduled action is over before the work is
        """
        self.ensure_one()
        sheet = self._read_sheet()
        cron = self.env["ir.cron"]
        while todo := sheet.rows[self.rows_done : self.rows_done + CHUNK]:
            self._process_chunk(sheet, todo)
            self.write({"state": "running", "rows_done": self.rows_done + len(todo)})
            left = cron._commit_progress(
                len(todo), remaining=len(sheet.rows) - self.rows_done
            )
            if not left and self.rows_done < len(sheet.rows):
                return False
        self._finish(sheet)
        cron._commit_progress(0, remaining=0)
        return True

    def _process_all(self):
        """Import all rows in the current transaction, for demo data and tests."""
        self.ensure_one()
        sheet = self._read_sheet()
        self.row_count = len(sheet.rows)
        for start in range(0, len(sheet.rows), CHUNK):
            self._process_chunk(sheet, sheet.rows[start : start + CHUNK])
        self.rows_done = len(sheet.rows)
        self._finish(sheet)

    def _writer(self):
        # Rights were checked when the import was started.
        job = self.sudo().with_context(lang=self.user_id.lang, tz=self.user_id.tz)
        return ReadingWriter(job.with_company(self.company_id))

    def _process_chunk(self, sheet, rows):
        """Write a chunk; when the database or a rule refuses it, each row by itself."""
        try:
            with self.env.cr.savepoint():
                outcomes = self._writer().write_rows(rows)
        except (psycopg2.IntegrityError, psycopg2.DataError, UserError):
            self.env.invalidate_all(flush=False)
            outcomes = [self._write_one(row) for row in rows]
        # Results belong to the system.
        self.env["property.reading.import.line"].sudo().create(
            self._prepare_results(sheet, outcomes)
        )

    def _write_one(self, row):
        try:
            with self.env.cr.savepoint():
                return self._writer().write_rows([row])[0]
        except (psycopg2.IntegrityError, psycopg2.DataError, UserError) as error:
            self.env.invalidate_all(flush=False)
            if isinstance(error, UserError):
                reason = str(error)
            else:
                reason = self.env["property.meter.reading"]._sql_error_to_message(error)
            row.problems.append(Problem("value", "database", reason))
            return row, REFUSED, self.env["property.meter.reading"]

    def _prepare_results(self, sheet, outcomes):
        env = self.with_context(lang=self.user_id.lang).env
        values = []
        for row, outcome, reading in outcomes:
            problems = [
                dict(problem_text(env, problem, sheet), severity=problem.severity)
                for problem in row.problems
            ]
            values.append(
                {
                    "import_id": self.id,
                    "row": row.number,
                    "unit_code": row.values["unit"],
                    "serial": row.values["serial"],
                    "reading_id": reading.id,
                    "outcome": outcome,
                    "has_warning": bool(problems),
                    "message": "\n".join(problem["text"] for problem in problems)
                    or False,
                    "problems": problems or False,
                }
            )
        return values

    def _finish(self, sheet):
        env = self.with_context(lang=self.user_id.lang).env
        refused = self.line_ids.filtered(lambda line: line.outcome == "refused")
        values = {"state": "done"}
        if refused:
            values.update(
                error_file=base64.b64encode(self._error_workbook(env, sheet, refused)),
                error_filename=env._(
                    "%(name)s rows to correct.xlsx", name=self.name.replace("/", "-")
                ),
            )
        self.write(values)
        body = env._(
            "%(created)s readings created, %(updated)s updated, %(unchanged)s unchanged,"
            " %(unread)s not read, %(refused)s rows refused.",
            created=self.created_count,
            updated=self.updated_count,
            unchanged=self.unchanged_count,
            unread=self.unread_count,
            refused=self.refused_count,
        )
        self.message_post(
            body=Markup("<p>%s</p>") % body,
            author_id=self.env.ref("base.partner_root").id,
        )

    def _error_workbook(self, env, sheet, lines):
        """Return a workbook with the refused rows, to correct and to import again."""
        width = max(sheet.columns.values()) + 1
        header = [str(cell or "") for cell in sheet.header[:width]]
        rows, details = [], []
        for line in lines:
            cells = list(sheet.raw[line.row - 1][:width])
            cells += [None] * (width - len(cells))
            rows.append([*cells, line.row, line.message])
            details += [
                [
                    line.row,
                    f"{problem['cell']}{line.row}",
                    problem["column"],
                    problem["value"],
                    problem["what"],
                    problem["cure"],
                ]
                for problem in line.problems
            ]
        return workbook.write_workbook(
            [
                {
                    "name": env._("Correct Here"),
                    "header": [
                        *header,
                        env._("Row in Your Sheet"),
                        env._("What Is Wrong"),
                    ],
                    "rows": rows,
                    "widths": [12] * width + [10, 70],
                },
                {
                    "name": env._("Problems"),
                    "header": [
                        env._("Row"),
                        env._("Cell"),
                        env._("Column"),
                        env._("Value"),
                        env._("Problem"),
                        env._("Cure"),
                    ],
                    "rows": details,
                    "widths": [8, 8, 16, 24, 60, 60],
                },
            ]
        )
