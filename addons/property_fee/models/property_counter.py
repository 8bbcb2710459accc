from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError, UserError

from ..tools.settle import fen, yuan

LATEST_RECEIPTS = 5


class PropertyCounter(models.AbstractModel):
    """What the cashier's screen asks the server."""

    _name = "property.counter"
    _description = "Counter"

    @api.model
    def _check_cashier(self):
        if not self.env.user.has_group("property_base.group_property_cashier"):
            raise AccessError(self.env._("Money is taken by cashiers only."))

    @api.model
    def _get_unit(self, unit_id):
        """Return a unit that the user may see, with the context of its company.

        :raises AccessError: it is none of his communities
        :raises MissingError: there is none of this number
        """
        unit = self.env["property.unit"].browse(int(unit_id)).exists()
        if not unit:
            raise MissingError(self.env._("This unit no longer exists."))
        unit.check_access("read")
        return unit.with_company(unit.company_id)

    # === SHOW === #

    @api.model
    def load_methods(self):
        """Return the ways to pay in the user's company, see `load_household`."""
        self._check_cashier()
        return self._get_methods(self.env.company)

    @api.model
    def _get_methods(self, company):
        """Return the ways to pay: a dict for each journal that the counter may use.

        :return: list of dict `id`, `name`, `type` (`cash` or `bank`)
        """
        Journal = self.env["account.journal"]
        journals = Journal.search(
            [
                *Journal._check_company_domain(company),
                ("type", "in", ("cash", "bank")),
                ("property_at_counter", "=", True),
                ("inbound_payment_method_line_ids", "!=", False),
            ]
        ).sorted(lambda journal: (journal.type != "cash", journal.sequence, journal.id))
        return [
            {"id": journal.id, "name": journal.name, "type": journal.type}
            for journal in journals
        ]

    @api.model
    def load_household(self, unit_id):
        """Return what the counter shows of a household.

        Late fee is as of today. The number of queries does not depend on the number of bills.

        :param int unit_id: the unit
        :return: dict `unit`, `methods`, `owners`, `payer`, `due`, `overdue`, `late_fee`, `credit`,
            `bills`, `receipts`, `prepay`
        :raises AccessError: the user takes no money, or not for this community
        """
        self._check_cashier()
        unit = self._get_unit(unit_id)
        today = fields.Date.context_today(self)
        bills = self.env["property.collection"]._search_open_bills(unit)
        late = bills._get_late_fees(today)
        # All at once: the rows below look at one bill after the other.
        bills.invoice_line_ids.property_charge_id.fetch(
            ["item_id", "date_from", "date_to", "explanation"]
        )
        owners = unit._get_owners(today).get(unit, self.env["res.partner"])
        credit = unit._get_credit_lines()
        rows = [self._describe_bill(bill, late.get(bill), today) for bill in bills]
        labels = dict(unit._fields["status"]._description_selection(self.env))
        return {
            "unit": {
                "id": unit.id,
                "code": unit.code,
                "community": unit.community_id.name,
                "area": unit.gross_area,
                "status": labels[unit.status],
            },
            "methods": self._get_methods(unit.company_id),
            # `read` masks what the user may not see
            "owners": owners.read(["name", "phone"]),
            "payer": owners[:1].name or bills[:1].partner_id.name or "",
            "due": sum(row["residual"] for row in rows),
            "overdue": sum(row["residual"] for row in rows if row["is_overdue"]),
            "late_fee": sum(row["late_fee"] for row in rows),
            "credit": -sum(
                line.amount_residual for lines in credit.values() for line in lines
            ),
            "bills": rows,
            "receipts": self._load_receipts(unit),
            "prepay": self.env["property.prepay.discount"]._describe_items(unit, today),
        }

    @api.model
    def _describe_bill(self, bill, late, today):
        lines = bill.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        return {
            "id": bill.id,
            "name": bill.name,
            "period": f"{bill.property_period or bill.invoice_date:%Y-%m}",
            "due": fields.Date.to_string(bill.invoice_date_due),
            "is_overdue": bool(bill.invoice_date_due and bill.invoice_date_due < today),
            "debtor": bill.partner_id.name,
            "total": bill.amount_total,
            "residual": bill.amount_residual,
            "late_fee": late.amount if late else 0.0,
            "late_fee_text": late.explanation if late and late.amount else "",
            "items": [
                {
                    "name": line.property_charge_id.item_id.name
                    or line.product_id.name
                    or line.name,
                    "days": line.property_charge_id.period_label or "",
                    "text": line.property_charge_id.explanation_text or line.name,
                    "amount": line.price_total,
                }
                for line in lines
            ],
        }

    @api.model
    def _load_receipts(self, unit):
        receipts = self.env["property.receipt"].search(
            [("unit_id", "=", unit.id)], limit=LATEST_RECEIPTS
        )
        return [
            {
                "id": receipt.id,
                "name": receipt.name,
                "date": fields.Date.to_string(receipt.date),
                "amount": receipt.amount,
                "method": receipt.journal_id.name,
                "payer": receipt.payer_name,
                "is_void": receipt.state == "void",
            }
            for receipt in receipts
        ]

    # === PREPAY === #

    @api.model
    def quote_prepay(self, unit_id, item_id, months):
        """Return what paying some coming months of an item at once would cost.

        :param int unit_id: the unit
        :param int item_id: the fee item
        :param int months: number of months, at most 36
        :return: dict `months` (list of dict `period`, `amount`, `discount`), `total`,
            `discount`, `rule` (text of the discount, empty for none)
        :raises UserError: nothing of the item can be billed ahead
        """
        self._check_cashier()
        unit = self._get_unit(unit_id)
        plan = self.env["property.prepay.discount"]._plan(
            unit, int(item_id), int(months)
        )
        return plan.describe()

    # === TAKE === #

    @api.model
    def take_payment(self, unit_id, order):
        """Take money for a household: pay bills, keep the rest as credit, write the receipt.

        :param int unit_id: the household
        :param dict order: `token` (text that the screen makes anew for each payment),
            `bills` (list of dict `id`, `amount` and `residual` as shown on the screen),
            `with_late_fee` (also bill and pay the late fee of these bills as of today),
            `amount` (yuan that were handed over), `journal_id`, `payer_name`, `use_credit`,
            `prepay` (list of dict `item_id`, `months`), `note`
        :return: dict `receipt_id`, `name` (both False when only credit was used), `paid`,
            `credit_used`, `credit_left`, `is_repeated` (the same payment was taken before)
        :raises AccessError: the user takes no money, or not for this community
        :raises UserError: something of the order cannot be done; nothing is booked then
        """
        self._check_cashier()
        unit = self._get_unit(unit_id)
        if repeated := self._find_taken(order, unit):
            return repeated
        money = self._read_money(order.get("amount"), self.env._("the amount received"))
        journal = self._read_journal(order, money, unit.company_id)
        self.env["property.daily.closing"]._check_open(unit.company_id)
        bills = self._read_bills(unit, order)
        # Rights were checked above: the books are kept by the system.
        system, unit, journal = self.sudo(), unit.sudo(), journal.sudo()
        today = fields.Date.context_today(self)
        # Likewise.
        wanted = {bill.sudo(): amount for bill, amount in bills.items()}
        if order.get("with_late_fee") and wanted:
            due = unit.env["account.move"].union(*wanted)
            late = due._create_late_fee_bills(today)
            wanted |= {bill: fen(bill.amount_residual) for bill in late}
        prepaid = system._bill_ahead(unit, order, today)
        wanted |= {bill: fen(bill.amount_residual) for bill in prepaid}
        if not money and not order.get("use_credit"):
            raise UserError(self.env._("Enter how much was received."))
        payer = (order.get("payer_name") or "").strip()
        settled = system.env["property.collection"]._settle(
            unit,
            wanted,
            money,
            journal,
            use_credit=bool(order.get("use_credit")),
            date=today,
            payer_name=payer,
        )
        if any(bill.amount_residual for bill in prepaid):
            raise UserError(
                self.env._(
                    "Months in advance are paid in full: enter the whole amount."
                )
            )
        return system._finish(unit, order, settled, prepaid, payer, journal, today)

    def _finish(self, unit, order, settled, prepaid, payer, journal, today):
        answer = {
            "receipt_id": False,
            "name": False,
            "paid": yuan(sum(settled.paid.values())),
            "credit_used": yuan(sum(settled.by_credit.values())),
            "credit_left": yuan(settled.rest),
            "is_repeated": False,
        }
        if not settled.payments:
            return answer
        receipt = self.env["property.receipt"]._issue(
            unit,
            settled,
            date=today,
            payer_name=payer or settled.payments[:1].partner_id.name,
            user_id=self.env.uid,
            journal_id=journal.id,
            note=order.get("note"),
            token=order["token"],
            prepaid_move_ids=prepaid.ids,
        )
        return {**answer, "receipt_id": receipt.id, "name": receipt.name}

    def _find_taken(self, order, unit):
        """Return the answer for a payment that was taken before, None for a new one."""
        token = order.get("token")
        if not token or not isinstance(token, str) or len(token) < 8:
            raise UserError(
                self.env._("The payment has no token; load the counter again.")
            )
        # Another user's token must not give him away, nor be taken for a new payment.
        receipt = self.env["property.receipt"].sudo().search([("token", "=", token)])
        if not receipt:
            return None
        if receipt.user_id != self.env.user or receipt.unit_id != unit:
            raise UserError(self.env._("The payment was already taken."))
        return {
            "receipt_id": receipt.id,
            "name": receipt.name,
            "paid": sum(receipt.line_ids.mapped("amount")),
            "credit_used": receipt.amount_credit_used,
            "credit_left": receipt.amount_credit_left,
            "is_repeated": True,
        }

    def _read_money(self, value, what):
        """Return an amount from the screen in fen.

        :raises UserError: it is no amount, negative, or finer than fen
        """
        try:
            amount = float(value or 0)
        except (TypeError, ValueError):
            amount = -1.0
        if not 0 <= amount < 10**9 or abs(amount * 100 - round(amount * 100)) > 1e-4:
            raise UserError(
                self.env._(
                    "%(value)s is not valid for %(what)s: enter yuan with at most two"
                    " decimals.",
                    value=value,
                    what=what,
                )
            )
        return fen(round(amount, 2))

    def _read_journal(self, order, money, company):
        allowed = {method["id"] for method in self._get_methods(company)}
        journal_id = order.get("journal_id")
        if money and journal_id not in allowed:
            raise UserError(self.env._("Choose how the money was paid."))
        return self.env["account.journal"].browse(journal_id if money else ())

    def _read_bills(self, unit, order):
        """Return the chosen bills, locked, and what to pay of each.

        :return: dict bill -> fen, the first due first
        :raises UserError: a bill is paid, gone, another household's, or asked too much of
        """
        chosen = {int(row["id"]): row for row in order.get("bills") or ()}
        bills = self.env["account.move"].browse(chosen).exists()
        bills.check_access("read")
        if len(bills) != len(chosen) or any(
            # A credit note has a residual, too, and what comes in does not pay it.
            bill.property_unit_id != unit or bill.move_type != "out_invoice"
            for bill in bills
        ):
            raise UserError(
                self.env._(
                    "A chosen bill is not one of %(unit)s. Load the household again.",
                    unit=unit.code,
                )
            )
        # The lock needs the right to write, which a cashier does not have on bills.
        self.env["property.collection"]._lock_bills(bills.sudo())
        wanted = {}
        for bill in bills.sorted(lambda bill: (bill.invoice_date_due, bill.id)):
            row = chosen[bill.id]
            shown, open_now = fen(row.get("residual") or 0), fen(bill.amount_residual)
            if bill.state != "posted" or open_now <= 0 or shown != open_now:
                raise UserError(
                    self.env._(
                        "%(bill)s was paid or changed meanwhile: %(now)s is open, the screen"
                        " showed %(shown)s. Load the household again; nothing was booked.",
                        bill=bill.name,
                        now=f"{yuan(open_now):.2f}",
                        shown=f"{yuan(shown):.2f}",
                    )
                )
            amount = self._read_money(row.get("amount"), bill.name)
            if amount > open_now:
                raise UserError(
                    self.env._(
                        "Only %(now)s of %(bill)s is open; what exceeds it is kept as credit"
                        " when you enter it as the amount received.",
                        bill=bill.name,
                        now=f"{yuan(open_now):.2f}",
                    )
                )
            wanted[bill] = amount
        return wanted

    def _bill_ahead(self, unit, order, today):
        """Bill the months that are to be paid in advance."""
        bills = self.env["account.move"]
        for row in order.get("prepay") or ():
            plan = self.env["property.prepay.discount"]._plan(
                unit, int(row["item_id"]), int(row["months"])
            )
            bills += plan.bill(today)
        return bills
