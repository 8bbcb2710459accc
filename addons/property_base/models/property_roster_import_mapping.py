import base64

from odoo import Command, api, models

from ..tools import normalise, roster, workbook
from .property_roster_header import IGNORE

CONFIDENTIAL = ("identity_number", "phone", "phone2", "tenant_phone")


class PropertyRosterImport(models.Model):
    """What the columns of an uploaded sheet mean."""

    _inherit = "property.roster.import"

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

    def _guess_columns(self):
        """List the columns of the sheet with what each seems to mean.

        A file that cannot be read gets no columns; starting the import says why.
        """
        for job in self:
            try:
                rows = workbook.read_rows(
                    base64.b64decode(job.with_context(bin_size=False).file)
                )
            except workbook.UnreadableWorkbook:
                job.column_ids = [Command.clear()]
                continue
            remembered = self.env["property.roster.header"]._mapping(job.company_id)
            index, columns = roster.guess_header(rows, remembered)
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
                            "sample": self._sample(first, position, meanings),
                        }
                    )
                    for position, header in enumerate(rows[index])
                    if normalise.text(header)
                ),
            ]

    @staticmethod
    def _sample(cells, position, meanings):
        """Return the first value of a column; nothing confidential leaves its fields."""
        if meanings.get(position) in CONFIDENTIAL:
            return "***"
        return normalise.text(cells[position]) if position < len(cells) else ""

    def _mapping(self):
        """Return what the headers mean: as remembered, and as chosen on this import."""
        self.ensure_one()
        chosen = {
            column.header: False if column.column == IGNORE else column.column
            for column in self.column_ids
            if column.column
        }
        return {
            **self.env["property.roster.header"]._mapping(self.company_id),
            **chosen,
        }

    def _remember_columns(self):
        """Keep the choices that differ from what everybody's sheets mean."""
        for job in self:
            chosen = {
                column.header: column.column
                for column in job.column_ids
                if column.column and roster.known_header(column.header) != column.column
            }
            # The front desk may import rosters; the memory is kept for them.
            self.env["property.roster.header"].sudo()._remember(job.company_id, chosen)
