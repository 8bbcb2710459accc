"""The rows of a posted invoice and its lines."""

from dataclasses import dataclass, field

from odoo.tools import float_repr
from odoo.tools.translate import code_translations

from .taxes import Line

# What every posted customer invoice of the company's currency has; what a row does not
# name stays empty.
MOVE_CONSTANTS = {
    "move_type": "out_invoice",
    "state": "posted",
    "posted_before": True,
    "payment_state": "not_paid",
    "auto_post": "no",
    "always_tax_exigible": False,
    "is_manually_modified": False,
}
LINE_CONSTANTS = {
    "parent_state": "posted",
    "deductible_amount": 100.0,
    # Also where red entries are kept on their side: Odoo makes none of an invoice.
    "is_storno": False,
    "no_followup": False,
    "reconciled": False,
    "discount": "0.0",
}
INSTALLMENT = "%(name)s installment #%(number)s"


@dataclass
class Bill:
    """A bill that is built here.

    :ivar int index: its place among the bills that were asked for
    :ivar dict vals: values as for `create`
    :ivar journal: `settings.JournalSettings`
    :ivar payer: `settings.PayerSettings`
    :ivar term: account.payment.term, may be empty
    :ivar list lines: of (vals, `settings.ProductSettings`, `taxes.Line`)
    """

    index: int
    vals: dict
    journal: object
    payer: object
    term: object
    lines: list = field(default_factory=list)
    amounts: object = None
    maturities: dict = field(default_factory=dict)

    @property
    def total(self):
        """Amount of the bill, taxes included."""
        return self.journal.company.currency_id.round(
            -(self.amounts.untaxed + self.amounts.tax)
        )


