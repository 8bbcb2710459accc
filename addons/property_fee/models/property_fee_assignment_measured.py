from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.fields import Domain

from ..tools.meter import already_used, band_start, dec
from ..tools.period import ONE_DAY, Range, format_range, month_end
from .property_fee_plan import Piece


class PropertyFeeAssignment(models.Model):
    """What households owe by meter."""

    _inherit = "property.fee.assignment"

    def _get_measured_pieces(self, month, timelines, problems):
        pieces = super()._get_measured_pieces(month, timelines, problems)
        metered = self.filtered(lambda assignment: assignment.item_id.kind == "metered")
        if metered:
            pieces += metered._get_metered_pieces(month, problems)
        if shared := self - metered:
            pieces += shared._get_shared_pieces(month)
        return pieces

    def _get_metered_pieces(self, month, problems):
        """Return one piece for each reading that is due, read up to a month.

        Meters of a household that are billed under the same item and read over the same
        days are one piece. The price is that of the last day.

        :param date month: first day of the month of the run
        :param dict problems: filled with assignments of which a reading is not fit to bill
        :return: list of `Piece`
        """
        readings = self._get_due_readings(month)
        groups = {}
        for assignment in self:
            span = assignment._get_range()
            own = [
                reading
                for reading in readings.get(
                    (assignment.unit_id, assignment.item_id), ()
                )
                if span.start <= reading.date_to <= span.end
            ]
            if reason := self._get_reading_problem(own):
                problems[assignment] = reason
            elif own:
                groups[assignment] = self._join_readings(own)
        if not groups:
            return []
        spans = [span for parts in groups.values() for span, _rows in parts]
        whole = Range(min(span.start for span in spans), max(s.end for s in spans))
        keys = {assignment._get_rate_key() for assignment in groups}
        rates = self.env["property.fee.rate"]._get_timelines(keys, whole)
        taken = self._get_last_charged(groups, whole)
        used = self._get_used_before(groups, whole)
        pieces = []
        for assignment, parts in groups.items():
            timeline = rates[assignment._get_rate_key()]
            for span, rows in parts:
                piece = assignment._prepare_metered_piece(
                    span, rows, timeline, taken, used, problems
                )
                if piece:
                    pieces.append(piece)
        return pieces

    def _get_due_readings(self, month):
        """Return the readings that a run of a month bills.

        :return: dict (unit, item) -> list of readings in the order of their days
        """
        found = defaultdict(list)
        # Whoever bills may see the readings of the households that he bills.
        for reading in self.env["property.meter.reading"].search(
            Domain("unit_id", "in", self.unit_id.ids)
            & Domain("meter_id.item_id", "in", self.item_id.ids)
            & Domain("state", "in", ("draft", "confirmed"))
            & Domain("period", "<=", month)
            & Domain("date", "<=", month_end(month)),
            order="date, id",
        ):
            found[reading.unit_id, reading.meter_id.item_id].append(reading)
        return found

    def _get_reading_problem(self, readings):
        """Return why readings cannot be billed, None when they can."""
        for reading in readings:
            names = {
                "meter": reading.meter_id.display_name,
                "day": str(reading.date),
                "odd": reading.anomaly_text,
            }
            if reading.is_held:
                return self.env._(
                    "The reading of %(meter)s on %(day)s is odd (%(odd)s). Correct it, or"
                    " clear it with a reason.",
                    **names,
                )
            if reading.state == "draft":
                return self.env._(
                    "The reading of %(meter)s on %(day)s is not confirmed yet.", **names
                )
        return None

    def _join_readings(self, readings):
        """Join readings whose days overlap: the meters of one household.

        :return: list of (Range, list of readings), in order, without overlap
        """
        joined = []
        for reading in sorted(readings, key=lambda row: (row.date_from, row.date_to)):
            span = Range(reading.date_from, reading.date_to)
            if joined and span.start <= joined[-1][0].end:
                before, rows = joined[-1]
                end = max(before.end, span.end)
                joined[-1] = (Range(before.start, end), [*rows, reading])
            else:
                joined.append((span, [reading]))
        return joined

    def _get_last_charged(self, groups, whole):
        """Return the last day that live charges hold (dict assignment -> date)."""
        return {
            assignment: last
            for assignment, last in self.env["property.charge"]._read_group(
                [
                    ("assignment_id", "in", [assignment.id for assignment in groups]),
                    ("state", "!=", "cancelled"),
                    ("date_to", ">=", whole.start),
                ],
                ["assignment_id"],
                ["date_to:max"],
            )
        }

    def _get_used_before(self, groups, whole):
        """Return what has been billed in the year before, for tiers that count over it.

        :return: dict (unit, item) -> list of (date, quantity)
        """
        used = defaultdict(list)
        for reading in self.env["property.meter.reading"].search_fetch(
            Domain("unit_id", "in", [assignment.unit_id.id for assignment in groups])
            & Domain("state", "=", "billed")
            & Domain("date", ">=", band_start(whole.start, "year"))
            & Domain("date", "<=", whole.end),
            ["unit_id", "meter_id", "date", "quantity"],
        ):
            key = reading.unit_id, reading.meter_id.item_id
            used[key].append((reading.date, reading.quantity))
        return used

    def _prepare_metered_piece(self, span, rows, timeline, taken, used, problems):
        """Return the piece of readings that are billed together, None with a problem."""
        self.ensure_one()
        names = {"item": self.item_id.name, "days": format_range(*span)}
        rate = next(
            (part.value for part in timeline if part.start <= span.end <= part.end),
            None,
        )
        if rate is None:
            problems[self] = self.env._(
                "No rate of %(item)s covers %(days)s.",
                item=self.item_id.name,
                days=str(span.end),
            )
            return None
        if self in taken and taken[self] >= span.end:
            problems[self] = self.env._(
                "%(item)s of %(days)s has already been billed by another meter of the"
                " household. Cancel that charge, so that both are billed together.",
                **names,
            )
            return None
        if self in taken and taken[self] >= span.start:
            span = Range(taken[self] + ONE_DAY, span.end)
        quantity = sum((dec(row.quantity) for row in rows), Decimal(0))
        inputs = {
            "quantity": f"{quantity:.2f}",
            "meter_kind": rows[0].meter_kind,
            "readings": [row._explain() for row in rows],
        }
        entries = used[self.unit_id, self.item_id]
        last = max(row.date for row in rows)
        if "tier_ids" in rate._fields and rate.tier_ids:
            inputs["already"] = f"{already_used(entries, last, rate.tier_period):.2f}"
            if rate.tier_period == "month":
                # Read every other month, each tier has room for two months.
                days = (span.end - span.start).days + 1
                inputs["tier_months"] = str(max(1, round(days / 30.4)))
        entries.append((last, quantity))
        return Piece(self, span, rate, quantity=float(quantity), inputs=inputs)

    # === SHARED COSTS === #

    def _get_shared_pieces(self, month):
        """Return one piece for each confirmed part of a shared cost, up to a month.

        :param date month: first day of the month of the run
        :return: list of `Piece` without a rate: the amount has been allocated
        """
        lines = self.env["property.shared.cost.line"].search(
            Domain("unit_id", "in", self.unit_id.ids)
            & Domain("cost_id.item_id", "in", self.item_id.ids)
            & Domain("cost_id.state", "=", "confirmed")
            & Domain("cost_id.period", "<=", month)
            & Domain("charge_id", "=", False)
            & Domain("amount", "!=", 0),
            order="cost_id, id",
        )
        by_key = lines.grouped(lambda line: (line.unit_id, line.cost_id.item_id))
        pieces = []
        for assignment in self:
            span = assignment._get_range()
            for line in by_key.get((assignment.unit_id, assignment.item_id), ()):
                cost = line.cost_id
                if span.start <= cost.date_to <= span.end:
                    pieces.append(
                        Piece(
                            assignment,
                            Range(cost.date_from, cost.date_to),
                            self.env["property.fee.rate"],
                            quantity=1.0,
                            inputs=line._explain(),
                        )
                    )
        return pieces

    # === WHOLE PIECES === #

    def _drop_charged(self, pieces, billed):
        """Keep what was measured whole: its days are not what is billed."""
        measured = [piece for piece in pieces if piece.quantity is not None]
        others = [piece for piece in pieces if piece.quantity is None]
        return super()._drop_charged(others, billed) + measured

    def _split_by_payer(self, pieces, problems):
        """Let what was measured be paid by whoever pays on its last day."""
        whole = {
            (piece.assignment, piece.span.end): piece
            for piece in pieces
            if piece.quantity is not None
        }
        days = [
            piece
            if piece.quantity is None
            else piece._replace(span=Range(piece.span.end, piece.span.end))
            for piece in pieces
        ]
        return [
            piece
            if piece.quantity is None
            else piece._replace(span=whole[piece.assignment, piece.span.end].span)
            for piece in super()._split_by_payer(days, problems)
        ]
