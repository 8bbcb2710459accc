from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyDunningFind(models.TransientModel):
    _name = "property.dunning.find"
    _description = "Find Overdue Households"

    date = fields.Date(required=True, default=fields.Date.context_today)
    community_ids = fields.Many2many(
        "property.community",
        string="Communities",
        required=True,
        default=lambda self: self.env["property.community"].search([]),
    )
    household_count = fields.Integer(
        string="Households Overdue", compute="_compute_preview"
    )
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id
    )
    amount = fields.Monetary(string="Amount Overdue", compute="_compute_preview")

    @api.depends("date", "community_ids")
    def _compute_preview(self):
        for wizard in self:
            households = []
            if wizard.date and wizard.community_ids:
                households = self.env["property.dunning.letter"]._find_overdue(
                    wizard.date, wizard.community_ids._origin
                )
            wizard.household_count = len(households)
            wizard.amount = sum(household.amount for household in households)

    def action_find(self):
        """Write the reminders that are due and open them."""
        self.ensure_one()
        letters = self.env["property.dunning.letter"]._generate(
            self.date, self.community_ids
        )
        if not letters:
            raise UserError(
                self.env._(
                    "There is nobody to remind: of %(count)s overdue households each has"
                    " been reminded recently or has not reached the first level.",
                    count=self.household_count,
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_dunning_letter_action"
        )
        action["domain"] = [("id", "in", letters.ids)]
        action["context"] = {}
        return action
