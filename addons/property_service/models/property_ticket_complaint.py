from odoo import api, fields, models
from odoo.exceptions import UserError

from .property_ticket_category import LIABLE


class PropertyTicket(models.Model):
    """Who is liable, and what a complaint was found to be."""

    _name = "property.ticket"
    _inherit = ["property.ticket", "property.procedure.pinned.mixin"]

    liable = fields.Selection(
        LIABLE,
        compute="_compute_liable",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Who bears the cost: proposed by the problem, decided on site.",
    )
    is_justified = fields.Selection(
        [("yes", "Justified"), ("no", "Not Justified")],
        string="Complaint Is",
        copy=False,
        tracking=True,
        help="Empty until it has been looked into.",
    )
    justified_reason = fields.Char(string="Why", copy=False)
    cause = fields.Selection(
        [
            ("attitude", "Attitude"),
            ("slow", "Slow Response"),
            ("quality", "Quality of the Work"),
            ("fees", "Fees"),
            ("environment", "Cleaning and Greening"),
            ("order", "Order and Safety"),
            ("equipment", "Equipment"),
            ("neighbours", "Neighbours"),
            ("developer", "Left by the Developer"),
            ("other", "Other"),
        ],
        copy=False,
        tracking=True,
    )
    department = fields.Selection(
        [
            ("desk", "Customer Service"),
            ("engineering", "Engineering"),
            ("security", "Security"),
            ("cleaning", "Cleaning and Greening"),
            ("finance", "Finance"),
            ("management", "Management"),
            ("outside", "Outside the Company"),
        ],
        string="Department Responsible",
        copy=False,
        tracking=True,
    )
    corrective_action = fields.Text(
        copy=False, help="What was done about this complaint."
    )
    preventive_action = fields.Text(
        copy=False, help="What is changed so that it does not come back."
    )
    compensation_ids = fields.One2many(
        "property.compensation", "ticket_id", string="Compensations"
    )

    _justified_with_reason = models.Constraint(
        "CHECK(is_justified IS NULL OR justified_reason IS NOT NULL)",
        "Say why the complaint is justified or not.",
    )

    @api.depends("category_id")
    def _compute_liable(self):
        for ticket in self:
            ticket.liable = ticket.category_id._get_liable() or ticket.liable

    @api.model
    def _procedure_code_for(self, vals):
        """Repairs, complaints and requests for help follow the procedures of the papers."""
        category = self.env["property.ticket.category"].browse(vals.get("category_id"))
        kind = vals.get("kind") or category.kind or "repair"
        return {"repair": "SOP-07", "complaint": "SOP-08", "help": "SOP-09"}.get(kind)

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "closed":
            self._check_complaints()
        return result

    def _check_complaints(self):
        """Keep a complaint open until it has been judged and something was done.

        :raise UserError: the finding or the corrective action is missing
        """
        for ticket in self.filtered(lambda ticket: ticket.kind == "complaint"):
            lacking = [
                ticket._fields[name]._description_string(self.env)
                for name in ("is_justified", "cause", "department", "corrective_action")
                if not ticket[name]
                and (ticket.is_justified != "no" or name == "is_justified")
            ]
            if lacking:
                raise UserError(
                    self.env._(
                        "Complaint %(ticket)s cannot be closed yet. Fill in: %(fields)s.",
                        ticket=ticket.name,
                        fields=", ".join(lacking),
                    )
                )
