from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.property_disclosure_log import REASONS

WHAT = {
    "phone": ("phone", "phone2"),
    "identity": ("identity_number", "birthdate"),
    "photo": ("image_1920",),
}


class PropertyDisclosure(models.TransientModel):
    """Shows confidential data of one person to who states why he needs them.

    The data are read only through a row of the log that the same user has had written
    for the same person a moment ago, so nothing is seen that is not logged.
    """

    _name = "property.disclosure"
    _description = "Show Confidential Data"
    _MINUTES = 15

    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, readonly=True
    )
    unit_id = fields.Many2one("property.unit", readonly=True)
    what = fields.Selection(selection="_selection_what", required=True, default="phone")
    reason = fields.Selection(REASONS)
    note = fields.Char(string="Reason in Words")
    log_id = fields.Many2one("property.disclosure.log", readonly=True)
    is_shown = fields.Boolean(compute="_compute_data")
    phone = fields.Char(compute="_compute_data")
    phone2 = fields.Char(string="Second Phone", compute="_compute_data")
    identity_number = fields.Char(compute="_compute_data")
    birthdate = fields.Date(string="Birth Date", compute="_compute_data")
    photo = fields.Image(compute="_compute_data")

    @api.model
    def _selection_what(self):
        """Return what the user may ask for."""
        labels = {
            "phone": self.env._("Phone Numbers"),
            "identity": self.env._("Identity Number and Birth Date"),
            "photo": self.env._("Photo"),
        }
        Partner = self.env["res.partner"]
        return [
            (what, label)
            for what, label in labels.items()
            if Partner._may_disclose(WHAT[what])
        ]

    @api.depends("log_id", "partner_id")
    def _compute_data(self):
        for wizard in self:
            names = wizard._get_logged_names()
            # just logged for this user and this person
            partner = wizard.partner_id.sudo() if names else self.env["res.partner"]
            wizard.is_shown = bool(names)
            wizard.phone = "phone" in names and partner.phone
            wizard.phone2 = "phone2" in names and partner.phone2
            wizard.identity_number = (
                "identity_number" in names and partner.identity_number
            )
            wizard.birthdate = "birthdate" in names and partner.birthdate
            wizard.photo = "image_1920" in names and partner.image_1920

    def _get_logged_names(self):
        """Return the fields whose disclosure to this user has just been logged."""
        # a clerk does not read the log; only his own row of this person counts
        log = self.log_id.sudo()
        recent = fields.Datetime.subtract(fields.Datetime.now(), minutes=self._MINUTES)
        if (
            log.user_id == self.env.user
            and log.partner_id == self.partner_id
            and log.kind == "reveal"
            and log.date >= recent
        ):
            return set(log.field_names.split(","))
        return set()

    def action_show(self):
        """Log the disclosure and show the data."""
        self.ensure_one()
        if not self.reason:
            raise UserError(self.env._("Choose the reason."))
        if self.reason == "other" and not (self.note or "").strip():
            raise UserError(self.env._("State the reason in words."))
        self.log_id, _values = self.partner_id._disclose(
            WHAT[self.what], self.reason, note=self.note, unit=self.unit_id
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Show Confidential Data"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
