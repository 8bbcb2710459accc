from odoo import models
from odoo.tools import SQL


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    def _property_next_batch(self, count, sequence_date):
        """Draw several numbers at once, in order.

        :param int count: how many
        :param sequence_date: day that decides the yearly range
        :return: list of formatted numbers
        """
        self.ensure_one()
        if not self.use_date_range or self.implementation != "standard":
            return [self._next(sequence_date) for _index in range(count)]
        date_range = self._property_date_range(sequence_date)
        # The counter of a standard range is a PostgreSQL sequence of this name.
        counter = f"ir_sequence_{self.id:03d}_{date_range.id:03d}"
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                counter,
                count,
            )
        )
        sequence = self.with_context(ir_sequence_date_range=date_range.date_from)
        prefix, suffix = sequence._get_prefix_suffix()
        return [f"{prefix}{row[0]:0{self.padding}d}{suffix}" for row in rows]

    def _property_date_range(self, sequence_date):
        """Return the range of a day, created when the first ticket of a year comes."""
        DateRange = self.env["ir.sequence.date_range"]
        domain = [
            ("sequence_id", "=", self.id),
            ("date_from", "<=", sequence_date),
            ("date_to", ">=", sequence_date),
        ]
        if date_range := DateRange.search_fetch(domain, ["date_from"], limit=1):
            return date_range
        # Two transactions that open a year at the same moment would each make a range
        # and number twice. Touching the row makes the second one fail and be retried.
        self.env.execute_query(
            SQL(
                "UPDATE ir_sequence SET write_date = write_date WHERE id = %s RETURNING id",
                self.id,
            )
        )
        return self._create_date_range_seq(sequence_date)
