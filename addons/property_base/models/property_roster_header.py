from odoo import api, fields, models

from ..tools import roster
from .roster_messages import column_label

# Remembered for a header that is no column of a roster.
IGNORE = "ignore"


def roster_columns(model):
    """Return the columns of a roster as choices of a selection field."""
    return [
        (IGNORE, model.env._("Ignore")),
        *((column, column_label(model.env, column)) for column in roster.HEADERS),
    ]


class PropertyRosterHeader(models.Model):
    _name = "property.roster.header"
    _description = "Roster Header"
    _order = "name, id"

    name = fields.Char(string="Header in the Sheet", required=True)
    column = fields.Selection(
        selection=lambda self: roster_columns(self), string="Means", required=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    _name_company_uniq = models.Constraint(
        "UNIQUE(company_id, name)", "The meaning of this header is already on file."
    )

    @api.model
    def _mapping(self, company):
        """Return what the headers of a company's sheets mean.

        :return: dict header as written -> column of `tools.roster.HEADERS`, or False
        """
        headers = self.search_fetch(
            [("company_id", "=", company.id)], ["name", "column"]
        )
        return {
            header.name: False if header.column == IGNORE else header.column
            for header in headers
        }

    @api.model
    def _remember(self, company, mapping):
        """Keep what headers mean for the next sheet.

        :param dict mapping: header as written -> column or `IGNORE`
        """
        known = {
            header.name: header
            for header in self.search(
                [("company_id", "=", company.id), ("name", "in", list(mapping))]
            )
        }
        for name, header in known.items():
            if header.column != mapping[name]:
                header.column = mapping[name]
        self.create(
            [
                {"name": name, "column": column, "company_id": company.id}
                for name, column in mapping.items()
                if name not in known
            ]
        )
