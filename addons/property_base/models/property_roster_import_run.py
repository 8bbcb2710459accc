import psycopg2
from odoo import models
from odoo.exceptions import UserError

from ..tools import ranges, roster
from .bulk_writer import BulkWriter
from .roster_writer import CREATED, REFUSED, RosterWriter

# What the database says when two write the same at once.
COLLISIONS = (
    psycopg2.errors.UniqueViolation,
    psycopg2.errors.ExclusionViolation,
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
)


class PropertyRosterImport(models.Model):
    """The import itself, chunk by chunk in the background."""

    _inherit = "property.roster.import"

    def _prepare_worker(self):
        # Rights were checked when the import was started; who may file an identity number
        # may not be allowed to read it, and units are created by nobody else at the desk.
        community = self.community_id.sudo().with_context(
            tracking_disable=True,
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
        )
        return BulkWriter(community.with_company(self.company_id))

    def _process_next(self, sheet, worker):
        """Write the next chunk; once more where somebody else wrote the same at that moment.

        What another import or user has committed since this transaction began cannot be
        seen in it, only run into; in a new one it is known, and the rows are compared with it.

        :return: number of rows
        """
        worker.analyse()
        for strict in (True, False):
            rows = sheet.rows[self.rows_done : self.rows_done + self._import_chunk]
            try:
                self._process_chunk(sheet, rows, worker, strict=strict)
                self.write(
                    {"state": "running", "rows_done": self.rows_done + len(rows)}
                )
                self.env.flush_all()
                break
            except COLLISIONS:
                if not strict:
                    raise
                self.env.cr.rollback()
        return len(rows)

    def _process_chunk(self, sheet, rows, worker, *, strict=False):
        """Write a chunk, or try it; when the database refuses it, each row by itself.

        :param bool strict: raise what may come of somebody else's writing the same
        """
        trial = self.env.cr.savepoint() if self.is_trial else None
        writer = RosterWriter(worker.community, self.as_of, worker)
        try:
            with self.env.cr.savepoint():
                outcomes = writer.write_rows(rows)
        except (psycopg2.IntegrityError, psycopg2.DataError, UserError) as error:
            if strict and isinstance(error, COLLISIONS):
                raise
            self.env.invalidate_all(flush=False)
            outcomes = [
                outcome for row in rows for outcome in self._write_one(row, worker)
            ]
        results = self._prepare_results(sheet, outcomes)
        if trial:
            trial.close(rollback=True)
            self.env.invalidate_all(flush=False)
            for values in results:
                if values["outcome"] == CREATED:
                    values["unit_id"] = False
        else:
            self._keep_created(writer.created)
        worker.create_records("property.roster.import.line", results)

    def _keep_created(self, created):
        kept = dict(self.created_ids or {})
        for model, ids in created.items():
            kept[model] = ranges.pack(ids, kept.get(model, []))
        self.created_ids = kept

    def _write_one(self, row, bulk):
        row.problems = [
            problem
            for problem in row.problems
            if problem.code not in roster.DATABASE_CODES
        ]
        writer = RosterWriter(bulk.community, self.as_of, bulk)
        try:
            with self.env.cr.savepoint():
                outcome = writer.write_rows([row])
                if not self.is_trial:
                    self._keep_created(writer.created)
                return outcome
        except (psycopg2.IntegrityError, psycopg2.DataError, UserError) as error:
            self.env.invalidate_all(flush=False)
            reason = (
                str(error)
                if isinstance(error, UserError)
                else self._database_message(error)
            )
            row.problems.append(roster.Problem("room", "database", reason))
            return [(row, REFUSED, self.env["property.unit"])]

    def _database_message(self, error):
        """Return the message of the constraint that an error names."""
        for model in ("property.unit", "property.occupancy", "property.building"):
            if self.env[model]._table == error.diag.table_name:
                return self.env[model]._sql_error_to_message(error)
        return self._sql_error_to_message(error)

    def _prepare_results(self, sheet, outcomes):
        return [
            {
                **self._prepare_result(sheet, row, outcome),
                "unit_id": unit.id,
                "unit_code": row.code or "-".join(filter(None, row.key)),
            }
            for row, outcome, unit in outcomes
        ]

    def _finish(self, sheet, state="done"):
        return super()._finish(sheet, "checked" if self.is_trial else state)

    def _summary(self, sheet):
        counts = {
            "created": self.created_count,
            "updated": self.updated_count,
            "unchanged": self.unchanged_count,
            "refused": self.refused_count,
        }
        if counts["unchanged"] == len(sheet.rows):
            return self.env._(
                "Nothing changed: all %(count)s rows were already on file.",
                count=len(sheet.rows),
            )
        if self.is_trial:
            return self.env._(
                "Checked, nothing is kept yet: %(created)s units would be created,"
                " %(updated)s updated, %(unchanged)s stay, %(refused)s rows are refused.",
                **counts,
            )
        return self.env._(
            "%(created)s units created, %(updated)s updated, %(unchanged)s unchanged,"
            " %(refused)s rows refused.",
            **counts,
        )
