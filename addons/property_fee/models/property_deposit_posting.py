from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class PropertyDepositMovement(models.Model):
    """How movements of deposits become entries in the books."""

    _inherit = "property.deposit.movement"

    def _raise_uncovered(self, available):
        raise UserError(
            self.env._(
                "%(movement)s: %(amount)s is more than the %(available)s that is left.",
                movement=self.display_name,
                amount=self.currency_id.format(self.amount),
                available=self.currency_id.format(available),
            )
        )

    def _post(self):
        """Make and post the entries of movements that are not posted yet."""
        self.deposit_id._lock_balance()
        for line in self.filtered(lambda line: line.state == "draft"):
            line._check_postable()
            line._leave_signed_day()
            if line.kind in ("receive", "refund"):
                payment = self.env["account.payment"].create(line._prepare_payment())
                payment.action_post()
                facts = {"payment_id": payment.id, "move_id": payment.move_id.id}
            else:
                move = self.env["account.move"].create(line._prepare_entry())
                move._post(soft=False)
                facts = {"move_id": move.id}
            # Facts are written by this method only.
            line.sudo().write(
                {
                    **facts,
                    "state": "posted",
                    # Odoo books on the first open day what falls into a closed month.
                    "date": line.env["account.move"].browse(facts["move_id"]).date,
                    "account_id": line.deposit_id.account_id.id,
                }
            )

    def _check_postable(self):
        """Raise UserError when the movement cannot be posted, saying what to mend."""
        self.ensure_one()
        deposit = self.deposit_id
        if not deposit.account_id:
            raise UserError(
                self.env._(
                    "Set the liability account of the fee item %(item)s first: that is"
                    " where the deposit is held.",
                    item=deposit.item_id.name,
                )
            )
        if self.kind in ("receive", "refund") and not self.journal_id:
            raise UserError(
                self.env._(
                    "%(movement)s: choose the method, cash or a bank account.",
                    movement=self.display_name,
                )
            )
        if self.kind in ("deduct", "forfeit") and not self.counterpart_account_id:
            raise UserError(
                self.env._(
                    "%(movement)s: choose the account that the money goes to.",
                    movement=self.display_name,
                )
            )
        if self.kind == "receive":
            missing = deposit.currency_id.round(
                deposit.amount - deposit.amount_received
            )
            if deposit.currency_id.compare_amounts(self.amount, missing) > 0:
                raise UserError(
                    self.env._(
                        "%(deposit)s: %(amount)s was agreed and only %(missing)s has not"
                        " come in yet. Raise the agreed amount first if more is due.",
                        deposit=deposit.display_name,
                        amount=deposit.currency_id.format(deposit.amount),
                        missing=deposit.currency_id.format(missing),
                    )
                )
        else:
            left = deposit.balance - deposit._get_unpaid()
            if self.currency_id.compare_amounts(self.amount, left) > 0:
                self._raise_uncovered(left)

    def _leave_signed_day(self):
        """Let money that moves after its day was counted and signed move today.

        A refund may be written one day and paid out days later.

        :raises UserError: today is signed, too
        """
        self.ensure_one()
        Closing = self.env["property.daily.closing"]
        if self.kind in ("receive", "refund") and Closing._is_signed(
            self.company_id, self.env.user, self.date
        ):
            Closing._check_open(self.company_id)
            self.date = fields.Date.context_today(self)

    def _get_memo(self):
        """Return the text of the entry."""
        self.ensure_one()
        deposit = self.deposit_id
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        parts = (
            deposit.name,
            deposit.community_id.code,
            deposit.unit_id.code,
            deposit.item_id.name,
            kinds[self.kind],
        )
        return " ".join(part for part in parts if part)

    def _prepare_payment(self):
        """Return the values of the payment of a receipt or refund."""
        self.ensure_one()
        inbound = self.kind == "receive"
        vals = {
            "payment_type": "inbound" if inbound else "outbound",
            "partner_type": "customer",
            "partner_id": self.partner_id.id,
            "amount": self.amount,
            "currency_id": self.currency_id.id,
            "date": self.date,
            "journal_id": self.journal_id.id,
            "memo": self._get_memo(),
            "destination_account_id": self.deposit_id.account_id.id,
        }
        return vals

    def _prepare_entry(self):
        """Return the values of the entry of a deduction or forfeiture."""
        self.ensure_one()
        memo = self._get_memo()
        common = {"name": memo, "partner_id": self.partner_id.id}
        return {
            "move_type": "entry",
            "journal_id": self._get_journal().id,
            "date": self.date,
            "ref": memo,
            "line_ids": [
                Command.create(
                    {
                        **common,
                        "account_id": self.deposit_id.account_id.id,
                        "balance": self.amount,
                    }
                ),
                Command.create(
                    {
                        **common,
                        "account_id": self.counterpart_account_id.id,
                        "balance": -self.amount,
                    }
                ),
            ],
        }

    def _get_journal(self):
        """Return the journal of miscellaneous entries.

        :raises UserError: the company has none
        """
        Journal = self.env["account.journal"]
        journal = Journal.search(
            Domain(Journal._check_company_domain(self.company_id))
            & Domain("type", "=", "general"),
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._(
                    "%(company)s has no journal for miscellaneous entries.",
                    company=self.company_id.name,
                )
            )
        return journal
