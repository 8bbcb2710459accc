from odoo import api, fields, models

# Remembered for a header that holds nothing of interest.
IGNORE = "ignore"


class PropertyImportHeaderMixin(models.AbstractModel):
    """What a header means in the files of a company, as somebody once said.

    The columns that it may mean, field `column`, are defined by each kind of file.
    """

    _name = "property.import.header.mixin"
    _description = "Remembered Header"
    _order = "name, id"

    name = fields.Char(string="Header in the Sheet", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    _name_company_uniq = models.Constraint(
        "UNIQUE(company_id, name)", "The meaning of this header is already on file."
    )

    @api.model
    def _mapping(self, company):
        """Return what the headers of a company's files mean.

        :return: dict header as written -> column, or False where it is to be ignored
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
        """Keep what headers mean for the next file.

        :param dict mapping: header as written -> column or `IGNORE`
        """
        known = self.search(
            [("company_id", "=", company.id), ("name", "in", list(mapping))]
        ).grouped("name")
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
