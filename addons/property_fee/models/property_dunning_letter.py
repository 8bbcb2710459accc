from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .property_dunning_level import CHANNELS, PAPER

OPEN_STATES = ("not_paid", "partial")
# To whom it goes and what it says: shown and mailed as it is stored, so nobody words it.
CONTENT = {
    "unit_id",
    "partner_id",
    "level_id",
    "channel",
    "case_id",
    "run_id",
    "date",
    "date_next",
    "deadline",
    "subject",
    "text",
    "short_text",
    "amount",
    "line_ids",
    "mail_id",
}


class PropertyDunningLetter(models.Model):
    """One reminder of a debtor: a letter, a message, or the task of calling or visiting."""

    _name = "property.dunning.letter"
    _description = "Reminder"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, community_id, unit_id, id"

    name = fields.Char(compute="_compute_name", store=True, precompute=True)
    case_id = fields.Many2one(
        "property.dunning.case", index="btree_not_null", ondelete="restrict"
    )
    run_id = fields.Many2one(
        "property.dunning.run", index="btree_not_null", ondelete="restrict"
    )
    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="restrict"
    )
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True, precompute=True
    )
    building_id = fields.Many2one(related="unit_id.building_id")
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
    channel = fields.Selection(
        CHANNELS, required=True, default="notice", readonly=True, index=True
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    date_next = fields.Date(
        string="Not Again Before",
        required=True,
        help="First day on which another reminder of the level may be written.",
    )
    deadline = fields.Date(string="Pay Until")
    state = fields.Selection(
        [
            ("draft", "To Do"),
            ("queued", "Queued"),
            ("printed", "Printed"),
            ("sent", "Delivered"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        index=True,
        tracking=True,
    )
    failure = fields.Char(readonly=True)

    # What it says
    subject = fields.Char(readonly=True)
    text = fields.Html(readonly=True, sanitize=False)
    short_text = fields.Text(string="Text Message", readonly=True)
    line_ids = fields.One2many(
        "property.dunning.letter.line", "letter_id", string="Open Bills"
    )
    amount = fields.Monetary(
        compute="_compute_amount", store=True, help="Open on the day of the reminder."
    )
    amount_open = fields.Monetary(
        string="Still Open",
        compute="_compute_amount_open",
        help="What is still open of the bills in the reminder.",
    )

    # How it reached the debtor
    date_delivered = fields.Date(
        string="Delivered On",
        help="From this day the limitation period begins anew (Civil Code, article 195).",
    )
    delivered_by_id = fields.Many2one("res.users")
    delivery_way = fields.Selection(
        [
            ("person", "Handed Over"),
            ("posted", "Posted at the Door"),
            ("mail", "Registered Mail"),
            ("electronic", "Electronic"),
            ("talk", "Talked To"),
        ],
        string="Way of Delivery",
    )
    delivery_reference = fields.Char(
        string="Tracking No.", help="Number of the registered mail."
    )
    received_by = fields.Char()
    evidence_ids = fields.Many2many(
        "ir.attachment",
        help="Signed receipt, photo of the notice at the door, slip of the post office.",
    )
    mail_id = fields.Many2one("mail.mail", readonly=True, ondelete="set null")

    _no_repetition = models.Constraint(
        "EXCLUDE USING gist (unit_id WITH =, partner_id WITH =, level_id WITH =,"
        " daterange(date, date_next) WITH &&) WHERE (state != 'cancelled')",
        "This debtor already has a reminder of the same level within its interval.",
    )

    # === COMPUTE METHODS === #

    @api.depends("unit_id.code", "community_id.code", "date")
    def _compute_name(self):
        for letter in self:
            letter.name = self._format_name(letter.unit_id, letter.date)

    @api.model
    def _format_name(self, unit, date):
        parts = [unit.community_id.code, unit.code, fields.Date.to_string(date)]
        return " ".join(part for part in parts if part)

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

    def write(self, vals):
        if CONTENT & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._("What a reminder says is written by the system alone.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_delivered(self):
        if any(letter.state == "sent" for letter in self):
            raise UserError(
                self.env._("A reminder that was delivered is evidence; it stays.")
            )

    # === ACTION METHODS === #

    def action_print(self):
        """Print the letters; those not printed yet are brought up to date first."""
        paper = self.filtered(lambda letter: letter.channel in PAPER)
        paper.filtered(lambda letter: letter.state == "draft")._refresh()
        letters = paper.filtered(lambda letter: letter.state != "cancelled")
        if not letters:
            raise UserError(
                self.env._(
                    "There is nothing to print: everything in these reminders has been paid"
                    " meanwhile, or they are no letters."
                )
            )
        letters.filtered(lambda letter: letter.state == "draft").state = "printed"
        return self.env.ref(
            "property_fee.property_dunning_letter_report"
        ).report_action(letters)

    def action_deliver(self):
        """Note that the reminders have reached the household today."""
        letters = self.filtered(
            lambda letter: letter.state in ("draft", "printed", "queued", "failed")
        )
        letters._note_delivered(fields.Date.context_today(self))

    def _note_delivered(self, date, way=None):
        """Note when and how reminders reached the household, where it is not noted yet.

        :param date date: the day
        :param str way: one of the field `delivery_way`
        """
        for letter in self:
            electronic = letter.channel in ("sms", "email")
            letter.write(
                {
                    "state": "sent",
                    "failure": False,
                    "date_delivered": letter.date_delivered or date,
                    "delivered_by_id": (letter.delivered_by_id or self.env.user).id,
                    "delivery_way": letter.delivery_way
                    or way
                    or ("electronic" if electronic else "person"),
                }
            )
        self._close_tasks()

    def _note_done(self):
        """Note that the task of a reminder was done by a contact."""
        self.filtered(lambda letter: letter.state == "draft")._note_delivered(
            fields.Date.context_today(self), way="talk"
        )

    def action_cancel(self):
        """Take reminders back; the debtor may be reminded again."""
        if any(letter.state == "sent" for letter in self):
            raise UserError(
                self.env._("A reminder that was delivered is evidence; it stays.")
            )
        self._cancel()

    def _cancel(self, reason=False):
        """Cancel reminders that have not gone out, and put their cases back a level."""
        self.write({"state": "cancelled", "failure": reason})
        # A mail of a reminder belongs to the system.
        self.sudo().mail_id.filtered(lambda mail: mail.state == "outgoing").write(
            {"state": "cancel"}
        )
        self._close_tasks()
        # What comes next follows from what is left, whoever takes a reminder back.
        cases = self.sudo().case_id
        letters = cases.env[self._name].search_fetch(
            Domain("case_id", "in", cases.ids) & Domain("state", "!=", "cancelled"),
            ["case_id", "level_id", "date"],
            order="date, id",
        )
        last = {letter.case_id: letter for letter in letters}
        for case in cases.filtered(lambda case: not case.raised):
            letter = last.get(case, self.browse())
            case.write({"level_id": letter.level_id.id, "date_reminded": letter.date})
        cases._plan_next()

    def _close_tasks(self):
        """Remove the open activities that asked for the reminders."""
        kind = self.env.ref("property_fee.mail_activity_dunning")
        # The task may be another's.
        self.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        ).unlink()

    def _refresh(self):
        """Write today's open amounts into reminders and cancel those that are paid."""
        gone = self.browse()
        for letter in self:
            # Printing a letter needs the open amount, not the right to read the books.
            lines = letter.line_ids.sudo()
            paid = lines.browse()
            for line in lines:
                line.amount_open = line.move_id.amount_residual_signed
                if letter.currency_id.is_zero(line.amount_open):
                    paid += line
            if paid == lines or letter.amount <= 0:
                gone += letter
            else:
                paid.unlink()
                letter._write_text()
        if gone:
            gone._cancel(self.env._("Paid meanwhile."))
