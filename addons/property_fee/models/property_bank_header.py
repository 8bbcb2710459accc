from odoo import fields, models

from odoo.addons.property_base.models.property_import_header_mixin import IGNORE


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
    _inherit = ["property.import.header.mixin"]

    column = fields.Selection(
        selection=lambda self: bank_columns(self), string="Means", required=True
    )
