from odoo import fields, models

from ..tools import roster
from .property_import_header_mixin import IGNORE
from .roster_messages import column_label


def roster_columns(model):
    """Return the columns of a roster as choices of a selection field."""
    return [
        (IGNORE, model.env._("Ignore")),
        *((column, column_label(model.env, column)) for column in roster.HEADERS),
    ]


class PropertyRosterHeader(models.Model):
    _name = "property.roster.header"
    _description = "Roster Header"
    _inherit = ["property.import.header.mixin"]

    column = fields.Selection(
        selection=lambda self: roster_columns(self), string="Means", required=True
    )
