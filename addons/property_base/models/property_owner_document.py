from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# What may still be changed when the file is closed.
PLACE_FIELDS = frozenset({"kept_where", "note"})


class PropertyOwnerDocument(models.Model):
    _name = "property.owner.document"
    _description = "Owner Document"
    _order = "file_id, kind, sequence, id"
    _rec_names_search = ["type_id.name", "file_id.name"]

    file_id = fields.Many2one(
        "property.owner.file",
        string="Owner File",
        required=True,
        index=True,
        ondelete="cascade",
    )
    unit_id = fields.Many2one(related="file_id.unit_id", store=True, index=True)
    community_id = fields.Many2one(
        related="file_id.community_id", store=True, index=True
    )
    company_id = fields.Many2one(related="file_id.company_id", store=True, index=True)
    file_state = fields.Selection(related="file_id.state", string="State of the File")
    type_id = fields.Many2one(
        "property.document.type",
        string="Document",
        required=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(related="type_id.kind", store=True)
    sequence = fields.Integer(
        compute="_compute_from_type", store=True, readonly=False, precompute=True
    )
    is_standard = fields.Boolean(
        string="From the List",
        readonly=True,
        help="The slot was laid out from the list of document types.",
    )

    # What is asked
    required = fields.Boolean(
        compute="_compute_from_type", store=True, readonly=False, precompute=True
    )
    form = fields.Selection(
        [("original", "Original"), ("copy", "Photocopy")],
        compute="_compute_from_type",
        store=True,
        readonly=False,
        precompute=True,
    )
    copies = fields.Integer(
        string="Quantity",
        compute="_compute_from_type",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=None,
        help="Copies or pieces.",
    )
    measure = fields.Char(related="type_id.measure")
    visible_to_owner = fields.Boolean(
        compute="_compute_from_type",
        store=True,
        readonly=False,
        precompute=True,
        help="The owner sees it, and its scan, on the portal.",
    )

    # What is there
    received_on = fields.Date(
        index="btree_not_null",
        help="Day it came into the file, or was handed to the owner. Empty: missing.",
    )
    received_by_id = fields.Many2one(
        "res.users",
        help="Who took it in, or handed it out; whoever enters the day unless stated.",
    )
    pages = fields.Integer(aggregator=None)
    kept_where = fields.Char(
        groups="property_base.group_property_frontdesk",
        help="Only if not with the rest of the file.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Scanned Files", bypass_search_access=True
    )
    scan_count = fields.Integer(string="Scans", compute="_compute_scan_count")
    loan_ids = fields.One2many("property.document.loan", "document_id", string="Loans")
    # Computed as the system: an owner on the portal does not read the log of loans.
    is_lent = fields.Boolean(
        string="Lent Out", compute="_compute_is_lent", compute_sudo=True
    )
    note = fields.Char(
        string="Detail",
        help="Which one, where there are several. The owner reads it if he sees the document.",
    )

    _standard_slot_uniq = models.UniqueIndex(
        "(file_id, type_id) WHERE is_standard IS TRUE",
        "The file already has a slot for this document.",
    )
    _missing_idx = models.Index(
        "(file_id) WHERE required IS TRUE AND received_on IS NULL"
    )
    _quantity_positive = models.Constraint(
        "CHECK(copies > 0 AND COALESCE(pages, 0) >= 0)",
        "The quantity must be at least one, pages cannot be negative.",
    )

    # === COMPUTE METHODS === #

    @api.depends("type_id")
    def _compute_from_type(self):
        for document in self:
            document.sequence = document.type_id.sequence
            document.required = document.type_id.required
            document.form = document.type_id.form
            document.copies = document.type_id.copies or 1
            document.visible_to_owner = document.type_id.visible_to_owner

    @api.depends("attachment_ids")
    def _compute_scan_count(self):
        for document in self:
            document.scan_count = len(document.attachment_ids)

    @api.depends("type_id.name", "note")
    def _compute_display_name(self):
        for document in self:
            name = document.type_id.name or ""
            document.display_name = (
                f"{name} ({document.note})" if document.note else name
            )

    @api.depends("loan_ids.date_returned", "file_id.loan_ids.date_returned")
    def _compute_is_lent(self):
        loans = self.env["property.document.loan"].search_fetch(
            [("file_id", "in", self.file_id.ids), ("date_returned", "=", False)],
            ["file_id", "document_id"],
        )
        whole = loans.filtered(lambda loan: not loan.document_id).file_id
        for document in self:
            document.is_lent = (
                document in loans.document_id or document.file_id in whole
            )

    # === CONSTRAINTS AND CRUD METHODS === #

    @api.constrains("received_on")
    def _check_received_on(self):
        today = fields.Date.context_today(self)
        for document in self:
            if document.received_on and document.received_on > today:
                raise ValidationError(
                    self.env._(
                        "%(document)s cannot have been received on a day to come.",
                        document=document.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("received_on"):
                vals.setdefault("received_by_id", self.env.uid)
        documents = super().create(vals_list)
        documents.file_id._check_not_closed()
        documents._own_attachments()
        return documents

    def write(self, vals):
        if set(vals) - PLACE_FIELDS:
            self.file_id._check_not_closed()
        if "received_on" in vals and "received_by_id" not in vals:
            self._note_receiver(vals["received_on"])
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._own_attachments()
        return result

    def _note_receiver(self, received_on):
        """Note the user as who receives the documents; who corrects the day does not."""
        if received_on:
            new = self.filtered(lambda document: not document.received_on)
            new.write({"received_by_id": self.env.uid})
        else:
            self.write({"received_by_id": False})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_received(self):
        for document in self:
            if document.received_on or document.loan_ids:
                raise UserError(
                    self.env._(
                        "%(document)s was received for file %(file)s; it cannot be"
                        " deleted. Clear the day of receipt first if it is wrong.",
                        document=document.display_name,
                        file=document.file_id.name,
                    )
                )

    def _own_attachments(self):
        """Tie new scans to their document, so that whoever reads it reads them."""
        for document in self:
            loose = document.attachment_ids.filtered(
                lambda attachment: not attachment.res_id
            )
            loose.write({"res_model": self._name, "res_id": document.id})

    # === ACTION METHODS === #

    def action_receive(self):
        """Note the documents as received today by the user."""
        self.filtered(lambda document: not document.received_on).write(
            {"received_on": fields.Date.context_today(self)}
        )

    def action_lend(self):
        """Open the slip on which the document is lent."""
        self.ensure_one()
        return self.file_id.action_lend() | {
            "context": {
                "default_file_id": self.file_id.id,
                "default_document_id": self.id,
            }
        }
