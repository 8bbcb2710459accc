import base64

import psycopg2
from markupsafe import Markup
from odoo import api, models
from odoo.exceptions import UserError

from ..tools import ranges, roster, workbook
from .bulk_writer import BulkWriter
from .roster_messages import problem_text
from .roster_writer import CREATED, REFUSED, RosterWriter

CHUNK = 500
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
        sheet = self._read_roster()
        cron = self.env["ir.cron"]
        bulk = self._bulk_writer()
        while self.rows_done < len(sheet.rows):
            done = self._process_next(sheet, bulk)
            left = cron._commit_progress(
                done, remaining=len(sheet.rows) - self.rows_done
            )
            if not left and self.rows_done < len(sheet.rows):
                return False
            bulk.analyse()
        self._finish(sheet)
        cron._commit_progress(0, remaining=0)
        return True

    def _bulk_writer(self):
        # Rights were checked when the import was started; who may file an identity number
        # may not be allowed to read it, and units are created by nobody else at the desk.
        community = self.community_id.sudo().with_context(
            lang=self.user_id.lang,
            tz=self.user_id.tz,
            tracking_disable=True,
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
        )
        return BulkWriter(community.with_company(self.company_id))

    def _process_next(self, sheet, bulk):
        """Write the next chunk; once more where somebody else wrote the same at that moment.

        What another import or user has committed since this transaction began cannot be
        seen in it, only run into; in a new one it is known, and the rows are compared with it.

        :return: number of rows
        """
        for again in (True, False):
            rows = sheet.rows[self.rows_done : self.rows_done + CHUNK]
            try:
                self._process_chunk(sheet, rows, bulk, strict=again)
                self.write(
                    {"state": "running", "rows_done": self.rows_done + len(rows)}
                )
                self.env.flush_all()
                break
            except COLLISIONS:
                if not again:
                    raise
                self.env.cr.rollback()
        return len(rows)

    def _process_chunk(self, sheet, rows, bulk, *, strict=False):
        """Write a chunk, or try it; when the database refuses it, each row by itself.

        :param bool strict: raise what may come of somebody else's writing the same
        """
        trial = self.env.cr.savepoint() if self.is_trial else None
        writer = RosterWriter(bulk.community, self.as_of, bulk)
        try:
            with self.env.cr.savepoint():
                outcomes = writer.write_rows(rows)
        except (psycopg2.IntegrityError, psycopg2.DataError, UserError) as error:
            if strict and isinstance(error, COLLISIONS):
                raise
            self.env.invalidate_all(flush=False)
            outcomes = [
                outcome for row in rows for outcome in self._write_one(row, bulk)
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
        bulk.create_records("property.roster.import.line", results)

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
        env = self.with_context(lang=self.user_id.lang).env
        values = []
        for row, outcome, unit in outcomes:
            problems = [
                dict(problem_text(env, problem, sheet), severity=problem.severity)
                for problem in row.problems
            ]
            values.append(
                {
                    "import_id": self.id,
                    "row": row.number,
                    "unit_id": unit.id,
                    "unit_code": row.code or "-".join(filter(None, row.key)),
                    "outcome": outcome,
                    "has_warning": any(
                        problem["severity"] == "warning" for problem in problems
                    ),
                    "message": "\n".join(problem["text"] for problem in problems)
                    or False,
                    "problems": problems or False,
                }
            )
        return values

    def _finish(self, sheet):
        env = self.with_context(lang=self.user_id.lang).env
        refused = self.env["property.roster.import.line"].search(
            [("import_id", "=", self.id), ("outcome", "=", "refused")]
        )
        values = {"state": "checked" if self.is_trial else "done"}
        if refused:
            values.update(
                error_file=base64.b64encode(self._error_workbook(env, sheet, refused)),
                error_filename=env._(
                    "%(name)s rows to correct.xlsx", name=self.name.replace("/", "-")
                ),
            )
        self.write(values)
        counts = {
            "created": self.created_count,
            "updated": self.updated_count,
            "unchanged": self.unchanged_count,
            "refused": self.refused_count,
        }
        if counts["unchanged"] == len(sheet.rows):
            body = env._(
                "Nothing changed: all %(count)s rows were already on file.",
                count=len(sheet.rows),
            )
        elif self.is_trial:
            body = env._(
                "Checked, nothing is kept yet: %(created)s units would be created,"
                " %(updated)s updated, %(unchanged)s stay, %(refused)s rows are refused.",
                **counts,
            )
        else:
            body = env._(
                "%(created)s units created, %(updated)s updated, %(unchanged)s unchanged,"
                " %(refused)s rows refused.",
                **counts,
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
