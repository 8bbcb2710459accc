from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from ..tools.period import (
    ONE_DAY,
    Range,
    due_range,
    format_range,
    intersect,
    month_end,
    month_start,
    period_of,
    subtract,
)
from .property_fee_rate_timeline import RateKey


class RatePart(NamedTuple):
    """Days of a reading on which one rate counts, with their part of what was measured.

    :ivar dict inputs: further facts for the explanation
    """

    span: Range
    rate: models.BaseModel
    quantity: Decimal
    inputs: dict


class Piece(NamedTuple):
    """Days of an assignment on which one rate counts and one person pays.

    :ivar float quantity: what was measured; None when it follows from unit and rate
    :ivar dict inputs: further facts for the explanation of the charge
    :ivar tuple parts: `RatePart` of each rate, where a measured quantity was read over
        days of several; `rate` is that of the last day
    """

    assignment: models.BaseModel
    span: Range
    rate: models.BaseModel
    payer: models.BaseModel = None
    quantity: float = None
    inputs: dict = None
    parts: tuple = ()


# Billed once, on the first day of the assignment.
KINDS_ONCE = ("one_off", "deposit")
# Billed by what was measured or shared out, see `_get_measured_pieces`.
KINDS_MEASURED = ("metered", "shared")


class ChargePlan(NamedTuple):
    """What a month's run owes to a set of assignments.

    :ivar list vals_list: values of the charges to create
    :ivar dict problems: assignment -> why it cannot be charged
    :ivar set billed: assignments of which all that is due has been charged before
    :ivar dict held: assignment -> why part of it waits, while all else is charged
    """

    vals_list: list
    problems: dict
    billed: set
    held: dict


