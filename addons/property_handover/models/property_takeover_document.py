from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from .property_takeover_document_template import GROUPS


class PropertyTakeoverDocument(models.Model):
    """A paper that the developer owes with the estate, and whether it came."""

    _name = "property.takeover.document"
    _description = "Take-over Document"
    _order = "project_id, sequence, id"

    name = fields.Char(required=True)
    project_id = fields.Many2one(
        "property.takeover.project", required=True, index=True, ondelete="cascade"
    )
    community_id = fields.Many2one(
        related="project_id.community_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="project_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    group = fields.Selection(GROUPS, required=True, default="ownership")
    is_required = fields.Boolean(string="Required", default=True)
    received_on = fields.Date()
    received_by_id = fields.Many2one("res.users", domain=[("share", "=", False)])
    copies = fields.Integer(help="How many copies were received.")
    pages = fields.Integer(help="Pages of one copy.")
    place = fields.Char(string="Kept At", help="Archive, cabinet, folder.")
    defect = fields.Char(
        help="What is incomplete or wrong in the paper received; it then counts as"
        " missing."
    )
    status = fields.Selection(
        [
            ("missing", "Missing"),
            ("defective", "Defective"),
            ("received", "Received"),
            ("not_required", "Not Required"),
        ],
        compute="_compute_status",
        store=True,
        index=True,
    )
    ticket_id = fields.Many2one(
        "property.ticket", readonly=True, copy=False, index="btree_not_null"
    )
    note = fields.Text()

    _counts_positive = models.Constraint(
        "CHECK(copies >= 0 AND pages >= 0)",
        "Copies and pages cannot be negative.",
    )

    @api.depends("is_required", "received_on", "defect")
    def _compute_status(self):
        for document in self:
            if document.received_on:
                document.status = "defective" if document.defect else "received"
            else:
                document.status = "missing" if document.is_required else "not_required"

    @api.constrains("received_on")
    def _check_received_on(self):
        today = fields.Date.context_today(self)
        for document in self:
            if document.received_on and document.received_on > today:
                raise UserError(
                    self.env._(
                        "%(document)s cannot have been received in the future.",
                        document=document.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_received(self):
        if received := self.filtered("received_on"):
            raise UserError(
                self.env._(
                    "Received papers stay on the list: %(documents)s.",
                    documents=format_list(self.env, received.mapped("name")),
                )
            )

    def _is_owed(self):
        """Return whether the developer still owes the paper."""
        self.ensure_one()
        return self.status in ("missing", "defective")

    def action_receive(self):
        """Record that the papers came in today, one copy each if nothing is said."""
        today = fields.Date.context_today(self)
        for copies, documents in self.grouped("copies").items():
            documents.write(
                {
                    "received_on": today,
                    "received_by_id": self.env.uid,
                    "copies": copies or 1,
                    "defect": False,
                }
            )

    def action_claim(self):
        """Demand the papers that are still owed: one rectification ticket each.

        Papers with an open ticket are left alone.

        :return: action that shows the new tickets
        """
        owed = self.filtered(
            lambda document: document._is_owed() and not document.ticket_id.is_open
        )
        if not owed:
            raise UserError(
                self.env._(
                    "None of these papers is owed without being claimed already."
                )
            )
        tickets = self.env["property.ticket"].create(
            [document._prepare_ticket_vals() for document in owed]
        )
        for document, ticket in zip(owed, tickets, strict=True):
            document.ticket_id = ticket
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_service.property_ticket_action"
        )
        action["domain"] = [("id", "in", tickets.ids)]
        action["context"] = {}
        return action

    def _prepare_ticket_vals(self):
        """Return the values of the ticket that demands a paper from the developer."""
        self.ensure_one()
        project = self.project_id
        groups = dict(self._fields["group"]._description_selection(self.env))
        reason = self.defect or self.env._("not received")
        return {
            "community_id": project.community_id.id,
            "takeover_project_id": project.id,
            "kind": "rectification",
            "channel": "staff",
            "urgency": "general",
            "partner_id": project.developer_id.id,
            "user_id": project.manager_id.id,
            "subject": self.env._("Take-over paper: %(document)s", document=self.name),
            "description": self.env._(
                "%(group)s, %(document)s: %(reason)s. To be delivered under contract"
                " %(contract)s.",
                group=groups[self.group],
                document=self.name,
                reason=reason,
                contract=project.contract_number or "-",
            ),
        }
