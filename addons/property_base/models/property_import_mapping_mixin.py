from odoo import Command, api, models

from ..tools import normalise, workbook
from .property_import_header_mixin import IGNORE


class PropertyImportMappingMixin(models.AbstractModel):
    """An import whose user may say what the columns of the file mean.

    The choices stand in `column_ids` and are remembered for the next file. What an import
    defines: `_guess_header(rows, remembered)`, the index of the header row and a dict
    column -> position, and `_known_header(header)`, what everybody's files mean by it.
    """

    _name = "property.import.mapping.mixin"
    _description = "Import with Columns to Choose"
    _inherit = ["property.import.mixin"]

    # model of `property.import.header.mixin` that remembers
    _import_header = None
    # columns of which no sample is shown
    _import_confidential = ()

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
        """List the columns of the file with what each seems to mean.

        A file that cannot be read gets no columns; starting the import says why.
        """
        for job in self:
            try:
                rows = job._read_rows()
            except workbook.UnreadableWorkbook:
                job.column_ids = [Command.clear()]
                continue
            remembered = self.env[self._import_header]._mapping(job.company_id)
            index, columns = self._guess_header(rows, remembered)
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

    def _sample(self, cells, position, meanings):
        """Return the first value of a column; nothing confidential leaves its fields."""
        if meanings.get(position) in self._import_confidential:
            return "***"
        return normalise.text(cells[position]) if position < len(cells) else ""

    def _mapping(self):
        """Return what the headers mean: as remembered, and as chosen on this file."""
        self.ensure_one()
        chosen = {
            column.header: False if column.column == IGNORE else column.column
            for column in self.column_ids
            if column.column
        }
        remembered = self.env[self._import_header]._mapping(self.company_id)
        return {**remembered, **chosen}

    def _remember_columns(self):
        """Keep the choices that differ from what everybody's files mean."""
        for job in self:
            chosen = {
                column.header: column.column
                for column in job.column_ids
                if column.column and self._known_header(column.header) != column.column
            }
            # Who may import need not have a right to the memory; it is kept for them.
            self.env[self._import_header].sudo()._remember(job.company_id, chosen)
