"""Builds the bills of one call."""

from collections import Counter, defaultdict

from odoo.fields import Command

from .numbering import Numbering
from .rows import Bill, RowMaker
from .settings import (
    LINE_KEYS,
    MOVE_KEYS,
    NEEDED_KEYS,
    NEEDED_LINE_KEYS,
    Settings,
    find_keys_obstacle,
)
from .storage import insert_row, insert_rows, next_ids
from .taxes import TaxComputer

TAX_TABLE = "account_move_line_account_tax_rel"
TAG_TABLE = "account_account_tag_account_move_line_rel"


class BillBatch:
    """Bills that are made together.

    :param Environment env: environment of whoever bills
    """

    def __init__(self, env):
        self.env = env
        self.settings = Settings(env)
        self.makers = {}
        self.obstacles = {}

    # === WHICH === #

    def sort_out(self, vals_list):
        """Return the bills that can be built here; note why the others cannot.

        :param list vals_list: values as for `create` of account.move
        :return: list of `rows.Bill`
        """
        self._read_payers(vals_list)
        bills = []
        for index, vals in enumerate(vals_list):
            bill = self._prepare(index, vals)
            if isinstance(bill, str):
                self.obstacles[index] = bill
            else:
                bills.append(bill)
        return bills

    def _read_payers(self, vals_list):
        partners = defaultdict(set)
        for vals in vals_list:
            if NEEDED_KEYS <= vals.keys() and vals["partner_id"]:
                partners[vals["company_id"]].add(vals["partner_id"])
        for company_id, ids in partners.items():
            self.settings.read_payers(
                self.env["res.partner"].browse(sorted(ids)),
                self.env["res.company"].browse(company_id),
            )

    def _prepare(self, index, vals):
        """Return a `rows.Bill`, or why it cannot be built here."""
        move = self.env["account.move"]
        if reason := find_keys_obstacle(move, vals, MOVE_KEYS, NEEDED_KEYS):
            return reason
        if vals["move_type"] != "out_invoice" or not vals["partner_id"]:
            return "not a bill"
        bill = Bill(
            index,
            vals,
            self.settings.get_journal(vals),
            self.settings.get_payer(vals),
            self.env["account.payment.term"].browse(
                vals["invoice_payment_term_id"] or ()
            ),
        )
        reason = self._find_head_obstacle(bill) or self._add_lines(bill)
        if reason:
            return reason
        company = bill.journal.company
        self._get_maker(company).compute(bill)
        if company.currency_id.compare_amounts(bill.total, 0.0) <= 0:
            return "nothing to pay"
        return bill

    def _find_head_obstacle(self, bill):
        """Return why the head of a bill is unusual, None when it is not."""
        reason = bill.journal.obstacle or bill.payer.obstacle
        reason = reason or self._find_term_obstacle(bill.term)
        if not reason and not bill.term and not bill.vals.get("invoice_date_due"):
            return "no due date"
        if not reason and not bill.vals["payment_reference"]:
            return "no reference"
        return reason

    def _add_lines(self, bill):
        """Add the lines of a bill; return why one is unusual, None when none is."""
        line, company = self.env["account.move.line"], bill.journal.company
        maker = self._get_maker(company)
        for command in bill.vals["invoice_line_ids"]:
            if command[0] != Command.CREATE:
                return "lines that exist"
            values = command[2]
            reason = find_keys_obstacle(line, values, LINE_KEYS, NEEDED_LINE_KEYS)
            if reason:
                return reason
            position = bill.payer.position
            product = self.settings.get_product(values, company, position)
            if product.obstacle:
                return product.obstacle
            bill.lines.append((values, product, maker.make_line(values, product)))
        return None if bill.lines else "no lines"

    @staticmethod
    def _find_term_obstacle(term):
        if term and (term.early_discount or not term.line_ids):
            return "unusual payment term"
        return None

    def _get_maker(self, company):
        if company not in self.makers:
            taxes = TaxComputer(self.env, company)
            self.makers[company] = RowMaker(self.env, company, taxes)
        return self.makers[company]

    # === MAKING === #

    def store(self, bills):
        """Number the bills and insert them, posted.

        :param list bills: from `sort_out`
        :return: dict index -> id of the invoice
        """
        ids = dict(
            zip(
                [bill.index for bill in bills],
                next_ids(self.env.cr, "account_move", len(bills)),
                strict=True,
            )
        )
        groups = defaultdict(list)
        for bill in bills:
            groups[bill.journal.exemplar].append(bill)
        for group in sorted(groups.values(), key=lambda group: group[0].journal.date):
            # Odoo numbers by date, reference and id.
            group.sort(key=lambda bill: (bill.vals.get("ref") or "", bill.index))
            self._store_group(group, ids)
        return ids

    def _store_group(self, bills, ids):
        """Insert the bills of one journal and date."""
        cr, journal = self.env.cr, bills[0].journal
        maker = self._get_maker(journal.company)
        numbering = Numbering(journal.exemplar)

        def make_move(bill, number, gap=False):
            columns = numbering.get_columns(number)
            row = maker.make_move(bill, ids[bill.index], columns)
            return {**row, "made_sequence_gap": gap}

        moves = []

        def insert_first(number):
            gap = numbering.is_gap_before(number)
            moves[:] = [make_move(bills[0], number, gap)]
            insert_row(cr, "account_move", moves[0])

        first = numbering.reserve(insert_first, len(bills))
        moves += [
            make_move(bill, number)
            for number, bill in enumerate(bills[1:], start=first + 1)
        ]
        insert_rows(cr, "account_move", moves[1:])
        self._store_lines(maker, bills, moves)

    def _store_lines(self, maker, bills, moves):
        made = [
            line
            for bill, move in zip(bills, moves, strict=True)
            for line in maker.make_lines(bill, move)
        ]
        cr = self.env.cr
        taxes, tags = [], []
        ids = next_ids(cr, "account_move_line", len(made))
        for line_id, (row, tax_ids, tag_ids) in zip(ids, made, strict=True):
            row["id"] = line_id
            taxes += [
                {"account_move_line_id": line_id, "account_tax_id": tax_id}
                for tax_id in tax_ids
            ]
            tags += [
                {"account_move_line_id": line_id, "account_account_tag_id": tag_id}
                for tag_id in tag_ids
            ]
        insert_rows(cr, "account_move_line", [row for row, *_rest in made])
        insert_rows(cr, TAX_TABLE, taxes)
        insert_rows(cr, TAG_TABLE, tags)

    def count_by_payer(self, bills):
        """Return how many bills each partner gets, its commercial entity too."""
        counts = Counter()
        for bill in bills:
            counts.update({bill.payer.partner.id, bill.payer.commercial_id})
        return counts