class PropertyFeeAssignment(models.Model):
    _inherit = "property.fee.assignment"

    @api.model
    def _domain_due(self, month):
        """Return the domain of the assignments that a run of a month has to look at.

        :param date month: any day of the month
        :rtype: Domain
        """
        # Billed in advance or in arrears, a due period lies in the calendar year.
        year = period_of(month, "year")
        return Domain("date_start", "<=", year.end) & (
            Domain("date_end", "=", False) | Domain("date_end", ">=", year.start)
        )

    def _plan_charges(self, month):
        """Work out the charges that fall due in a month and do not exist yet.

        Nothing is written. The number of queries does not depend on the number of
        assignments, only on the number of different days on which something begins.

        :param date month: any day of the month that is billed
        :rtype: ChargePlan
        """
        month = month_start(month)
        problems, billed, held = {}, set(), {}
        pieces = self._get_due_pieces(month, problems, held)
        pieces = self._drop_charged(pieces, billed)
        pieces = self._split_by_vacancy(pieces)
        pieces = self._split_by_override(pieces)
        pieces = self._split_by_payer(pieces, problems)
        vals_list = self._prepare_charges(pieces, month, problems)
        return ChargePlan(vals_list, problems, billed - problems.keys(), held)

    def _get_due_pieces(self, month, problems, held):
        """Return what is due in a month, split where another rate begins to count.

        :param dict problems: filled with the assignments that no rate covers
        :param dict held: filled with the assignments of which a part waits
        :return: list of `Piece` without payers
        """
        whole_month = Range(month, month_end(month))
        year = Range(*period_of(month, "year"))
        keys = {assignment: assignment._get_rate_key() for assignment in self}
        timelines = self.env["property.fee.rate"]._get_timelines(keys.values(), year)
        stretches = {
            key: self._get_stretches(timeline) for key, timeline in timelines.items()
        }
        measured = self.filtered(lambda a: a.item_id.kind in KINDS_MEASURED)
        pieces = measured._get_measured_pieces(month, timelines, problems, held)
        starts = self._get_rule_starts(timelines)
        for assignment in self - measured:
            kind = assignment.item_id.kind
            if kind == "late_fee":
                continue
            key = keys[assignment]
            span = assignment._get_range()
            own_starts = {
                rule: days.get(assignment.unit_id) for rule, days in starts.items()
            }
            if kind in KINDS_ONCE:
                due = self._get_due_once(span, whole_month, timelines[key], own_starts)
                in_month = intersect(Range(span.start, span.start), whole_month)
            else:
                due = self._get_due_recurring(month, span, stretches[key], own_starts)
                in_month = intersect(span, whole_month)
            pieces += [Piece(assignment, part, rate) for part, rate in due]
            if in_month and (missing := self._get_uncovered(in_month, timelines[key])):
                problems[assignment] = self.env._(
                    "No rate of %(item)s covers %(days)s.",
                    item=assignment.item_id.name,
                    days=format_range(*missing),
                )
        return pieces

    def _get_measured_pieces(self, month, timelines, problems, held):
        """Return what is due of assignments whose quantity is measured or shared out.

        Called for assignments of metered and shared items; overridden by what knows
        meters and shared costs.

        :param date month: first day of the month of the run
        :param dict timelines: rate key (see `_get_rate_key`) -> segments of rates
        :param dict problems: to be filled with assignments that cannot be charged and why
        :param dict held: to be filled with assignments of which a part waits and why
        :return: list of `Piece` with `span`, `rate`, `quantity` and `inputs`
        """
        return []

    def _get_rate_key(self):
        """Return what decides which rates apply.

        :rtype: RateKey
        """
        self.ensure_one()
        unit = self.unit_id
        return RateKey(
            self.item_id,
            unit.community_id,
            unit.unit_type,
            unit.building_id,
            unit.floor,
            self.env["property.fee.rate"]._normalise_usage(unit.usage),
        )

    def _get_rule_starts(self, timelines):
        """Return from which day on the start rules of some rates let units be charged.

        :param dict timelines: rate key -> segments of rates
        :return: dict rule -> dict unit -> date; units without such a date are left out
        """
        rules = {
            segment.value.start_rule
            for timeline in timelines.values()
            for segment in timeline
        }
        units = self.unit_id
        starts = {}
        for rule in rules - {"assignment"}:
            starts[rule] = units._get_rule_starts(rule)
        return starts

    @api.model
    def _get_stretches(self, timeline):
        """Join neighbouring segments of a timeline that are billed in the same rhythm.

        :return: list of (Range, (cycle, timing, start rule), segments)
        """
        stretches = []
        for segment in timeline:
            rate = segment.value
            rhythm = rate.cycle, rate.timing, rate.start_rule
            if stretches:
                span, last, segments = stretches[-1]
                if last == rhythm and span.end + ONE_DAY == segment.start:
                    span = Range(span.start, segment.end)
                    stretches[-1] = (span, rhythm, [*segments, segment])
                    continue
            stretches.append((Range(segment.start, segment.end), rhythm, [segment]))
        return stretches

    @api.model
    def _get_due_recurring(self, month, span, stretches, starts):
        """Return the days of a range that are due in a month, with the rate of each part.

        :param list stretches: see `_get_stretches`
        :param dict starts: start rule -> first day of the unit, None while there is none
        """
        parts = []
        for stretch, (cycle, timing, rule), segments in stretches:
            begin = span.start if rule == "assignment" else starts[rule]
            if not begin:
                continue
            live = intersect(span, stretch, (begin, date.max))
            if live and (due := due_range(month, live, cycle, timing)):
                for segment in segments:
                    if part := intersect(due, segment[:2]):
                        parts.append((part, segment.value))
        return parts

    @api.model
    def _get_due_once(self, span, whole_month, timeline, starts):
        """Return the first day of a range, when it lies in the month, with its rate."""
        for segment in timeline:
            rule = segment.value.start_rule
            begin = span.start if rule == "assignment" else starts[rule]
            if not begin:
                continue
            day = max(begin, span.start)
            if intersect(segment[:2], (day, day), span, whole_month):
                return [(Range(day, day), segment.value)]
        return []

    @api.model
    def _get_uncovered(self, span, timeline):
        """Return the first part of a range without a rate, None when all is covered."""
        missing = subtract(span, [segment[:2] for segment in timeline])
        return missing[0] if missing else None

    def _drop_charged(self, pieces, billed):
        """Take out the days that live charges already hold.

        :param set billed: filled with the assignments of which nothing remains
        """
        if not pieces:
            return pieces
        charges = self.env["property.charge"].search_fetch(
            [
                ("assignment_id", "in", [piece.assignment.id for piece in pieces]),
                ("state", "!=", "cancelled"),
                ("date_from", "<=", max(piece.span.end for piece in pieces)),
                ("date_to", ">=", min(piece.span.start for piece in pieces)),
            ],
            ["assignment_id", "date_from", "date_to"],
        )
        holes = defaultdict(list)
        for charge in charges:
            holes[charge.assignment_id].append((charge.date_from, charge.date_to))
        # Billed once is billed for good, also when the assignment is moved to another day.
        once = [
            piece.assignment.id
            for piece in pieces
            if piece.assignment.item_id.kind in KINDS_ONCE
        ]
        if once:
            for (assignment,) in self.env["property.charge"]._read_group(
                [("assignment_id", "in", once), ("state", "!=", "cancelled")],
                ["assignment_id"],
            ):
                holes[assignment].append((date.min, date.max))
        if not holes:
            return pieces
        remaining = []
        for piece in pieces:
            parts = subtract(piece.span, holes.get(piece.assignment, ()))
            remaining += [piece._replace(span=part) for part in parts]
        billed |= {piece.assignment for piece in pieces}
        billed -= {piece.assignment for piece in remaining}
        return remaining
