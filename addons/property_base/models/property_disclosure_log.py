from odoo import api, fields, models

# Confidential fields that are shown on stating a reason, in the order they are shown in.
DISCLOSED = ("phone", "phone2", "identity_number", "birthdate", "image_1920")
REASONS = [
    ("call", "Call About a Request or Repair"),
    ("emergency", "Emergency"),
    ("fee", "Fees and Arrears"),
    ("visitor", "Visitor, Parcel or Vehicle"),
    ("verify", "Verify Who Is Asking"),
    ("papers", "Papers of the Household"),
    ("authority", "Request of an Authority"),
    ("other", "Other"),
]


class PropertyDisclosureLog(models.Model):
    """Who was shown confidential data of whom, and why.

    Rows are only ever added, by the system while it shows, exports or erases the data:
    no role has the right to create, change or delete one. The data itself is not kept.
    """

    _name = "property.disclosure.log"
    _description = "Disclosure"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    date = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now, index=True
    )
    user_id = fields.Many2one(
        "res.users", string="Who", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Whose", required=True, index=True, ondelete="restrict"
    )
    unit_id = fields.Many2one(
        "property.unit", index="btree_not_null", ondelete="set null"
    )
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True
    )
    company_id = fields.Many2one("res.company", index=True, ondelete="restrict")
    kind = fields.Selection(
        [
            ("reveal", "Shown on Screen"),
            ("export", "Exported"),
            ("anonymise", "Anonymised"),
        ],
        required=True,
        default="reveal",
    )
    field_names = fields.Char(required=True)
    data = fields.Char(compute="_compute_data", help="Which data were shown.")
    reason = fields.Selection(REASONS)
    note = fields.Char(string="Reason in Words")

    @api.depends("field_names")
    @api.depends_context("lang")
    def _compute_data(self):
        labels = {
            name: field._description_string(self.env)
            for name, field in self.env["res.partner"]._fields.items()
        }
        for log in self:
            names = (log.field_names or "").split(",")
            log.data = " / ".join(labels.get(name, name) for name in names)
