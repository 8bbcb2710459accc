from odoo import api, fields, models
from odoo.fields import Domain


class PropertyDocumentType(models.Model):
    _name = "property.document.type"
    _description = "Document Type"
    _order = "kind, sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("filed", "Kept in the File"), ("handout", "Handed to the Owner")],
        required=True,
        default="filed",
        help="Papers are kept in the owner file; keys, cards and booklets are handed out"
        " against signature.",
    )
    required = fields.Boolean(
        default=True, help="The file is complete only when it is there."
    )
    form = fields.Selection(
        [("original", "Original"), ("copy", "Photocopy")],
        required=True,
        default="original",
    )
    copies = fields.Integer(
        string="Quantity", required=True, default=1, help="Copies or pieces."
    )
    measure = fields.Char(
        string="Counted In",
        translate=True,
        help="What is counted: copies, keys, sets, books.",
    )
    visible_to_owner = fields.Boolean(
        help="The owner sees it, and its scan, on the portal."
    )

    # Units it applies to
    for_home = fields.Boolean(string="Homes", default=True)
    for_shop = fields.Boolean(string="Shops", default=True)
    for_office = fields.Boolean(string="Offices", default=True)
    for_parking = fields.Boolean(string="Parking Spaces")
    for_storage = fields.Boolean(string="Storage Rooms")
    for_other = fields.Boolean(string="Other Units")

    note = fields.Text(translate=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "Another document type already has this code."
    )
    _copies_positive = models.Constraint(
        "CHECK(copies > 0)", "The quantity must be at least one."
    )

    @api.model
    def _get_for_unit_types(self, unit_types):
        """Return the types that a file of each kind of unit holds.

        :param unit_types: values of `property.unit.unit_type`
        :return: dict unit type -> property.document.type, in the order of the list
        """
        wanted = set(unit_types)
        types = self.search(
            Domain.OR(Domain(f"for_{unit_type}", "=", True) for unit_type in wanted)
        )
        return {unit_type: types.filtered(f"for_{unit_type}") for unit_type in wanted}

    def _prepare_slot_values(self, file):
        """Return the values of the slot for this document in a new owner file.

        All that the slot would compute from its type is among them: files are made for
        a whole estate at once, and thousands of slots are cheaper so.

        :param file: property.owner.file
        :rtype: dict
        """
        self.ensure_one()
        return {
            "file_id": file.id,
            "type_id": self.id,
            "is_standard": True,
            "kind": self.kind,
            "sequence": self.sequence,
            "required": self.required,
            "form": self.form,
            "copies": self.copies,
            "visible_to_owner": self.visible_to_owner,
            "unit_id": file.unit_id.id,
            "community_id": file.community_id.id,
            "company_id": file.company_id.id,
        }
