from odoo import api, fields, models

from .property_dunning_level import CHANNELS


class PropertyDunningContact(models.Model):
    """One talk with a debtor, or an attempt at one."""

    _name = "property.dunning.contact"
    _description = "Dunning Contact"
    _order = "date desc, id desc"

    case_id = fields.Many2one(
        "property.dunning.case", required=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one(related="case_id.unit_id", store=True)
    partner_id = fields.Many2one(related="case_id.partner_id", store=True)
    community_id = fields.Many2one(related="case_id.community_id", store=True)
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    letter_id = fields.Many2one(
        "property.dunning.letter",
        string="Reminder",
        index="btree_not_null",
        domain="[('case_id', '=', case_id)]",
        help="Task that the contact has done.",
    )
    date = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now, index=True
    )
    user_id = fields.Many2one(
        "res.users", string="Who", required=True, default=lambda self: self.env.user
    )
    channel = fields.Selection(
        CHANNELS + [("counter", "Face to Face"), ("chat", "WeChat")],
        required=True,
        default="phone",
    )
    spoke_to = fields.Char(
        compute="_compute_spoke_to",
        store=True,
        readonly=False,
        precompute=True,
    )
    result = fields.Selection(
        [
            ("reached", "Reached"),
            ("promised", "Promised to Pay"),
            ("disputed", "Disputes the Bill"),
            ("refused", "Refuses to Pay"),
            ("no_answer", "No Answer"),
            ("wrong_number", "Wrong Number"),
            ("delivered", "Handed Over"),
        ],
        required=True,
        default="reached",
    )
    note = fields.Text(string="What Was Said")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Evidence",
        help="Recording, photo, signed receipt or screenshot.",
    )
    is_documented = fields.Boolean(
        string="Proves the Demand",
        help="There is evidence that payment was demanded: the limitation period begins"
        " anew (Civil Code, article 195).",
    )

    @api.depends("case_id")
    def _compute_spoke_to(self):
        for contact in self:
            if not contact.spoke_to:
                contact.spoke_to = contact.case_id.partner_id.name

    @api.depends("channel", "result", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        channels = dict(self._fields["channel"]._description_selection(self.env))
        results = dict(self._fields["result"]._description_selection(self.env))
        for contact in self:
            contact.display_name = (
                f"{channels.get(contact.channel)}: {results.get(contact.result)}"
            )

    @api.model_create_multi
    def create(self, vals_list):
        contacts = super().create(vals_list)
        for contact in contacts:
            loose = contact.attachment_ids.filtered(
                lambda file: file.create_uid == self.env.user and not file.res_id
            )
            # His own new files he may bind to the contact that he logs.
            loose.sudo().write({"res_model": self._name, "res_id": contact.id})
        contacts.letter_id._note_done()
        return contacts