class RowMaker:
    """Makes the rows of bills of one company.

    :param Environment env: environment of whoever bills
    :param taxes: `taxes.TaxComputer`
    :param company: res.company
    """

    def __init__(self, env, company, taxes):
        self.env = env
        self.currency = company.currency_id
        self.taxes = taxes
        self.quantity_digits = env["decimal.precision"].precision_get("Product Unit")
        self.discount_digits = env["decimal.precision"].precision_get("Discount")
        self.terms = {}
        now = env.cr.now()
        self.stamps = {
            "create_uid": env.uid,
            "write_uid": env.uid,
            "create_date": now,
            "write_date": now,
        }

    def money(self, amount):
        """Return an amount as the database stores it."""
        rounded = self.currency.round(amount)
        return float_repr(rounded or 0.0, self.currency.decimal_places)

    # === AMOUNTS === #

    def compute(self, bill):
        """Compute amounts and due dates of a bill."""
        bill.amounts = self.taxes.get_amounts(
            tuple(line for *_rest, line in bill.lines)
        )
        bill.maturities = self._get_maturities(bill)

    def make_line(self, vals, product):
        """Return what the tax engine has to know of the values of a line."""
        return Line(
            product.product,
            product.account,
            product.taxes,
            vals["price_unit"],
            round(vals["quantity"], self.quantity_digits),
            round(vals.get("discount") or 0.0, self.discount_digits),
        )

    def _get_maturities(self, bill):
        """Return the amounts by due date: dict date -> amount."""
        if not bill.term:
            return {bill.vals["invoice_date_due"]: bill.total}
        key = bill.term.id, bill.journal.date, bill.amounts.untaxed, bill.amounts.tax
        if key not in self.terms:
            self.terms[key] = self._split_by_term(bill)
        return self.terms[key]

    def _split_by_term(self, bill):
        untaxed = self.currency.round(-bill.amounts.untaxed)
        tax = self.currency.round(-bill.amounts.tax)
        terms = bill.term._compute_terms(
            date_ref=bill.journal.date,
            currency=self.currency,
            company=bill.journal.company,
            tax_amount_currency=tax,
            tax_amount=tax,
            untaxed_amount_currency=untaxed,
            untaxed_amount=untaxed,
            cash_rounding=self.env["account.cash.rounding"],
            sign=1,
        )
        maturities = {}
        for line in terms["line_ids"]:
            date = line["date"]
            maturities[date] = maturities.get(date, 0.0) + line["company_amount"]
        return maturities

    # === ROWS === #

    def make_move(self, bill, move_id, number):
        """Return the row of the invoice itself.

        :param int move_id: its id
        :param dict number: columns that follow from its number
        """
        vals, amounts = bill.vals, bill.amounts
        untaxed, tax = -amounts.untaxed, -amounts.tax
        row = {
            **MOVE_CONSTANTS,
            **self.stamps,
            **bill.journal.columns,
            **bill.payer.columns,
            **number,
            "id": move_id,
            "invoice_payment_term_id": bill.term.id or None,
            "invoice_date_due": max(bill.maturities),
        }
        for key, amount in (("untaxed", untaxed), ("tax", tax), ("total", bill.total)):
            row[f"amount_{key}"] = row[f"amount_{key}_signed"] = self.money(amount)
        row["amount_untaxed_in_currency_signed"] = row["amount_untaxed"]
        row["amount_total_in_currency_signed"] = row["amount_total"]
        row["amount_residual"] = row["amount_residual_signed"] = row["amount_total"]
        for key in vals.keys() - row.keys() - {"invoice_line_ids"}:
            row[key] = vals[key] or None
        unit = self.env["property.unit"].browse(vals.get("property_unit_id") or ())
        row["property_community_id"] = unit.community_id.id or None
        return row

    def make_lines(self, bill, move):
        """Return the rows of the lines of an invoice in the order of their ids.

        :param dict move: row of the invoice
        :return: list of (row, ids of taxes, ids of tags)
        """
        common = {
            **LINE_CONSTANTS,
            **self.stamps,
            "move_id": move["id"],
            "move_name": move["name"],
            "journal_id": move["journal_id"],
            "company_id": move["company_id"],
            "company_currency_id": move["currency_id"],
            "currency_id": move["currency_id"],
            "date": move["date"],
            "invoice_date": move["invoice_date"],
            "partner_id": bill.payer.commercial_id,
            "ref": bill.vals.get("ref") or None,
        }
        made = []
        for entry, base in zip(bill.lines, bill.amounts.bases, strict=True):
            made.append(self._make_product_line(common, *entry, *base))
        for values in bill.amounts.taxes:
            made.append(self._make_tax_line(common, values))
        for index, (date, amount) in enumerate(sorted(bill.maturities.items())):
            row = self._make_term_line(common, bill, move, index, date, amount)
            made.append((row, (), ()))
        return made

    def _balance(self, row, balance, account):
        """Fill the columns of a line that follow from its balance."""
        zero = self.money(0.0)
        amount = self.money(balance)
        row["balance"] = row["amount_currency"] = amount
        row["debit"] = amount if balance > 0 else zero
        row["credit"] = self.money(-balance) if balance < 0 else zero
        open_item = account.reconcile or account.account_type in (
            "asset_cash",
            "liability_credit_card",
        )
        row["amount_residual"] = row["amount_residual_currency"] = (
            amount if open_item else zero
        )
        row["reconciled"] = bool(open_item and self.currency.is_zero(balance))
        row["account_id"] = account.id

    def _make_product_line(self, common, vals, product, line, balance, tags):
        subtotal, total = self.taxes.get_totals(line)
        row = {
            **common,
            "display_type": "product",
            "sequence": 100,
            "name": vals["name"] or None,
            "product_id": product.product.id or None,
            "product_uom_id": product.uom_id,
            "quantity": float_repr(line.quantity, self.quantity_digits),
            "price_unit": line.price,
            "discount": float_repr(line.discount, self.discount_digits),
            "price_subtotal": self.money(subtotal),
            "price_total": self.money(total),
        }
        self._balance(row, balance, product.account)
        if "sequence" in vals:
            row["sequence"] = vals["sequence"]
        for key in vals.keys() - row.keys() - {"tax_ids"}:
            row[key] = vals[key] or None
        return row, product.taxes.ids, tags

    def _make_tax_line(self, common, values):
        part = self.env["account.tax.repartition.line"].browse(
            values["tax_repartition_line_id"]
        )
        row = {
            **common,
            "display_type": "tax",
            "sequence": 10000,
            "name": values["name"],
            "tax_repartition_line_id": part.id,
            "tax_line_id": part.tax_id.id,
            "tax_group_id": part.tax_id.tax_group_id.id,
            "group_tax_id": values["group_tax_id"] or None,
            "tax_base_amount": self.money(values["tax_base_amount"]),
            "quantity": "0.00",
            "price_unit": 0.0,
            "price_subtotal": self.money(0.0),
            "price_total": self.money(0.0),
        }
        account = self.env["account.account"].browse(values["account_id"])
        self._balance(row, values["balance"], account)
        return row, values["tax_ids"][0][2], values["tax_tag_ids"][0][2]

    def _make_term_line(self, common, bill, move, index, date, amount):
        row = {
            **common,
            "display_type": "payment_term",
            "sequence": 12000,
            "name": self._get_term_name(bill, index),
            "date_maturity": date,
            "quantity": "0.00",
            "price_unit": 0.0,
            "price_subtotal": self.money(0.0),
            "price_total": self.money(0.0),
            "discount_balance": self.money(0.0),
            "discount_amount_currency": self.money(0.0),
        }
        self._balance(row, amount, bill.payer.account)
        return row

    def _get_term_name(self, bill, index):
        """Return the text of an open item, as account.move.line names it."""
        name, ref = bill.vals["payment_reference"], bill.vals.get("ref")
        if name and ref and name != ref:
            name = f"{ref} - {name}"
        if len(bill.term.line_ids) > 1:
            # As Odoo finds the language of a text: of the context, or of the user.
            lang = self.env.lang or self.env["res.users"].context_get().get("lang")
            terms = code_translations.get_python_translations(
                "account", lang or "en_US"
            )
            text = terms.get(INSTALLMENT, INSTALLMENT)
            name = (text % {"name": name or "", "number": index + 1}).lstrip()
        return name or None
