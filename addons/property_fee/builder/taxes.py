"""Amounts and tax lines of a bill, computed by Odoo's own tax engine.

The engine is asked as an invoice asks it; bills with the same lines share the answer.
"""

from typing import NamedTuple


class Line(NamedTuple):
    """What the tax engine has to know of an invoice line.

    :ivar product: product.product, may be empty
    :ivar account: account.account
    :ivar taxes: account.tax
    :ivar float price: price of one, with the taxes that it includes
    :ivar float quantity: how many
    :ivar float discount: in per cent
    """

    product: object
    account: object
    taxes: object
    price: float
    quantity: float
    discount: float


class Amounts(NamedTuple):
    """Amounts of one bill in the currency of the company.

    :ivar tuple bases: of each line (balance, ids of its tags)
    :ivar tuple taxes: values of the tax lines, without partner
    :ivar float untaxed: sum of the balances of the lines
    :ivar float tax: sum of the balances of the tax lines
    """

    bases: tuple
    taxes: tuple
    untaxed: float
    tax: float


class TaxComputer:
    """Computes taxes for one company; they do not depend on who pays.

    :param Environment env: environment of whoever bills
    :param company: res.company
    """

    def __init__(self, env, company):
        self.engine = env["account.tax"]
        self.company = company
        self.currency = company.currency_id
        self.amounts = {}
        self.totals = {}

    def get_totals(self, line):
        """Return (price_subtotal, price_total) of a line by itself, as a line shows them."""
        if line not in self.totals:
            base = self._prepare(line)
            self.engine._add_tax_details_in_base_line(base, self.company)
            self.engine._round_base_lines_tax_details([base], self.company)
            details = base["tax_details"]
            self.totals[line] = (
                details["total_excluded_currency"],
                details["total_included_currency"],
            )
        return self.totals[line]

    def get_amounts(self, lines):
        """Return the `Amounts` of the lines of one bill.

        :param tuple lines: of `Line`
        """
        if lines not in self.amounts:
            self.amounts[lines] = self._compute(lines)
        return self.amounts[lines]

    def _compute(self, lines):
        bases = [self._prepare(line) for line in lines]
        self.engine._add_tax_details_in_base_lines(bases, self.company)
        self.engine._round_base_lines_tax_details(bases, self.company)
        self.engine._add_accounting_data_in_base_lines_tax_details(bases, self.company)
        result = self.engine._prepare_tax_lines(bases, self.company)
        rounded = self.currency.round
        updates = [values for _base, values in result["base_lines_to_update"]]
        taxes = tuple(result["tax_lines_to_add"])
        return Amounts(
            tuple(
                (rounded(values["balance"]), values["tax_tag_ids"][0][2])
                for values in updates
            ),
            taxes,
            rounded(sum(values["balance"] for values in updates)),
            rounded(sum(values["balance"] for values in taxes)),
        )

    def _prepare(self, line):
        return self.engine._prepare_base_line_for_taxes_computation(
            None,
            product_id=line.product,
            product_uom_id=line.product.uom_id,
            tax_ids=line.taxes,
            price_unit=line.price,
            quantity=line.quantity,
            discount=line.discount,
            currency_id=self.currency,
            rate=1.0,
            sign=-1,
            account_id=line.account,
            analytic_distribution=False,
        )
