from odoo import fields, models

GROUPS = [
    ("ownership", "Ownership Papers"),
    ("completion", "Completion Papers"),
    ("construction", "Design and Construction Papers"),
    ("equipment", "Equipment Papers"),
    ("owners", "Owner Data"),
]


class PropertyTakeoverDocumentTemplate(models.Model):
    _name = "property.takeover.document.template"
    _description = "Take-over Document Template"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    group = fields.Selection(GROUPS, required=True, default="ownership")
    is_required = fields.Boolean(string="Required", default=True)
    note = fields.Text(translate=True)

    def _prepare_document_vals(self):
        """Return the values of a document of a new project."""
        self.ensure_one()
        return {
            "name": self.name,
            "sequence": self.sequence,
            "group": self.group,
            "is_required": self.is_required,
            "note": self.note,
        }
