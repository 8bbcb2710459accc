from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain

from ..tools.meter import already_used, band_start, days_of, dec, divide_by_days
from ..tools.period import ONE_DAY, Range, format_range, intersect, month_end
from .property_fee_plan import Piece, RatePart


class PropertyFeeAssignment(models.Model):
    """What households owe by meter."""

    _inherit = "property.fee.assignment"

    def _get_measured_pieces(self, month, timelines, problems, held):
        pieces = super()._get_measured_pieces(month, timelines, problems, held)
        metered = self.filtered(lambda assignment: assignment.item_id.kind == "metered")
        if metered:
            pieces += metered._get_metered_pieces(month, problems, held)
        if shared := self - metered:
            pieces += shared._get_shared_pieces(month)
        return pieces

    def _get_metered_pieces(self, month, problems, held):
        """Return one piece for each reading that is due, read up to a month.

        Meters of a household that are billed under the same item and read over the same
        days are one piece. Where the rate changes between two readings, the piece has
        parts: nobody knows when the water ran, so each day has the same share of it.

        A reading that is not fit to bill waits, and so do those after it, for they count
        from it; a later run bills them. Everything else of the household is billed.

        :param date month: first day of the month of the run
        :param dict problems: filled with assignments that cannot be priced
        :param dict held: filled with assignments of which a reading waits
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
            if waiting := [row for row in own if row.is_held or row.state == "draft"]:
                held[assignment] = self._get_waiting_reason(waiting[0])
                first = min(row.date_from for row in waiting)
                own = [row for row in own if row.date_to < first]
            if own:
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

    def _get_waiting_reason(self, reading):
        """Return why a reading cannot be billed yet."""
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
        return self.env._(
            "The reading of %(meter)s on %(day)s is not confirmed yet.", **names
        )

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
        if missing := self._get_uncovered(span, timeline):
            problems[self] = self.env._(
                "No rate of %(item)s covers %(days)s.",
                item=self.item_id.name,
                days=format_range(*missing),
            )
            return None
        if self in taken and taken[self] >= span.end:
            problems[self] = self.env._(
                "%(item)s of %(days)s has already been billed by another meter of the"
                " household. Cancel that charge, so that both are billed together.",
                item=self.item_id.name,
                days=format_range(*span),
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
        parts = self._get_rate_parts(span, timeline, quantity, entries, last)
        entries.append((last, quantity))
        if len(parts) == 1:
            inputs.update(parts[0].inputs)
        return Piece(
            self,
            span,
            parts[-1].rate,
            quantity=float(quantity),
            inputs=inputs,
            parts=parts if len(parts) > 1 else (),
        )

    @api.model
    def _get_rate_parts(self, span, timeline, quantity, entries, last):
        """Return what was measured, divided by days among the rates that ask different prices.

        :param Decimal quantity: what was measured
        :param list entries: (date, quantity) of what was billed in the year before
        :param date last: day of the reading, which decides in which month and year it counts
        :return: tuple of `RatePart`
        """
        days = []
        for segment in timeline:
            if not (part := intersect(span, segment[:2])):
                continue
            rate = segment.value
            if days and days[-1][1]._get_pricing() == rate._get_pricing():
                part = Range(days.pop()[0].start, part.end)
            days.append((part, rate))
        quantities = divide_by_days(quantity, [part for part, _rate in days])
        parts, before = [], Decimal(0)
        for (part, rate), share in zip(days, quantities, strict=True):
            inputs = {}
            if rate.tier_ids:
                already = already_used(entries, last, rate.tier_period) + before
                inputs["already"] = f"{already:.2f}"
                if rate.tier_period == "month":
                    # Read every other month, each tier has room for two months.
                    inputs["tier_months"] = str(max(1, round(days_of(span) / 30.4)))
            parts.append(RatePart(part, rate, share, inputs))
            before += share
        return tuple(parts)

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
