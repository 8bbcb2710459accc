from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

OPEN_STATES = ("not_paid", "partial")


class Household(NamedTuple):
    """What one debtor owes for one unit on a day.

    :ivar float amount: open amount past its due date, credit notes taken off
    :ivar int days_overdue: days since the oldest open bill was due
    """

    unit: models.BaseModel
    partner: models.BaseModel
    bills: models.BaseModel
    amount: float
    days_overdue: int


class PropertyDunningLetter(models.Model):
    _name = "property.dunning.letter"
    _description = "Reminder"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, community_id, unit_id, id"

    name = fields.Char(compute="_compute_name", store=True, precompute=True)
    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="restrict"
    )
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, index=True, ondelete="restrict"
    )
    phone = fields.Char(related="partner_id.phone")
    level_id = fields.Many2one(
        "property.dunning.level", required=True, ondelete="restrict", index=True
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    date_next = fields.Date(
        string="Not Again Before",
        required=True,
        help="First day on which another letter of the level may be written.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("printed", "Printed"),
            ("sent", "Delivered"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many(
        "property.dunning.letter.line", "letter_id", string="Open Bills"
    )
    amount = fields.Monetary(
        compute="_compute_amount", store=True, help="Open on the day of the letter."
    )
    amount_open = fields.Monetary(
        string="Still Open",
        compute="_compute_amount_open",
        help="What is still open of the bills in the letter.",
    )

    _no_repetition = models.Constraint(
        "EXCLUDE USING gist (unit_id WITH =, partner_id WITH =, level_id WITH =,"
        " daterange(date, date_next) WITH &&) WHERE (state != 'cancelled')",
        "This debtor already has a letter of the same level within its interval.",
    )

    # === COMPUTE METHODS === #

    @api.depends("unit_id.code", "community_id.code", "date")
    def _compute_name(self):
        for letter in self:
            parts = [
                letter.community_id.code,
                letter.unit_id.code,
                fields.Date.to_string(letter.date),
            ]
            letter.name = " ".join(part for part in parts if part)

    @api.depends("line_ids.amount_open")
    def _compute_amount(self):
        for letter in self:
            letter.amount = sum(letter.line_ids.mapped("amount_open"))

    def _compute_amount_open(self):
        for letter in self:
            # Readers of a letter need not read the books to see whether it still holds.
            bills = letter.sudo().line_ids.move_id
            letter.amount_open = sum(bills.mapped("amount_residual_signed"))

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_delivered(self):
        if any(letter.state == "sent" for letter in self):
            raise UserError(
                self.env._("A reminder that was delivered is evidence; it stays.")
            )

    # === ACTION METHODS === #

    def action_print(self):
        """Print the letters; drafts are brought up to date first."""
        self.filtered(lambda letter: letter.state == "draft")._refresh()
        letters = self.filtered(lambda letter: letter.state != "cancelled")
        if not letters:
            raise UserError(
                self.env._("Everything in these reminders has been paid meanwhile.")
            )
        letters.filtered(lambda letter: letter.state == "draft").state = "printed"
        return self.env.ref(
            "property_fee.property_dunning_letter_report"
        ).report_action(letters)

    def action_deliver(self):
        """Note that the letters have reached the household."""
        self.filtered(
            lambda letter: letter.state in ("draft", "printed")
        ).state = "sent"

    def action_cancel(self):
        """Take the letters back; the debtor may be reminded again."""
        if any(letter.state == "sent" for letter in self):
            raise UserError(
                self.env._("A reminder that was delivered is evidence; it stays.")
            )
        self.state = "cancelled"

    def _refresh(self):
        """Write today's open amounts into drafts and cancel those that are paid."""
        for letter in self:
            # Printing a letter needs the open amount, not the right to read the books.
            lines = letter.line_ids.sudo()
            paid = lines.browse()
            for line in lines:
                line.amount_open = line.move_id.amount_residual_signed
                if letter.currency_id.is_zero(line.amount_open):
                    paid += line
            if paid == lines or letter.amount <= 0:
                letter.state = "cancelled"
            else:
                paid.unlink()

    # === FINDING WHO IS OVERDUE === #

    @api.model
    def _find_overdue(self, date, communities):
        """Return the households that have bills past their due date on a day.

        :param date: the day
        :param property.community communities: where to look
        :return: list of `Household`, in delivery order
        """
        bills = self.env["account.move"].search_fetch(
            Domain("property_community_id", "in", communities.ids)
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", OPEN_STATES)
            & Domain("invoice_date_due", "<", date),
            [
                "property_unit_id",
                "partner_id",
                "invoice_date_due",
                "amount_residual_signed",
                "move_type",
            ],
            order="invoice_date_due, id",
        )
        households = []
        keyed = bills.grouped(lambda bill: (bill.property_unit_id, bill.partner_id))
        for (unit, partner), own in keyed.items():
            amount = sum(own.mapped("amount_residual_signed"))
            invoices = own.filtered(lambda bill: bill.move_type == "out_invoice")
            if invoices and amount > 0:
                days = (date - min(invoices.mapped("invoice_date_due"))).days
                households.append(Household(unit, partner, own, amount, days))
        return sorted(
            households,
            key=lambda household: (
                household.unit.community_id.id,
                household.unit.sequence,
                household.unit.code,
            ),
        )

    @api.model
    def _generate(self, date, communities):
        """Write the letters that are due on a day; whoever was just reminded gets none.

        :param date: the day; overdue and interval are counted from it
        :param property.community communities: for whom
        :return: the new letters
        """
        levels = self.env["property.dunning.level"].search(
            [("active", "=", True)], order="days_overdue desc"
        )
        households = self._find_overdue(date, communities)
        reminded = {
            (letter.unit_id, letter.partner_id, letter.level_id)
            for letter in self.search_fetch(
                [
                    ("community_id", "in", communities.ids),
                    ("state", "!=", "cancelled"),
                    ("date_next", ">", date),
                ],
                ["unit_id", "partner_id", "level_id"],
            )
        }
        vals_list = []
        for household in households:
            level = next((level for level in levels if level._matches(household)), None)
            key = (household.unit, household.partner, level)
            if level and key not in reminded:
                vals_list.append(self._prepare_letter(household, level, date))
        return self.with_context(
            mail_create_nosubscribe=True, mail_create_nolog=True
        ).create(vals_list)

    @api.model
    def _prepare_letter(self, household, level, date):
        """Return the values of a letter to a household."""
        return {
            "unit_id": household.unit.id,
            "partner_id": household.partner.id,
            "level_id": level.id,
            "date": date,
            "date_next": date + timedelta(days=level.interval_days),
            "line_ids": [
                Command.create(
                    {
                        "move_id": bill.id,
                        "period": bill.property_period,
                        "date_due": bill.invoice_date_due,
                        "amount_billed": bill.amount_total_signed,
                        "amount_open": bill.amount_residual_signed,
                    }
                )
                for bill in household.bills
            ],
        }
