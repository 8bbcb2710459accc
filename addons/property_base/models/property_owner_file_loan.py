from odoo import api, fields, models


class PropertyOwnerFile(models.Model):
    _inherit = "property.owner.file"

    loan_ids = fields.One2many("property.document.loan", "file_id", string="Loans")
    open_loan_count = fields.Integer(
        string="Lent Out", compute="_compute_open_loan_count"
    )

    @api.depends("loan_ids.date_returned")
    def _compute_open_loan_count(self):
        counts = dict(
            self.env["property.document.loan"]._read_group(
                [("file_id", "in", self.ids), ("date_returned", "=", False)],
                ["file_id"],
                ["__count"],
            )
        )
        for file in self:
            file.open_loan_count = counts.get(file, 0)

    def action_lend(self):
        """Open the slip on which the whole file is lent."""
        self.ensure_one()
        return self._action_loans() | {
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_file_id": self.id},
        }

    def action_view_loans(self):
        """Open the borrow-and-return log of the file."""
        self.ensure_one()
        return self._action_loans() | {
            "domain": [("file_id", "=", self.id)],
            "context": {"default_file_id": self.id},
        }

    def _action_loans(self):
        return self.env["ir.actions.act_window"]._for_xml_id(
            "property_base.property_document_loan_action"
        )
