from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.period import Range


class PropertyFeeAssignment(models.Model):
    _name = "property.fee.assignment"
    _description = "Fee Assignment"
    _order = "unit_id, item_id, date_start desc, id"

    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="cascade"
    )
    item_id = fields.Many2one(
        "property.fee.item",
        string="Fee Item",
        required=True,
        index=True,
        ondelete="restrict",
    )
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, index=True, precompute=True
    )
    unit_type = fields.Selection(related="unit_id.unit_type")
    date_start = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_end = fields.Date(
        string="Until", help="Last day that is charged; empty while it lasts."
    )
    payer_rule = fields.Selection(
        [
            ("owner", "Owner"),
            ("occupant", "Occupant"),
            ("partner", "Named Person"),
        ],
        string="Paid By",
        required=True,
        default="owner",
        help="Owner: whoever owns the unit on the days that are charged.\n"
        "Occupant: the tenant of those days, or the owner where nobody rents.\n"
        "Before a unit has an owner, the developer of the community pays.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Named Payer", ondelete="restrict"
    )
    rule_id = fields.Many2one(
        "property.fee.assignment.rule",
        string="Assigned by Rule",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    charge_ids = fields.One2many("property.charge", "assignment_id", string="Charges")

    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (unit_id WITH =, item_id WITH =,"
        " daterange(date_start, date_end, '[]') WITH &&)",
        "This fee item is already assigned to the unit in that period.",
    )
    _period_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start)",
        "An assignment cannot end before it starts.",
    )
    _named_payer = models.Constraint(
        "CHECK(payer_rule != 'partner' OR partner_id IS NOT NULL)",
        "Say who pays when the payer is a named person.",
    )

    @api.depends("unit_id.code", "item_id.name")
    def _compute_display_name(self):
        for assignment in self:
            assignment.display_name = (
                f"{assignment.unit_id.code} {assignment.item_id.name}"
            )

    @api.constrains("unit_id", "item_id")
    def _check_same_company(self):
        for assignment in self:
            if assignment.unit_id.company_id != assignment.item_id.company_id:
                raise ValidationError(
                    self.env._(
                        "%(item)s and %(unit)s belong to different companies.",
                        item=assignment.item_id.name,
                        unit=assignment.unit_id.code,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        # An older assignment may just have been ended in this transaction; the database has to
        # know before it compares.
        self.flush_model(["date_start", "date_end"])
        return super().create(vals_list)

    def _get_range(self):
        """Return the days on which the item is charged at all, as a closed range."""
        self.ensure_one()
        return Range(self.date_start, self.date_end or date.max)
