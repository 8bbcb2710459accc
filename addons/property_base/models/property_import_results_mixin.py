import base64

from odoo import fields, models

from ..tools import workbook
from .import_messages import problem_words


class PropertyImportResultsMixin(models.AbstractModel):
    """An import that keeps what came of each row, and gives back those that were refused.

    The results stand in `line_ids` (`property.import.line.mixin`). What an import defines:
    `_sentence_and_cure(code, column, value)`, the words of a problem.
    """

    _name = "property.import.results.mixin"
    _description = "Import with Results of Its Rows"
    _inherit = ["property.import.mixin"]

    error_file = fields.Binary(
        string="Rows to Correct", readonly=True, attachment=True, copy=False
    )
    error_filename = fields.Char(readonly=True, copy=False)

    def _enqueue(self, **values):
        return super()._enqueue(error_file=False, **values)

    def _finish(self, sheet, state="done"):
        """Close the import; rows that were refused come as a workbook."""
        if refused := self._refused_lines():
            name = self.env._(
                "%(name)s rows to correct.xlsx", name=self.name.replace("/", "-")
            )
            content = self._error_workbook(sheet, refused)
            self.write(
                {"error_file": base64.b64encode(content), "error_filename": name}
            )
        return super()._finish(sheet, state)

    def _shown_value(self, value):
        """Return the value of a problem as the table of problems shows it."""
        return value

    def _refused_lines(self):
        """Return the rows to correct."""
        Line = self.env[self._fields["line_ids"].comodel_name]
        return Line.search([("import_id", "=", self.id), ("outcome", "=", "refused")])

    def _prepare_result(self, sheet, row, outcome):
        """Return the values that every result of a row has.

        :param row: a row of the sheet, with its `problems`
        """
        problems = [
            {
                **problem_words(self, problem, sheet),
                "severity": problem.severity,
            }
            for problem in row.problems
        ]
        return {
            "import_id": self.id,
            "row": row.number,
            "outcome": outcome,
            "has_warning": any(one["severity"] == "warning" for one in problems),
            "message": "\n".join(one["text"] for one in problems) or False,
            "problems": problems or False,
        }

    def _error_workbook(self, sheet, lines):
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
        env = self.env
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

    def action_view_lines(self):
        """Open the results, the refused rows first where there are any."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Results of %(name)s", name=self.name),
            "res_model": self._fields["line_ids"].comodel_name,
            "view_mode": "list",
            "domain": [("import_id", "=", self.id)],
            "context": {"search_default_refused": int(bool(self.refused_count))},
        }
