from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import format_date

from ..tools.capitals import amount_in_capitals

ACCOUNTANT = "property_base.group_property_accountant"
# Written by signing, checking and sending back only.
FACTS = {"state", "signed_on", "checked_by", "checked_on"}


class PropertyDailyClosing(models.Model):
    _name = "property.daily.closing"
    _description = "Daily Closing"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Cashier",
        required=True,
        index=True,
        default=lambda self: self.env.user,
    )
    date = fields.Date(required=True, default=fields.Date.context_today, index=True)
    state = fields.Selection(
        [("draft", "Counting"), ("signed", "Signed"), ("done", "Checked")],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        copy=False,
        index=True,
    )
    line_ids = fields.One2many(
        "property.daily.closing.line", "closing_id", string="Payment Methods"
    )
    receipt_ids = fields.One2many(
        "property.receipt", "closing_id", string="Receipts", readonly=True
    )
    receipt_count = fields.Integer(compute="_compute_totals", string="Receipts Counted")
    amount_computed = fields.Monetary(compute="_compute_totals", string="Computed")
    amount_counted = fields.Monetary(compute="_compute_totals", string="Counted")
    difference = fields.Monetary(compute="_compute_totals")
    signed_on = fields.Datetime(readonly=True, copy=False)
    checked_by = fields.Many2one("res.users", readonly=True, copy=False)
    checked_on = fields.Datetime(readonly=True, copy=False)
    note = fields.Text()

    _cashier_day_uniq = models.Constraint(
        "UNIQUE(company_id, user_id, date)",
        "This cashier's day already has a closing.",
    )

    @api.depends("date", "user_id.name")
    def _compute_display_name(self):
        for closing in self:
            closing.display_name = f"{closing.date or ''} {closing.user_id.name or ''}"

    @api.depends("line_ids.computed", "line_ids.counted", "line_ids.receipt_count")
    def _compute_totals(self):
        for closing in self:
            lines = closing.line_ids
            closing.receipt_count = sum(lines.mapped("receipt_count"))
            closing.amount_computed = sum(lines.mapped("computed"))
            closing.amount_counted = sum(lines.mapped("counted"))
            closing.difference = closing.currency_id.round(
                closing.amount_counted - closing.amount_computed
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            if any(
                vals.get("state", "draft") != "draft"
                or any(vals.get(name) for name in FACTS - {"state"})
                for vals in vals_list
            ):
                self._raise_facts()
            # Said explicitly, for a default in the context would say otherwise.
            fresh = {**dict.fromkeys(FACTS, False), "state": "draft"}
            vals_list = [{**vals, **fresh} for vals in vals_list]
        closings = super().create(vals_list)
        closings._check_own()
        closings._count()
        return closings

    def write(self, vals):
        if FACTS & vals.keys() and not self.env.su:
            self._raise_facts()
        if {"user_id", "date", "company_id", "line_ids"} & vals.keys() and any(
            closing.state != "draft" for closing in self
        ):
            raise UserError(self.env._("A signed closing cannot be changed."))
        result = super().write(vals)
        if {"user_id", "date"} & vals.keys():
            self._check_own()
            self._count()
        return result

    def _raise_facts(self):
        raise AccessError(
            self.env._("A day is signed, checked and sent back by the buttons only.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        if any(closing.state != "draft" for closing in self):
            raise UserError(self.env._("A signed closing cannot be deleted."))

    @api.constrains("date")
    def _check_date(self):
        today = fields.Date.context_today(self)
        for closing in self:
            if closing.date > today:
                raise ValidationError(
                    self.env._(
                        "%(day)s has not come yet. Close a day once it has passed, or today.",
                        day=format_date(self.env, closing.date),
                    )
                )

    def _check_own(self):
        """Check that a cashier closes his own day.

        :raises AccessError: it is somebody else's
        """
        if self.env.su or self.env.user.has_group(ACCOUNTANT):
            return
        if self.user_id - self.env.user:
            raise AccessError(self.env._("A cashier closes only his own day."))

    # === COUNT === #

    def _domain_receipts(self):
        self.ensure_one()
        return [
            ("company_id", "=", self.company_id.id),
            ("user_id", "=", self.user_id.id),
            ("date", "=", self.date),
            # Money of a bank file passed no cashier's hands.
            ("statement_line_id", "=", False),
        ]

    def _count(self):
        """Set what receipts, deposits and refunds of the day say; what was counted stays."""
        for closing in self:
            # A cashier who changed communities still counts all that he took.
            rows = (
                self.env["property.receipt"]
                .sudo()
                ._read_group(
                    closing._domain_receipts(),
                    ["journal_id", "state"],
                    ["__count", "amount:sum"],
                )
            )
            found = {}
            for journal, state, count, amount in rows:
                entry = found.setdefault(journal, self._get_empty_count())
                if state == "void":
                    entry["void_count"] = count
                else:
                    entry.update(receipt_count=count, computed=amount)
            closing._add_other_money(found)
            lines = {line.journal_id: line for line in closing.line_ids}
            commands = [
                Command.update(lines[journal].id, entry)
                if journal in lines
                else Command.create({"journal_id": journal.id, **entry})
                for journal, entry in found.items()
            ]
            commands += [
                Command.delete(line.id)
                for journal, line in lines.items()
                if journal not in found
            ]
            # Figures come from the receipts, not from whoever closes.
            closing.sudo().line_ids = commands

    @api.model
    def _get_empty_count(self):
        return {
            "receipt_count": 0,
            "void_count": 0,
            "amount_deposits": 0.0,
            "amount_paid_out": 0.0,
            "computed": 0.0,
        }

    def action_count(self):
        """Read receipts, deposits and refunds of the day again."""
        self._check_draft()
        self._count()
        return True

    def action_fill_counted(self):
        """Take what was computed as counted, for the methods nothing was entered for."""
        self._check_draft()
        for line in self.line_ids.filtered(lambda line: not line.counted):
            line.counted = line.computed
        return True

    def _check_draft(self):
        self.check_access("write")
        if any(closing.state != "draft" for closing in self):
            raise UserError(self.env._("A signed closing cannot be changed."))

    # === SIGN === #

    def action_sign(self):
        """Sign the day: its receipts are locked, and the cashier takes no more money on it.

        :raises UserError: a difference has no reason
        """
        self._check_draft()
        self._check_own()
        for closing in self:
            closing._count()
            for line in closing.line_ids:
                if line.difference and not (line.reason or "").strip():
                    raise UserError(
                        self.env._(
                            "%(method)s: %(counted)s was counted where receipts, deposits"
                            " and refunds say %(computed)s. Count again or give the reason.",
                            method=line.journal_id.name,
                            counted=f"{line.counted:.2f}",
                            computed=f"{line.computed:.2f}",
                        )
                    )
            # Receipts are the system's; the cashier signed for them.
            receipts = (
                self.env["property.receipt"].sudo().search(closing._domain_receipts())
            )
            receipts.closing_id = closing
            # Facts are written by the buttons only.
            closing.sudo().write(
                {"state": "signed", "signed_on": fields.Datetime.now()}
            )
        return True

    def action_check(self):
        """Confirm a signed day as the accountant, who is not its cashier.

        :raises UserError: it is the accountant's own day, or it is not signed
        """
        self._check_accountant()
        for closing in self:
            if closing.state != "signed":
                raise UserError(self.env._("Only a signed closing can be checked."))
            if closing.user_id == self.env.user:
                raise UserError(
                    self.env._("Somebody else has to check what you took yourself.")
                )
        # As above.
        self.sudo().write(
            {
                "state": "done",
                "checked_by": self.env.uid,
                "checked_on": fields.Datetime.now(),
            }
        )
        return True

    def action_send_back(self):
        """Open a signed day again, so that its receipts can be corrected."""
        self._check_accountant()
        # The accountant decided; receipts are the system's.
        self.sudo().receipt_ids.closing_id = False
        # As above.
        self.sudo().write(
            {
                "state": "draft",
                "signed_on": False,
                "checked_by": False,
                "checked_on": False,
            }
        )
        return True

    def _check_accountant(self):
        self.check_access("write")
        if not self.env.user.has_group(ACCOUNTANT):
            raise AccessError(
                self.env._("Closings are checked and sent back by fee accountants.")
            )

    @api.model
    def _is_signed(self, company, user, day):
        """Return whether a cashier has signed the closing of a day."""
        return bool(
            self.sudo().search_count(  # whoever closed it
                [
                    ("company_id", "=", company.id),
                    ("user_id", "=", user.id),
                    ("date", "=", day),
                    ("state", "!=", "draft"),
                ],
                limit=1,
            )
        )

    @api.model
    def _check_open(self, company, user=None, day=None):
        """Check that a cashier has not closed a day yet.

        :param res.users user: whose day, by default the user's own
        :param date day: by default today
        :raises UserError: he has
        """
        user = user or self.env.user
        today = fields.Date.context_today(self)
        day = day or today
        closed = self._is_signed(company, user, day)
        if closed and user == self.env.user and day == today:
            raise UserError(
                self.env._(
                    "Your day is closed and signed. Take the money tomorrow, or let a fee"
                    " accountant send the closing back."
                )
            )
        if closed:
            raise UserError(
                self.env._(
                    "%(user)s has closed and signed %(day)s. Let a fee accountant send the"
                    " closing back first.",
                    user=user.name,
                    day=format_date(self.env, day),
                )
            )

    # === SHOW === #

    def action_view_receipts(self):
        """Open the receipts of the cashier's day."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_fee.property_receipt_action"
        )
        return {
            **action,
            "domain": self._domain_receipts(),
            "context": {"create": False},
        }

    def action_print(self):
        """Print the closing."""
        return self.env.ref("property_fee.property_daily_closing_report").report_action(
            self
        )

    def _get_capitals(self):
        self.ensure_one()
        return amount_in_capitals(self.amount_counted)
