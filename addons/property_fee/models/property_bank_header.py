from odoo import api, fields, models

from ..tools import bank

# Remembered for a header that holds nothing of interest.
IGNORE = "ignore"


def bank_columns(model):
    """Return the columns of an account export as choices of a selection field."""
    labels = {
        IGNORE: model.env._("Ignore"),
        "date": model.env._("Day"),
        "time": model.env._("Time"),
        "income": model.env._("Came In"),
        "expense": model.env._("Went Out"),
        "amount": model.env._("Amount (either way)"),
        "direction": model.env._("In or Out"),
        "balance": model.env._("Balance Afterwards"),
        "name": model.env._("Name of the Other Side"),
        "account": model.env._("Account of the Other Side"),
        "summary": model.env._("Kind of Transaction"),
        "memo": model.env._("Memo"),
        "serial": model.env._("Serial Number of the Bank"),
    }
    return list(labels.items())


class PropertyBankHeader(models.Model):
    _name = "property.bank.header"
    _description = "Bank File Header"
    _order = "name, id"

    name = fields.Char(string="Header in the File", required=True)
    column = fields.Selection(
        selection=lambda self: bank_columns(self), string="Means", required=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    _name_company_uniq = models.Constraint(
        "UNIQUE(company_id, name)", "The meaning of this header is already on file."
    )

    @api.model
    def _mapping(self, company):
        """Return what the headers of a company's bank files mean.

        :return: dict header as written -> column of `tools.bank.HEADERS`, or False
        """
        headers = self.search_fetch(
            [("company_id", "=", company.id)], ["name", "column"]
        )
        return {
            header.name: header.column in bank.COLUMNS and header.column
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
