import psycopg2
from odoo import models
from odoo.exceptions import UserError

from ..tools.reading_sheet import Problem
from .reading_writer import REFUSED, ReadingWriter


class PropertyReadingImport(models.Model):
    """The import itself, chunk by chunk in the background."""

    _inherit = "property.reading.import"

    def _prepare_worker(self):
        # Rights were checked when the import was started.
        return ReadingWriter(self.sudo().with_company(self.company_id))

    def _process_chunk(self, sheet, rows, worker):
        """Write a chunk; when the database or a rule refuses it, each row by itself."""
        try:
            with self.env.cr.savepoint():
                outcomes = worker.write_rows(rows)
        except (psycopg2.IntegrityError, psycopg2.DataError, UserError):
            self.env.invalidate_all(flush=False)
            outcomes = [self._write_one(row, worker) for row in rows]
        # Results belong to the system.
        self.env["property.reading.import.line"].sudo().create(
            self._prepare_results(sheet, outcomes)
        )

    def _write_one(self, row, worker):
        try:
            with self.env.cr.savepoint():
                return worker.write_rows([row])[0]
        except (psycopg2.IntegrityError, psycopg2.DataError, UserError) as error:
            self.env.invalidate_all(flush=False)
            if isinstance(error, UserError):
                reason = str(error)
            else:
                reason = self.env["property.meter.reading"]._sql_error_to_message(error)
            row.problems.append(Problem("value", "database", reason))
            return row, REFUSED, self.env["property.meter.reading"]

    def _prepare_results(self, sheet, outcomes):
        return [
            {
                **self._prepare_result(sheet, row, outcome),
                "unit_code": row.values["unit"],
                "serial": row.values["serial"],
                "reading_id": reading.id,
            }
            for row, outcome, reading in outcomes
        ]

    def _summary(self, sheet):
        return self.env._(
            "%(created)s readings created, %(updated)s updated, %(unchanged)s unchanged,"
            " %(unread)s not read, %(refused)s rows refused.",
            created=self.created_count,
            updated=self.updated_count,
            unchanged=self.unchanged_count,
            unread=self.unread_count,
            refused=self.refused_count,
        )
