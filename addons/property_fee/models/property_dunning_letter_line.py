from odoo import fields, models


class PropertyDunningLetterLine(models.Model):
    _name = "property.dunning.letter.line"
    _description = "Open Bill in a Reminder"
    _order = "letter_id, date_due, id"

    letter_id = fields.Many2one(
        "property.dunning.letter", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="letter_id.currency_id")
    move_id = fields.Many2one(
        "account.move", string="Bill", required=True, index=True, ondelete="restrict"
    )
    period = fields.Date(string="Period Billed")
    date_due = fields.Date(string="Due Date")
    amount_billed = fields.Monetary()
    amount_open = fields.Monetary()
