"""Numbers of many invoices at once, with the same outcome as Odoo's one by one.

Odoo numbers an invoice by asking for the last number and inserting the next; the unique
index on the number makes a second transaction wait until the first has ended, see
`sequence.mixin._locked_increment`. The same is done here with the first of many: once
its row is in, the following numbers can be nobody else's.
"""

import re

import psycopg2
from psycopg2 import errors

UNIQUE_NAME = "account_move_unique_name"


class Numbering:
    """Numbers for posted invoices of one journal and date.

    :param exemplar: account.move, unsaved, of the journal and date
    """

    def __init__(self, exemplar):
        self.move = exemplar
        self.format, self.values = exemplar._get_next_sequence_format()
        self.last = self.values.pop("seq")
        self.prefix = self._split(self.get_name(self.last + 1))[0]

    def get_name(self, number):
        """Return the name that goes with a number."""
        return self.format.format(**self.values, seq=number)

    def _split(self, name):
        """Return prefix and number of a name, as `sequence.mixin` splits it."""
        pattern = self.move._sequence_fixed_regex.replace(r"?P<seq>", "")
        match = re.match(self.move._make_regex_non_capturing(pattern), name)
        return name[: match.start(1)], int(match.group(1) or 0)

    def get_columns(self, number):
        """Return the columns of an invoice that follow from its number."""
        name = self.get_name(number)
        prefix, sequence_number = self._split(name)
        return {
            "name": name,
            "sequence_prefix": prefix,
            "sequence_number": sequence_number,
        }

    def reserve(self, insert, count):
        """Insert the first of some invoices and return its number.

        The numbers that follow it belong to this transaction until it ends.

        :param insert: function of a number that inserts the first invoice with it
        :param int count: how many invoices there will be
        :return: number of the first invoice
        """
        cache = self.move._get_sequence_cache()
        key = (self.get_name(0), self.move.journal_id)
        if key in cache:
            first = cache[key] + 1
            insert(first)
        else:
            first = self._insert_first(insert)
        cache[key] = first + count - 1
        return first

    def _insert_first(self, insert):
        cr = self.move.env.cr
        number = self.last + 1
        while True:
            try:
                with cr.savepoint(flush=False):
                    insert(number)
                return number
            except (errors.UniqueViolation, errors.ExclusionViolation) as error:
                if error.diag.constraint_name != UNIQUE_NAME:
                    raise
                # Another transaction took it and has committed. Ours still sees the
                # state from before; a fresh look saves asking for each of its numbers.
                number = max(number, self._get_last_committed()) + 1

    def _get_last_committed(self):
        """Return the highest number that other transactions have committed, or 0."""
        env = self.move.env
        try:
            with env.registry.cursor() as cr:
                cr.execute(
                    "SELECT max(sequence_number) FROM account_move"
                    " WHERE journal_id = %s AND sequence_prefix = %s",
                    [self.move.journal_id.id, self.prefix],
                )
                return cr.fetchone()[0] or 0
        except psycopg2.OperationalError:  # no connection to spare: try one by one
            return 0

    def is_gap_before(self, number):
        """Return whether the number before the first one is missing."""
        # A number that other transactions pushed us to follows theirs, which ours may not
        # see yet.
        if number <= 1 or number != self.last + 1:
            return False
        cr = self.move.env.cr
        cr.execute(
            "SELECT 1 FROM account_move WHERE journal_id = %s AND sequence_prefix = %s"
            " AND sequence_number = %s LIMIT 1",
            [self.move.journal_id.id, self.prefix, number - 1],
        )
        return not cr.rowcount
